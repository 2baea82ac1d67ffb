import { describePhoneRefusal, phoneNumberOf, type PhoneNumber } from '../phone/phoneNumber';
import { saysNothing } from '../table/cellKinds';
import { cellText, isBlank, type Cell, type Row } from '../table/cells';
import { columnsWithName } from '../table/columnNames';
import { UnreadableFile } from '../table/unreadableFile';
import { parseTemplate, type MessageTemplate } from '../text/messageTemplate';
import {
	certain,
	layoutOf,
	noMessage,
	noSuchColumn,
	SAMPLED_ROWS,
	writingsIn,
	type ColumnLayout,
} from './columnLayout';
import { PreparedTexts, type FileText } from './preparedTexts';
import type { RejectsFormat } from './rejectsCsv';

export interface RecipientFileOptions {
	/** ISO code of the country for numbers without country code. */
	defaultCountry: string;
	smartEncoding: boolean;
	removeDuplicates: boolean;
	/** Numbers that are not to be texted. */
	excluded: ReadonlySet<PhoneNumber>;
	/** The text for rows that have none; '' = none. May hold {column}. */
	defaultMessage: string;
	/** What the messages are remembered by; '' = nothing. May hold {column}. */
	deduplicationKey: string;
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
export interface LeftOutRow {
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

const MAX_SHOWN_CHARACTERS = 100;
/** A bound on texts made from a template: a small file with long cells could make many gigabytes. */
const MAX_FILLED_CHARACTERS = 128 * 1024 * 1024;

const WIDER_THAN_HEADER =
	'The row has more cells than the header: put a text that holds the separator between quotation marks';
const UNCALCULATED =
	'The phone number is a formula that was saved without its result: open the file in a spreadsheet program and save it again';
const NO_MESSAGE =
	"The row has no message, and the field 'Message' is empty: write a text into one of them";

/** A text that is filled from the row, and where its columns are. */
interface FilledFromRow {
	template: MessageTemplate;
	columns: Map<string, number>;
}

/** Takes rows one by one, sees from the first what the columns are, and sorts the rest into recipients and rejects. */
export class RecipientCollector {
	private readonly texts: PreparedTexts;
	private readonly textsOf = new Map<PhoneNumber, string[]>();
	private readonly recipients: FileRecipient[] = [];
	private readonly rejectedRows: RejectedRow[] = [];
	private readonly leftOutRows: LeftOutRow[] = [];
	private readonly ownTemplates = new Map<string, FilledFromRow | null>();
	private message: FilledFromRow | undefined;
	private key: FilledFromRow | undefined;
	private firstRows: Row[] = [];
	private layout: ColumnLayout | undefined;
	private rowCount = 0;
	private hiddenRowCount = 0;
	private duplicateCount = 0;
	private excludedCount = 0;
	private segments = 0;
	private savedSegments = 0;
	private filledCharacters = 0;
	private hasMessage = false;

	/** `delimiter`: of the CSV; null for a workbook. */
	constructor(
		private readonly options: RecipientFileOptions,
		private readonly delimiter: string | null,
		private readonly hiddenColumns?: ReadonlySet<number>,
	) {
		this.texts = new PreparedTexts(options.smartEncoding);
	}

	add(row: Row): void {
		if (row.cells.every(isBlank)) return;
		if (row.isHidden && !this.options.includeHiddenRows) {
			this.hiddenRowCount++;
			return;
		}
		if (this.layout !== undefined) {
			this.addDataRow(row, this.layout);
			return;
		}
		this.firstRows.push(row);
		if (this.firstRows.length === SAMPLED_ROWS) this.decideLayout();
	}

	finish(): RecipientFile {
		const layout = this.layout ?? this.decideLayout();
		if (this.rowCount === 0) throw noDataRows(layout.header);
		if (!this.hasMessage && this.message === undefined) throw noMessage(titlesOf(layout));
		const { nameOf } = titlesOf(layout);
		return {
			rowCount: this.rowCount,
			recipients: this.recipients,
			duplicateCount: this.duplicateCount,
			excludedCount: this.excludedCount,
			leftOutRows: this.leftOutRows,
			rejectedRows: this.rejectedRows,
			titleRowCount: layout.titleRowCount,
			notes: [...this.countedNotes(layout), ...layout.notes],
			phoneColumn: layout.phoneColumns.map(nameOf).join(', '),
			messageColumn: layout.messageColumn === undefined ? null : nameOf(layout.messageColumn),
			segments: this.segments,
			ucs2Characters: this.texts.ucs2Characters(),
			segmentsSavedBySmartEncoding: this.savedSegments,
			rejectsFormat: this.rejectsFormat(layout),
		};
	}

	private countedNotes({ titleRowCount, callingCodeColumn, ...layout }: ColumnLayout): string[] {
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
		if (callingCodeColumn !== undefined) {
			const { nameOf } = titlesOf({ ...layout, titleRowCount, callingCodeColumn });
			notes.push(`The country codes were taken from the column '${nameOf(callingCodeColumn)}'.`);
		}
		return notes;
	}

