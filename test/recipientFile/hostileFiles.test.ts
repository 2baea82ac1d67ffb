import { deflateRawSync } from 'node:zlib';

import { MAX_FILE_BYTES } from '../../nodes/shared/table/cells';
import type { RecipientFileOptions } from '../../nodes/shared/recipientFile/recipientCollector';
import { UnreadableFile } from '../../nodes/shared/table/unreadableFile';
import { cpuMsOf } from '../helpers/cpuTime';
import { fileOrRefusal, read } from '../helpers/recipientFiles';
import {
	damaged,
	handMade,
	otherFormat,
	randomOf,
	sharedStringsXml,
	sheetXml,
	utf16,
	workbookOf,
	zipOf,
} from '../helpers/workbooks';

/** Many times what the slowest takes: it only tells work without end. */
const MOST_CPU_MS = 60_000;
const SALUT = { defaultMessage: 'Salut' };

async function refusal(file: string | Uint8Array, options: Partial<RecipientFileOptions> = SALUT) {
	let refused: unknown;
	const cpuMs = await cpuMsOf(async () => {
		refused = await fileOrRefusal(file, options);
	});
	expect(cpuMs).toBeLessThan(MOST_CPU_MS);
	if (!(refused instanceof UnreadableFile)) throw new Error(`not refused: ${String(refused)}`);
	expect(`${refused.message} ${refused.description}`).not.toMatch(
		/\b(?:error|problem|failure|mistake)/i,
	);
	expect(refused.description).not.toBe('');
	return `${refused.message} ${refused.description}`;
}

const LIST = [
	['Téléphone', 'Message'],
	['677123456', 'Bonjour'],
];
const SHEET = '<row r="1"><c r="A1"><v>677123456</v></c></row>';
const oleFile = (...names: string[]) =>
	Buffer.concat([
		Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
		Buffer.alloc(504),
		...names.map((name) => Buffer.from(name, 'utf16le')),
	]);

describe('what is no list is named', () => {
	test.each<[string, string | Uint8Array, RegExp]>([
		['0 bytes', '', /empty \(0 bytes\)/],
		['only spaces', '  \r\n \t \n', /nothing but spaces/],
		['only a byte order mark', '\ufeff', /nothing but spaces/],
		['only UTF-16 spaces', utf16('  \r\n', 'le'), /nothing but spaces/],
		['.xls', otherFormat(LIST, 'xls'), /old Excel workbook \(\.xls\)/],
		['.xls of the first kind', otherFormat(LIST, 'biff2'), /old Excel workbook/],
		['.xlsb', otherFormat(LIST, 'xlsb'), /\.xlsb/],
		['.ods', otherFormat(LIST, 'ods'), /OpenDocument file \(\.ods\)/],
		['XML of Excel 2003', otherFormat(LIST, 'xlml'), /XML format of 2003/],
		['SYLK', otherFormat(LIST, 'sylk'), /SYLK/],
		['HTML named .xls', otherFormat(LIST, 'html'), /web page \(HTML\)/],
		['a table of HTML', '<table><tr><td>677123456</td></tr></table>', /web page \(HTML\)/],
		['HTML in UTF-16', utf16('<html><body>', 'le'), /web page \(HTML\)/],
		['RTF', '{\\rtf1\\ansi 677123456}', /rich text/],
		['RTF of a spreadsheet', otherFormat(LIST, 'rtf'), /rich text/],
		['PDF', '%PDF-1.7\n%âãÏÓ\n', /PDF/],
		['PNG', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), /picture/],
		['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]), /picture/],
		['GIF', 'GIF89a\x01\0\x01\0', /picture/],
		['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /compressed archive/],
		['a zip with a list in it', zipOf([{ name: 'liste.csv', data: '677123456' }]), /zip archive/],
		['an empty zip', zipOf([]), /zip archive/],
		[
			'a Word document',
			zipOf([
				{ name: '[Content_Types].xml', data: '' },
				{ name: 'word/document.xml', data: '' },
			]),
			/Word document/,
		],
		['an old Word document', oleFile('WordDocument'), /Word document/],
		['Apple Numbers', zipOf([{ name: 'Index/Document.iwa', data: '' }]), /Apple Numbers/],
		['an encrypted workbook', oleFile('EncryptionInfo', 'EncryptedPackage'), /password/],
		[
			'an encrypted zip',
			handMade({ sheetData: SHEET, change: (part) => ({ ...part, flags: 1 }) }),
			/password/,
		],
		['JSON', '[{"phone":"677123456"}]', /JSON/],
		['JSON numbers', '[677123456, 677123457]', /JSON/],
		['a vCard', 'BEGIN:VCARD\r\nTEL:677123456\r\nEND:VCARD', /vCard/],
		['another XML', '<?xml version="1.0"?><contacts/>', /XML document/],
		['SQLite', 'SQLite format 3\0', /SQLite/],
		[
			'binary garbage',
			Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)),
			/not a table/,
		],
		[
			'garbage that claims to be UTF-16',
			Buffer.concat([
				Buffer.from([0xff, 0xfe]),
				Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31) % 256)),
			]),
			/not a table/,
		],
		['control characters in valid UTF-8', '\x01\x02\x03\x04'.repeat(100), /not a table/],
		[
			'a file beyond the limit',
			Buffer.alloc(MAX_FILE_BYTES + 1, '677123456\n'),
			/larger than 25 MiB/,
		],
	])('%s', async (_name, file, message) => {
		expect(await refusal(file)).toMatch(message);
	});
});

