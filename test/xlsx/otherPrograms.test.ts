import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as xlsx from 'xlsx';

import { cellText, type Cell } from '../../nodes/shared/table/cells';
import { xlsxTable } from '../../nodes/shared/xlsx/workbook';
import { ZipArchive } from '../../nodes/shared/xlsx/zip';
import { read } from '../helpers/recipientFiles';
import { handMade, workbookOf } from '../helpers/workbooks';

/**
 * One table of numbers in 35 formats and one list of people, written by ExcelJS 4.4, openpyxl 3.0, LibreOffice 7.4 and
 * Gnumeric 1.12, and by SheetJS. What each cell says to us is held against the formatted text of SheetJS.
 */
const FOLDER = path.join(__dirname, 'programs');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.xlsx'));

interface Compared {
	address: string;
	format: string;
	value: unknown;
	ours: string | null;
	theirs: string;
}

async function readSheet(bytes: Uint8Array, name: string): Promise<Map<string, Cell>> {
	const table = await xlsxTable(new ZipArchive(bytes), name, () => Promise.resolve());
	const cells = new Map<string, Cell>();
	for await (const slice of table.slices) {
		for (const row of slice) {
			row.cells.forEach((cell, column) =>
				cells.set(xlsx.utils.encode_cell({ r: row.row - 1, c: column }), cell),
			);
		}
	}
	return cells;
}

async function compared(bytes: Buffer): Promise<Compared[]> {
	const book = xlsx.read(bytes, { cellNF: true, cellText: true, cellDates: false });
	const all: Compared[] = [];
	for (const name of book.SheetNames) {
		const sheet = book.Sheets[name] ?? {};
		const own = await readSheet(bytes, name);
		for (const [address, cell] of Object.entries(sheet)) {
			if (address.startsWith('!')) continue;
			const { t, v, w, z } = cell as xlsx.CellObject;
			if (t === 'z' || v === undefined) continue;
			const mine = own.get(address) ?? null;
			const isUnknown = typeof mine === 'object' && mine?.kind === 'number' && mine.text === null;
			all.push({
				address: `${name} ${address}`,
				format: String(z ?? 'General'),
				value: v,
				ours: isUnknown ? null : cellText(mine),
				theirs: w ?? String(v),
			});
		}
	}
	return all;
}

/** Dates and times whose format leaves the order to the country of the reader: numbers 14 to 22 of the standard. */
const WITHOUT_ORDER = new Set(['m/d/yy', 'm/d/yy h:mm', 'mmm-yy', 'd-mmm', 'h:mm AM/PM']);

/** SheetJS takes a `?` behind the point for any number of digits. */
const WRONG_IN_SHEETJS = new Set(['??0.0?']);

/** Blanks of any kind and in place of commas between thousands. */
const plain = (text: string) =>
	text
		.replace(/[\s\u00a0\u202f]+/g, ' ')
		.replace(/(\d),(?=\d{3})/g, '$1 ')
		.trim();

/** The same words; a whole number without a format in full; a date as ISO where its format has no order of its own. */
function isSame({ format, value, ours, theirs }: Compared): boolean {
	if (ours === null || WRONG_IN_SHEETJS.has(format)) return true;
	if (plain(ours) === plain(theirs)) return true;
	const isGeneral = /^(?:general|@)$/i.test(format);
	if (isGeneral && Number.isInteger(value)) return ours === String(value);
	if (!WITHOUT_ORDER.has(format) || typeof value !== 'number') return false;
	// 29 February 1900, which never was: as a day it is the one before.
	if (Math.trunc(value) === 60) return ours.startsWith('1900-02-28');
	return ours === isoOf(value);
}

/** As ISO, without a day before the first and without a time at midnight. */
function isoOf(serial: number): string {
	const { y, m, d, H, M, S } = xlsx.SSF.parse_date_code(serial) as Record<string, number>;
	const two = (part = 0) => String(part).padStart(2, '0');
	const time = `${two(H)}:${two(M)}${S === 0 ? '' : `:${two(S)}`}`;
	if (serial < 1) return time;
	const date = `${y}-${two(m)}-${two(d)}`;
	return serial % 1 === 0 ? date : `${date} ${time}`;
}

describe.each(files)('a workbook of %s', (file) => {
	const bytes = readFileSync(path.join(FOLDER, file));

	test('says cell by cell what SheetJS shows, or is not understood', async () => {
		const cells = await compared(bytes);
		expect(cells.length).toBeGreaterThan(400);
		expect(cells.filter((cell) => !isSame(cell))).toEqual([]);
	});

	test('is understood in nearly all of its cells', async () => {
		const cells = await compared(bytes);
		expect(cells.filter(({ ours }) => ours === null).length).toBeLessThan(cells.length / 10);
	});
});

/**
 * As WPS Spreadsheets writes: formats below 164 declared again, its own Chinese ones, blanks of accountants, attributes and
 * elements of its own name space, rich texts with readings, numbers behind an apostrophe, results of formulas as texts.
 */
