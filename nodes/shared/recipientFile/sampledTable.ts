import { isCallingCode, phoneNumberOf, writingsIn } from '../phone/phoneNumber';
import {
	cellText,
	MAX_COLUMNS,
	seenCells,
	withoutApostrophe,
	type Cell,
	type Row,
	type SeenCell,
} from '../table/cells';
import { columnsWithName, titleKindOf, type PhoneName, type TitleKind } from '../table/columnNames';

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

/** A row of those looked at, without the marks of a rejected row. */
interface SampledRow {
	row: number;
	cells: SampledCell[];
	/** Whether it is one of a headerless file of rejected rows. */
	isMarked: boolean;
	/** What its cells say as titles; known once somebody asked. */
	titleKinds?: readonly TitleKind[];
}

interface SampledCell extends SeenCell {
	/** Whether it holds a mobile number; known once somebody asked. */
	isUsable?: boolean;
}

export function sampledRows(sample: readonly Row[]): SampledRow[] {
	const seen = sample.map(({ cells }) => seenCells(cells));
	const ends = seen.map((cells) => markedEnd(cells.map(({ text }) => text)));
	return sample.map(({ row }, place) => ({
		row,
		cells: (seen[place] ?? []).slice(0, ends[place]),
		isMarked: ends[place] !== undefined,
	}));
}

/** What the columns are called, and what the sampled rows hold. */
export class SampledTable {
	/** Without a header there are none. */
	readonly titles: readonly string[];
	/** What the titles say. */
	readonly titleKinds: readonly TitleKind[];

	constructor(
		readonly header: SampledRow | null,
		private readonly data: readonly SampledRow[],
		readonly width: number,
		private readonly options: LayoutOptions,
	) {
		this.titles = header === null ? [] : titlesIn(header);
		this.titleKinds = header === null ? [] : titleKindsIn(header);
	}

	columns(): number[] {
		return [...Array(Math.max(this.width, this.titles.length)).keys()].filter(
			(column) => !this.options.hiddenColumns?.has(column),
		);
	}

	private filled(column: number): SampledCell[] {
		return this.data
			.map(({ cells }) => cells[column])
			.filter((cell): cell is SampledCell => cell !== undefined && !cell.saysNothing);
	}

	isFilled(column: number): boolean {
		return this.filled(column).length > 0;
	}

	/** More than half of the filled cells are mobile numbers. */
	holdsNumbers(column: number): boolean {
		return this.mostly(column, (cell) => isUsable(cell, this.options.defaultCountry));
	}

	/** Columns named like a phone number, unless what stands below says that something else is meant. */
	phoneNames(): Array<PhoneName & { column: number }> {
		return this.columns().flatMap((column) => {
			const name = this.titleKinds[column]?.phone ?? null;
			return name === null || !this.isBelieved(name, column) ? [] : [{ column, ...name }];
		});
	}

	private isBelieved(
		{ isWeak, isQualified, isNumberOrCode, level }: PhoneName,
		column: number,
	): boolean {
		if (isNumberOrCode || (isWeak && (isQualified || level === 3)))
			return this.holdsNumbers(column);
		return !isQualified || !this.holdsNoDigits(column);
	}

	/** More than half of the filled cells read like a text. */
	holdsTexts(column: number): boolean {
		return this.mostly(column, ({ isText }) => isText);
	}

	/** More than half of the filled cells have too few digits for any phone number. */
	holdsNoDigits(column: number): boolean {
		return this.mostly(column, (cell) => !hasManyDigits(cell));
	}

	/** Columns of calling codes for each phone column: those that do not name another one of the file. */
	callingCodeColumns(phones: readonly number[]): Map<number, number[]> {
		const codes = this.codeColumns(phones);
		const named = this.columns().filter((column) => this.titleKinds[column]?.phone);
		const isFor = (code: number, phone: number) => {
			const meant = named.filter((other) => this.isOfThem(code, other));
			return meant.length === 0 || meant.includes(phone);
		};
		return new Map(phones.map((phone) => [phone, codes.filter((code) => isFor(code, phone))]));
	}

	/** Those only that are named like it, where some are. */
	private codeColumns(phones: readonly number[]): number[] {
		const holding = this.columns().filter(
			(column) => !phones.includes(column) && this.holdsCallingCodes(column),
		);
		const named = holding.filter((column) => this.titleKinds[column]?.callingCode !== 'country');
		return named.length > 0 ? named : holding;
	}

	/** Whether the title of the phone column has all the words by which the other says whose codes it holds. */
	private isOfThem(code: number, phone: number): boolean {
		const whose = this.titleKinds[code]?.whose ?? [];
		const words = this.titleKinds[phone]?.whose ?? [];
		return whose.length > 0 && whose.every((word) => words.includes(word));
	}

	/** Each with the sign of a code; or codes that exist, where the title says so: mostly, or all where it is less clear. */
	private holdsCallingCodes(column: number): boolean {
		const texts = this.filled(column).map(({ text }) => text.trim());
		if (texts.length === 0) return false;
		if (texts.every((text) => SIGNED_CODE.test(text))) return true;
		const named = this.titleKinds[column]?.callingCode ?? null;
		if (named === null) return false;
		const codes = texts.filter(isCallingCode);
		return named === 'exact' ? codes.length * 2 > texts.length : codes.length === texts.length;
	}

