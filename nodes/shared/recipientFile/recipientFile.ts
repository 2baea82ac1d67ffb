import { MAX_FILE_BYTES, type Table } from '../table/cells';
import { csvTable } from '../table/csvRows';
import { fileKindOf, refuseOtherZip } from '../table/fileKind';
import type { PhoneNumber } from '../phone/phoneNumber';
import { RecipientCollector } from './recipientCollector';
import { UnreadableFile } from '../table/unreadableFile';
import { xlsxTable } from '../xlsx/xlsxRows';
import { ZipArchive } from '../xlsx/zipArchive';

export { UnreadableFile } from '../table/unreadableFile';

export interface RecipientFileOptions {
	/** ISO code of the country for numbers without country code. */
	defaultCountry: string;
	smartEncoding: boolean;
	removeDuplicates: boolean;
	/** The text for rows that have none; '' = none. May hold {column}. */
	defaultMessage: string;
	hasHeaderRow: 'auto' | 'yes' | 'no';
	/** Name or 1-based number; '' = by the names of the header, else 1 and 2. */
	phoneColumn: string;
	messageColumn: string;
	/** '' = the first sheet that is not hidden. */
	sheetName: string;
	/** Rows to reject besides the unusable ones, with the reason: those that a gateway did not take. */
	alsoRejected?: ReadonlyMap<number, string>;
}

/** `row` is the number the spreadsheet shows. */
export interface FileRecipient {
	row: number;
	phoneNumber: PhoneNumber;
	text: string;
}

export interface RejectedRow {
	row: number;
	/** The phone cell as written, at most 100 characters of it. */
	recipient: string;
	reason: string;
}

export interface RecipientFile {
	/** Data rows: recipients, duplicates and rejected rows together. */
	rowCount: number;
	recipients: FileRecipient[];
	duplicateCount: number;
	rejectedRows: RejectedRow[];
	titleRowCount: number;
	/** Of all messages together. */
	segments: number;
	/** The first ten different characters that forced UCS-2 anywhere in the file. */
	ucs2Characters: string[];
	/** 0 when smart encoding is on. */
	segmentsSavedBySmartEncoding: number;
	/** The rejected rows as a CSV with row number and reason, ready to mend and send again. */
	rejectsCsv(): Uint8Array;
}

/** Between two pauses: a few milliseconds, also where every row is rejected and every number needs the slow check. */
const CELLS_PER_PAUSE = 10_000;
/** The slow check takes as long as copying some twenty cells, and reading a slice as long as some thousands. */
const CELLS_OF_A_CHECK = 20;
const CELLS_OF_A_SLICE = 2_500;

/**
 * Reads a CSV or XLSX and decides who gets which text. `pause` is awaited between slices of a few milliseconds and
 * should let the event loop run. Throws UnreadableFile for a file that cannot be used at all.
 */
export async function readRecipientFile(
	bytes: Uint8Array,
	options: RecipientFileOptions,
	pause: () => Promise<void>,
): Promise<RecipientFile> {
	const table = await openTable(bytes, options.sheetName, pause);
	const collector = new RecipientCollector(options, table.delimiter);
	let cellCount = 0;
	const pauseIfDue = async () => {
		if (cellCount < CELLS_PER_PAUSE) return;
		cellCount = 0;
		await pause();
	};
	for await (const rows of table.slices) {
		cellCount += CELLS_OF_A_SLICE;
		await pauseIfDue();
		for (const row of rows) {
			collector.add(row);
			cellCount += row.cells.length + CELLS_OF_A_CHECK;
			if (cellCount >= CELLS_PER_PAUSE) await pauseIfDue();
		}
	}
	return collector.finish();
}

async function openTable(
	bytes: Uint8Array,
	sheetName: string,
	pause: () => Promise<void>,
): Promise<Table> {
	if (bytes.length > MAX_FILE_BYTES) {
		throw new UnreadableFile(
			`The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
			'Split the list into several files, or save only the columns that are needed as .csv.',
		);
	}
	if (fileKindOf(bytes) === 'text') return await csvTable(bytes, pause);
	const zip = new ZipArchive(bytes);
	refuseOtherZip(zip.names());
	return await xlsxTable(zip, sheetName, pause);
}
