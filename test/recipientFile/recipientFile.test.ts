import fc from 'fast-check';

import { phoneNumberOf } from '../../nodes/shared/phone/phoneNumber';
import type { RecipientFileOptions } from '../../nodes/shared/recipientFile/recipientCollector';
import { read, refusal } from '../helpers/recipientFiles';
import {
	csvOf,
	handMade,
	utf16,
	windows1252,
	workbookOf,
	type CellValue,
} from '../helpers/workbooks';

async function textsOf(file: string | Uint8Array, options: Partial<RecipientFileOptions> = {}) {
	return (await read(file, options)).recipients.map(({ phoneNumber, text }) => [phoneNumber, text]);
}

const reasonFor = (written: unknown) => {
	const result = phoneNumberOf(written, 'CM');
	return result.ok ? undefined : result.reason;
};

describe('a list', () => {
	test('is accounted for, row by row', async () => {
		const file = await read(
			[
				'Téléphone;Message',
				'677123456;Bonjour',
				'',
				'+237 677 12 34 56;Bonjour',
				';Sans numéro',
				'699123456;',
				'2.37E+11;Perdu',
				'677123457 / 699123457;Deux',
				'00237699123458;Où ça ?',
			].join('\n'),
		);
		expect(file).toMatchObject({
			rowCount: 7,
			recipients: [
				{ row: 2, phoneNumber: '+237677123456', text: 'Bonjour' },
				{ row: 9, phoneNumber: '+237699123458', text: 'Où ça ?' },
			],
			duplicateCount: 1,
			rejectedRows: [
				{ row: 5, recipient: '', reason: expect.stringMatching(/no phone number/) as string },
				{
					row: 6,
					recipient: '699123456',
					reason:
						"The row has no message, and the field 'Message' is empty: write a text into one of them",
				},
				{
					row: 7,
					recipient: '2.37E+11',
					reason: expect.stringMatching(/digits are lost/) as string,
				},
				{
					row: 8,
					recipient: '677123457 / 699123457',
					reason: expect.stringMatching(/several numbers/) as string,
				},
			],
			titleRowCount: 0,
			segments: 2,
			ucs2Characters: ['ç'],
			segmentsSavedBySmartEncoding: 0,
			rejectsFormat: {
				phoneColumns: [0],
				sheetName: '',
				header: ['Téléphone', 'Message'],
				width: 2,
				delimiter: ';',
			},
		});
	});

	test('keeps duplicates when they are wanted', async () => {
		const file = await read('677123456,a\n677123456,b\n', { removeDuplicates: false });
		expect(file.recipients.map(({ text }) => text)).toEqual(['a', 'b']);
		expect(file.duplicateCount).toBe(0);
	});

	test('a row that is rejected for its text does not make the next one a duplicate', async () => {
		expect(await textsOf('tel,sms\n677123456,\n677123456,b\n')).toEqual([['+237677123456', 'b']]);
	});
});

