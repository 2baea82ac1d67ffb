import {
	isBlank,
	MAX_CELLS,
	MAX_COLUMNS,
	MAX_ROWS,
	tooManyCells,
	tooWide,
	UNCALCULATED,
	type Cell,
	type Row,
} from '../table/cells';
import { columnOf, type MergedCells } from './mergedCells';
import { dateCellOf, noDate, type NumberFormat } from './numberFormats';
import { cellString } from './sharedStrings';
import { damagedWorkbook } from '../table/unreadableFile';
import { XmlReader, type Attributes } from './xml';

/** XFD, the last column a spreadsheet knows. */
const LAST_COLUMN = 16_384;
/** Of all cells that refer to shared texts. */
const MAX_CHARACTERS = 256 * 1024 * 1024;

export interface CellContext {
	sharedStrings: string[];
	formats: NumberFormat[];
	/** Shows a number by a format code; needed where a format is one. */
	showNumber?: (value: number, code: string, isEpoch1904: boolean) => Cell;
	isEpoch1904: boolean;
	mergedCells?: MergedCells;
}

/** Makes rows of the XML of one sheet, piece by piece. */
export class SheetReader {
	readonly xml: XmlReader;
	hasSheetData = false;
	private isSheetData = false;
	private rows: Row[] = [];
	private rowNumber = 0;
	private rowCount = 0;
	private cellCount = 0;
	private characterCount = 0;
	/** Of the row being read, and older ones behind them: emptying the array would free its memory. */
	private readonly cells: Cell[] = [];
	private width = 0;
	private column = -1;
	private type = 'n';
	private style = 0;
	private value = '';
	private isValue = false;
	private hasValue = false;
	private isPhonetic = false;
	private hasFormula = false;
	private isHidden = false;

	constructor(
		part: string,
		private readonly context: CellContext,
		/** Filled before the first row comes. */
		private readonly hiddenColumns: Set<number>,
	) {
		this.xml = new XmlReader(part, {
			open: (name, getAttributes) => this.open(name, getAttributes),
			text: (text) => {
				if (this.isValue) this.value += text;
			},
			close: (name) => this.close(name),
		});
	}

	takeRows(): Row[] {
		const rows = this.rows;
		this.rows = [];
		return rows;
	}

	private open(name: string, getAttributes: () => Attributes): void {
		if (!this.isSheetData) {
			if (name === 'sheetData') this.isSheetData = this.hasSheetData = true;
			else if (name === 'col') this.readColumn(getAttributes());
			return;
		}
		if (name === 'c') this.startCell(getAttributes());
		else if (name === 'v' || name === 't') this.isValue = this.hasValue = !this.isPhonetic;
		else if (name === 'f') this.hasFormula = true;
		else if (name === 'rPh') this.isPhonetic = true;
		else if (name === 'row') this.startRow(getAttributes());
	}

	private close(name: string): void {
		if (!this.isSheetData) return;
		if (name === 'v' || name === 't') this.isValue = false;
		else if (name === 'c') this.endCell();
		else if (name === 'row') this.endRow();
		else if (name === 'rPh') this.isPhonetic = false;
		else if (name === 'sheetData') this.isSheetData = false;
	}

	/** Rows are found again by their number, so no two may have the same. */
	private startRow({ r: reference, hidden }: Attributes): void {
		const number = reference === undefined ? this.rowNumber + 1 : Number(reference);
		if (!(number >= 1 && number <= MAX_ROWS))
			throw damagedWorkbook(`a row has the number ${reference ?? number}`);
		this.rowNumber = Math.max(number, this.rowNumber + 1);
		if (this.rowNumber > MAX_ROWS) throw damagedWorkbook(`a row has the number ${this.rowNumber}`);
		this.width = 0;
		this.column = -1;
		this.isHidden = hidden === '1' || hidden === 'true';
	}

