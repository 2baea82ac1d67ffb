import type { PhoneNumber } from '../phone/phoneResult';
import { isBlank, saidBy, type Cell, type Row } from '../table/cells';
import { UnreadableFile } from '../table/unreadableFile';
import { allColumns, layoutOf, nameOf, noMessage, type ColumnLayout } from './columnLayout';
import type { RejectsFormat } from './rejectsCsv';
import { phoneOf } from './rowPhone';
import { RowTexts, type TextOptions } from './rowTexts';
import { originalCells, SAMPLED_ROWS } from './sampledTable';

export interface RecipientFileOptions extends TextOptions {
	/** ISO code of the country for numbers without country code. */
	defaultCountry: string;
	removeDuplicates: boolean;
	/** Numbers that are not to be texted. */
	excluded: ReadonlySet<PhoneNumber>;
	hasHeaderRow: 'auto' | 'yes' | 'no';
	/** Names or 1-based numbers; '' = by names and contents. */
	phoneColumn: string;
	messageColumn: string;
	/** '' = the first sheet that is not hidden. */
	sheetName: string;
	includeHiddenRows: boolean;
	/** Whether everybody who is left out is listed, and not only counted. */
	listsEveryone: boolean;
}

/** `row` is the number the spreadsheet shows. */
export interface FileRecipient {
	row: number;
	phoneNumber: PhoneNumber;
	/** The phone cell, at most 100 characters of it. */
	writtenAs: string;
	text: string;
	/** The row's own text as it stands in the file; null where the default message is used. */
	ownText: string | null;
	/** Filled from the row; '' = none. */
	deduplicationKey: string;
}

export interface RejectedRow {
	row: number;
	/** The phone cell as written, at most 100 characters of it. */
	recipient: string;
	reason: string;
}

/** Somebody with a good number and a text who is left out. */
interface LeftOutRow {
	status: 'duplicate' | 'excluded';
	row: number;
	recipient: PhoneNumber;
	writtenAs: string;
}

export interface RecipientFile {
	/** Data rows: recipients, duplicates, excluded and rejected rows together. */
	rowCount: number;
	recipients: FileRecipient[];
	duplicateCount: number;
	excludedCount: number;
	/** Of duplicates and excluded ones, where `listsEveryone` is set. */
	leftOutRows: LeftOutRow[];
	rejectedRows: RejectedRow[];
	/** Rows above the header. */
	titleRowCount: number;
	/** What was taken for what, in sentences. */
	notes: string[];
	/** Name, or number where there is no header; several separated by ', '. */
	phoneColumn: string;
	messageColumn: string | null;
	/** Of all messages together. */
	segments: number;
	/** The first ten different characters that forced UCS-2 anywhere in the file. */
	ucs2Characters: string[];
	/** 0 when smart encoding is on. */
	segmentsSavedBySmartEncoding: number;
	/** What a file of rejected rows takes over from this one. */
	rejectsFormat: RejectsFormat;
}

const BROKEN_QUOTES =
	'The quotation marks (") of the row do not add up, so where its text ends is not certain: write each one inside a text twice ("")';
const CUT_TEXT =
	'The separator seems to cut the text of the row in two: put the text between quotation marks';
const WIDER_THAN_HEADER =
	'The row has more cells than the header: put a text that holds the separator between quotation marks';
/** A list of which the columns are known. */
interface OpenedList {
	layout: ColumnLayout;
	texts: RowTexts;
}

/** Takes rows one by one, sees from the first what the columns are, and sorts the rest into recipients and rejects. */
export class RecipientCollector {
	/** The first text of each number; hardly any number has a second one. */
	private readonly firstTextOf = new Map<PhoneNumber, string>();
	private readonly furtherTextsOf = new Map<PhoneNumber, string[]>();
	private readonly recipients: FileRecipient[] = [];
	private readonly rejectedRows: RejectedRow[] = [];
	private readonly leftOutRows: LeftOutRow[] = [];
	private firstRows: Row[] = [];
	private opened: OpenedList | undefined;
	private rowCount = 0;
	private hiddenRowCount = 0;
	private duplicateCount = 0;
	private excludedCount = 0;
	private segments = 0;
	private savedSegments = 0;
	private hasMessage = false;

