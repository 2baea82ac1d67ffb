import * as xlsx from 'xlsx';

import { cellText, phoneCell, type Cell } from '../../nodes/shared/table/cells';
import { xlsxTable } from '../../nodes/shared/xlsx/workbook';
import { ZipArchive } from '../../nodes/shared/xlsx/zip';
import { handMade } from '../helpers/workbooks';

async function cellsOf(bytes: Uint8Array): Promise<Cell[][]> {
	const table = await xlsxTable(new ZipArchive(bytes), '', () => Promise.resolve());
	const rows: Cell[][] = [];
	for await (const slice of table.slices) rows.push(...slice.map(({ cells }) => cells));
	return rows;
}

/** A workbook of SheetJS with one cell. */
function workbookWith(value: number, format: string): Uint8Array {
	const sheet: xlsx.WorkSheet = { '!ref': 'A1', A1: { t: 'n', v: value, z: format } };
	const book = xlsx.utils.book_new(sheet, 'Liste');
	return xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array;
}

async function shown(value: number, format: string): Promise<Cell | undefined> {
	return (await cellsOf(workbookWith(value, format)))[0]?.[0];
}

describe('a number is what its format shows', () => {
	test.each<[string, number, string]>([
		['0000', 42, '0042'],
		['"+33" 0', 612345678, '+33 612345678'],
		['0%', 0.2, '20%'],
		['0.0%', 0.205, '20.5%'],
		['#,##0', 12500, '12 500'],
		['#,##0" FCFA"', 12500, '12 500 FCFA'],
		['#,##0.00', 1234.5, '1 234.50'],
		['#,##0 [$€-40C]', 1234567, '1 234 567 €'],
		['[$XAF] #,##0', 12000, 'XAF 12 000'],
		['0.00', 3, '3.00'],
		['00 00 00 00', 1234567, '01 23 45 67'],
		['0" kg"', 5, '5 kg'],
		['[>1000]"beaucoup";0', 2000, 'beaucoup'],
		['0;"dette "0', -5, 'dette 5'],
		['# ?/?', 0.5, '1/2'],
		['0.00E+00', 12345, '1.23E+04'],
		['#,##0_)', 5000, '5 000'],
	])('%s of %d', async (format, value, text) => {
		expect(await shown(value, format)).toEqual({ kind: 'number', value, text });
	});

	test.each<[string, number, string]>([
		['dd/mm/yyyy', 45000, '15/03/2023'],
		['[$-40C]d mmmm yyyy', 45000, '15 mars 2023'],
		['dddd', 45000, 'Wednesday'],
		['[h]:mm', 1.5, '36:00'],
		['yyyy-mm-dd', 45000, '2023-03-15'],
		['[$-F800]dddd\\, mmmm dd\\, yyyy', 45000, '2023-03-15'],
	])('%s of the day %d', async (format, value, text) => {
		expect(await shown(value, format)).toEqual({ kind: 'date', text });
	});

	test.each(['General', '@', '0', '#'])('%s shows the number itself', async (format) => {
		expect(await shown(237677123456, format)).toBe(237677123456);
	});

	test('what is not understood is told apart from what is empty', async () => {
		const styles =
			'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="bogus["/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>';
		const made = handMade({ styles, sheetData: '<row><c s="0"><v>7</v></c></row>' });
		expect(await cellsOf(made)).toEqual([[{ kind: 'number', value: 7, text: null }]]);
	});

	test.each<[string, number]>([
		['0.000', 0.1234],
		['#,##0.0', 98765.43],
		['0.0%', 0.5],
		['"N° "0', 12],
		['00-00', 1234],
		['$#,##0.00', 19.9],
		['#,##0;(#,##0)', -1500],
		['d mmm yy', 44927],
		['hh:mm:ss', 0.75],
	])('%s of %d reads like the text of SheetJS', async (format, value) => {
		const bytes = workbookWith(value, format);
		const { w = '' } = xlsx.read(bytes).Sheets.Liste?.A1 as xlsx.CellObject;
		expect(cellText((await cellsOf(bytes))[0]?.[0])).toBe(w.replaceAll(',', ' ').trim());
	});
});

describe('in a phone cell', () => {
	test.each<[string, number, string | number]>([
		['"+33" 0', 612345678, '+33 612345678'],
		['0000000000', 612345678, '0612345678'],
		['00" "00" "00" "00" "00', 612345678, '06 12 34 56 78'],
		['#,##0', 677123456, 677123456],
		['0.00', 677123456, 677123456],
		['0.00E+00', 237677123456, 237677123456],
		['000 00 00 00', 677123456, 677123456],
	])('%s of %d', async (format, value, phone) => {
		expect(phoneCell(await shown(value, format))).toBe(phone);
	});
});

describe('merged cells', () => {
	test('show the first of them in every row, and in the first column only', async () => {
		const inline = (ref: string, text: string) =>
			`<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`;
		const rows =
			`<row r="1">${inline('A1', 'Famille Ngono')}${inline('B1', 'Paul')}</row>` +
			`<row r="2">${inline('B2', 'Marie')}</row>` +
			`<row r="3">${inline('B3', 'Jean')}</row>` +
			`<row r="4">${inline('A4', 'Seul')}${inline('B4', 'Luc')}</row>`;
		const sheet = `<worksheet><sheetData>${rows}</sheetData><mergeCells count="2"><mergeCell ref="A1:A3"/><mergeCell ref="A4:C4"/></mergeCells></worksheet>`;
		expect(await cellsOf(handMade({ sheet }))).toEqual([
			['Famille Ngono', 'Paul'],
			['Famille Ngono', 'Marie'],
			['Famille Ngono', 'Jean'],
			['Seul', 'Luc'],
		]);
	});
});
