import { cellText, withApostrophe, type Cell, type Row } from '../table/cells';
import { columnWithName } from '../table/columnNames';
import { UnreadableFile } from '../table/unreadableFile';

/** Unlikely as names of anybody's columns: by them a second round replaces the columns of the first. */
const ROW_COLUMN = 'Rejected row';
const REASON_COLUMN = 'Rejected because';
/** The same for files without header, where the cells themselves must tell. */
const ROW_MARK = /^Rejected row \d+$/;
const REASON_MARK = /^Rejected because: /;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;
const BYTE_ORDER_MARK = '\ufeff';
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Is it a row of a headerless file of rejects? */
export function hasRejectMarks(cells: readonly Cell[]): boolean {
	return markedEnd(cells) !== undefined;
}

export function withoutRejectMarks(cells: readonly Cell[]): Cell[] {
	return cells.slice(0, markedEnd(cells));
}

/**
 * Collects the rejected rows as a CSV: their cells as they were, then row number and reason. Cells that would start a
 * formula, or lose digits in a spreadsheet, get an apostrophe in front, which the reader of this package takes off.
 */
export class RejectsCsv {
	private readonly lines: string[] = [];
	private readonly ownColumns: number[] = [];
	private readonly width: number;
	private characterCount = 0;

	constructor(
		private readonly header: readonly Cell[] | undefined,
		minimumWidth: number,
		private readonly delimiter: string,
	) {
		for (const name of [ROW_COLUMN, REASON_COLUMN]) {
			const index = header === undefined ? undefined : columnWithName(header, name);
			if (index !== undefined) this.ownColumns.push(index);
		}
		this.width = header === undefined ? minimumWidth : this.originalCells(header).length;
		if (header === undefined) return;
		this.addLine(this.originalCells(header).map(cellText), [ROW_COLUMN, REASON_COLUMN], []);
	}

	add({ row, cells }: Row, reason: string): void {
		const texts = this.originalCells(cells).map(cellText);
		while (texts.length < this.width) texts.push('');
		if (this.header === undefined) {
			this.addLine(texts, [`${ROW_COLUMN} ${row}`, `${REASON_COLUMN}: ${reason}`], []);
		} else {
			this.addLine(texts.slice(0, this.width), [String(row), reason], texts.slice(this.width));
		}
	}

	/** UTF-8 with byte order mark, by which a spreadsheet knows the encoding. */
	toBytes(): Uint8Array {
		return new TextEncoder().encode(BYTE_ORDER_MARK + this.lines.join(''));
	}

	private originalCells(cells: readonly Cell[]): Cell[] {
		if (this.header === undefined) return withoutRejectMarks(cells);
		let end = cells.length;
		while (end > 0 && cellText(cells[end - 1]) === '') end--;
		// Of the header every column counts, also one without a name.
		if (cells === this.header) end = cells.length;
		return cells.slice(0, end).filter((_cell, index) => !this.ownColumns.includes(index));
	}

	private addLine(before: string[], own: string[], after: string[]): void {
		const line = [...before, ...own, ...after].map(toField).join(this.delimiter);
		this.characterCount += line.length;
		if (this.characterCount > MAX_CHARACTERS) throw tooMuchText();
		this.lines.push(`${line}\r\n`);
	}
}

/** Where the cells of a row in a headerless file of rejects end; undefined for any other row. */
function markedEnd(cells: readonly Cell[]): number | undefined {
	const reasonAt = cells.findLastIndex((cell) => cellText(cell) !== '');
	const isMarked =
		reasonAt > 0 &&
		REASON_MARK.test(cellText(cells[reasonAt])) &&
		ROW_MARK.test(cellText(cells[reasonAt - 1]));
	return isMarked ? reasonAt - 1 : undefined;
}

function toField(text: string): string {
	const safe = withApostrophe(text);
	return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function tooMuchText(): UnreadableFile {
	return new UnreadableFile(
		'The rows that cannot be sent hold more than 64 million characters',
		"Check 'Phone Column', or split the list into several files.",
	);
}
