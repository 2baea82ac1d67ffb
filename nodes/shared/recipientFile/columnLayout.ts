import { MAX_COLUMNS, cellText, isBlank, type Cell, type Row } from '../table/cells';
import {
	columnNamesIn,
	columnWithName,
	messageColumnIn,
	phoneColumnIn,
} from '../table/columnNames';
import { hasRejectMarks, withoutRejectMarks } from './rejectsCsv';
import { UnreadableFile } from '../table/unreadableFile';

export interface LayoutOptions {
	hasHeaderRow: 'auto' | 'yes' | 'no';
	phoneColumn: string;
	messageColumn: string;
	defaultMessage: string;
}

/** Columns are 0-based. */
export interface ColumnLayout {
	header: Row | undefined;
	titleRowCount: number;
	phoneColumn: number;
	/** Undefined: no row has a text of its own. */
	messageColumn: number | undefined;
	/** Columns of the widest of the rows looked at. */
	width: number;
}

/** How many non-empty rows are looked at to find the header. */
export const HEADER_SEARCH_ROWS = 10;
const MAX_NAMED_COLUMNS = 20;

/** Decides from the first rows which of them is the header and where number and text are. */
export function layoutOf(rows: readonly Row[], options: LayoutOptions): ColumnLayout {
	const width = Math.max(0, ...rows.map(({ cells }) => filledWidth(withoutRejectMarks(cells))));
	const headerIndex = headerIndexOf(rows, options);
	const header = rows[headerIndex];
	const names = header?.cells ?? [];
	const asked = options.phoneColumn.trim();
	const namedPhone = asked === '' ? phoneColumnIn(names) : undefined;
	const phoneColumn =
		asked === '' ? (namedPhone ?? 0) : columnAsked(asked, 'Phone Column', header, width);
	const messageColumn = messageColumnOf(options, header, width, phoneColumn, namedPhone);
	if (messageColumn === phoneColumn) {
		throw new UnreadableFile(
			`Phone number and message would come from the same column ${phoneColumn + 1}`,
			"Set 'Phone Column' and 'Message Column' to two different columns.",
		);
	}
	return { header, titleRowCount: Math.max(0, headerIndex), phoneColumn, messageColumn, width };
}

export function noSuchColumn(
	column: string,
	where: string,
	header: readonly Cell[],
): UnreadableFile {
	const names = columnNamesIn(header);
	const shown = names.slice(0, MAX_NAMED_COLUMNS).map((name) => `"${name.slice(0, 40)}"`);
	if (names.length > MAX_NAMED_COLUMNS) shown.push('…');
	return new UnreadableFile(
		`The file has no column "${column}"`,
		`${where} names it. The columns of the file are: ${shown.join(', ')}.`,
	);
}

/** -1: no header */
function headerIndexOf(rows: readonly Row[], options: LayoutOptions): number {
	if (options.hasHeaderRow === 'no') return -1;
	const asked = options.phoneColumn.trim();
	const isName = asked !== '' && columnNumber(asked) === undefined;
	const naming = rows.findIndex(({ cells }) => {
		if (cells.some(looksLikePhoneNumber)) return false;
		return (isName ? columnWithName(cells, asked) : phoneColumnIn(cells)) !== undefined;
	});
	if (naming !== -1) return naming;
	if (options.hasHeaderRow === 'yes') return 0;
	const first = rows[0];
	if (first === undefined || hasRejectMarks(first.cells)) return -1;
	const phoneCell = first.cells[columnNumber(asked) ?? 0];
	return isBlank(phoneCell) || /\p{Nd}/u.test(cellText(phoneCell)) ? -1 : 0;
}

/**
 * A header that names the phone column and no message column says that there is none. Where the phone number is
 * found by position, the text is too, unless a header and a default message make column 2 something else.
 */
function messageColumnOf(
	options: LayoutOptions,
	header: Row | undefined,
	width: number,
	phoneColumn: number,
	namedPhone: number | undefined,
): number | undefined {
	const asked = options.messageColumn.trim();
	if (asked !== '') return columnAsked(asked, 'Message Column', header, width);
	const named = header === undefined ? undefined : messageColumnIn(header.cells);
	if (named !== undefined && named !== phoneColumn) return named;
	const hasDefault = options.defaultMessage.trim() !== '';
	const isByPosition = namedPhone === undefined && phoneColumn !== 1 && width > 1;
	if (isByPosition && !(header !== undefined && hasDefault)) return 1;
	if (hasDefault) return undefined;
	throw noMessage(header?.cells);
}

function columnAsked(asked: string, field: string, header: Row | undefined, width: number): number {
	const number = columnNumber(asked);
	if (number !== undefined) {
		if (number < Math.max(width, header?.cells.length ?? 0)) return number;
		throw new UnreadableFile(
			`The file has no column ${asked}`,
			`${field} asks for it, but the rows have ${width} ${width === 1 ? 'column' : 'columns'}.`,
		);
	}
	if (header === undefined) {
		throw new UnreadableFile(
			`The column "${asked}" cannot be found: the file is read without a header row`,
			`Put the number of the column in ${field} (1 is the first), or set 'Header Row' to Yes.`,
		);
	}
	const index = columnWithName(header.cells, asked);
	if (index === undefined) throw noSuchColumn(asked, field, header.cells);
	return index;
}

/** '1' is the first column, 0 here. */
function columnNumber(asked: string): number | undefined {
	const number = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
	return number >= 1 && number <= MAX_COLUMNS ? number - 1 : undefined;
}

/** Keeps a row of data with the word "Mobile" in it from being taken for the header. */
function looksLikePhoneNumber(cell: Cell): boolean {
	if (typeof cell === 'number') return cell >= 1e7;
	return typeof cell === 'string' && (cell.match(/\p{Nd}/gu)?.length ?? 0) >= 8;
}

function filledWidth(cells: readonly Cell[]): number {
	return cells.findLastIndex((cell) => !isBlank(cell)) + 1;
}

export function noMessage(header: readonly Cell[] | undefined): UnreadableFile {
	const names = columnNamesIn(header ?? []).slice(0, MAX_NAMED_COLUMNS);
	const columns =
		names.length === 0
			? ''
			: ` The columns of the file are: ${names.map((name) => `"${name.slice(0, 40)}"`).join(', ')}.`;
	return new UnreadableFile(
		"There is no message: neither a column of the file nor the field 'Message' has one",
		`Write the text in Message, or name the column that holds it in 'Message Column'.${columns}`,
	);
}
