import { phoneNumberOf } from '../phone/phoneNumber';
import {
	MAX_COLUMNS,
	cellText,
	isBlank,
	isText,
	phoneCell,
	saysNothing,
	type Cell,
	type Row,
} from '../table/cells';
import {
	columnNamesIn,
	columnsWithName,
	isCallingCodeName,
	phoneNameOf,
} from '../table/columnNames';
import { hasRejectMarks } from './rejectsCsv';

export interface LayoutOptions {
	defaultCountry: string;
	hasHeaderRow: 'auto' | 'yes' | 'no';
	phoneColumn: string;
	messageColumn: string;
	defaultMessage: string;
	hiddenColumns?: ReadonlySet<number>;
}

/** How many non-empty rows are looked at to find the header, and below it to see what the columns hold. */
const HEADER_SEARCH_ROWS = 10;
export const SAMPLED_ROWS = HEADER_SEARCH_ROWS + 200;
export const MAX_NAMED_COLUMNS = 20;

/** What the columns are called, and what the sampled rows hold. */
export class SampledTable {
	constructor(
		readonly header: readonly Cell[] | null,
		private readonly data: readonly Row[],
		readonly width: number,
		private readonly options: LayoutOptions,
	) {}

	/** The title, or the number where there is none. */
	nameOf(column: number): string {
		const title = cellText(this.header?.[column]).trim();
		return title === '' ? String(column + 1) : title;
	}

	columns(): number[] {
		return [...Array(Math.max(this.width, this.header?.length ?? 0)).keys()].filter(
			(column) => !this.options.hiddenColumns?.has(column),
		);
	}

	private filled(column: number): Cell[] {
		return this.data
			.map(({ cells }) => cells[column])
			.filter((cell): cell is Cell => !saysNothing(cell));
	}

	isFilled(column: number): boolean {
		return this.filled(column).length > 0;
	}

	/** More than half of the filled cells are mobile numbers. */
	holdsNumbers(column: number): boolean {
		return this.mostly(column, (cell) => isUsable(cell, this.options.defaultCountry));
	}

	/** More than half of the filled cells read like a text. */
	holdsTexts(column: number): boolean {
		return this.mostly(column, isText);
	}

	/** More than half of the filled cells have too few digits for any phone number. */
	holdsNoDigits(column: number): boolean {
		return this.mostly(column, (cell) => (cellText(cell).match(/\p{Nd}/gu)?.length ?? 0) < 5);
	}

	/** Nothing but calling codes: each with a sign of one, unless the title says so. */
	holdsCallingCodes(column: number): boolean {
		const filled = this.filled(column).map((cell) => cellText(cell).trim());
		const isCode = isCallingCodeName(this.nameOf(column)) ? ANY_CODE : SIGNED_CODE;
		return filled.length > 0 && filled.every((text) => isCode.test(text));
	}

	private mostly(column: number, test: (cell: Cell) => boolean): boolean {
		const filled = this.filled(column);
		return filled.filter(test).length * 2 > filled.length;
	}
}

const ANY_CODE = /^(?:\+|00)?[1-9]\d{0,2}$/;
const SIGNED_CODE = /^(?:\+|00)[1-9]\d{0,2}$/;

function isUsable(cell: Cell | undefined, defaultCountry: string): boolean {
	const phone = phoneCell(cell);
	if (typeof phone === 'number') return phoneNumberOf(phone, defaultCountry).ok;
	if (typeof phone !== 'string' || isBlank(phone)) return false;
	return writingsIn(cellText(phone)).some((writing) => phoneNumberOf(writing, defaultCountry).ok);
}

/** Google writes the several numbers of one contact into one cell. */
export function writingsIn(text: string): string[] {
	return text.includes(' ::: ') ? text.split(' ::: ') : [text];
}

interface FoundHeader {
	index: number;
	notes: string[];
}

/** Which row is the header; null where there is none. */
export function headerOf(rows: readonly Row[], options: LayoutOptions): FoundHeader | null {
	if (options.hasHeaderRow === 'no') return null;
	if (options.hasHeaderRow === 'yes') return { index: 0, notes: [] };
	const candidates = headerCandidates(rows, options);
	const above = candidates.find(({ index, columns }) => {
		const below = new SampledTable(null, rows.slice(index + 1), 0, options);
		return columns.some((column) => below.holdsNumbers(column));
	});
	const named = above ?? candidates[0];
	if (named) return { index: named.index, notes: [] };
	return unnamedHeaderOf(rows, options);
}

/** Rows that name a phone column, with no usable number in or above them. */
function headerCandidates(rows: readonly Row[], options: LayoutOptions) {
	const asked = columnsAskedByName(options);
	const candidates: Array<{ index: number; columns: number[] }> = [];
	for (const [index, { cells }] of rows.slice(0, HEADER_SEARCH_ROWS).entries()) {
		if (cells.some((cell) => isUsable(cell, options.defaultCountry))) break;
		const isTitle =
			cells.filter((cell) => !isBlank(cell)).length === 1 &&
			rows.slice(index + 1).some((row) => filledWidth(row.cells) > 1);
		if (isTitle) continue;
		const columns = [...cells.keys()].filter((column) => {
			const title = cells[column];
			if (typeof title !== 'string') return false;
			return asked.length > 0
				? asked.some((name) => columnsWithName(cells, name).includes(column))
				: phoneNameOf(title) !== null;
		});
		if (columns.length > 0) candidates.push({ index, columns });
	}
	return candidates;
}

/** A first row of words above numbers. */
function unnamedHeaderOf(rows: readonly Row[], options: LayoutOptions): FoundHeader | null {
	const [first, ...below] = rows;
	if (!first || hasRejectMarks(first.cells)) return null;
	if (first.cells.some((cell) => (cellText(cell).match(/\p{Nd}/gu)?.length ?? 0) >= 5)) return null;
	const table = new SampledTable(null, below, filledWidth(first.cells), options);
	if (!table.columns().some((column) => table.holdsNumbers(column))) return null;
	const names = columnNamesIn(first.cells).slice(0, MAX_NAMED_COLUMNS).join(', ');
	return { index: 0, notes: [`Row ${first.row} was taken for the header: ${names}.`] };
}

function columnsAskedByName({ phoneColumn }: LayoutOptions): string[] {
	const names = [phoneColumn, ...phoneColumn.split(',')].map((name) => name.trim());
	return names.filter((name) => name !== '' && columnNumber(name) === undefined);
}

/** '1' is the first column, 0 here. */
export function columnNumber(asked: string): number | undefined {
	const number = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
	return number >= 1 && number <= MAX_COLUMNS ? number - 1 : undefined;
}

export function filledWidth(cells: readonly Cell[]): number {
	return cells.findLastIndex((cell) => !isBlank(cell)) + 1;
}