function workbookInWpsShapes(): Buffer {
	const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
	const others =
		'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" mc:Ignorable="etc x14"';
	const formats: Array<[id: number, code: string]> = [
		[41, '_ * #,##0_ ;_ * \\-#,##0_ ;_ * &quot;-&quot;_ ;_ @_ '],
		[
			42,
			'_ &quot;\uffe5&quot;* #,##0_ ;_ &quot;\uffe5&quot;* \\-#,##0_ ;_ &quot;\uffe5&quot;* &quot;-&quot;_ ;_ @_ ',
		],
		[43, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * &quot;-&quot;??_ ;_ @_ '],
		[176, '0_ '],
		[177, 'yyyy/m/d;@'],
		[178, '#,##0&quot; FCFA&quot;'],
		[179, 'yyyy&quot;\u5e74&quot;m&quot;\u6708&quot;d&quot;\u65e5&quot;;@'],
		[180, '0000000000'],
	];
	const ids = [0, 49, ...formats.map(([id]) => id), 10, 11];
	const styles = `<styleSheet xmlns="${main}" ${others}><numFmts count="${formats.length}">${formats
		.map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`)
		.join(
			'',
		)}</numFmts><fonts count="1"><font><sz val="11"/><name val="\u5b8b\u4f53"/><charset val="134"/></font></fonts><cellStyleXfs count="1"><xf numFmtId="0"><alignment vertical="center"/></xf></cellStyleXfs><cellXfs count="${ids.length}">${ids
		.map(
			(id) =>
				`<xf numFmtId="${id}" fontId="0" applyNumberFormat="1"${id === 49 ? ' quotePrefix="1"' : ''}><alignment vertical="center"/></xf>`,
		)
		.join(
			'',
		)}</cellXfs><extLst><ext uri="{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}"><x14:slicerStyles defaultSlicerStyle="S"/></ext></extLst></styleSheet>`;
	const strings = [
		'<t>T\u00e9l\u00e9phone</t>',
		'<t>Nom</t>',
		'<r><rPr><sz val="11"/><charset val="134"/></rPr><t xml:space="preserve">Zo\u00e9 </t></r><r><t>Abena</t></r><rPh sb="0" eb="1"><t>reading</t></rPh><phoneticPr fontId="1" type="noConversion"/>',
		'<t>699123456</t>',
	];
	const sharedStrings = `<sst xmlns="${main}" count="4" uniqueCount="4">${strings.map((each) => `<si>${each}</si>`).join('')}</sst>`;
	const numbers = [677123456, -1250, 0, 45321, 0.5];
	const dataRow = (value: number, index: number) =>
		`<row r="${index + 3}" spans="1:15" customFormat="1">${ids
			.map(
				(_id, style) =>
					`<c r="${xlsx.utils.encode_cell({ r: index + 2, c: style })}" s="${style}"><v>${value}</v></c>`,
			)
			.join('')}</row>`;
	const sheet = `<worksheet xmlns="${main}" ${others}><sheetPr/><dimension ref="A1:L8"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5" outlineLevelCol="1"/><cols><col min="1" max="1" width="13.6" customWidth="1"/></cols><sheetData><row r="1" spans="1:15"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2" spans="1:15"><c r="A2" s="1" t="s"><v>3</v></c><c r="B2" t="s"><v>2</v></c><c r="C2" t="str"><f>A2&amp;""</f><v>699123456</v></c><c r="D2" t="b"><v>1</v></c></row>${numbers.map(dataRow).join('')}</sheetData><pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/><headerFooter/><etc:rangeProtect/></worksheet>`;
	return handMade({ sheet, styles, sharedStrings });
}

test('a workbook in the shapes of WPS Spreadsheets says what SheetJS shows, or is not understood', async () => {
	const cells = await compared(workbookInWpsShapes());
	expect(cells.length).toBeGreaterThan(60);
	expect(cells.filter((cell) => !isSame(cell))).toEqual([]);
	expect(cells.filter(({ ours }) => ours === null).length).toBeLessThan(cells.length / 10);
});

test('a workbook of SheetJS itself does so too', async () => {
	const rows = [
		['Téléphone', 'Nom', 'Solde'],
		[677123456, 'Zoé', 12500.5],
		['+237 699 12 34 56', ' deux  espaces ', -3],
	];
	const cells = await compared(workbookOf(rows));
	expect(cells).toHaveLength(9);
	expect(cells.filter((cell) => !isSame(cell))).toEqual([]);
});

test('a phone number in a column of dates is texted, and fills no text', async () => {
	const sheet = xlsx.utils.aoa_to_sheet([
		['Téléphone', 'Code'],
		[677123456, 677000001],
		[677123457, 5],
	]);
	for (const address of ['A2', 'A3', 'B2']) (sheet[address] as xlsx.CellObject).z = 'dd/mm/yyyy';
	const book = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(book, sheet, 'Liste');
	const bytes = xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
	const file = await read(bytes, { defaultMessage: 'Code {Code}' });
	expect(file.recipients).toMatchObject([{ phoneNumber: '+237677123457', text: 'Code 5' }]);
	expect(file.rejectedRows).toMatchObject([{ row: 2, reason: expect.stringMatching(/Code/) }]);
});
