import { UnreadableFile } from './unreadableFile';
import {
	MAX_CELLS,
	MAX_COLUMNS,
	MAX_ROWS,
	tooManyCells,
	tooWide,
	type Row,
	type Table,
} from './cells';
import { dialectOf } from './csvDelimiter';
import { fileText, type FileText } from './decodedText';

/** Longer records exist only where a quotation mark is not closed, or the file is no table. */
const MAX_RECORD_CHARACTERS = 1024 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;

/**
 * Splits a CSV that arrives in pieces into records, as RFC 4180 and spreadsheets do: `""` in quotes is a quotation mark,
 * a quote elsewhere than at the start of a field is a character, what follows a closing quote belongs to the field, and
 * CRLF, LF and CR end a record.
 *
 * Own code because the csv-parse library, which is its judge in the tests, reads a text at once: cut into slices that
 * do not hold up the event loop it took longer and more memory than n8n's own reading of the same file.
 */
export class CsvRecords {
	private text = '';
	/** The fields of the record being read, and older ones behind them: emptying the array would free its memory. */
	private readonly fields: string[] = [];
	private fieldCount = 0;
	private recordCount = 0;
	private readonly delimiter: number;

	constructor(delimiter: string) {
		this.delimiter = delimiter.charCodeAt(0);
	}

	/** The records that are complete with this piece; with `isLast` also the one without line end. */
	push(piece: string, isLast: boolean): string[][] {
		const text = this.text + piece;
		const records: string[][] = [];
		let start = 0;
		while (start < text.length) {
			const end = this.readRecord(text, start, isLast);
			if (end === -1) break;
			records.push(this.fields.slice(0, this.fieldCount));
			this.recordCount++;
			start = end;
		}
		this.text = text.slice(start);
		if (this.text.length > MAX_RECORD_CHARACTERS) throw this.tooLong();
		return records;
	}

	/** Where the next record starts; -1 when this one is not complete. */
	private readRecord(text: string, start: number, isLast: boolean): number {
		this.fieldCount = 0;
		for (let at = start; ; at++) {
			let field = '';
			if (text.charCodeAt(at) === QUOTE) {
				let close = this.closingQuote(text, at + 1);
				if (close === -1 && isLast) throw this.openQuote();
				if (close === -1 || (close + 1 === text.length && !isLast)) return -1;
				field = text.slice(at + 1, close);
				if (field.includes('"')) field = field.replaceAll('""', '"');
				at = ++close;
			}
			const end = this.fieldEnd(text, at);
			if (end === text.length && !isLast) return -1;
			const rest = text.slice(at, end);
			this.fields[this.fieldCount++] = field === '' ? rest : field + rest;
			at = end;
			const terminator = text.charCodeAt(end);
			if (terminator === this.delimiter) continue;
			if (terminator !== CARRIAGE_RETURN) return end + 1;
			if (end + 1 === text.length && !isLast) return -1;
			return text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
		}
	}

	private closingQuote(text: string, from: number): number {
		let close = text.indexOf('"', from);
		while (close !== -1 && text.charCodeAt(close + 1) === QUOTE)
			close = text.indexOf('"', close + 2);
		return close;
	}

	private fieldEnd(text: string, from: number): number {
		for (let at = from; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code === this.delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) return at;
		}
		return text.length;
	}

	private tooLong(): UnreadableFile {
		if (this.text.includes('"')) return this.openQuote();
		return new UnreadableFile(
			`Row ${this.recordCount + 1} holds more than a million characters`,
			'Check that the file is a list with one recipient per row, saved as .csv or .xlsx.',
		);
	}

	private openQuote(): UnreadableFile {
		return new UnreadableFile(
			`Row ${this.recordCount + 1} opens a quotation mark (") that is never closed`,
			'Close it or remove it. Or open the list in a spreadsheet program and save it again.',
		);
	}
}

/** Numbers rows as a spreadsheet would: blank lines count, line breaks inside quotes do not. */
export async function csvTable(bytes: Uint8Array, pause: () => Promise<void>): Promise<Table> {
	const text = await fileText(bytes, pause);
	const { delimiter, start } = dialectOf(text.head);
	return { delimiter, slices: csvRows(text, delimiter, start) };
}

async function* csvRows(text: FileText, delimiter: string, start: number): AsyncGenerator<Row[]> {
	const records = new CsvRecords(delimiter);
	let row = 0;
	let cellCount = 0;
	for (const piece of text.pieces(start)) {
		const rows: Row[] = [];
		for (const cells of records.push(piece.text, piece.isLast)) {
			row++;
			const width = filledWidth(cells);
			if (width === 0) continue;
			if (width > MAX_COLUMNS) throw tooWide(row);
			cellCount += width;
			if (row > MAX_ROWS || cellCount > MAX_CELLS) throw tooManyCells();
			rows.push({ row, cells });
		}
		yield rows;
	}
}

function filledWidth(cells: readonly string[]): number {
	let width = cells.length;
	while (width > 0 && cells[width - 1] === '') width--;
	return width;
}
