import { read, refusal } from '../helpers/recipientFiles';

const options = { defaultMessage: 'Hello' };

async function numbersOf(csv: string): Promise<string[]> {
	return (await read(csv, options)).recipients.map(({ phoneNumber }) => phoneNumber);
}

describe('a column that says how its number is written', () => {
	test.each([
		'Phone number (with country code)',
		'Mobile number with country code, e.g. +237',
		'Téléphone (avec indicatif)',
		'Numéro de téléphone (avec le code du pays)',
		'Tel. incl. country code',
		'Téléphone, format international',
		'Phone + country code',
		'Votre numéro WhatsApp (ex: 6xxxxxxxx)',
		'Phone starting with 237',
	])('is the one of the person of the row, beside one of somebody else: %s', async (title) => {
		const rows = '237677123456;699000001\n237677123457;699000002\n';
		expect(await numbersOf(`${title};Emergency contact phone\n${rows}`)).toEqual([
			'+237677123456',
			'+237677123457',
		]);
	});

	test('is none where it has codes, ids or places in place of numbers', async () => {
		const rows = '237;67;101;677123456\n237;67;102;677123457\n';
		const titles = 'Phone country code;Phone prefix;Phone extension;Phone';
		const list = await read(`${titles}\n${rows}`, options);
		expect(list.phoneColumn).toBe('Phone');
		const places = 'Phone country;Mobile\nCameroon;677123456\nFrance;677123457\n';
		expect((await read(places, options)).phoneColumn).toBe('Mobile');
	});
});

describe('a column named "Numéro" or "Contact"', () => {
	const rows = '650012345;699000001\n650012346;699000002\n';

	test.each(['Numéro', 'Number', 'Contact', 'Destinataire'])(
		'is no phone number beside one that says it is, however much it looks like it: %s',
		async (title) => {
			const list = await read(`${title};Téléphone\n${rows};677123456\n650012347;\n`, options);
			expect(list.phoneColumn).toBe('Téléphone');
			expect(list.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
				'+237699000001',
				'+237699000002',
				'+237677123456',
			]);
			expect(list.rejectedRows).toMatchObject([{ row: 5, recipient: '' }]);
		},
	);

	test.each(['Numéro', 'Number', 'Contact'])(
		'is for the user to say beside the phone of somebody else: %s',
		async (title) => {
			expect(await refusal(`${title};Téléphone client\n${rows}`, options)).toMatchObject({
				message: 'Several columns hold phone numbers, and they may be of different people',
				description: expect.stringContaining(
					`They are '${title}' and 'Téléphone client'`,
				) as string,
			});
			const places = `${title};Téléphone client\n2023-0045;699000001\n2023-0046;699000002\n`;
			expect(await refusal(places, options)).toMatchObject({
				message: 'Several columns hold phone numbers, and they may be of different people',
			});
		},
	);

	test('is for the user to say beside one of another name, and not beside one of the same', async () => {
		expect(await refusal(`Numéro;Contact\n${rows}`, options)).toMatchObject({
			description: expect.stringContaining("They are 'Numéro' and 'Contact'") as string,
		});
		const two = await read(`Contact 1;Contact 2\n${rows}`, options);
		expect(two.phoneColumn).toBe('Contact 1, Contact 2');
		const named = await read('Numéro;Contact\n1;699000001\n2;699000002\n', options);
		expect(named.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
			'+237699000001',
			'+237699000002',
		]);
	});

	test('that counts the rows is none', async () => {
		const list = await read('Numéro;Téléphone client\n1;699000001\n2;699000002\n', options);
		expect(list.phoneColumn).toBe('Téléphone client');
	});

	test('is the phone number where no other column is', async () => {
		expect(await numbersOf('Numéro;Montant\n699000001;5000\n')).toEqual(['+237699000001']);
		expect(await numbersOf('Tél maison;Numéro\n222231234;699000001\n')).toEqual(['+237699000001']);
	});
});