	/** `delimiter`: of the CSV; null for a workbook. */
	constructor(
		private readonly options: RecipientFileOptions,
		private readonly delimiter: string | null,
		private readonly hiddenColumns?: ReadonlySet<number>,
	) {}

	add(row: Row): void {
		if (row.isHidden && !this.options.includeHiddenRows) {
			this.hiddenRowCount++;
			return;
		}
		if (this.opened !== undefined) {
			this.addDataRow(row, this.opened);
			return;
		}
		this.firstRows.push(row);
		if (this.firstRows.length === SAMPLED_ROWS) this.open();
	}

	finish(): RecipientFile {
		const { layout, texts } = this.opened ?? this.open();
		if (this.rowCount === 0) throw noDataRows(layout.header);
		if (!this.hasMessage && !texts.hasDefault) throw noMessage(allColumns(layout));
		const { messageColumn } = layout;
		const counted = this.countedNotes(layout);
		const rejectsFormat = this.rejectsFormat(layout);
		return {
			rowCount: this.rowCount,
			recipients: this.recipients,
			duplicateCount: this.duplicateCount,
			excludedCount: this.excludedCount,
			leftOutRows: this.leftOutRows,
			rejectedRows: this.rejectedRows,
			titleRowCount: layout.titleRowCount,
			notes: [...counted, ...layout.notes, ...texts.notes()],
			ucs2Characters: texts.ucs2Characters(),
			phoneColumn: layout.phoneColumns.map((column) => nameOf(layout, column)).join(', '),
			messageColumn: messageColumn === undefined ? null : nameOf(layout, messageColumn),
			segments: this.segments,
			segmentsSavedBySmartEncoding: this.savedSegments,
			rejectsFormat,
		};
	}

	private countedNotes(layout: ColumnLayout): string[] {
		const { titleRowCount, callingCodeColumns } = layout;
		const notes: string[] = [];
		const rows = (count: number) => (count === 1 ? '1 row' : `${count} rows`);
		if (titleRowCount > 0) {
			notes.push(`${rows(titleRowCount)} above the header taken as title and left out.`);
		}
		if (this.hiddenRowCount > 0) {
			notes.push(
				`${this.hiddenRowCount === 1 ? '1 hidden row was' : `${this.hiddenRowCount} hidden rows were`} left out: not everybody in the file is texted. To text hidden rows too, switch 'Include Hidden Rows' on.`,
			);
		}
		const codeColumns = new Set([...callingCodeColumns.values()].flat());
		if (codeColumns.size > 0) {
			const names = [...codeColumns].map((column) => `'${nameOf(layout, column)}'`);
			const columns = names.length === 1 ? 'column' : 'columns';
			notes.push(`The country codes were taken from the ${columns} ${names.join(', ')}.`);
		}
		return notes;
	}

	/** Sees from the first rows what the columns are. */
	private open(): OpenedList {
		const rows = this.firstRows;
		if (rows.length === 0) throw noDataRows(undefined, this.hiddenRowCount);
		const layout = layoutOf(rows, { ...this.options, hiddenColumns: this.hiddenColumns });
		const opened = { layout, texts: new RowTexts(this.options, layout) };
		this.opened = opened;
		const firstDataRow = layout.header === undefined ? 0 : layout.titleRowCount + 1;
		for (const row of rows.slice(firstDataRow)) this.addDataRow(row, opened);
		this.firstRows = [];
		return opened;
	}

	private rejectsFormat({ header, width, phoneColumns, messageColumn = 1 }: ColumnLayout) {
		return {
			sheetName: this.options.sheetName,
			header: header?.cells,
			phoneColumns,
			width: Math.max(width, messageColumn + 1, ...phoneColumns.map((column) => column + 1)),
			// As the file had it; for a workbook what a spreadsheet in the country opens with a double click.
			delimiter: this.delimiter ?? (this.options.defaultCountry === 'CM' ? ';' : ','),
		};
	}

