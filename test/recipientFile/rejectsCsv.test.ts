import fc from 'fast-check';
import * as xlsx from 'xlsx';

import { rejectsCsvOf } from '../../nodes/shared/recipientFile/recipientFile';
import { withApostrophe, withoutApostrophe } from '../../nodes/shared/table/cells';
import { read, rejectsOf } from '../helpers/recipientFiles';
import { csvOf, workbookOf } from '../helpers/workbooks';

const noPause = () => Promise.resolve();

describe('the file of rejected rows', () => {
	test('has the header, the cells as they were, the row number and the reason', async () => {
		const csv = await rejectsOf(
			'Liste;;\nNom;Téléphone;Message\nZoé;677123456;Salut\nÉlo;6771;"Bon; ""jour"""\nAna;;Oui\n',
		);
		expect(csv).toBe(
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
			(await rejectsOf(bytes, { defaultCountry })).split('\r\n')[0];
		const header = (separator: string) =>
			`\ufeff${['tel', 'text', 'Rejected row', 'Rejected because'].join(separator)}`;
		expect(await firstLine(Buffer.from(csvOf(rows, '\t')), 'CM')).toBe(header('\t'));
		expect(await firstLine(Buffer.from(csvOf(rows, ',')), 'CM')).toBe(header(','));
		expect(await firstLine(workbookOf(rows), 'CM')).toBe(header(';'));
		expect(await firstLine(workbookOf(rows), 'UG')).toBe(header(','));
	});

	test('has a phone number in full that the workbook shows with an exponent', async () => {
		const sheet = xlsx.utils.aoa_to_sheet([
			['Téléphone', 'Montant', 'Message'],
			[237677123456, 1234567, ''],
			[237699000001, 5, 'Salut'],
		]);
		for (const address of ['A2', 'B2']) (sheet[address] as xlsx.CellObject).z = '0.00E+00';
		const book = xlsx.utils.book_new();
		xlsx.utils.book_append_sheet(book, sheet, 'Liste');
		const csv = await rejectsOf(xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
		expect(csv.split('\r\n')[1]).toMatch(/^'237677123456;1\.23E\+06;;2;/);
		const mended = csv.replace('1.23E+06;;', '1.23E+06;Bonjour;');
		const { recipients } = await read(mended);
		expect(recipients).toMatchObject([{ phoneNumber: '+237677123456', text: 'Bonjour' }]);
	});

	test('starts no formula and lets a spreadsheet lose no digit', async () => {
		const csv = await rejectsOf(
			[
				'tel,text',
				'=1+1,"=HYPERLINK(""http://x"")"',
				'+2376771,-5 %',
				'@x,"\tx"',
				'0677123456x,＝1',
				'2376771234567890,0012',
			].join('\n'),
			{ messageColumn: 'text' },
		);
		const cells = csv.slice(1).trim().split('\r\n').slice(1);
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
			const firstCsv = await rejectsOf(list, options);
			const again = await read(firstCsv, options);
			expect(again.rejectedRows.map(({ recipient, reason }) => [recipient, reason])).toEqual(
				first.rejectedRows.map(({ recipient, reason }) => [recipient, reason]),
			);
			expect(again).toMatchObject({ rowCount: first.rejectedRows.length, recipients: [] });
			const secondCsv = await rejectsOf(firstCsv, options);
			const thirdCsv = await rejectsOf(secondCsv, options);
			const columns = (csv: string) => csv.split('\r\n')[0]?.split(/[,;]/).length;
			expect(columns(thirdCsv)).toBe(columns(firstCsv));
			expect(columns(secondCsv)).toBe(columns(firstCsv));
			expect(thirdCsv).toBe(secondCsv);
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
		const mended = (await rejectsOf(list))
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

	test('of a list without header has no header either, though its first row has no number', async () => {
		const csv = await rejectsOf('677123456,Salut Ana\nabc,Salut Zoé\n6771,Salut Élo\n');
		const mended = csv.replace('6771', '677000001');
		const { recipients, rejectedRows } = await read(mended, { defaultMessage: 'Bonjour' });
		expect(rejectedRows).toMatchObject([{ row: 1, recipient: 'abc' }]);
		expect(recipients).toMatchObject([{ row: 2, phoneNumber: '+237677000001' }]);
	});

	test('of a list without header and message column never makes the row number a text', async () => {
		const list = '677123456\nabc\n';
		const first = await read(list, { defaultMessage: 'Salut' });
		const csv = await rejectsOf(list, { defaultMessage: 'Salut' });
		expect(csv).toBe(
			'\ufeffabc,,Rejected row 2,"Rejected because: There are letters in the phone number, so write it with digits only"\r\n'.replace(
				'There are letters in the phone number, so write it with digits only',
				first.rejectedRows[0]?.reason ?? '',
			),
		);
		const mended = csv.replace('abc', '677123457');
		expect((await read(mended, { defaultMessage: 'Salut' })).recipients).toMatchObject([
			{ row: 1, phoneNumber: '+237677123457', text: 'Salut' },
		]);
	});
});

test('a million unusable rows do not keep the one good row from being sent', async () => {
	const list = `tel,text\n${'abcd,x\n'.repeat(1_000_000)}677123456,Salut\n`;
	const file = await read(list);
	expect(file.recipients).toMatchObject([
		{ row: 1_000_002, phoneNumber: '+237677123456', text: 'Salut' },
	]);
	expect(file.rejectedRows).toHaveLength(1_000_000);
	const format = { ...file.rejectsFormat };
	const reasons = new Map(file.rejectedRows.map(({ row, reason }) => [row, reason]));
	const csv = Buffer.from(await rejectsCsvOf(Buffer.from(list), { format, reasons }, noPause));
	expect(csv.subarray(-200).toString()).toMatch(/\r\nabcd,x,1000001,"[^"]+"\r\n$/);
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
			const options = { defaultMessage: 'Salut' };
			const first = await rejectsOf(csvOf([['tel', 'text', 'note'], ...rows]), options);
			const again = await rejectsOf(first, options);
			expect(again.replace(/\d+(?=,The|,")/g, '')).toBe(first.replace(/\d+(?=,The|,")/g, ''));
		}),
		{ numRuns: 300 },
	);
});
