import { cellText, isBlank, type Cell, type Row } from '../table/cells';
import {
	HEADER_SEARCH_ROWS,
	layoutOf,
	noMessage,
	noSuchColumn,
	type ColumnLayout,
} from './columnLayout';
import { columnWithName } from '../table/columnNames';
import { PreparedTexts, type PreparedText } from './preparedTexts';
import { describePhoneRefusal, phoneNumberOf, type PhoneNumber } from '../phone/phoneNumber';
import { parseTemplate, type MessageTemplate } from '../text/messageTemplate';
import { UnreadableFile } from '../table/unreadableFile';
import type { RejectsFormat } from './rejectsCsv';

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
	/** What a file of rejected rows takes over from this one. */
	rejectsFormat: RejectsFormat;
}

const MAX_SHOWN_CHARACTERS = 100;
/** A bound on texts made from a template: a small file with long cells could make many gigabytes. */
const MAX_FILLED_CHARACTERS = 128 * 1024 * 1024;

const WIDER_THAN_HEADER =
	'The row has more cells than the header: put a text that holds the separator between quotation marks';
const UNREADABLE =
	'The text holds a character that could not be read (\ufffd): the file mixes encodings, so type it again';
const UNCALCULATED =
	'The phone number is a formula that was saved without its result: open the file in a spreadsheet program and save it again';
const NO_MESSAGE = "The row has no message, and the field 'Message' is empty";

/** Takes rows one by one, finds the header among the first, and sorts the rest into recipients and rejects. */
export class RecipientCollector {
	private readonly template: MessageTemplate | undefined;
	private readonly templateColumns = new Map<string, number>();
	private readonly texts: PreparedTexts;
	private readonly seen = new Set<PhoneNumber>();
	private readonly recipients: FileRecipient[] = [];
	private readonly rejectedRows: RejectedRow[] = [];
	private firstRows: Row[] = [];
	private layout: ColumnLayout | undefined;
	private rowCount = 0;
	private duplicateCount = 0;
	private segments = 0;
	private savedSegments = 0;
	private filledCharacters = 0;
	private hasMessage = false;

	/** `delimiter`: of the CSV; null for a workbook. */
	constructor(
		private readonly options: RecipientFileOptions,
		private readonly delimiter: string | null,
	) {
		this.texts = new PreparedTexts(options.smartEncoding);
		if (options.defaultMessage.trim() !== '') this.template = parseTemplate(options.defaultMessage);
	}

	add(row: Row): void {
		if (row.cells.every(isBlank)) return;
		if (this.layout !== undefined) {
			this.addDataRow(row, this.layout);
			return;
		}
		this.firstRows.push(row);
		if (this.firstRows.length === HEADER_SEARCH_ROWS) this.decideLayout();
	}

	finish(): RecipientFile {
		const layout = this.layout ?? this.decideLayout();
		if (this.rowCount === 0) throw noDataRows(layout.header);
		if (!this.hasMessage && this.template === undefined) throw noMessage(layout.header?.cells);
		return {
			rowCount: this.rowCount,
			recipients: this.recipients,
			duplicateCount: this.duplicateCount,
			rejectedRows: this.rejectedRows,
			titleRowCount: layout.titleRowCount,
			segments: this.segments,
			ucs2Characters: this.texts.ucs2Characters(),
			segmentsSavedBySmartEncoding: this.savedSegments,
			rejectsFormat: this.rejectsFormat(layout),
		};
	}

	private decideLayout(): ColumnLayout {
		const rows = this.firstRows;
		if (rows.length === 0) throw noDataRows(undefined);
		const layout = layoutOf(rows, this.options);
		this.layout = layout;
		this.findTemplateColumns(layout.header);
		const firstDataRow = layout.header === undefined ? 0 : layout.titleRowCount + 1;
		for (const row of rows.slice(firstDataRow)) this.addDataRow(row, layout);
		this.firstRows = [];
		return layout;
	}

	private rejectsFormat({ header, width, phoneColumn, messageColumn = 1 }: ColumnLayout) {
		return {
			sheetName: this.options.sheetName,
			header: header?.cells,
			width: Math.max(width, phoneColumn + 1, messageColumn + 1),
			// As the file had it; for a workbook what a spreadsheet in the country opens with a double click.
			delimiter: this.delimiter ?? (this.options.defaultCountry === 'CM' ? ';' : ','),
		};
	}