	private decideLayout(): ColumnLayout {
		const rows = this.firstRows;
		if (rows.length === 0) throw noDataRows(undefined, this.hiddenRowCount);
		const layout = layoutOf(rows, { ...this.options, hiddenColumns: this.hiddenColumns });
		this.layout = layout;
		const { defaultMessage, deduplicationKey } = this.options;
		if (defaultMessage.trim() !== '') {
			this.message = fromRow(defaultMessage, 'Message', layout);
		}
		if (deduplicationKey !== '') {
			this.key = fromRow(deduplicationKey, 'Deduplication Key', layout);
		}
		const firstDataRow = layout.header === undefined ? 0 : layout.titleRowCount + 1;
		for (const row of rows.slice(firstDataRow)) this.addDataRow(row, layout);
		this.firstRows = [];
		return layout;
	}

	private rejectsFormat({ header, width, phoneColumns, messageColumn = 1 }: ColumnLayout) {
		return {
			sheetName: this.options.sheetName,
			header: header?.cells,
			width: Math.max(width, messageColumn + 1, ...phoneColumns.map((column) => column + 1)),
			// As the file had it; for a workbook what a spreadsheet in the country opens with a double click.
			delimiter: this.delimiter ?? (this.options.defaultCountry === 'CM' ? ';' : ','),
		};
	}

	private addDataRow(row: Row, layout: ColumnLayout): void {
		this.rowCount++;
		const { cells } = row;
		const message = layout.messageColumn === undefined ? undefined : cells[layout.messageColumn];
		if (!saysNothing(message)) this.hasMessage = true;
		const phone = this.phoneOf(cells, layout);
		const { writtenAs } = phone;
		const reject = (reason: string) =>
			void this.rejectedRows.push({ row: row.row, recipient: writtenAs, reason });
		if ('reason' in phone) return reject(phone.reason);
		if (this.isWiderThanHeader(cells, layout.header)) return reject(WIDER_THAN_HEADER);
		const text = this.textFor(cells, message, layout);
		if (text.reason !== undefined) return reject(text.reason);
		const key = this.key ? filled(this.key, cells, "The 'Deduplication Key'") : { text: '' };
		if ('reason' in key) return reject(key.reason);
		const { phoneNumber } = phone;
		if (this.isLeftOut(row.row, { phoneNumber, writtenAs, text: text.text })) return;
		this.segments += text.segments;
		this.savedSegments += text.savedSegments;
		this.recipients.push({
			row: row.row,
			phoneNumber,
			writtenAs,
			text: text.text,
			ownText: text.isOwn ? cellText(message) : null,
			deduplicationKey: key.text,
		});
	}

	private isLeftOut(
		row: number,
		{ phoneNumber, writtenAs, text }: { phoneNumber: PhoneNumber; writtenAs: string; text: string },
	): boolean {
		const { excluded, removeDuplicates, listsEveryone } = this.options;
		if (excluded.has(phoneNumber)) {
			this.excludedCount++;
			if (listsEveryone) {
				this.leftOutRows.push({ status: 'excluded', row, recipient: phoneNumber, writtenAs });
			}
			return true;
		}
		if (!removeDuplicates) return false;
		const earlier = this.textsOf.get(phoneNumber);
		if (!earlier) {
			this.textsOf.set(phoneNumber, [text]);
			return false;
		}
		if (!earlier.includes(text)) {
			earlier.push(text);
			return false;
		}
		this.duplicateCount++;
		if (listsEveryone) {
			this.leftOutRows.push({ status: 'duplicate', row, recipient: phoneNumber, writtenAs });
		}
		return true;
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
		layout: ColumnLayout,
	): FileText & { isOwn: boolean } {
		const own = saysNothing(message) ? '' : cellText(message);
		if (own.trim() !== '') {
			const template = this.ownTemplate(own, layout);
			const text = template ? filled(template, cells, 'The message') : { text: own };
			if ('reason' in text) return { ...NO_TEXT, isOwn: true, reason: text.reason };
			const prepared = this.texts.prepare(text.text);
			if (!prepared.isBlank) return { ...prepared, isOwn: true };
		}
		if (!this.message) return { ...NO_TEXT, isOwn: false, reason: NO_MESSAGE };
		const text = filled(this.message, cells, 'The message');
		if ('reason' in text) return { ...NO_TEXT, isOwn: false, reason: text.reason };
		this.filledCharacters += text.text.length;
		if (this.filledCharacters > MAX_FILLED_CHARACTERS) throw tooLongTogether();
		return { ...this.texts.prepare(text.text), isOwn: false };
	}

	/** The row's own text where it names columns in braces; other braces are text. */
	private ownTemplate(own: string, layout: ColumnLayout): FilledFromRow | null {
		if (layout.header === undefined || !own.includes('{')) return null;
		const known = this.ownTemplates.get(own);
		if (known !== undefined) return known;
		const titles = layout.header.cells;
		const template = parseTemplate(own, (name) => columnsWithName(titles, name).length > 0);
		const result =
			template.columns.length === 0 ? null : withColumns(template, 'Message Column', layout);
		if (this.ownTemplates.size < 1_000) this.ownTemplates.set(own, result);
		return result;
	}

