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
import { CsvRecords } from './csvRecords';
import { fileText, type FileText } from './decodedText';

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