describe('zips that are not what they seem', () => {
	const good = workbookOf(LIST);
	test('cut short', async () => {
		expect(await refusal(good.subarray(0, good.length - 30))).toMatch(/cut short/);
		expect(await refusal(good.subarray(0, 100))).toMatch(/cut short/);
	});

	test.each<[string, Parameters<typeof handMade>[0], RegExp]>([
		[
			'a wrong checksum',
			{ sheetData: SHEET, change: (part) => ({ ...part, claimedCrc: 1 }) },
			/checksum/,
		],
		[
			'a wrong size',
			{ sheetData: SHEET, change: (part) => ({ ...part, claimedSize: 5 }) },
			/checksum|cannot be unpacked/,
		],
		[
			'a part twice',
			{ sheetData: SHEET, extra: [{ name: 'XL/worksheets/Sheet1.xml', data: sheetXml('') }] },
			/twice/,
		],
		[
			'an unknown compression',
			{ sheetData: SHEET, change: (part) => ({ ...part, method: 14 }) },
			/unknown way/,
		],
		[
			'two names for one part',
			{ sheetData: SHEET, change: (part) => ({ ...part, nameInHeader: `${part.name}x` }) },
			/contradict/,
		],
		[
			'a missing sheet',
			{ sheetData: SHEET, sheetTarget: 'worksheets/sheet2.xml' },
			/sheet2\.xml is missing/,
		],
		[
			'a sheet without relationship',
			{ sheetData: SHEET, workbookRels: '<Relationships/>' },
			/listed but missing/,
		],
		[
			'a sheet elsewhere',
			{ sheetData: SHEET, sheetTarget: '../../../../etc/passwd' },
			/etc\/passwd is missing/,
		],
		['no sheet', { sheetData: SHEET, workbook: '<workbook><sheets/></workbook>' }, /no sheet/],
	])('%s', async (_name, made, message) => {
		expect(await refusal(handMade(made))).toMatch(message);
	});

	test('compressed data that end too early, too late, or are none', async () => {
		const xml = sheetXml(SHEET.repeat(500));
		const packed = deflateRawSync(xml);
		for (const data of [packed.subarray(0, packed.length - 5), Buffer.from('no deflate at all')]) {
			const change = (part: { name: string; data: string | Uint8Array }) =>
				part.name.includes('sheet1')
					? { ...part, data, stored: true, method: 8, claimedSize: xml.length }
					: part;
			expect(await refusal(handMade({ sheetData: SHEET, change }))).toMatch(
				/cannot be unpacked|checksum/,
			);
		}
	});
});