	private findTemplateColumns(header: Row | undefined): void {
		for (const column of this.template?.columns ?? []) {
			if (header === undefined) throw templateWithoutHeader(column);
			const index = columnWithName(header.cells, column);
			if (index === undefined) throw noSuchColumn(column, 'Message', header.cells);
			this.templateColumns.set(column, index);
		}
	}

	private addDataRow(row: Row, layout: ColumnLayout): void {
		this.rowCount++;
		const { cells } = row;
		const message = layout.messageColumn === undefined ? undefined : cells[layout.messageColumn];
		if (!isBlank(message)) this.hasMessage = true;
		const phoneCell = cells[layout.phoneColumn];
		const phone = this.phoneNumberIn(phoneCell);
		if (typeof phone !== 'string') return this.reject(row, phoneCell, phone.reason);
		if (this.options.removeDuplicates && this.seen.has(phone)) {
			this.duplicateCount++;
			return;
		}
		if (this.isWiderThanHeader(cells, layout.header))
			return this.reject(row, phoneCell, WIDER_THAN_HEADER);
		const text = this.textFor(cells, message);
		if ('reason' in text) return this.reject(row, phoneCell, text.reason);
		if (!text.isReadable) return this.reject(row, phoneCell, UNREADABLE);
		if (this.options.removeDuplicates) this.seen.add(phone);
		this.segments += text.segments;
		this.savedSegments += text.savedSegments;
		this.recipients.push({ row: row.row, phoneNumber: phone, text: text.text });
	}

	/** In a CSV that is a text cut in two by a separator; half of it must not be sent. */
	private isWiderThanHeader(cells: readonly Cell[], header: Row | undefined): boolean {
		if (this.delimiter === null || header === undefined) return false;
		for (let index = header.cells.length; index < cells.length; index++) {
			if (!isBlank(cells[index])) return true;
		}
		return false;
	}

	private textFor(
		cells: readonly Cell[],
		message: Cell | undefined,
	): PreparedText | { reason: string } {
		const own = isBlank(message) ? undefined : this.texts.prepare(cellText(message));
		if (own !== undefined && !own.isBlank) return own;
		if (this.template === undefined) return { reason: NO_MESSAGE };
		const filled = this.template.fill((column) => {
			const index = this.templateColumns.get(column);
			return index === undefined ? undefined : cellText(cells[index]);
		});
		if (!filled.ok) {
			const missing = filled.missing.map((column) => `"${column}"`).join(', ');
			return { reason: `The message needs ${missing}, and the row has nothing there` };
		}
		this.filledCharacters += filled.text.length;
		if (this.filledCharacters > MAX_FILLED_CHARACTERS) throw tooLongTogether();
		return this.texts.prepare(filled.text);
	}

	private phoneNumberIn(cell: Cell | undefined): PhoneNumber | { reason: string } {
		if (typeof cell === 'object' && cell !== null) {
			if (cell.kind === 'uncalculated') return { reason: UNCALCULATED };
			return {
				reason: `The phone cell holds a date (${cell.text}): format the column as text and type the number again`,
			};
		}
		const written = typeof cell === 'number' ? cell : cellText(cell);
		const result = phoneNumberOf(written, this.options.defaultCountry);
		return result.ok ? result.phoneNumber : { reason: describePhoneRefusal(result) };
	}

	private reject({ row }: Row, phoneCell: Cell | undefined, reason: string): void {
		const recipient = cellText(phoneCell).slice(0, MAX_SHOWN_CHARACTERS);
		this.rejectedRows.push({ row, recipient, reason });
	}
}

function noDataRows(header: Row | undefined): UnreadableFile {
	return new UnreadableFile(
		header === undefined ? 'The file holds no rows' : 'The file holds no rows below its header',
		'Check that the list was saved in this file and in the sheet that is read.',
	);
}

function templateWithoutHeader(column: string): UnreadableFile {
	return new UnreadableFile(
		`The message asks for {${column}}, but the file has no header row to find that column by`,
		"Put a row with the names of the columns on top, or set 'Header Row' to Yes.",
	);
}

function tooLongTogether(): UnreadableFile {
	return new UnreadableFile(
		'The messages are longer than 128 million characters together',
		'Split the list into several files, or use a shorter text.',
	);
}