describe('eight ways to save one list', () => {
	const rows: CellValue[][] = [
		['Téléphone', 'Nom', 'Message'],
		['677123456', 'Élodie', 'Bonjour Élodie, à demain; 9h'],
		['+237 699 12 34 57', 'Zoé', 'L’été arrive, "enfin"'],
		['00237677123458', 'Noël', 'Ligne 1\nLigne 2'],
		['+256772123456', 'Ana', 'See you'],
		['6771234', 'Court', 'non'],
		['677123456', 'Encore', 'Bonjour Élodie, à demain; 9h'],
	];
	const numbers: CellValue[][] = rows.map((row) =>
		row.map((cell) => (/^\d{9}$/.test(String(cell)) ? Number(cell) : cell)),
	);
	test('gives the same people the same texts', async () => {
		const ways: Uint8Array[] = [
			Buffer.from(csvOf(rows, ',')),
			Buffer.from(`\ufeff${csvOf(rows, ';')}`),
			Buffer.from(csvOf(rows, '\t')),
			utf16(csvOf(rows, '\t'), 'le'),
			utf16(csvOf(rows, ';'), 'be', false),
			windows1252(csvOf(rows, ';')),
			workbookOf(rows),
			workbookOf(numbers, { bookSST: false, compression: false }),
		];
		const read8 = await Promise.all(ways.map(async (bytes) => await read(bytes)));
		const results = read8.map(({ rejectsFormat: _rejectsFormat, ...rest }) => rest);
		for (const result of results) expect(result).toEqual(results[0]);
		expect(results[0]).toMatchObject({
			rowCount: 6,
			recipients: [
				{ row: 2, phoneNumber: '+237677123456', text: 'Bonjour Élodie, à demain; 9h' },
				{ row: 3, phoneNumber: '+237699123457', text: 'L’été arrive, "enfin"' },
				{ row: 4, phoneNumber: '+237677123458', text: 'Ligne 1\nLigne 2' },
				{ row: 5, phoneNumber: '+256772123456', text: 'See you' },
			],
			duplicateCount: 1,
			rejectedRows: [{ row: 6, recipient: '6771234' }],
			ucs2Characters: ['’'],
		});
	});
});

describe('the header', () => {
	const expected = [['+237677123456', 'Salut']];
	test.each([
		[
			'below two titles and a blank line',
			'Liste des parents;;\nAnnée 2024;;\n\nNom;Téléphone;Message\nA;677123456;Salut\n',
			2,
		],
		['with other columns around', 'id,name,phone,city,text\n1,A,677123456,Douala,Salut\n', 0],
		['in English', 'Phone Number,Message Text\n677123456,Salut\n', 0],
		['in French with accents and signs', 'N° de tél. ;Contenu du SMS\n677123456;Salut\n', 0],
		['with the vague name where no better one is', 'Numéro;Texte\n677123456;Salut\n', 0],
		['with a better name than Numéro', 'Numéro;Nom;Mobile;Texte\n1;A;677123456;Salut\n', 0],
		['MSISDN', 'msg,MSISDN\nSalut,677123456\n', 0],
		['To and SMS', 'To,SMS\n677123456,Salut\n', 0],
		['none', '677123456,Salut\n', 0],
		['none, though a cell says Mobile', '677123456,Salut,12\n', 0],
	])('is found: %s', async (_name, text, titleRowCount) => {
		const file = await read(text);
		expect(file.recipients.map(({ phoneNumber, text: own }) => [phoneNumber, own])).toEqual(
			expected,
		);
		expect(file).toMatchObject({ titleRowCount, rejectedRows: [] });
	});

	test('below ten titles is not found, and nothing is sent to a title', async () => {
		const titles = Array.from({ length: 10 }, (_, index) => `Titre ${index};x`).join('\n');
		const options = { defaultMessage: 'Salut' };
		const file = await read(`${titles}\nTéléphone;Message\n677123456;Salut\n`, options);
		expect(file.recipients).toHaveLength(1);
		expect(file.rejectedRows).toHaveLength(11);
	});

	test('no: the first row is data', async () => {
		const file = await read('phone,text\n677123456,Salut\n', { hasHeaderRow: 'no' });
		expect(file).toMatchObject({ rowCount: 2, rejectedRows: [{ row: 1, recipient: 'phone' }] });
	});

	test('yes: the first row is the header even where it looks like data', async () => {
		const file = await read('699000000,Bonjour\n677123456,Salut\n', {
			hasHeaderRow: 'yes',
			messageColumn: '2',
		});
		expect(file).toMatchObject({ rowCount: 1, recipients: [{ row: 2, text: 'Salut' }] });
	});
});