	private mostly(column: number, test: (cell: SampledCell) => boolean): boolean {
		const filled = this.filled(column);
		return filled.filter(test).length * 2 > filled.length;
	}
}

const SIGNED_CODE = /^(?:\+|00)[1-9]\d{0,2}$/;
const DIGIT = /\p{Nd}/u;

function isUsable(seen: SampledCell, defaultCountry: string): boolean {
	seen.isUsable ??= isPhone(seen, defaultCountry);
	return seen.isUsable;
}

function isPhone({ phone }: SampledCell, defaultCountry: string): boolean {
	if (typeof phone === 'number') return phoneNumberOf(phone, defaultCountry).ok;
	if (typeof phone !== 'string' || !DIGIT.test(phone)) return false;
	return writingsIn(phone).some((writing) => phoneNumberOf(writing, defaultCountry).ok);
}

function hasManyDigits({ text }: SampledCell): boolean {
	return (text.match(/\p{Nd}/gu)?.length ?? 0) >= 5;
}

function titlesIn({ cells }: SampledRow): string[] {
	return cells.map(({ text }) => text.trim());
}

function titleKindsIn(row: SampledRow): readonly TitleKind[] {
	row.titleKinds ??= titlesIn(row).map(titleKindOf);
	return row.titleKinds;
}

interface FoundHeader {
	index: number;
	notes: string[];
}

/** Which row is the header; null where there is none. */
export function headerOf(rows: readonly SampledRow[], options: LayoutOptions): FoundHeader | null {
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
function headerCandidates(rows: readonly SampledRow[], options: LayoutOptions) {
	const asked = columnsAskedByName(options);
	const candidates: Array<{ index: number; columns: number[] }> = [];
	for (const [index, row] of rows.slice(0, HEADER_SEARCH_ROWS).entries()) {
		if (row.cells.some((cell) => isUsable(cell, options.defaultCountry))) break;
		const isTitle =
			row.cells.filter(({ isBlank }) => !isBlank).length === 1 &&
			rows.slice(index + 1).some((later) => filledWidth(later) > 1);
		if (isTitle) continue;
		const titles = titlesIn(row);
		const named =
			asked.length > 0
				? asked.flatMap((name) => columnsWithName(titles, name))
				: namedLikePhones(row);
		const columns = named.filter((column) => typeof row.cells[column]?.cell === 'string');
		if (columns.length > 0) candidates.push({ index, columns });
	}
	return candidates;
}

function namedLikePhones(row: SampledRow): number[] {
	const kinds = titleKindsIn(row);
	return [...kinds.keys()].filter((column) => kinds[column]?.phone !== null);
}

/** A first row of words above numbers. */
function unnamedHeaderOf(rows: readonly SampledRow[], options: LayoutOptions): FoundHeader | null {
	const [first, ...below] = rows;
	if (!first || first.isMarked || first.cells.some(hasManyDigits)) return null;
	const table = new SampledTable(null, below, filledWidth(first), options);
	if (!table.columns().some((column) => table.holdsNumbers(column))) return null;
	const titles = titlesIn(first).filter((title) => title !== '');
	const names = titles.slice(0, MAX_NAMED_COLUMNS).join(', ');
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

export function filledWidth({ cells }: SampledRow): number {
	return cells.findLastIndex(({ isBlank }) => !isBlank) + 1;
}

/** Unlikely as names of anybody's columns: by them a second round replaces the columns of the first. */
export const ROW_COLUMN = 'Rejected row';
export const REASON_COLUMN = 'Rejected because';
/** The same for files without header, where the cells themselves must tell. */
const ROW_MARK = /^Rejected row \d+$/;
const REASON_MARK = /^Rejected because: /;

/** Whether the file is one of rejected rows that was mended. */
export function isRejectsHeader(titles: readonly string[]): boolean {
	return [ROW_COLUMN, REASON_COLUMN].every((name) => columnsWithName(titles, name).length > 0);
}

/** The cells of a row of such a file as they were in the first one. */
export function originalCells(cells: readonly Cell[]): Cell[] {
	return unescapedCells(cells.slice(0, markedEnd(cells.map(cellText))));
}

/** The cells of a file of rejected rows without the apostrophes that it was written with. */
export function unescapedCells(cells: readonly Cell[]): Cell[] {
	return cells.map((cell) => (typeof cell === 'string' ? withoutApostrophe(cell) : cell));
}

/** Where the cells of a row in a headerless file of rejects end; undefined for any other row. */
export function markedEnd(texts: readonly string[]): number | undefined {
	const reasonAt = texts.findLastIndex((text) => text !== '');
	const isMarked =
		reasonAt > 0 &&
		REASON_MARK.test(texts[reasonAt] ?? '') &&
		ROW_MARK.test(texts[reasonAt - 1] ?? '');
	return isMarked ? reasonAt - 1 : undefined;
}