	private addDataRow(row: Row, { layout, texts }: OpenedList): void {
		this.rowCount++;
		const cells = layout.isRejectsFile ? originalCells(row.cells) : row.cells;
		const { messageColumn } = layout;
		const own = messageColumn === undefined ? '' : saidBy(cells[messageColumn]);
		if (own !== '') this.hasMessage = true;
		const phone = phoneOf(cells, layout, this.options.defaultCountry);
		const { writtenAs } = phone;
		if ('reason' in phone) return this.reject(row, writtenAs, phone.reason);
		if (row.isBroken) return this.reject(row, writtenAs, BROKEN_QUOTES);
		if (this.isCut(cells, layout)) {
			return this.reject(row, writtenAs, layout.header ? WIDER_THAN_HEADER : CUT_TEXT);
		}
		const key = texts.keyFor(cells);
		const { prepared, ownText } = texts.textFor(cells, own);
		if (prepared.reason !== undefined) return this.reject(row, writtenAs, prepared.reason);
		if ('reason' in key) return this.reject(row, writtenAs, key.reason);
		const recipient = {
			row: row.row,
			phoneNumber: phone.phoneNumber,
			writtenAs,
			text: prepared.text,
			ownText,
			deduplicationKey: key.text,
		};
		if (this.isLeftOut(recipient)) return;
		this.segments += prepared.segments;
		this.savedSegments += prepared.savedSegments;
		this.recipients.push(recipient);
	}

	private reject({ row }: Row, recipient: string, reason: string): void {
		this.rejectedRows.push({ row, recipient, reason });
	}

	private isLeftOut({ row, phoneNumber, writtenAs, text }: FileRecipient): boolean {
		const { excluded, removeDuplicates, listsEveryone } = this.options;
		if (excluded.has(phoneNumber)) {
			this.excludedCount++;
			if (listsEveryone) {
				this.leftOutRows.push({ status: 'excluded', row, recipient: phoneNumber, writtenAs });
			}
			return true;
		}
		if (!removeDuplicates) return false;
		const first = this.firstTextOf.get(phoneNumber);
		if (first === undefined) {
			this.firstTextOf.set(phoneNumber, text);
			return false;
		}
		if (first !== text && !this.isFurtherText(phoneNumber, text)) return false;
		this.duplicateCount++;
		if (listsEveryone) {
			this.leftOutRows.push({ status: 'duplicate', row, recipient: phoneNumber, writtenAs });
		}
		return true;
	}

	/** Whether the number has this text as its second or a later one; remembers it if not. */
	private isFurtherText(phoneNumber: PhoneNumber, text: string): boolean {
		const texts = this.furtherTextsOf.get(phoneNumber);
		if (texts?.includes(text)) return true;
		if (texts) texts.push(text);
		else this.furtherTextsOf.set(phoneNumber, [text]);
		return false;
	}

	/**
	 * Whether a separator in the text of a CSV has cut it in two; half of it must not be sent. Without a header
	 * a cell behind the text tells it that begins with a blank, as what follows a comma does.
	 */
	private isCut(cells: readonly Cell[], { header, width, messageColumn }: ColumnLayout): boolean {
		if (this.delimiter === null) return false;
		for (let index = header?.cells.length ?? width; index < cells.length; index++) {
			if (!isBlank(cells[index])) return true;
		}
		if (header !== undefined || messageColumn === undefined) return false;
		const next = cells[messageColumn + 1];
		return typeof next === 'string' && /^\s+\S/.test(next);
	}
}

function noDataRows(header: Row | undefined, hiddenRowCount = 0): UnreadableFile {
	if (hiddenRowCount > 0) {
		return new UnreadableFile(
			'All rows of the list are hidden rows, and those are left out',
			"Show the rows in the spreadsheet, or switch 'Include Hidden Rows' on in 'File Layout'.",
		);
	}
	return new UnreadableFile(
		header === undefined ? 'The file holds no rows' : 'The file holds no rows below its header',
		'Check that the list was saved in this file and in the sheet that is read.',
	);
}
