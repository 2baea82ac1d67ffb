import { MAX_FILE_BYTES, type Row, type Table } from '../table/cells';
import { csvRows } from '../table/csvRows';
import { csvTextOf } from '../table/csvText';
import { fileKindOf, refuseOtherZip } from '../table/fileKind';
import { UnreadableFile } from '../table/unreadableFile';
import { xlsxTable } from '../xlsx/workbook';
import { ZipArchive } from '../xlsx/zip';
import {
	RecipientCollector,
	type RecipientFile,
	type RecipientFileOptions,
} from './recipientCollector';
import { layoutOf } from './columnLayout';
import { RejectsCsv, type RejectsFormat } from './rejectsCsv';
import { phoneOf } from './rowPhone';
import { SAMPLED_ROWS } from './sampledTable';

/** Lets the event loop run. */
type Pause = () => Promise<void>;

/** Between two pauses: a few milliseconds, also where every row is rejected and every number needs the slow check. */
const CELLS_PER_PAUSE = 10_000;
/** The slow check takes as long as copying some twenty cells, and reading a slice as long as some thousands. */
const CELLS_OF_A_CHECK = 20;
const CELLS_OF_A_SLICE = 2_500;

/**
 * Reads a CSV or XLSX and decides who gets which text. `pause` is awaited between slices of a few milliseconds. A file
 * that cannot be used at all is the result as well.
 */
export async function readRecipientFile(
	bytes: Uint8Array,
	options: RecipientFileOptions,
	pause: Pause,
): Promise<RecipientFile | UnreadableFile> {
	let otherSheetNames: readonly string[] = [];
	try {
		const table = await openTable(bytes, options.sheetName, pause);
		// Only a sheet that nobody chose may be the wrong one.
		if (options.sheetName === '') otherSheetNames = table.otherSheetNames ?? [];
		const collector = new RecipientCollector(options, table.delimiter, table.hiddenColumns);
		await passRows(table, collector, pause);
		const file = collector.finish();
		if (file.recipients.length > 0 || file.duplicateCount + file.excludedCount > 0) return file;
		const sheetName = await sheetWithNumbers(bytes, { ...options, otherSheetNames }, pause);
		return sheetName === undefined ? file : noUsableRow(sheetName);
	} catch (error) {
		const unreadable = unreadableFileOf(error);
		const sheetName = await sheetWithNumbers(bytes, { ...options, otherSheetNames }, pause);
		if (sheetName === undefined) return unreadable;
		return new UnreadableFile(
			unreadable.message,
			`${unreadable.description} ${chooseSheet(sheetName)}`,
		);
	}
}

/** More sheets than these are not searched for a list. */
const MAX_SEARCHED_SHEETS = 10;

/** The first of the other sheets of which rows could be used. */
async function sheetWithNumbers(
	bytes: Uint8Array,
	options: RecipientFileOptions & { otherSheetNames: readonly string[] },
	pause: Pause,
): Promise<string | undefined> {
	for (const sheetName of options.otherSheetNames.slice(0, MAX_SEARCHED_SHEETS)) {
		try {
			const table = await openTable(bytes, sheetName, pause);
			const rows: Row[] = [];
			for await (const slice of table.slices) {
				rows.push(...slice);
				if (rows.length >= SAMPLED_ROWS) break;
			}
			const { hiddenColumns } = table;
			// Whether the sheet has texts, too, is not asked here.
			const layout = layoutOf(rows, { ...options, hiddenColumns, defaultMessage: sheetName });
			const isUsable = rows.some(
				({ cells }) => 'phoneNumber' in phoneOf(cells, layout, options.defaultCountry),
			);
			if (isUsable) return sheetName;
		} catch (error) {
			unreadableFileOf(error);
		}
	}
	return undefined;
}

function noUsableRow(sheetName: string): UnreadableFile {
	return new UnreadableFile(
		'No row of the sheet that is read can be used, and another sheet has phone numbers',
		chooseSheet(sheetName),
	);
}

function chooseSheet(sheetName: string): string {
	return `The sheet '${sheetName}' has phone numbers: write its name into 'Sheet Name' in 'File Layout'.`;
}

/**
 * Reads the file again for the rows with a reason (by row number), and writes them as a CSV that is ready to mend and
 * send again. Throws UnreadableFile if the file is no longer what was read.
 */
export async function rejectsCsvOf(
	bytes: Uint8Array,
	rejects: { format: RejectsFormat; reasons: ReadonlyMap<number, string> },
	pause: Pause,
): Promise<Uint8Array> {
	const csv = new RejectsCsv(rejects.format, rejects.reasons);
	const table = await openTable(bytes, rejects.format.sheetName, pause);
	await passRows(table, csv, pause);
	return csv.toBytes();
}

/** Hands on row by row; pauses before the first, because to open the file took its time, and in between. */
async function passRows(
	table: Table,
	reader: { add(row: Row): void },
	pause: Pause,
): Promise<void> {
	let cellCount = 0;
	const breathe = async () => {
		cellCount = 0;
		await pause();
	};
	await pause();
	for await (const rows of table.slices) {
		cellCount += CELLS_OF_A_SLICE;
		if (cellCount >= CELLS_PER_PAUSE) await breathe();
		for (const row of rows) {
			reader.add(row);
			cellCount += row.cells.length + CELLS_OF_A_CHECK;
			if (cellCount >= CELLS_PER_PAUSE) await breathe();
		}
	}
}

async function openTable(bytes: Uint8Array, sheetName: string, pause: Pause): Promise<Table> {
	if (bytes.length > MAX_FILE_BYTES) {
		throw new UnreadableFile(
			`The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
			'Split the list into several files, or save only the columns that are needed as .csv.',
		);
	}
	if (fileKindOf(bytes) === 'text') {
		const text = await csvTextOf(bytes, pause);
		return { delimiter: text.delimiter, slices: csvRows(text) };
	}
	const zip = new ZipArchive(bytes);
	refuseOtherZip(zip.names());
	return await xlsxTable(zip, sheetName, pause);
}

function unreadableFileOf(error: unknown): UnreadableFile {
	if (error instanceof UnreadableFile) return error;
	throw error;
}
