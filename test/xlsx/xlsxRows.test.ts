import fc from 'fast-check';
import * as xlsx from 'xlsx';

import { UNCALCULATED, type Cell, type Row } from '../../nodes/shared/table/cells';
import { xlsxTable } from '../../nodes/shared/xlsx/workbook';
import { ZipArchive } from '../../nodes/shared/xlsx/zip';
import {
	handMade,
	sharedStringsXml,
	sheetXml,
	utf16,
	workbookOf,
	type CellValue,
	type HandMade,
} from '../helpers/workbooks';

async function read(bytes: Uint8Array, sheetName = ''): Promise<Row[]> {
	const table = await xlsxTable(new ZipArchive(bytes), sheetName, () => Promise.resolve());
	const rows: Row[] = [];
	for await (const slice of table.slices) rows.push(...slice);
	return rows;
}

async function cellsOf(made: HandMade | string): Promise<Cell[][]> {
	const rows = await read(handMade(typeof made === 'string' ? { sheetData: made } : made));
	return rows.map(({ cells }) => cells);
}

const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const LIST = `<row r="1"><c r="A1"><v>677123456</v></c><c r="B1" t="inlineStr"><is><t>Été</t></is></c></row>`;
const CELLS = [[677123456, 'Été']];

describe('cells as spreadsheets write them', () => {
	test.each<[string, string, Cell[][]]>([
		['a number', '<row r="1"><c r="A1"><v>677123456</v></c></row>', [[677123456]]],
		[
			'a number with exponent',
			'<row r="1"><c r="A1"><v>2.37677123456E+11</v></c></row>',
			[[237677123456]],
		],
		['a text that looks like a number', `<row r="1">${inline('677123456')}</row>`, [['677123456']]],
		[
			'a truth value',
			'<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>',
			[[true, false]],
		],
		['an error', '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>', [['#N/A']]],
		['a formula with its number', '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', [[2]]],
		[
			'a formula with its text',
			'<row r="1"><c r="A1" t="str"><f>A2</f><v>x</v></c></row>',
			[['x']],
		],
		[
			'a formula with an empty text',
			'<row r="1"><c r="A1" t="str"><f>A2</f><v></v></c>' + inline('y') + '</row>',
			[[null, 'y']],
		],
		[
			'a formula without result',
			'<row r="1"><c r="A1"><f>A2&amp;A3</f></c></row>',
			[[UNCALCULATED]],
		],
		[
			'an ISO date',
			'<row r="1"><c r="A1" t="d"><v>2024-03-15T14:30</v></c></row>',
			[[{ kind: 'date', text: '2024-03-15 14:30' }]],
		],
		[
			'a gap',
			'<row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row>',
			[[1, null, null, 4]],
		],
		[
			'empty cells with a style',
			'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="3"/></row>',
			[[1]],
		],
		[
			'rich text',
			'<row r="1"><c t="inlineStr"><is><r><t>Bon</t></r><r><rPr><b/></rPr><t xml:space="preserve">jour </t></r></is></c></row>',
			[['Bonjour ']],
		],
		[
			'entities',
			`<row r="1">${inline('a &amp; b &lt;c&gt; &#233;&#x1F600; &quot;&apos;')}</row>`,
			[['a & b <c> é😀 "\'']],
		],
		['CDATA', `<row r="1">${inline('<![CDATA[a & <b>]]> c')}</row>`, [['a & <b> c']]],
		[
			'escaped characters',
			`<row r="1">${inline('a_x000D_b_x005F_x0041_')}</row>`,
			[['a\rb_x0041_']],
		],
		['a blank text', `<row r="1"><c><v>1</v></c>${inline('   ')}</row>`, [[1]]],
		[
			'single quotes around attributes',
			"<row r='1'><c r='B1' t='b'><v>1</v></c></row>",
			[[null, true]],
		],
		['line breaks in tags', '<row\n r="1"\n><c\n\tr="A1"\n><v\n>5</v\n></c></row>', [[5]]],
		['comments', '<row r="1"><!-- > --><c r="A1"><v>5</v></c></row>', [[5]]],
	])('%s', async (_name, sheetData, cells) => {
		expect(await cellsOf(sheetData)).toEqual(cells);
	});

	test('columns are counted A to Z, then AA, AB and so on', async () => {
		const sheetData =
			'<row r="1"><c r="Z1"><v>26</v></c><c r="AB1"><v>28</v></c><c r="AMJ1"><v>1024</v></c></row>';
		const [cells = []] = await cellsOf(sheetData);
		expect([cells.length, cells[25], cells[27], cells[1023]]).toEqual([1024, 26, 28, 1024]);
	});

	test('texts from the shared strings, rich ones whole and without their phonetic reading', async () => {
		const sharedStrings = sharedStringsXml(
			'<t>un</t>',
			'<r><t>de</t></r><r><t>ux</t></r>',
			'<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>',
			'<t/>',
		);
		const sheetData =
			'<row r="1">' +
			[1, 0, 2, 3].map((index) => `<c t="s"><v>${index}</v></c>`).join('') +
			'<c><v>9</v></c></row>';
		expect(await cellsOf({ sharedStrings, sheetData })).toEqual([['deux', 'un', '東京', null, 9]]);
	});

	test('row numbers are those of the file, and without any they count on', async () => {
		const rows = await read(
			handMade({
				sheetData:
					'<row r="3"><c r="A3"><v>1</v></c></row><row><c><v>2</v></c></row><row r="9" hidden="1"><c r="B9"><v>3</v></c></row>',
			}),
		);
		expect(rows).toEqual([
			{ row: 3, cells: [1] },
			{ row: 4, cells: [2] },
			{ row: 9, cells: [null, 3], isHidden: true },
		]);
	});
});