describe('a column of calling codes', () => {
	test.each([
		'Indicatif',
		'Indicatif du pays',
		'Indicatif téléphonique',
		'Code pays',
		'Code du pays',
		'Code téléphonique du pays',
		'Préfixe',
		'Country code',
		'Country Codes',
		'Country dialing code',
		'Phone country code',
		'ISD code',
		'Pays',
		'Country',
	])('belongs to the numbers beside it, with and without a sign: %s', async (title) => {
		for (const sign of ['', '+', '00']) {
			const rows = `${sign}33;612345678\n${sign}237;677123457\n`;
			const list = await read(`${title};Téléphone\n${rows}`, options);
			expect(list.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
				'+33612345678',
				'+237677123457',
			]);
			expect(list.notes).toEqual([`The country codes were taken from the column '${title}'.`]);
		}
	});

	test.each(['Code', 'Code client', 'Âge', 'Zone'])(
		'is none of another name without a sign: %s',
		async (title) => {
			expect(await numbersOf(`${title};Téléphone\n33;677123456\n`)).toEqual(['+237677123456']);
		},
	);

	test('is preferred to a column of countries', async () => {
		const rows = '1;33;612345678\n2;237;677123457\n';
		expect(await numbersOf(`Pays;Indicatif;Tél\n${rows}`)).toEqual([
			'+33612345678',
			'+237677123457',
		]);
	});

	test('that names one of several phone columns belongs to that one', async () => {
		const two =
			'Indicatif 1;Tél 1;Indicatif 2;Tél 2\n33;612345678;237;677000001\n33;;237;677000002\n';
		const list = await read(two, options);
		expect(list.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
			'+33612345678',
			'+237677000002',
		]);
		expect(list.notes).toEqual([
			"The country codes were taken from the columns 'Indicatif 1', 'Indicatif 2'.",
		]);
		const rows = '33;612345678;677000001\n33;612345679;677000002\n';
		const children = await read(`Indicatif parent;Tél parent;Tél élève\n${rows}`, {
			...options,
			phoneColumn: 'Tél élève',
		});
		expect(children.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
			'+237677000001',
			'+237677000002',
		]);
		expect(children.notes).toEqual([]);
		expect(await numbersOf('Indicatif client;Téléphone\n33;612345678\n')).toEqual(['+33612345678']);
	});

	test('beside another one counts where both say the same, else the number has to say it', async () => {
		const list = await read(
			[
				'Indicatif;Tél;Country code',
				'33;612345678;237',
				'237;677123457;+237',
				'237;+33612345679;33',
				'237;677123459;',
			].join('\n'),
			options,
		);
		expect(list.recipients.map(({ row, phoneNumber }) => [row, phoneNumber])).toEqual([
			[3, '+237677123457'],
			[4, '+33612345679'],
			[5, '+237677123459'],
		]);
		expect(list.rejectedRows).toEqual([
			{
				row: 2,
				recipient: '612345678',
				reason:
					'The row has several country codes, so which one belongs to the number is not certain: write it in front of the number, with a +',
			},
		]);
		expect(list.notes).toEqual([
			"The country codes were taken from the columns 'Indicatif', 'Country code'.",
		]);
	});

	test('is one where most of its cells are codes, and a wrong one rejects its row', async () => {
		const rows = '33;612345678\n237;677123457\nFR;612345679\n';
		const list = await read(`Indicatif;Tél\n${rows}`, options);
		expect(list.recipients.map(({ phoneNumber }) => phoneNumber)).toEqual([
			'+33612345678',
			'+237677123457',
		]);
		expect(list.rejectedRows).toMatchObject([{ row: 4, recipient: '612345679' }]);
	});

	test.each(['Indicatif', 'Préfixe', 'Pays'])(
		'is none where its numbers are no codes: %s',
		async (title) => {
			const rows = '67;677123456\n69;699123456\n';
			expect(await numbersOf(`${title};Téléphone\n${rows}`)).toEqual([
				'+237677123456',
				'+237699123456',
			]);
		},
	);

	test('that no number fits rejects the row', async () => {
		const list = await read('Indicatif;Tél\n237;677123456\n33;677\n', options);
		expect(list.rejectedRows).toMatchObject([{ row: 3, recipient: '677' }]);
	});
});

describe('a column about messages', () => {
	test.each(['Message status', 'SMS delivery', 'Statut du SMS', 'Message error', 'SMS result'])(
		'is not what people are texted: %s',
		async (title) => {
			const rows = '677123456;Delivered to handset\n677123457;Delivered to handset\n';
			expect(await refusal(`Phone;${title}\n${rows}`)).toMatchObject({
				message: expect.stringContaining('There is no message') as string,
			});
		},
	);
});
