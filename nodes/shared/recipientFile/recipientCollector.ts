import { cellText, isBlank, type Cell, type Row } from '../table/cells';
import {
	HEADER_SEARCH_ROWS,
	layoutOf,
	noMessage,
	noSuchColumn,
	type ColumnLayout,
} from './columnLayout';
import { columnWithName } from '../table/columnNames';
import { FileTexts, type PreparedText } from './preparedTexts';
import { parseTemplate, type MessageTemplate } from '../text/messageTemplate';
import { phoneNumberInCell } from '../phone/phoneCell';
import type { PhoneNumber } from '../phone/phoneNumber';
import type {
	FileRecipient,
	RecipientFile,
	RecipientFileOptions,
	RejectedRow,
} from './recipientFile';
import { RejectsCsv } from './rejectsCsv';
import { UnreadableFile } from '../table/unreadableFile';

const MAX_SHOWN_CHARACTERS = 100;
/** A bound on texts made from a template: a small file with long cells could make many gigabytes. */
const MAX_FILLED_CHARACTERS = 128 * 1024 * 1024;

const WIDER_THAN_HEADER =
	'The row has more cells than the header: put a text that holds the separator between quotation marks';
const UNREADABLE =
	'The text holds a character that could not be read (\ufffd): the file mixes encodings, so type it again';
const NO_MESSAGE = "The row has no message, and the field 'Message' is empty";

/** Takes rows one by one, finds the header among the first, and sorts the rest into recipients and rejects. */
export class RecipientCollector {
	private readonly template: MessageTemplate | undefined;
	private readonly templateColumns = new Map<string, number>();
	private readonly texts: FileTexts;
	private readonly seen = new Set<PhoneNumber>();
	private readonly recipients: FileRecipient[] = [];
	private readonly rejectedRows: RejectedRow[] = [];
	private firstRows: Row[] = [];
	private decided: { layout: ColumnLayout; rejects: RejectsCsv } | undefined;
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
		this.texts = new FileTexts(options.smartEncoding);
		if (options.defaultMessage.trim() !== '') this.template = parseTemplate(options.defaultMessage);
	}

	add(row: Row): void {
		if (row.cells.every(isBlank)) return;
		if (this.decided !== undefined) {
			this.addDataRow(row, this.decided.layout);
			return;
		}
		this.firstRows.push(row);
		if (this.firstRows.length === HEADER_SEARCH_ROWS) this.decide();
	}

	finish(): RecipientFile {
		const { layout, rejects } = this.decided ?? this.decide();
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
			rejectsCsv: () => rejects.toBytes(),
		};
	}

	private decide(): { layout: ColumnLayout; rejects: RejectsCsv } {
		const rows = this.firstRows;
		if (rows.length === 0) throw noDataRows(undefined);
		const layout = layoutOf(rows, this.options);
		const { header, width, phoneColumn, messageColumn = 1 } = layout;
		this.findTemplateColumns(header);
		const rejectsWidth = Math.max(width, phoneColumn + 1, messageColumn + 1);
		const rejects = new RejectsCsv(header?.cells, rejectsWidth, this.rejectsDelimiter());
		this.decided = { layout, rejects };
		const firstDataRow = header === undefined ? 0 : layout.titleRowCount + 1;
		for (const row of rows.slice(firstDataRow)) this.addDataRow(row, layout);
		this.firstRows = [];
		return this.decided;
	}

	/** As the file had it; for a workbook what a spreadsheet in the country opens with a double click. */
	private rejectsDelimiter(): string {
		return this.delimiter ?? (this.options.defaultCountry === 'CM' ? ';' : ',');
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
		const phone = phoneNumberInCell(cells[layout.phoneColumn], this.options.defaultCountry);
		if (typeof phone !== 'string') return this.reject(row, phone.reason);
		const refused = this.options.alsoRejected?.get(row.row);
		if (refused !== undefined) return this.reject(row, refused);
		if (this.options.removeDuplicates && this.seen.has(phone)) {
			this.duplicateCount++;
			return;
		}
		if (this.isWiderThanHeader(cells, layout.header)) return this.reject(row, WIDER_THAN_HEADER);
		const text = this.textFor(cells, message);
		if ('reason' in text) return this.reject(row, text.reason);
		if (!text.isReadable) return this.reject(row, UNREADABLE);
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
		if (this.filledCharacters > MAX_FILLED_CHARACTERS) throw tooMuchText();
		return this.texts.prepare(filled.text);
	}

	private reject(row: Row, reason: string): void {
		const { layout, rejects } = this.decided ?? this.decide();
		const recipient = cellText(row.cells[layout.phoneColumn]).slice(0, MAX_SHOWN_CHARACTERS);
		this.rejectedRows.push({ row: row.row, recipient, reason });
		rejects.add(row, reason);
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

function tooMuchText(): UnreadableFile {
	return new UnreadableFile(
		'The messages are longer than 128 million characters together',
		'Split the list into several files, or use a shorter text.',
	);
}
