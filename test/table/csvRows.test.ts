import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import type { Row } from '../../nodes/shared/table/cells';
import { CsvRecords, csvRows } from '../../nodes/shared/table/csvRows';
import { csvTextOf } from '../../nodes/shared/table/csvText';
import { UnreadableFile } from '../../nodes/shared/table/unreadableFile';
import { utf16, windows1252 } from '../helpers/workbooks';

const pause = () => Promise.resolve();

async function read(file: string | Uint8Array): Promise<{ delimiter: string | null; rows: Row[] }> {
	const bytes = typeof file === 'string' ? Buffer.from(file) : file;
	const text = await csvTextOf(bytes, pause);
	const rows: Row[] = [];
	for await (const slice of csvRows(text)) rows.push(...slice);
	return { delimiter: text.delimiter, rows };
}

async function cellsOf(file: string | Uint8Array): Promise<unknown[][]> {
	return (await read(file)).rows.map(({ cells }) => cells);
}

const LIST =
	'Téléphone;Nom;Message\r\n677123456;Élève;"Bonjour ; ça va ?"\r\n677123457;Zoé;À bientôt\r\n';
const CELLS = [
	['Téléphone', 'Nom', 'Message'],
	['677123456', 'Élève', 'Bonjour ; ça va ?'],
	['677123457', 'Zoé', 'À bientôt'],
];

describe('the encodings a list comes in', () => {
	test.each<[string, Uint8Array]>([
		['UTF-8', Buffer.from(LIST)],
		['UTF-8 with byte order mark', Buffer.from(`\ufeff${LIST}`)],
		['UTF-16 LE with mark', utf16(LIST, 'le')],
		['UTF-16 BE with mark', utf16(LIST, 'be')],
		['UTF-16 LE without mark', utf16(LIST, 'le', false)],
		['UTF-16 BE without mark', utf16(LIST, 'be', false)],
		['Windows-1252', windows1252(LIST)],
	])('%s gives the same cells', async (_name, bytes) => {
		expect(await cellsOf(bytes)).toEqual(CELLS);
	});

	test('Windows-1252 has typographic quotes and the euro where Latin-1 has nothing', async () => {
		expect(await cellsOf(windows1252('677123456;l’été à 5 €'))).toEqual([
			['677123456', 'l’été à 5 €'],
		]);
	});

	test('a letter across two slices stays whole', async () => {
		const long = `677123456,${'é'.repeat(200_001)}\n`;
		expect(await cellsOf(long)).toEqual([['677123456', 'é'.repeat(200_001)]]);
		expect(await cellsOf(utf16(long, 'be'))).toEqual([['677123456', 'é'.repeat(200_001)]]);
	});

	test('one broken byte does not turn the accents of a whole UTF-8 file into others', async () => {
		const bytes = Buffer.concat([
			Buffer.from('677123456,été\n677123457,caf'),
			Buffer.from([0xe9]),
			Buffer.from('\n677123458,où ça\n'),
		]);
		expect(await cellsOf(bytes)).toEqual([
			['677123456', 'été'],
			['677123457', 'caf\ufffd'],
			['677123458', 'où ça'],
		]);
	});

	test('NUL bytes do not disturb the columns', async () => {
		expect(await cellsOf('677123456,Bon\0jour\n')).toEqual([['677123456', 'Bon\0jour']]);
	});
});

describe('the delimiter', () => {
	test.each([
		['comma', ',', 'phone,text\n677123456,Hello\n'],
		['semicolon', ';', 'phone;text\n677123456;Hello\n'],
		['tab', '\t', 'phone\ttext\n677123456\tHello\n'],
		[
			'semicolon, with a comma in every text',
			';',
			'677123456;Bonjour, merci\n677123457;Oui, bien\n',
		],
		['comma, with semicolons in quoted texts', ',', '677123456,"a;b"\n677123457,"c;d"\n'],
		[
			'semicolon below a title with commas',
			';',
			'Liste, parents, 2024\nTél;Texte\n677123456;Oui\n',
		],
		['comma where there is one column', ',', '677123456\n677123457\n'],
		['tab, with both others in the texts', '\t', '677123456\ta, b; c\n677123457\td, e; f\n'],
	])('is found: %s', async (_name, delimiter, text) => {
		expect((await read(text)).delimiter).toBe(delimiter);
	});

	test('is what the first line says with sep=, and that line is no row', async () => {
		expect(await read('sep=;\r\n677123456;a,b,c\r\n')).toEqual({
			delimiter: ';',
			rows: [{ row: 1, cells: ['677123456', 'a,b,c'] }],
		});
	});
});

