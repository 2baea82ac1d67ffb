import { UnreadableFile } from './unreadableFile';
import { MAX_CELLS, MAX_COLUMNS, MAX_ROWS, tooManyCells, tooWide, type Row } from './cells';
import { PHONE_LIKE, type CsvText } from './csvText';

/** Longer records exist only where a quotation mark is not closed, or the file is no table. */
const MAX_RECORD_CHARACTERS = 1024 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const BLANK = 32;
const BACKSLASH = 92;

const INCOMPLETE = -1;
const BROKEN = -2;

interface CsvRecord {
	fields: string[];
	/** Its quotation marks do not add up: a line, cut at every delimiter. */
	isBroken: boolean;
}

/**
 * Splits a CSV that arrives in pieces into records, as RFC 4180 and spreadsheets do: `""` in quotes is a quotation mark,
 * a quote elsewhere than at the start of a field is a character, and CRLF, LF and CR end a record. Blanks around the
 * quotes are left out, and in a file that never doubles them `\"` is a quotation mark, as databases write it. Where
 * anything else follows a closing quote, each line of the record is a broken one of its own; where a quote is never closed,
 * its line is.
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
	/** How the file writes a quotation mark in quotes, once that was seen. */
	private escape: 'doubled' | 'backslash' | null = null;
	private brokenAt = 0;
	/** Whether a field of the record being read holds a line break. */
	private isMultiLine = false;
	private readonly delimiter: number;

	constructor(delimiter: string) {
		this.delimiter = delimiter.charCodeAt(0);
	}

	/** The records that are complete with this piece; with `isLast` also the one without line end. */
	push(piece: string, isLast: boolean): CsvRecord[] {
		const text = this.text + piece;
		const records: CsvRecord[] = [];
		let start = 0;
		while (start < text.length) {
			let end = this.readRecord(text, start, isLast);
			if (end === BROKEN && this.escape !== 'doubled') {
				this.escape = 'backslash';
				end = this.readRecord(text, start, isLast);
				if (end < 0) this.escape = null;
			}
			if (end === INCOMPLETE) break;
			const isBroken = end === BROKEN || this.swallowsRows();
			if (end === BROKEN) end = this.endOfLine(text, this.brokenAt, isLast);
			if (end === INCOMPLETE) break;
			if (isBroken) {
				for (const fields of this.linesOf(text.slice(start, end))) {
					records.push({ fields, isBroken: true });
					this.recordCount++;
				}
			} else {
				records.push({ fields: this.fields.slice(0, this.fieldCount), isBroken: false });
				this.recordCount++;
			}
			start = end;
		}
		this.text = text.slice(start);
		if (this.text.length > MAX_RECORD_CHARACTERS) throw this.tooLong();
		return records;
	}

	/** Two rows that each have one quotation mark look like one text of several lines, of which one is a row. */
	private swallowsRows(): boolean {
		if (!this.isMultiLine) return false;
		const fields = this.fields.slice(0, this.fieldCount);
		const phoneAt = fields.findIndex((field) => PHONE_LIKE.test(field));
		if (phoneAt === -1) return false;
		const delimiter = String.fromCharCode(this.delimiter);
		return fields.some((field) => {
			if (!/[\r\n]/.test(field)) return false;
			const lines = field.split(/\r\n|\r|\n/).map((line) => line.split(delimiter));
			return lines.some((line) => line.length > 1 && PHONE_LIKE.test(line[phoneAt] ?? ''));
		});
	}

	/** Where the next record starts; or INCOMPLETE, or BROKEN. */
	private readRecord(text: string, start: number, isLast: boolean): number {
		this.fieldCount = 0;
		this.isMultiLine = false;
		for (let at = start; ; at++) {
			let field: string | undefined;
			const quote = this.openingQuote(text, at);
			if (quote !== -1) {
				const close = this.closingQuote(text, quote + 1);
				if (close === -1 && !isLast && text.length - start <= MAX_RECORD_CHARACTERS) {
					return INCOMPLETE;
				}
				// Never closed: what follows in the line belongs to it, and the next lines are rows again.
				if (close === -1) {
					this.brokenAt = quote;
					return BROKEN;
				}
				at = skipBlanks(text, close + 1);
				if (at === text.length && !isLast) return INCOMPLETE;
				if (at < text.length && !this.isEnd(text.charCodeAt(at))) {
					this.brokenAt = close;
					return BROKEN;
				}
				field = this.unescaped(text.slice(quote + 1, close));
				if (field.includes('\n') || field.includes('\r')) this.isMultiLine = true;
			}
			const end = this.fieldEnd(text, at);
			if (end === text.length && !isLast) return INCOMPLETE;
			this.fields[this.fieldCount++] = field ?? text.slice(at, end);
			at = end;
			const terminator = text.charCodeAt(end);
			if (terminator === this.delimiter) continue;
			if (terminator !== CARRIAGE_RETURN) return end + 1;
			if (end + 1 === text.length && !isLast) return INCOMPLETE;
			return text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
		}
	}

	/** A quote at the start of the field, or behind blanks; -1 if there is none. */
	private openingQuote(text: string, from: number): number {
		if (text.charCodeAt(from) === QUOTE) return from;
		if (text.charCodeAt(from) !== BLANK) return -1;
		const at = skipBlanks(text, from);
		return text.charCodeAt(at) === QUOTE ? at : -1;
	}

	private unescaped(field: string): string {
		if (!field.includes('"')) return field;
		if (this.escape === 'backslash') return field.replaceAll('\\"', '"');
		this.escape = 'doubled';
		return field.replaceAll('""', '"');
	}

	/** The lines of a broken record, cut at every delimiter. */
	private linesOf(text: string): string[][] {
		const lines = text.split(/\r\n|\r|\n/);
		if (lines.at(-1) === '') lines.pop();
		const delimiter = String.fromCharCode(this.delimiter);
		return lines.map((line) =>
			line.split(delimiter).map((field) => field.replace(/^\s*"|"\s*$/g, '')),
		);
	}

	private endOfLine(text: string, from: number, isLast: boolean): number {
		const found = /\r\n|\r|\n/g;
		found.lastIndex = from;
		const end = found.exec(text);
		if (end === null) return isLast ? text.length : INCOMPLETE;
		return end[0] === '\r' && found.lastIndex === text.length && !isLast
			? INCOMPLETE
			: found.lastIndex;
	}

	private isEnd(code: number): boolean {
		return code === this.delimiter || code === LINE_FEED || code === CARRIAGE_RETURN;
	}

	private closingQuote(text: string, from: number): number {
		let close = text.indexOf('"', from);
		if (this.escape === 'backslash') {
			while (close !== -1 && text.charCodeAt(close - 1) === BACKSLASH) {
				close = text.indexOf('"', close + 1);
			}
			return close;
		}
		while (close !== -1 && text.charCodeAt(close + 1) === QUOTE)
			close = text.indexOf('"', close + 2);
		return close;
	}

	private fieldEnd(text: string, from: number): number {
		for (let at = from; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (this.isEnd(code)) return at;
		}
		return text.length;
	}

	private tooLong(): UnreadableFile {
		return new UnreadableFile(
			`Row ${this.recordCount + 1} holds more than a million characters`,
			'Check that the file is a list with one recipient per row, saved as .csv or .xlsx.',
		);
	}
}

/** Numbers rows as a spreadsheet would: blank lines count, line breaks inside quotes do not. */
export async function* csvRows({ delimiter, pieces }: CsvText): AsyncGenerator<Row[]> {
	const records = new CsvRecords(delimiter);
	let row = 0;
	let cellCount = 0;
	for (const piece of pieces()) {
		const rows: Row[] = [];
		for (const { fields: cells, isBroken } of records.push(piece.text, piece.isLast)) {
			row++;
			const width = usedWidth(cells);
			if (width === 0) continue;
			if (width > MAX_COLUMNS) throw tooWide(row);
			cellCount += width;
			if (row > MAX_ROWS || cellCount > MAX_CELLS) throw tooManyCells();
			rows.push(isBroken ? { row, cells, isBroken } : { row, cells });
		}
		yield rows;
	}
}

function skipBlanks(text: string, from: number): number {
	let at = from;
	while (text.charCodeAt(at) === BLANK) at++;
	return at;
}

function usedWidth(cells: readonly string[]): number {
	let width = cells.length;
	while (width > 0 && cells[width - 1]?.trim() === '') width--;
	return width;
}