test('two rows never have one number, whatever the file says: by it a row is found again', async () => {
	const sheetData = [7, 7, 2].map((row) => `<row r="${row}"><c><v>${row}</v></c></row>`).join('');
	expect(await read(handMade({ sheetData }))).toEqual([
		{ row: 7, cells: [7] },
		{ row: 8, cells: [7] },
		{ row: 9, cells: [2] },
	]);
});

describe('dates', () => {
	const styles =
		'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0# ## ## ## ##"/><numFmt numFmtId="166" formatCode="[Red]#,##0 &quot;days&quot;"/><numFmt numFmtId="167" formatCode="[h]:mm"/></numFmts>' +
		'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>' +
		[0, 14, 164, 165, 166, 167, 22].map((id) => `<xf numFmtId="${id}"/>`).join('') +
		'</cellXfs></styleSheet>';
	const cell = (style: number, value: number) => `<c s="${style}"><v>${value}</v></c>`;
	const date = (text: string) => ({ kind: 'date', text });

	test('are number cells that their format shows as dates', async () => {
		const sheetData = `<row r="1">${cell(0, 45366)}${cell(1, 45366)}${cell(2, 45366)}${cell(3, 45366)}${cell(4, 45366)}${cell(5, 0.5)}${cell(6, 45366.604166667)}</row>`;
		expect(await cellsOf({ styles, sheetData })).toEqual([
			[
				45366,
				date('2024-03-15'),
				date('15/03/2024'),
				{ kind: 'number', value: 45366, text: '0  4 53 66' },
				{ kind: 'number', value: 45366, text: '45 366 days' },
				date('12:00'),
				date('2024-03-15 14:30'),
			],
		]);
	});

	test('count from 1904 in workbooks that say so', async () => {
		const workbook =
			'<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>';
		expect(await cellsOf({ styles, workbook, sheetData: `<row>${cell(1, 43904)}</row>` })).toEqual([
			[date('2024-03-15')],
		]);
	});

	test('a phone number in a cell formatted as a date is a number that no text shows', async () => {
		expect(await cellsOf({ styles, sheetData: `<row>${cell(1, 677123456)}</row>` })).toEqual([
			[{ kind: 'number', value: 677123456, text: null }],
		]);
	});

	test('the days around the leap day that never was are what Excel shows', async () => {
		const sheetData = `<row>${cell(1, 1)}${cell(1, 59)}${cell(1, 61)}</row>`;
		expect(await cellsOf({ styles, sheetData })).toEqual([
			[date('1900-01-01'), date('1900-02-28'), date('1900-03-01')],
		]);
	});
});