describe('the columns', () => {
	const hello = { defaultMessage: 'Hello' };
	const text = 'A,Tel Bureau,Numéro d’Été,B\nx,699123456,677123456,Salut\n';
	test.each([
		['by name', { phoneColumn: "numero d'ete", messageColumn: 'b' }],
		['by number', { phoneColumn: '3', messageColumn: '4' }],
	])('are chosen %s', async (_name, columns) => {
		expect(await textsOf(text, columns)).toEqual([['+237677123456', 'Salut']]);
	});

	test('a column that counts the rows is no phone beside one of somebody', async () => {
		const rows = ['1,Zoé,677123456', '2,Jean,699123456'];
		expect(await textsOf(['Numéro,Nom,Téléphone client', ...rows].join('\n'), hello)).toEqual([
			['+237677123456', 'Hello'],
			['+237699123456', 'Hello'],
		]);
		const several = ['Numéro,Tél père,Tél mère', '1,677123456,699123456'].join('\n');
		expect(await refusal(several, hello)).toMatchObject({
			description: expect.stringMatching(/^They are 'Tél père' and 'Tél mère'\./),
		});
	});

	test('the name that was asked for also finds the header below titles', async () => {
		expect(
			await textsOf('Liste\nfoo,bar\n677123456,Salut\n', {
				phoneColumn: 'foo',
				messageColumn: 'BAR',
			}),
		).toEqual([['+237677123456', 'Salut']]);
	});

	test('a name that the file does not have is refused with those it has', async () => {
		expect(await refusal(text, { phoneColumn: 'Portable' })).toMatchObject({
			message: "The file has no column of the name that 'Phone Column' gives",
			description:
				"It is 'Portable'. The columns of the file are: 'A', 'Tel Bureau', 'Numéro d’Été', 'B'.",
		});
	});

	test.each<[string, Partial<RecipientFileOptions>, string, string]>([
		['a number beyond the columns', { phoneColumn: '7' }, text, 'no column of the number'],
		['a name without header', { phoneColumn: 'tel', hasHeaderRow: 'no' }, text, 'cannot be found'],
		['one column for both', { phoneColumn: '1', messageColumn: '1' }, text, 'the same column'],
		['no message anywhere', {}, 'Téléphone\n677123456\n', 'There is no message'],
		[
			'a header without message column',
			{},
			'Téléphone;Nom\n677123456;Jean\n',
			'There is no message',
		],
		['a message column that is empty', {}, 'tel,text\n677123456,\n', 'There is no message'],
		[
			'no rows below the header',
			{ defaultMessage: 'x' },
			'Téléphone\n',
			'no rows below its header',
		],
		['only blank rows', { defaultMessage: 'x' }, ',,\n , \n', 'The file holds no rows'],
	])('refused: %s', async (_name, options, file, message) => {
		expect((await refusal(file, options)).message).toContain(message);
	});

	test('a name beside the phone number is never taken for its text', async () => {
		expect(await textsOf('Téléphone;Nom\n677123456;Jean\n', { defaultMessage: 'Salut' })).toEqual([
			['+237677123456', 'Salut'],
		]);
	});
});

