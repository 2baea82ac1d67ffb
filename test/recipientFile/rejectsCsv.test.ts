import fc from 'fast-check';

import { withApostrophe, withoutApostrophe } from '../../nodes/shared/table/cells';
import {
	readRecipientFile,
	type RecipientFile,
	type RecipientFileOptions,
} from '../../nodes/shared/recipientFile/recipientFile';
import { csvOf, workbookOf } from '../helpers/workbooks';

async function read(
	file: string | Uint8Array,
	options: Partial<RecipientFileOptions> = {},
): Promise<RecipientFile> {
	const bytes = typeof file === 'string' ? Buffer.from(file) : file;
	const all: RecipientFileOptions = {
		defaultCountry: 'CM',
		smartEncoding: false,
		removeDuplicates: true,
		defaultMessage: '',
		hasHeaderRow: 'auto',
		phoneColumn: '',
		messageColumn: '',
		sheetName: '',
		...options,
	};
	return await readRecipientFile(bytes, all, () => Promise.resolve());
}

const textOf = (file: RecipientFile) => Buffer.from(file.rejectsCsv()).toString('utf8');

describe('the file of rejected rows', () => {
	test('has the header, the cells as they were, the row number and the reason', async () => {
		const file = await read(
			'Liste;;\nNom;Téléphone;Message\nZoé;677123456;Salut\nÉlo;6771;"Bon; ""jour"""\nAna;;Oui\n',
		);
		expect(textOf(file)).toBe(
			'\ufeffNom;Téléphone;Message;Rejected row;Rejected because\r\n' +
				'Élo;6771;"Bon; ""jour""";4;"The number is too short, so check whether digits are missing"\r\n' +
				'Ana;;Oui;5;"There is no phone number here, so write one"\r\n',
		);
	});

	test('separates columns as the list did, a workbook as spreadsheets in the country do', async () => {
		const rows = [
			['tel', 'text'],
			['x', 'y'],
		];
		const firstLine = async (bytes: Uint8Array, defaultCountry: string) =>
			textOf(await read(bytes, { defaultCountry })).split('\r\n')[0];
		const header = (separator: string) =>
			`\ufeff${['tel', 'text', 'Rejected row', 'Rejected because'].join(separator)}`;
		expect(await firstLine(Buffer.from(csvOf(rows, '\t')), 'CM')).toBe(header('\t'));
		expect(await firstLine(Buffer.from(csvOf(rows, ',')), 'CM')).toBe(header(','));
		expect(await firstLine(workbookOf(rows), 'CM')).toBe(header(';'));
		expect(await firstLine(workbookOf(rows), 'UG')).toBe(header(','));
	});

	test('starts no formula and lets a spreadsheet lose no digit', async () => {
		const file = await read(
			[
				'tel,text',
				'=1+1,"=HYPERLINK(""http://x"")"',
				'+2376771,-5 %',
				'@x,"\tx"',
				'0677123456x,＝1',
				'2376771234567890,0012',
			].join('\n'),
		);
		const cells = textOf(file).slice(1).trim().split('\r\n').slice(1);
		for (const line of cells) {
			for (const cell of line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
				expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
			}
		}
		expect(cells.map((line) => line.split(',').slice(0, 2).join(','))).toEqual([
			`'=1+1,"'=HYPERLINK(""http://x"")"`,
			"'+2376771,'-5 %",
			`'@x,"'\tx"`,
			"0677123456x,'＝1",
			"'2376771234567890,'0012",
		]);
	});

	test('is read again as the same rows for the same reasons', async () => {
		const lists = [
			'tel,text\n=1+1,=a\n+2376771,-5\n677123456,ok\n,"x, ""y""\r\nz"\n2.37E+11,0012\n',
			'6771;a\nabc;"b;c"\n677123456;ok\n;=d\n',
			'abc\nxyz\n',
			'677123456\nabc\nxyz\n',
			'677123456,a\nabc,b\n6771,c\n',
			'Titre,,\nid,Téléphone,Texte\n1,abc,"a,b"\n2,677123456,c, d\n',
		];
		for (const list of lists) {
			const options = { defaultMessage: 'Salut' };
			const first = await read(list, options);
			const again = await read(first.rejectsCsv(), options);
			expect(again.rejectedRows.map(({ recipient, reason }) => [recipient, reason])).toEqual(
				first.rejectedRows.map(({ recipient, reason }) => [recipient, reason]),
			);
			expect(again).toMatchObject({ rowCount: first.rejectedRows.length, recipients: [] });
			const third = await read(again.rejectsCsv(), options);
			const columns = (file: RecipientFile) => textOf(file).split('\r\n')[0]?.split(/[,;]/).length;
			expect(columns(third)).toBe(columns(first));
			expect(columns(again)).toBe(columns(first));
			expect(textOf(third)).toBe(textOf(again));
		}
	});

	test('mended, reaches exactly the missing people, with their texts', async () => {
		const list =
			'Nom;Tel;SMS\nA;677123456;un\nB;67712345;-2 € à Zoé\nC;abc;"trois;\n3"\nD;677123459;quatre\n';
		const first = await read(list);
		expect(first.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
			'+237677123456',
			'+237677123459',
		]);
		const mended = textOf(first)
			.replace(';67712345;', ';677123457;')
			.replace(';abc;', ';677123458;');
		const second = await read(mended);
		expect(second).toMatchObject({
			rejectedRows: [],
			recipients: [
				{ row: 2, phoneNumber: '+237677123457', text: '-2 € à Zoé' },
				{ row: 3, phoneNumber: '+237677123458', text: 'trois;\n3' },
			],
		});
	});

	test('of a list without header and message column never makes the row number a text', async () => {
		const first = await read('677123456\nabc\n', { defaultMessage: 'Salut' });
		expect(textOf(first)).toBe(
			'\ufeffabc,,Rejected row 2,"Rejected because: There are letters in the phone number, so write it with digits only"\r\n'.replace(
				'There are letters in the phone number, so write it with digits only',
				first.rejectedRows[0]?.reason ?? '',
			),
		);
		const mended = textOf(first).replace('abc', '677123457');
		expect((await read(mended, { defaultMessage: 'Salut' })).recipients).toEqual([
			{ row: 1, phoneNumber: '+237677123457', text: 'Salut' },
		]);
	});
});

test('the apostrophe that protects a text is taken off again, whatever the text', () => {
	const text = fc.string({ unit: fc.constantFrom("'", '=', '+', '0', '7', 'a', '-', '\t', ' ') });
	fc.assert(
		fc.property(text, (written) => {
			expect(withoutApostrophe(withApostrophe(written))).toBe(written);
		}),
		{ numRuns: 5000 },
	);
});

test('cells survive the round trip, whatever they hold', async () => {
	const cell = fc.string({
		unit: fc.constantFrom('a', '=', "'", '"', ',', ';', '\n', '+', '7', ' ', 'é', '\t'),
		maxLength: 8,
	});
	await fc.assert(
		fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (messages) => {
			const rows = messages.map((message) => ['abc', `x${message}`, message]);
			const first = await read(csvOf([['tel', 'text', 'note'], ...rows]));
			const again = await read(first.rejectsCsv());
			expect(textOf(again).replace(/\d+(?=,The|,")/g, '')).toBe(
				textOf(first).replace(/\d+(?=,The|,")/g, ''),
			);
		}),
		{ numRuns: 300 },
	);
});
