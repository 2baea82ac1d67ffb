import { cellText, phoneCell, withApostrophe, type Cell, type Row } from '../table/cells';
import { columnsWithName } from '../table/columnNames';
import {
	isRejectsHeader,
	markedEnd,
	REASON_COLUMN,
	ROW_COLUMN,
	unescapedCells,
} from './sampledTable';

const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;
const BYTE_ORDER_MARK = '\ufeff';
/** A list of a million rows fits; n8n keeps the file as base64, a third longer. */
const MAX_BYTES = 256 * 1024 * 1024;
const PART_CHARACTERS = 64 * 1024;

/** What the rejected rows take over from the file they come from. */
export interface RejectsFormat {
	sheetName: string;
	header: readonly Cell[] | undefined;
	/** Columns of the list, where it has no header. */
	width: number;
	/** Their cells are written as they count: a number in full, though the spreadsheet may show it with an exponent. */
	phoneColumns: readonly number[];
	delimiter: string;
}

/**
 * Writes the rows for which there is a reason as a CSV: their cells as they were, then row number and reason. Cells
 * that would start a formula, or lose digits in a spreadsheet, get an apostrophe in front, which the reader of this
 * package takes off.
 */
export class RejectsCsv {
	private readonly encoder = new TextEncoder();
	private readonly parts: Uint8Array[] = [];
	/** UTF-8 with byte order mark, by which a spreadsheet knows the encoding. */
	private text = BYTE_ORDER_MARK;
	private byteCount = 0;
	private rowsThatDoNotFit = 0;
	private readonly ownColumns: number[] = [];
	private readonly width: number;
	/** Whether the file is one of rejected rows itself. */
	private readonly isOfRejects: boolean;

	constructor(
		private readonly format: RejectsFormat,
		private readonly reasons: ReadonlyMap<number, string>,
	) {
		const { header, width } = format;
		const titles = header?.map(cellText) ?? [];
		this.isOfRejects = isRejectsHeader(titles);
		// Other delimiters than these the reader believes by such a line only.
		if (!/[,;\t]/.test(format.delimiter)) this.text += `sep=${format.delimiter}\r\n`;
		if (header === undefined) {
			this.width = width;
			return;
		}
		for (const name of [ROW_COLUMN, REASON_COLUMN]) {
			this.ownColumns.push(...columnsWithName(titles, name));
		}
		// Of the header every column counts, also one without a name.
		const names = this.ownCells(header).map(cellText);
		this.width = names.length;
		this.addLine([...names, ROW_COLUMN, REASON_COLUMN]);
	}

	add({ row, cells }: Row): void {
		const reason = this.reasons.get(row);
		if (reason === undefined) return;
		if (this.byteCount > MAX_BYTES) {
			this.rowsThatDoNotFit++;
			return;
		}
		const { phoneColumns } = this.format;
		const counting = cells.map((cell, column) =>
			phoneColumns.includes(column) ? (phoneCell(cell) ?? null) : cell,
		);
		this.addLine(this.lineOf(counting, String(row), reason));
	}

	toBytes(): Uint8Array {
		if (this.rowsThatDoNotFit > 0) {
			this.addLine(
				this.lineOf([], '', `${this.rowsThatDoNotFit} more rows do not fit into this file`),
			);
		}
		this.encodeText();
		const bytes = new Uint8Array(this.byteCount);
		let at = 0;
		for (const part of this.parts) {
			bytes.set(part, at);
			at += part.length;
		}
		return bytes;
	}

	private lineOf(cells: readonly Cell[], row: string, reason: string): string[] {
		const texts = this.ownCells(cells).map(cellText);
		while (this.format.header !== undefined && texts.at(-1) === '') texts.pop();
		while (texts.length < this.width) texts.push('');
		if (this.format.header === undefined) {
			return [...texts, `${ROW_COLUMN} ${row}`, `${REASON_COLUMN}: ${reason}`];
		}
		return [...texts.slice(0, this.width), row, reason, ...texts.slice(this.width)];
	}

	/** Without what an earlier round added. */
	private ownCells(cells: readonly Cell[]): readonly Cell[] {
		if (this.format.header === undefined) {
			const end = markedEnd(cells.map(cellText));
			return end === undefined ? cells : unescapedCells(cells.slice(0, end));
		}
		const own = this.withoutOwnColumns(cells);
		return this.isOfRejects ? unescapedCells(own) : own;
	}

	private withoutOwnColumns(cells: readonly Cell[]): Cell[] {
		return cells.filter((_cell, index) => !this.ownColumns.includes(index));
	}

	private addLine(texts: string[]): void {
		this.text += `${texts.map(toField).join(this.format.delimiter)}\r\n`;
		if (this.text.length > PART_CHARACTERS) this.encodeText();
	}

	private encodeText(): void {
		const part = this.encoder.encode(this.text);
		this.parts.push(part);
		this.byteCount += part.length;
		this.text = '';
	}
}

function toField(text: string): string {
	const safe = withApostrophe(text);
	return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