	/** The first of the phone columns that holds a mobile number; else why the first filled one does not. */
	private phoneOf(
		cells: readonly Cell[],
		{ phoneColumns, callingCodeColumn }: ColumnLayout,
	): { phoneNumber: PhoneNumber; writtenAs: string } | { reason: string; writtenAs: string } {
		const code = callingCodeColumn === undefined ? undefined : cells[callingCodeColumn];
		let refused: { reason: string; writtenAs: string } | undefined;
		for (const column of phoneColumns) {
			const cell = cells[column];
			const writtenAs = cellText(cell).slice(0, MAX_SHOWN_CHARACTERS);
			const phone = this.phoneNumberIn(cell, saysNothing(code) ? '' : cellText(code).trim());
			if (typeof phone === 'string') return { phoneNumber: phone, writtenAs };
			if (refused === undefined || (refused.writtenAs === '' && writtenAs !== '')) {
				refused = { ...phone, writtenAs };
			}
		}
		return (
			refused ?? { reason: describePhoneRefusal({ ok: false, reason: 'empty' }), writtenAs: '' }
		);
	}

	private phoneNumberIn(
		cell: Cell | undefined,
		callingCode: string,
	): PhoneNumber | { reason: string } {
		if (typeof cell === 'object' && cell !== null) {
			if (cell.kind === 'uncalculated') return { reason: UNCALCULATED };
			return {
				reason: `The phone cell holds a date (${cell.text}): format the column as text and type the number again`,
			};
		}
		const { defaultCountry } = this.options;
		const written = typeof cell === 'number' ? String(cell) : cellText(cell);
		if (callingCode !== '' && /^\s*\(?[0-9]/.test(written) && !/^\s*00/.test(written)) {
			return withCallingCode(written, callingCode);
		}
		if (typeof cell === 'number') {
			const result = phoneNumberOf(cell, defaultCountry);
			return result.ok ? result.phoneNumber : { reason: describePhoneRefusal(result) };
		}
		const results = writingsIn(written).map((one) => phoneNumberOf(one, defaultCountry));
		const good = results.find((result) => result.ok);
		if (good?.ok) return good.phoneNumber;
		const [first] = results;
		return {
			reason: describePhoneRefusal(first && !first.ok ? first : { ok: false, reason: 'empty' }),
		};
	}
}

const NO_TEXT = { text: '', segments: 0, savedSegments: 0, isBlank: true };

/** The number with the code of its own column; a trunk zero in front goes (ITU-T E.123). */
function withCallingCode(written: string, callingCode: string): PhoneNumber | { reason: string } {
	const code = callingCode.replace(/^(?:\+|00)/, '');
	const digits = written.replace(/\D/g, '');
	for (const national of [digits.replace(/^0/, ''), digits]) {
		const result = phoneNumberOf(`+${code}${national}`, '');
		if (result.ok) return result.phoneNumber;
	}
	const whole = phoneNumberOf(`+${digits}`, '');
	if (digits.startsWith(code) && whole.ok) return whole.phoneNumber;
	return {
		reason: `With the country code +${code} of its column this is no mobile number, so correct one of them`,
	};
}

/** What the columns are called, for the messages. */
function titlesOf({ header, width }: ColumnLayout) {
	const nameOf = (column: number) => {
		const title = cellText(header?.cells[column]).trim();
		return title === '' ? String(column + 1) : title;
	};
	const columns = () => [...Array(Math.max(width, header?.cells.length ?? 0)).keys()];
	return { nameOf, columns };
}

function fromRow(text: string, field: string, layout: ColumnLayout): FilledFromRow {
	return withColumns(parseTemplate(text), field, layout);
}

function withColumns(
	template: MessageTemplate,
	field: string,
	layout: ColumnLayout,
): FilledFromRow {
	const columns = new Map<string, number>();
	for (const column of template.columns) {
		if (layout.header === undefined) throw templateWithoutHeader(column, field);
		const found = columnsWithName(layout.header.cells, column);
		if (found.length === 0) throw noSuchColumn(column, field, titlesOf(layout));
		columns.set(column, certain(found, column, field));
	}
	return { template, columns };
}

function filled(
	{ template, columns }: FilledFromRow,
	cells: readonly Cell[],
	what: string,
): { text: string } | { reason: string } {
	const result = template.fill((column) => {
		const index = columns.get(column);
		const cell = index === undefined ? undefined : cells[index];
		return saysNothing(cell) ? undefined : cellText(cell);
	});
	if (result.ok) return { text: result.text };
	const missing = result.missing.map((column) => `'${column}'`).join(', ');
	return {
		reason: `${what} needs ${missing}, and the row has nothing there, so fill it in`,
	};
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

function templateWithoutHeader(column: string, field: string): UnreadableFile {
	return new UnreadableFile(
		`'${field}' asks for a column by its name, but the file has no header row to find it by`,
		`It asks for {${column}}. Put a row with the names of the columns on top, or set 'Header Row' to Yes.`,
	);
}

function tooLongTogether(): UnreadableFile {
	return new UnreadableFile(
		'The messages are longer than 128 million characters together',
		'Split the list into several files, or use a shorter text.',
	);
}
