import type { Cell } from '../table/cells';
import { damagedWorkbook } from '../table/unreadableFile';
import { MAX_PART_BYTES } from './xml';
import type { ZipArchive, ZipEntry } from './zip';

/** Cells of several rows that were merged into one; rows 1-based, columns 0-based. */
interface MergedRange {
	firstRow: number;
	lastRow: number;
	column: number;
}

/** More than a person merges; their list is to stay small beside the sheet. */
const MAX_RANGES = 100_000;
const MAX_LIST_CHARACTERS = 16 * 1024 * 1024;

const LIST = 'mergeCell';
/** The g of it, which rows of numbers and of references to texts do not have: looking for it costs next to nothing. */
const LETTER_OF_LIST = 0x67;
const RANGE =
	/mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]{1,3}([1-9]\d{0,6})):[A-Z]{1,3}(\d{1,7})["']/g;

/**
 * What merged cells of a sheet show. A sheet lists them behind its rows (ECMA-376, 18.3.1.99), so it is
 * searched once before its rows are read.
 */
export class MergedCells {
	/** In the order of their first rows. */
	private readonly ranges: MergedRange[];
	private next = 0;
	private open: Array<MergedRange & { cell: Cell }> = [];

	private constructor(ranges: MergedRange[]) {
		this.ranges = ranges.sort((one, other) => one.firstRow - other.firstRow);
	}

	/** Undefined where no rows are merged. */
	static async of(zip: ZipArchive, sheet: ZipEntry): Promise<MergedCells | undefined> {
		const decoder = new TextDecoder('latin1');
		let list = '';
		let isInList = false;
		for await (const slice of zip.read(sheet, MAX_PART_BYTES)) {
			// The element around the list has it too, so a slice that begins within a word loses nothing.
			if (!isInList && !slice.includes(LETTER_OF_LIST)) continue;
			list += decoder.decode(slice, { stream: true });
			if (!isInList) {
				const start = list.indexOf(LIST);
				isInList = start >= 0;
				list = isInList ? list.slice(start) : list.slice(-LIST.length);
			}
			if (list.length > MAX_LIST_CHARACTERS) break;
		}
		const ranges: MergedRange[] = [];
		for (const [, reference = '', first, last] of list.matchAll(RANGE)) {
			const [firstRow, lastRow] = [Number(first), Number(last)];
			if (lastRow > firstRow && ranges.length < MAX_RANGES) {
				ranges.push({ firstRow, lastRow, column: columnOf(reference) });
			}
		}
		return ranges.length === 0 ? undefined : new MergedCells(ranges);
	}

	/** Takes what the row begins, and gives what it goes on with: by column. Rows come in order. */
	pass(row: number, cells: readonly Cell[]): Map<number, Cell> {
		const shown = new Map<number, Cell>();
		this.open = this.open.filter(({ lastRow }) => lastRow >= row);
		for (const { column, cell } of this.open) shown.set(column, cell);
		for (let range = this.ranges[this.next]; range; range = this.ranges[++this.next]) {
			if (range.firstRow > row) break;
			if (range.firstRow === row) this.open.push({ ...range, cell: cells[range.column] ?? null });
		}
		return shown;
	}
}

/** The column of a reference, 0-based: 'B7' -> 1. Throws UnreadableFile where it is none. */
export function columnOf(reference: string): number {
	let column = 0;
	let index = 0;
	for (; index < reference.length; index++) {
		const letter = (reference.charCodeAt(index) & ~32) - 64;
		if (!(letter >= 1 && letter <= 26) || index > 2) break;
		column = column * 26 + letter;
	}
	const digit = reference.charCodeAt(index);
	if (index === 0 || !(digit >= 49 && digit <= 57)) {
		throw damagedWorkbook(`a cell is called "${reference.slice(0, 20)}"`);
	}
	return column - 1;
}