describe('bombs', () => {
	test('a sheet of 1 GiB in 1 MB, whether it says so or not', async () => {
		const gibibyte = deflateRawSync(Buffer.alloc(1024 * 1024 * 1024, ' '), { level: 9 });
		for (const claimedSize of [1024 * 1024 * 1024, 1000]) {
			const change = (part: { name: string; data: string | Uint8Array }) =>
				part.name.includes('sheet1')
					? { ...part, data: gibibyte, stored: true, method: 8, claimedSize, claimedCrc: 0 }
					: part;
			const before = process.memoryUsage.rss();
			expect(await refusal(handMade({ change }))).toMatch(/more than 64 MiB|not readable XML/);
			expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
		}
	});

	test.each<[string, string]>([
		[
			'entities that multiply',
			'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
		],
		['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
	])('%s', async (_name, declaration) => {
		const sheet = sheetXml('<row><c t="inlineStr"><is><t>&b;&x;</t></is></c></row>').replace(
			'<worksheet',
			`${declaration}<worksheet`,
		);
		expect(await refusal(handMade({ sheet }))).toMatch(/DOCTYPE/);
		expect(await refusal(handMade({ sheet: sheet.replace(declaration, '') }))).toMatch(
			/not readable XML/,
		);
	});

	test.each<[string, string]>([
		['elements a million deep', '<a>'.repeat(1_000_000)],
		['a tag that never ends', `<a b="${'x'.repeat(40_000_000)}`],
		['a comment that never ends', `<!-- ${'> '.repeat(20_000_000)}`],
		['a text that never ends', 'x'.repeat(40_000_000)],
	])('%s', async (_name, xml) => {
		expect(await refusal(handMade({ sheet: `<worksheet><sheetData>${xml}` }))).toMatch(
			/not readable XML/,
		);
	});

	test('a small file with long shared texts that a million cells refer to', async () => {
		const sharedStrings = sharedStringsXml(`<t>${'x'.repeat(32_000)}</t>`);
		const sheetData = '<row><c><v>677123456</v></c><c t="s"><v>0</v></c></row>'.repeat(500_000);
		expect(await refusal(handMade({ sharedStrings, sheetData }))).toMatch(/256 million characters/);
	});

	test('a small file and a template that would make gigabytes of messages', async () => {
		const sharedStrings = sharedStringsXml(`<t>${'x'.repeat(400)}</t>`, '<t>tel</t>', '<t>a</t>');
		const rows = Array.from(
			{ length: 100_000 },
			(_, index) => `<row><c><v>${677000000 + index}</v></c><c t="s"><v>0</v></c></row>`,
		);
		const sheetData = `<row><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>${rows.join('')}`;
		const bytes = handMade({ sharedStrings, sheetData });
		expect(await refusal(bytes, { defaultMessage: '{a}'.repeat(100) })).toMatch(
			/128 million characters/,
		);
	});
});

describe('sheets that claim too much', () => {
	const cell = (reference: string, inside = '<v>1</v>', type = 'n') =>
		`<row r="1"><c r="A1"><v>677123456</v></c><c r="${reference}" t="${type}">${inside}</c></row>`;

	test('a dimension of a million columns is ignored', async () => {
		const sheet = sheetXml(SHEET).replace(
			'<sheetData>',
			'<dimension ref="A1:XFD1048576"/><sheetData>',
		);
		expect((await read(handMade({ sheet }), SALUT)).recipients).toHaveLength(1);
	});

	test('the last cell there can be: blank is ignored, filled is refused', async () => {
		const last = (text: string) =>
			`${SHEET}<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>${text}</t></is></c></row>`;
		expect((await read(handMade({ sheetData: last(' ') }), SALUT)).recipients).toHaveLength(1);
		expect(await refusal(handMade({ sheetData: last('x') }))).toMatch(
			/Row 1048576 .*beyond column 1024/,
		);
	});

	test.each<[string, string, RegExp]>([
		['a column beyond XFD', cell('XFE1'), /a cell is called XFE1/],
		['a million columns', cell('ZZZZZ1'), /a cell is called/],
		['a reference that is none', cell('__proto__'), /a cell is called "__proto__"/],
		['row 0', SHEET.replaceAll('r="1"', 'r="0"'), /number 0/],
		['row 1048577', SHEET.replaceAll('r="1"', 'r="1048577"'), /number 1048577/],
		['row 1e400', SHEET.replaceAll('r="1"', 'r="1e400"'), /number 1e400/],
		[
			'a shared text that is not there',
			cell('B1', '<v>2147483648</v>', 's'),
			/text number 2147483648/,
		],
		['a negative shared text', cell('B1', '<v>-1</v>', 's'), /text number -1/],
		['the shared text __proto__', cell('B1', '<v>length</v>', 's'), /text number length/],
		['a number that is none', cell('B1', '<v>12abc</v>'), /the number "12abc"/],
		['a number without end', cell('B1', '<v>1e999</v>'), /the number "1e999"/],
		['a cell of unknown type', cell('B1', '<v>1</v>', '__proto__'), /unknown type/],
		[
			'a text longer than a cell',
			cell('B1', `<is><t>${'x'.repeat(32_768)}</t></is>`, 'inlineStr'),
			/32767 characters/,
		],
		['an empty sheet', '', /is empty/],
		['only blank cells', '<row r="1"><c r="A1" s="1"/></row>', /is empty/],
	])('%s is refused', async (_name, sheetData, message) => {
		expect(await refusal(handMade({ sheetData }))).toMatch(message);
	});

	test('names that pollute prototypes are only names', async () => {
		const list = '__proto__,constructor,tel\npolluted,toString,677123456\n';
		const file = await read(list, { defaultMessage: '{__proto__} {constructor}' });
		expect(file.recipients).toMatchObject([
			{ row: 2, phoneNumber: '+237677123456', text: 'polluted toString' },
		]);
		const sheets = { constructor: [['677123456', 'x']] };
		expect(
			(await read(workbookOf(sheets), { ...SALUT, sheetName: 'constructor' })).recipients,
		).toHaveLength(1);
		expect(Object.prototype).not.toHaveProperty('polluted');
	});

	test.each<[string, string]>([
		['more rows than a spreadsheet', '677123456\n'.repeat(1_050_000)],
		['more cells than a list', `${'1,'.repeat(1000)}1\n`.repeat(10_500)],
	])('a CSV with %s is refused', async (_name, csv) => {
		expect(await refusal(csv)).toMatch(/more than 1048576 rows, 10000000 cells/);
	});
});

describe('damaged workbooks', () => {
	const rows = Array.from({ length: 40 }, (_, index) => [
		677000000 + index,
		`Élève ${index}`,
		index % 3 === 0 ? `Texte ${index}` : 'Bonjour',
	]);
	const bytes = workbookOf([['Téléphone', 'Nom', 'Message'], ...rows]);

	test('are refused or read whole, never in part and never for long', async () => {
		const whole = await read(bytes, SALUT);
		const random = randomOf(20_240_315);
		let refusedCount = 0;
		for (let count = 0; count < 4_000; count++) {
			const broken = damaged(bytes, random);
			let result: unknown;
			const cpuMs = await cpuMsOf(async () => {
				result = await fileOrRefusal(broken, SALUT);
			});
			expect(cpuMs).toBeLessThan(MOST_CPU_MS);
			if (result instanceof UnreadableFile) refusedCount++;
			else expect(result).toMatchObject({ recipients: whole.recipients, rejectedRows: [] });
		}
		expect(refusedCount).toBeGreaterThan(2_000);
	});
});