describe('the message', () => {
	test('of the row wins over the default, which fills the gaps', async () => {
		expect(
			await textsOf('tel,text\n677123456,own\n677123457,\n677123458,  \n', {
				defaultMessage: 'default',
			}),
		).toEqual([
			['+237677123456', 'own'],
			['+237677123457', 'default'],
			['+237677123458', 'default'],
		]);
	});

	test('is filled from the columns of the row; a missing value is a reject that names the column', async () => {
		const file = await read('Tél,Prénom,Solde dû\n677123456,Zoé,1500\n677123457,,20\n', {
			defaultMessage: 'Bonjour {prenom}, vous devez {Solde Dû} F.',
		});
		expect(file.recipients).toMatchObject([
			{ row: 2, phoneNumber: '+237677123456', text: 'Bonjour Zoé, vous devez 1500 F.' },
		]);
		expect(file.rejectedRows).toEqual([
			{
				row: 3,
				recipient: '677123457',
				reason: "The message needs 'prenom', and the row has nothing there, so fill it in",
			},
		]);
	});

	test('from the file stays as it is, braces included', async () => {
		expect(await textsOf('tel,text\n677123456,{a} b\n')).toEqual([['+237677123456', '{a} b']]);
	});

	test('asking for an unknown column, or for one without header, is refused before anything is read', async () => {
		expect(
			await refusal('tel,nom\n677123456,Zoé\n', { defaultMessage: 'Hi {name}' }),
		).toMatchObject({
			message: "The file has no column of the name that 'Message' gives",
			description: "It is 'name'. The columns of the file are: 'tel', 'nom'.",
		});
		expect((await refusal('677123456\n', { defaultMessage: 'Hi {name}' })).description).toContain(
			'{name}',
		);
	});

	test('writes number cells and dates as people read them', async () => {
		const bytes = handMade({
			styles: '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
			sheetData:
				'<row><c t="inlineStr"><is><t>tel</t></is></c><c t="inlineStr"><is><t>montant</t></is></c><c t="inlineStr"><is><t>date</t></is></c></row>' +
				'<row><c><v>677123456</v></c><c><v>0.30000000000000004</v></c><c s="1"><v>45366</v></c></row>',
		});
		expect(await textsOf(bytes, { defaultMessage: '{montant} le {date}' })).toEqual([
			['+237677123456', '0.3 le 2024-03-15'],
		]);
	});

	test('loses NUL and control characters, and pays for one line end character only', async () => {
		expect(await textsOf('tel,text\n677123456,"Bon\0jour\r\nA\x07"\n')).toEqual([
			['+237677123456', 'Bonjour\nA'],
		]);
	});

	test('cut in two by a separator is not sent by half', async () => {
		const file = await read('tel,text\n677123456,Bonjour, merci\n677123457,d’accord,,\n');
		expect(file).toMatchObject({
			recipients: [{ row: 3, text: 'd’accord' }],
			rejectedRows: [{ row: 2, reason: expect.stringContaining('quotation marks') as string }],
		});
	});

	test('with a character that could not be read is not sent', async () => {
		const bytes = Buffer.concat([
			Buffer.from('tel,text\n677123456,été\n677123457,caf'),
			Buffer.from([0xe9, 0x0a]),
		]);
		expect(await read(bytes)).toMatchObject({
			recipients: [{ row: 2 }],
			rejectedRows: [{ row: 3, reason: expect.stringContaining('\ufffd') as string }],
		});
	});
});

describe('phone cells', () => {
	const row = (cell: string) =>
		handMade({
			styles: '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
			sheetData: `<row r="1">${cell}<c r="B1" t="inlineStr"><is><t>Salut</t></is></c></row>`,
		});

	test.each([
		['a number', '<c r="A1"><v>677123456</v></c>'],
		['a number with country code and exponent', '<c r="A1"><v>2.37677123456E+11</v></c>'],
		['a formula with result', '<c r="A1"><f>1</f><v>677123456</v></c>'],
		['text with apostrophe', `<c r="A1" t="inlineStr"><is><t>'+237677123456</t></is></c>`],
		['text with .0', '<c r="A1" t="inlineStr"><is><t>677123456.0</t></is></c>'],
		[
			'non-breaking spaces',
			'<c r="A1" t="inlineStr"><is><t>677\u00a012\u202f34\u00a056</t></is></c>',
		],
	])('%s is read', async (_name, cell) => {
		expect(await textsOf(row(cell))).toEqual([['+237677123456', 'Salut']]);
	});

	test.each([
		['a date', '<c r="A1" s="1"><v>45366</v></c>', '2024-03-15', /holds a date \(2024-03-15\)/],
		[
			'a formula without result',
			'<c r="A1"><f>B2</f></c>',
			'',
			/formula that was saved without its result/,
		],
		[
			'text that lost its digits',
			'<c r="A1" t="inlineStr"><is><t>2.37E+11</t></is></c>',
			'2.37E+11',
			/digits are lost/,
		],
		['an error', '<c r="A1" t="e"><v>#N/A</v></c>', '#N/A', /not a phone number/],
		['a truth value', '<c r="A1" t="b"><v>1</v></c>', 'TRUE', /not a phone number/],
	])('%s is refused with the reason', async (_name, cell, recipient, reason) => {
		const file = await read(row(cell), { hasHeaderRow: 'no' });
		expect(file.rejectedRows).toEqual([
			{ row: 1, recipient, reason: expect.stringMatching(reason) as string },
		]);
	});
});