describe('records', () => {
	test.each<[string, string, string[][]]>([
		[
			'LF',
			'a,b\nc,d\n',
			[
				['a', 'b'],
				['c', 'd'],
			],
		],
		[
			'CRLF',
			'a,b\r\nc,d\r\n',
			[
				['a', 'b'],
				['c', 'd'],
			],
		],
		[
			'CR alone',
			'a,b\rc,d\r',
			[
				['a', 'b'],
				['c', 'd'],
			],
		],
		[
			'a last line without end',
			'a,b\nc,d',
			[
				['a', 'b'],
				['c', 'd'],
			],
		],
		[
			'line breaks in quotes',
			'a,"b\r\nc"\nd,e',
			[
				['a', 'b\r\nc'],
				['d', 'e'],
			],
		],
		['doubled quotes', 'a,"say ""yes"""\n', [['a', 'say "yes"']]],
		['empty quotes', 'a,"",b\n', [['a', '', 'b']]],
		['a quote inside an unquoted field', 'a,5" pipe,b\n', [['a', '5" pipe', 'b']]],
		['blanks around the quotes', 'a, "b, c" ,d\n', [['a', 'b, c', 'd']]],
		[
			'quotation marks as databases write them',
			'a,"say \\"yes\\", no",d\n',
			[['a', 'say "yes", no', 'd']],
		],
		['ragged rows', 'a\nb,c,d\ne,f\n', [['a'], ['b', 'c', 'd'], ['e', 'f']]],
		[
			'duplicate headers',
			'a,a\nb,c\n',
			[
				['a', 'a'],
				['b', 'c'],
			],
		],
		['an empty last field', 'a,b,\n', [['a', 'b', '']]],
	])('%s', async (_name, text, cells) => {
		expect(await cellsOf(text)).toEqual(cells);
	});

	test('blank lines count as rows, line breaks in quotes do not', async () => {
		const { rows } = await read('phone,text\n\n677123456,"two\nlines"\n,,\n677123457,x\n');
		expect(rows.map(({ row }) => row)).toEqual([1, 3, 5]);
	});

	test('a quotation mark that is never closed breaks its line, and the next ones are rows again', async () => {
		const { rows } = await read('phone,text\n677123456,a\n677123457,"b\n677123458,c\n');
		expect(rows.slice(1)).toEqual([
			{ row: 2, cells: ['677123456', 'a'] },
			{ row: 3, cells: ['677123457', 'b'], isBroken: true },
			{ row: 4, cells: ['677123458', 'c'] },
		]);
	});

	test('a field of 20 MB is refused, with and without quotation mark', async () => {
		const long = 'x'.repeat(20_000_000);
		await expect(read(`677123456,${long}\n`)).rejects.toThrow('Row 1 holds more than a million');
		await expect(read(`677123456,a\n677123457,"${long}`)).rejects.toThrow(
			'Row 2 holds more than a million',
		);
	});

	test('a row beyond the columns a list can have is refused', async () => {
		await expect(read(`677123456${','.repeat(1100)}x\n`)).rejects.toThrow(UnreadableFile);
		expect(await cellsOf(`677123456,a${','.repeat(1100)}\n`)).toHaveLength(1);
	});
});

/** What csv-parse reads; it and we differ only in what follows a closing quote, which is left out here. */
function judge(text: string, delimiter: string): string[][] {
	return parse(text, {
		delimiter,
		record_delimiter: ['\r\n', '\n', '\r'],
		relax_quotes: true,
		relax_column_count: true,
	});
}

function split(text: string, delimiter: string, pieceLength: number): string[][] {
	const records = new CsvRecords(delimiter);
	const found: string[][] = [];
	for (let at = 0; at < text.length; at += pieceLength) {
		const isLast = at + pieceLength >= text.length;
		const complete = records.push(text.slice(at, at + pieceLength), isLast);
		found.push(...complete.map(({ fields }) => fields));
	}
	return found;
}

describe('the splitter against csv-parse', () => {
	const plain = fc.string({
		unit: fc.constantFrom('a', 'é', ' ', '6', '.', '🙂', "'", '='),
		maxLength: 6,
	});
	const quoted = fc
		.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '7', 'ê'), maxLength: 8 })
		.map((text) => `"${text.replaceAll('"', '""')}"`);
	const withQuoteInside = plain.map((text) => `x"${text}`);
	const record = fc.array(fc.oneof(plain, quoted, withQuoteInside), { minLength: 1, maxLength: 5 });

	test('every table comes out the same, in pieces of any length', () => {
		fc.assert(
			fc.property(
				fc.array(record, { minLength: 1, maxLength: 8 }),
				fc.constantFrom(',', ';', '\t'),
				fc.constantFrom('\n', '\r\n', '\r'),
				fc.boolean(),
				fc.integer({ min: 1, max: 40 }),
				(records, delimiter, lineEnd, endsWithLineEnd, pieceLength) => {
					const lines = records.map((fields) => fields.join(delimiter));
					const text = lines.join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
					expect(split(text, delimiter, pieceLength)).toEqual(judge(text, delimiter));
				},
			),
			{ numRuns: 2000 },
		);
	});
});