	/** One element stands for the columns from `min` to `max`, 1-based (ECMA-376, 18.3.1.13). */
	private readColumn({ min, max, hidden }: Attributes): void {
		if (hidden !== '1' && hidden !== 'true') return;
		const last = Math.min(Number(max), MAX_COLUMNS);
		for (let column = Number(min); column <= last; column++) this.hiddenColumns.add(column - 1);
	}

	private endRow(): void {
		this.showMergedCells();
		if (this.width === 0) return;
		this.cellCount += this.width;
		if (++this.rowCount > MAX_ROWS || this.cellCount > MAX_CELLS) throw tooManyCells();
		const row: Row = { row: this.rowNumber, cells: this.cells.slice(0, this.width) };
		if (row.cells.every(isBlank)) return;
		if (this.isHidden) row.isHidden = true;
		this.rows.push(row);
	}

	/** Cells merged over several rows show the first of them in each. */
	private showMergedCells(): void {
		const { mergedCells } = this.context;
		if (mergedCells === undefined) return;
		const own = this.cells.slice(0, this.width);
		for (const [column, cell] of mergedCells.pass(this.rowNumber, own)) {
			if (isBlank(cell) || column >= MAX_COLUMNS || !isBlank(own[column])) continue;
			while (this.width <= column) this.cells[this.width++] = null;
			this.cells[column] = cell;
		}
	}

	private startCell(attributes: Attributes): void {
		const reference = attributes.r;
		this.column = reference === undefined ? this.column + 1 : columnOf(reference);
		if (this.column >= LAST_COLUMN) throw damagedWorkbook(`a cell is called ${reference ?? ''}`);
		this.type = attributes.t ?? 'n';
		this.style = attributes.s === undefined ? 0 : Number(attributes.s);
		this.value = '';
		this.hasValue = false;
		this.hasFormula = false;
	}

	private endCell(): void {
		const cell = this.cellOf(this.value);
		if (cell === null) return;
		if (this.column >= MAX_COLUMNS) {
			if (isBlank(cell)) return;
			throw tooWide(this.rowNumber);
		}
		while (this.width < this.column) this.cells[this.width++] = null;
		this.cells[this.column] = cell;
		this.width = Math.max(this.width, this.column + 1);
	}

	private cellOf(value: string): Cell {
		if (this.hasFormula && !this.hasValue) return UNCALCULATED;
		if (this.type === 'inlineStr' || this.type === 'str') return cellString(value) || null;
		if (value === '') return null;
		switch (this.type) {
			case 'n':
				return this.numberCell(value);
			case 's':
				return this.sharedString(value);
			case 'b':
				return value.trim() === '1' || value.trim() === 'true';
			case 'd':
				return { kind: 'date', text: value.trim().replace('T', ' ') };
			case 'e':
				return value;
			default:
				throw damagedWorkbook(`row ${this.rowNumber} has a cell of unknown type "${this.type}"`);
		}
	}

	private numberCell(value: string): Cell {
		const number = Number(value);
		if (!Number.isFinite(number) || value.trim() === '') {
			throw damagedWorkbook(`row ${this.rowNumber} has the number "${value.slice(0, 40)}"`);
		}
		const { formats, showNumber, isEpoch1904 } = this.context;
		const format = formats[this.style] ?? null;
		if (format === null) return number;
		if (format === 'date') return dateCellOf(number, isEpoch1904) ?? noDate(number);
		return showNumber?.(number, format, isEpoch1904) ?? number;
	}

	/** A small file can have many cells that all refer to one long text. */
	private sharedString(value: string): string | null {
		const text = this.context.sharedStrings[Number(value)];
		if (text === undefined || value.trim() === '') {
			throw damagedWorkbook(
				`row ${this.rowNumber} refers to the text number ${value.slice(0, 20)}`,
			);
		}
		this.characterCount += text.length;
		if (this.characterCount > MAX_CHARACTERS) throw tooManyCells();
		return text || null;
	}
}