describe('segments', () => {
	test('are those of all messages together, and smart encoding says what it would save', async () => {
		const long = `${'a'.repeat(140)}ê`;
		const list = `tel,text\n677123456,${long}\n677123457,${long}\n677123458,x\n`;
		expect(await read(list)).toMatchObject({
			segments: 7,
			ucs2Characters: ['ê'],
			segmentsSavedBySmartEncoding: 4,
		});
		expect(await read(list, { smartEncoding: true })).toMatchObject({
			segments: 3,
			ucs2Characters: [],
			segmentsSavedBySmartEncoding: 0,
			recipients: [{ text: `${'a'.repeat(140)}e` }, {}, {}],
		});
	});
});

describe('for every list', () => {
	const phone = fc.oneof(
		fc.integer({ min: 677000000, max: 677000009 }).map(String),
		fc.constantFrom('', 'abc', '2.37E+11', '+256772123456', '0772123456', '237677000001'),
	);
	const text = fc.constantFrom('', 'a', 'ê'.repeat(80), 'x, y', 'deux\nlignes', '"', ';');

	test('rows in = recipients + duplicates + rejects, and the pause is not forgotten', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(phone, text), { minLength: 1 }),
				fc.boolean(),
				async (rows, removeDuplicates) => {
					let pauses = 0;
					const bytes = Buffer.from(csvOf([['tel', 'text'], ...rows], ';'));
					const options = { removeDuplicates, defaultMessage: 'default' };
					const filled = rows.filter((row) => row.some((cell) => cell !== ''));
					if (filled.length === 0) return;
					const file = await read(bytes, options, async () => {
						pauses++;
					});
					expect(file.rowCount).toBe(filled.length);
					expect(file.recipients.length + file.duplicateCount + file.rejectedRows.length).toBe(
						file.rowCount,
					);
					expect(pauses).toBeGreaterThan(0);
					const good = filled
						.map(([written]) => phoneNumberOf(written, 'CM'))
						.flatMap((result) => (result.ok ? [result.phoneNumber] : []));
					const sent = file.recipients.map(({ phoneNumber }) => phoneNumber);
					expect(new Set(sent)).toEqual(new Set(good));
					const messages = file.recipients.map(
						({ phoneNumber, text: own }) => `${phoneNumber} ${own}`,
					);
					if (removeDuplicates) expect(new Set(messages).size).toBe(messages.length);
					else expect(sent).toEqual(good);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('no slice between two pauses has more than 500 rows', async () => {
		const rows = Array.from({ length: 5000 }, (_, index) => [String(677000000 + index), 'texte']);
		for (const bytes of [Buffer.from(csvOf(rows)), workbookOf(rows)]) {
			let pauses = 0;
			await read(bytes, {}, async () => {
				pauses++;
			});
			expect(pauses).toBeGreaterThanOrEqual(10);
		}
	});
});

test('the reasons are those of the phone numbers', () => {
	expect(['', '2.37E+11', '677123457 / 699123457'].map(reasonFor)).toEqual([
		'empty',
		'precisionLost',
		'severalNumbers',
	]);
});

describe('broken quotation marks', () => {
	const BROKEN = /^The quotation marks \("\) of the row do not add up/;

	test.each<[string, string, number[]]>([
		['text behind a closing one', '677000001,"Bonjour" Jean\n', [2]],
		['two rows that each open one', '677000001,"Bonjour\n677000003,"Salut\n', [2, 3]],
		['one row that opens and one that closes', '677000001,"Bonjour\n677000003,Salut"\n', [2, 3]],
		['one that is never closed', '677000001,"Bonjour\n', [2]],
		['one that is never closed, and doubled ones behind it', '677000001,"Dit ""oui""\n', [2]],
		['doubled ones beside one that is not', '677000001,"Dit ""oui" et non"\n', [2]],
	])('%s: the rows are rejected, the others are sent', async (_name, broken, rows) => {
		const file = await read(`tel,message\n${broken}677000009,Merci\n`);
		expect(file.rejectedRows).toEqual(
			rows.map((row) => ({
				row,
				recipient: row === 2 ? '677000001' : '677000003',
				reason: expect.stringMatching(BROKEN),
			})),
		);
		expect(file.recipients.map(({ phoneNumber, text }) => [phoneNumber, text])).toEqual([
			['+237677000009', 'Merci'],
		]);
	});

	test('a text of several lines that is never closed is sent to nobody, nor are its lines', async () => {
		const lines = Array.from({ length: 60_000 }, (_, index) => `677${100_000 + index},Salut`);
		const file = await read(`tel,message\n677000001,"Bonjour,\nà demain\n${lines.join('\n')}\n`);
		expect(file.rejectedRows.map(({ row }) => row)).toEqual([2, 3]);
		expect(file.recipients).toHaveLength(60_000);
	});

	test('a text of several lines is one text', async () => {
		const file = await read('tel,message\n677000001,"Bonjour,\nà demain"\n677000009,Merci\n');
		expect(file.recipients.map(({ text }) => text)).toEqual(['Bonjour,\nà demain', 'Merci']);
	});
});

describe('a text that a separator cuts', () => {
	test('is rejected where no header says how many columns there are', async () => {
		const rows = Array.from({ length: 300 }, (_, index) => `${677000000 + index},Bonjour Jean`);
		rows[250] = '677000250,Bonjour Jean, votre commande est prête';
		const file = await read(`${rows.join('\n')}\n`);
		expect(file.recipients).toHaveLength(299);
		expect(file.rejectedRows).toMatchObject([{ row: 251, recipient: '677000250' }]);
	});

	test('is refused with the columns where every row has it', async () => {
		expect(
			await refusal(
				'677000001,Bonjour Jean, votre commande est prête\n677000002,Bonjour Paul, à demain\n',
			),
		).toMatchObject({ message: 'Several columns could hold the message' });
	});

	test('further columns as such are normal', async () => {
		const rows = '677000001,Bonjour Jean,2024-01-05,12\n677000002,Bonjour,2024-01-05,7\n';
		expect((await read(rows)).recipients).toHaveLength(2);
	});
});

describe('what a file of rejected rows takes over', () => {
	test('an apostrophe that belongs to a text stays', async () => {
		const file = await read("tel,message\n677000001,'+1 pour toi\n677000002,'t is goed\n");
		expect(file.recipients.map(({ text }) => text)).toEqual(["'+1 pour toi", "'t is goed"]);
	});

	test('the end mark of old DOS files is no row', async () => {
		const file = await read('tel,message\r\n677000001,Bonjour\r\n\u001a');
		expect(file.rowCount).toBe(1);
	});
});

describe('a list on another sheet', () => {
	const list = [
		['Nom', 'Téléphone', 'Message'],
		['Amina', '677000001', 'Bonjour'],
	];

	test('is named when the first sheet has no list', async () => {
		const cover = [['Campagne de mars'], ['Préparée par la direction']];
		expect(await refusal(workbookOf({ Couverture: cover, Clients: list }))).toMatchObject({
			description: expect.stringContaining(
				"The sheet 'Clients' has phone numbers: write its name into 'Sheet Name'",
			),
		});
	});

	test('is named when no row of the first sheet can be used', async () => {
		const old = [
			['Nom', 'Téléphone', 'Message'],
			['Paul', '12', 'Bonjour'],
		];
		expect(await refusal(workbookOf({ Ancien: old, Clients: list }))).toMatchObject({
			message: expect.stringMatching(/^No row of the sheet that is read can be used/),
			description: expect.stringContaining("The sheet 'Clients'"),
		});
	});

	test('is read when it is chosen, and nobody is sent elsewhere', async () => {
		const book = workbookOf({ Couverture: [['Campagne']], Clients: list });
		expect((await read(book, { sheetName: 'Clients' })).recipients).toHaveLength(1);
		expect((await refusal(workbookOf({ Couverture: [['Campagne']] }))).description).not.toContain(
			"'Sheet Name'",
		);
	});
});

describe('numbers as their formats show them', () => {
	const styles =
		'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0&quot; FCFA&quot;"/><numFmt numFmtId="165" formatCode="&quot;+33&quot; 0"/><numFmt numFmtId="166" formatCode="bogus["/></numFmts>' +
		'<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>';
	const text = (words: string) => `<c t="inlineStr"><is><t>${words}</t></is></c>`;
	const number = (style: number, value: number) => `<c s="${style}"><v>${value}</v></c>`;
	const book = handMade({
		styles,
		sheetData:
			`<row>${text('Téléphone')}${text('Solde')}</row>` +
			`<row>${number(0, 677000001)}${number(1, 12500)}</row>` +
			`<row>${number(2, 612345678)}${number(1, 700)}</row>` +
			`<row>${number(0, 677000003)}${number(3, 5)}</row>`,
	});

	test('stand in the texts, and make the number of somebody abroad whole', async () => {
		const file = await read(book, { defaultMessage: 'Votre solde : {Solde}.' });
		expect(file.recipients.map(({ phoneNumber, text: sent }) => [phoneNumber, sent])).toEqual([
			['+237677000001', 'Votre solde : 12 500 FCFA.'],
			['+33612345678', 'Votre solde : 700 FCFA.'],
		]);
		expect(file.rejectedRows).toEqual([
			{
				row: 4,
				recipient: '677000003',
				reason: expect.stringMatching(/'Solde'.*is not understood/),
			},
		]);
	});
});

describe('a placeholder that is not filled', () => {
	const rows = 'tel,Nom\n677000001,Amina\n';

	test.each([
		[
			'Bonjour [Nom]',
			"'[Nom]' stands in a text as it is. To fill it from the column, write {Nom}.",
		],
		[
			'Bonjour «nom»',
			"'«nom»' stands in a text as it is. To fill it from the column, write {nom}.",
		],
		[
			'Bonjour %Nom%',
			"'%Nom%' stands in a text as it is. To fill it from the column, write {Nom}.",
		],
	])('%s is sent as it is, with a hint', async (defaultMessage, hint) => {
		const file = await read(rows, { defaultMessage });
		expect(file.recipients.map(({ text }) => text)).toEqual([defaultMessage]);
		expect(file.notes).toContain(hint);
	});

	test.each(['Bonjour [Prix]', 'Moins 20 % sur «tout» le magasin, 30 % samedi'])(
		'%s names no column, so nothing is said',
		async (defaultMessage) => {
			expect((await read(rows, { defaultMessage })).notes).toEqual([]);
		},
	);

	test('a field that the input item lacks is named beside its column', async () => {
		const file = await read(rows, { defaultMessage: 'Bonjour', missingFields: ['Nom', 'autre'] });
		expect(file.notes).toEqual([
			"The input item has no field 'Nom', which the expression in 'Message' asks for. To fill it from the column, write {Nom}.",
		]);
	});
});