describe('the shapes that real workbooks have', () => {
	const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
	const prefixed = (xml: string) =>
		xml.replace(/<(\/?)(?=[a-z])/g, '<$1x:').replace('xmlns=', 'xmlns:x=');
	test.each<[string, HandMade]>([
		['absolute part names', { sheetTarget: '/xl/worksheets/sheet1.xml', sheetData: LIST }],
		[
			'backslashes',
			{
				sheetTarget: 'worksheets\\sheet1.xml',
				sheetPath: 'xl\\worksheets\\sheet1.xml',
				sheetData: LIST,
			},
		],
		['other case in part names', { sheetPath: 'xl/Worksheets/Sheet1.XML', sheetData: LIST }],
		[
			'parent folders in part names',
			{ sheetTarget: '../xl/./worksheets/sheet1.xml', sheetData: LIST },
		],
		[
			'data descriptors',
			{ sheetData: LIST, change: (part) => ({ ...part, dataDescriptor: true }) },
		],
		[
			'parts that are not compressed',
			{ sheetData: LIST, change: (part) => ({ ...part, stored: true }) },
		],
		['zip64', { sheetData: LIST, zip64: true, change: (part) => ({ ...part, zip64: true }) }],
		[
			'cells without references',
			{ sheetData: `<row><c><v>677123456</v></c>${inline('Été')}</row>` },
		],
		['namespace prefixes', { sheet: prefixed(sheetXml(LIST)) }],
		['UTF-16', { sheet: utf16(sheetXml(LIST).replace('UTF-8', 'UTF-16'), 'le') }],
		['UTF-16 big endian', { sheet: utf16(sheetXml(LIST).replace('UTF-8', 'UTF-16'), 'be') }],
		['ISO 8859-1', { sheet: Buffer.from(sheetXml(LIST).replace('UTF-8', 'ISO-8859-1'), 'latin1') }],
		['a byte order mark', { sheet: `\ufeff${sheetXml(LIST)}` }],
		[
			'a dimension that lies',
			{
				sheet: sheetXml(LIST).replace('<sheetData>', '<dimension ref="A1:XFD1048576"/><sheetData>'),
			},
		],
		[
			'strict OOXML',
			{
				sheetData: LIST,
				rootRels: `<Relationships><Relationship Id="a" Type="${strict}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
				workbookRels: `<Relationships><Relationship Id="rId1" Type="${strict}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			},
		],
		[
			'no content types and a macro part',
			{ sheetData: LIST, extra: [{ name: 'xl/vbaProject.bin', data: 'x' }] },
		],
	])('%s', async (_name, made) => {
		expect(await cellsOf(made)).toEqual(CELLS);
	});
});

describe('sheets', () => {
	const book = workbookOf({ Notes: [['nothing']], Élèves: [[1]], Vide: [] });

	test('the first is read, or the one with the name', async () => {
		expect(await read(book)).toEqual([{ row: 1, cells: ['nothing'] }]);
		expect(await read(book, 'Élèves')).toEqual([{ row: 1, cells: [1] }]);
		expect(await read(book, ' élèves ')).toEqual([{ row: 1, cells: [1] }]);
	});

	test('an unknown name is refused with the names there are', async () => {
		await expect(read(book, 'Parents')).rejects.toMatchObject({
			message: "The workbook has no sheet of the name that 'Sheet Name' gives",
			description: expect.stringContaining(
				'It is "Parents". The workbook has: "Notes", "Élèves", "Vide"',
			) as string,
		});
	});

	test('an empty one is refused with the names of the others', async () => {
		await expect(read(book, 'Vide')).rejects.toMatchObject({
			message: 'The sheet that should hold the list is empty',
			description: expect.stringContaining(
				'It is "Vide". The workbook also has: "Notes", "Élèves"',
			) as string,
		});
	});

	test('a hidden one is not the first, but can be named', async () => {
		const source = xlsx.read(book);
		source.Workbook = { Sheets: [{ Hidden: 1 }, { Hidden: 0 }, { Hidden: 0 }] };
		const hidden = xlsx.write(source, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
		expect(await read(hidden)).toEqual([{ row: 1, cells: [1] }]);
		expect(await read(hidden, 'Notes')).toEqual([{ row: 1, cells: ['nothing'] }]);
	});
});

describe('against SheetJS', () => {
	const value = fc.oneof(
		fc
			.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
			.filter((text) => text.trim() !== '' && !/_x/.test(text)),
		fc.integer({ min: -1e15, max: 1e15 }),
		fc.double({ min: -1e9, max: 1e9, noNaN: true }),
		fc.boolean(),
		fc.constant(null),
	);
	const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), {
		minLength: 1,
		maxLength: 20,
	});

	test.each([
		['shared strings, compressed', { bookSST: true, compression: true }],
		['inline texts, not compressed', { bookSST: false, compression: false }],
	])('good workbooks give the same cells: %s', async (_name, options) => {
		await fc.assert(
			fc.asyncProperty(rows, async (table) => {
				if (!table.some((row) => row.some((cell) => cell !== null))) return;
				const bytes = workbookOf(table as CellValue[][], options);
				const sheet = Object.values(xlsx.read(bytes, { dense: true }).Sheets)[0];
				const judged = xlsx.utils.sheet_to_json<Cell[]>(sheet ?? {}, {
					header: 1,
					raw: true,
					defval: null,
				});
				const expected = judged
					.map((cells, index) => ({ row: index + 1, cells: withoutEnd(cells) }))
					.filter(({ cells }) => cells.length > 0);
				expect(await read(bytes)).toEqual(expected);
			}),
			{ numRuns: 150 },
		);
	});
});

function withoutEnd(cells: Cell[]): Cell[] {
	return cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1);
}
