import { UnreadableFile } from './unreadableFile';

/** A number cell that its format shows as a date; `text` is ISO (2024-03-15 14:30) where the format leaves the order open. */
export interface DateCell {
	readonly kind: 'date';
	readonly text: string;
}

/** A formula that was saved without its result, as some programs that write .xlsx do. */
export interface UncalculatedCell {
	readonly kind: 'uncalculated';
}

/** A number that its format shows in other words, such as 12 500 FCFA; `text` is null where the format is not understood. */
export interface ShownNumber {
	readonly kind: 'number';
	readonly value: number;
	readonly text: string | null;
}

/** A cell as written: text '677123456' and number 677123456 stay different. */
export type Cell = string | number | boolean | null | DateCell | ShownNumber | UncalculatedCell;

/** `row` is the number the spreadsheet shows, 1-based. */
export interface Row {
	row: number;
	cells: Cell[];
	/** Of a CSV: its quotation marks do not add up, so where its cells end is not certain. */
	isBroken?: boolean;
	/** By a filter or by a person. */
	isHidden?: boolean;
}

/** Rows that are not blank, in slices small enough that reading one does not hold up the event loop. */
export interface Table {
	/** What separates the columns of a CSV; null for a workbook. */
	delimiter: string | null;
	/** 0-based; known when the first slice has come. */
	hiddenColumns?: ReadonlySet<number>;
	/** Of a workbook: its other sheets that a person sees. */
	otherSheetNames?: readonly string[];
	slices: AsyncIterable<Row[]>;
}

export const UNCALCULATED: UncalculatedCell = { kind: 'uncalculated' };

export const MAX_FILE_BYTES = 25 * 1024 * 1024;
/** What a spreadsheet itself can hold. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 1024;
/** Cells of all rows together, gaps in front of a cell included. */
export const MAX_CELLS = 10_000_000;

/**
 * A spreadsheet would take such a text for a formula, or for a number of which it drops leading zeros or
 * shows, and then saves, only the first digits (2.37677E+11). An apostrophe in front prevents it.
 */
const NEEDS_APOSTROPHE = /^'*(?:[=+\-@\t\r\n＝＋－＠]|0\d+$|\d{12,}$)/;

export function withApostrophe(text: string): string {
	return NEEDS_APOSTROPHE.test(text) ? `'${text}` : text;
}

/** The inverse of `withApostrophe`, for cells that were written by it. */
export function withoutApostrophe(text: string): string {
	return text.charCodeAt(0) === 39 && NEEDS_APOSTROPHE.test(text) ? text.slice(1) : text;
}

/** The cell as a person reads it, for texts and reports; '' for an empty one. */
export function cellText(cell: Cell | undefined): string {
	if (typeof cell === 'string') return cell;
	if (cell === null || cell === undefined) return '';
	if (typeof cell === 'number') return numberText(cell);
	if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
	return cell.kind === 'uncalculated' ? '' : (cell.text ?? '');
}

/** Characters in which a spreadsheet shows a number without a format; whole numbers we give in full. */
const GENERAL_WIDTH = 11;

/** As a spreadsheet shows it: 0.1 + 0.2 is 0.3 there, and a third 0.333333333. */
function numberText(number: number): string {
	if (Number.isSafeInteger(number)) return String(number);
	const wholeDigits = String(Math.trunc(Math.abs(number))).length;
	const isPlain = Math.abs(number) >= 1e-4 && wholeDigits < GENERAL_WIDTH;
	if (!isPlain) return String(Number(number.toPrecision(15)));
	return String(Number(number.toFixed(GENERAL_WIDTH - 1 - wholeDigits)));
}

export function isBlank(cell: Cell | undefined): boolean {
	if (typeof cell === 'string') return cell.trim() === '';
	return cell === null || cell === undefined;
}

export function tooManyCells(): UnreadableFile {
	return new UnreadableFile(
		`The file holds more than ${MAX_ROWS} rows, ${MAX_CELLS} cells or 256 million characters`,
		'Split the list into several files, or keep only the columns that are needed.',
	);
}

export function tooWide(row: number): UnreadableFile {
	return new UnreadableFile(
		`Row ${row} holds something beyond column ${MAX_COLUMNS}`,
		'Delete the columns to the right of the list, or copy the list into a new file.',
	);
}

/** Marks that programs leave for nothing, exactly so written, and error cells as a CSV shows them. */
const NOTHING = new Set([
	'NULL',
	'null',
	'\\N',
	'nan',
	'NaN',
	'None',
	'undefined',
	'[object Object]',
	'Loading...',
	'#N/A',
	'#REF!',
	'#VALUE!',
	'#DIV/0!',
	'#NAME?',
	'#NULL!',
	'#NUM!',
	'#NOM?',
	'#VALEUR!',
]);

const LONGEST_NOTHING = Math.max(...[...NOTHING].map((mark) => mark.length));

const YES_NO = new Set([
	// English and French
	'present',
	'absent',
	// English
	'yes',
	'no',
	'true',
	'false',
	// French
	'oui',
	'non',
	'vrai',
	'faux',
	'présent',
]);
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}[:h]\d{2}.*)?$/;
const HAS_LETTER = /\p{L}/u;
const ID = /^(?=.*\d)[\p{L}\d_/.#-]{1,40}$/u;

/** Whether the cell is empty, shows nothing, or says that there is nothing. */
export function saysNothing(cell: Cell | undefined): boolean {
	if (typeof cell === 'string') {
		const text = cell.trim();
		return text === '' || (text.length <= LONGEST_NOTHING && NOTHING.has(text));
	}
	if (cell === null || cell === undefined) return true;
	return typeof cell === 'object' && cell?.kind === 'number' && !cell.text;
}

/** What the cell says to a person; '' where it says nothing. */
export function saidBy(cell: Cell | undefined): string {
	return saysNothing(cell) ? '' : cellText(cell);
}

/** A cell with all that is said of it, for those who ask it several times. */
export interface SeenCell {
	cell: Cell;
	text: string;
	isBlank: boolean;
	saysNothing: boolean;
	isText: boolean;
	/** As a phone number. */
	phone: Cell;
}

export function seenCells(cells: readonly Cell[]): SeenCell[] {
	return cells.map((cell) => ({
		cell,
		text: cellText(cell),
		isBlank: isBlank(cell),
		saysNothing: saysNothing(cell),
		isText: isText(cell),
		phone: phoneCell(cell) ?? null,
	}));
}

/** In a phone cell a number counts by its value, and its format only where that adds digits or a plus. */
export function phoneCell(cell: Cell | undefined): Cell | undefined {
	if (typeof cell !== 'object' || cell?.kind !== 'number') return cell;
	const { value, text } = cell;
	if (text === null || /\dE[+-]\d/.test(text)) return value;
	const digits = text.replace(/[.,]0+$/, '').replace(/\D/g, '');
	return digits === String(value) && !text.includes('+') ? value : text;
}

/** Whether the cell reads like a text for a person: no number, date, yes or no, and no id. */
export function isText(cell: Cell | undefined): boolean {
	if (typeof cell !== 'string' || saysNothing(cell)) return false;
	const text = cellText(cell).trim();
	if (YES_NO.has(text.toLowerCase()) || DATE.test(text)) return false;
	return HAS_LETTER.test(text) && !ID.test(text);
}
