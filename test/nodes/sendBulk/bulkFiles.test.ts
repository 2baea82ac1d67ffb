import { gatewayCases, bulkRun } from '../../helpers/gatewayCases';
import { fileItem } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';
import { csvOf, utf16, windows1252, workbookOf, type CellValue } from '../../helpers/workbooks';

const bench = useTestBench();

/** As people have it: local writing, texts with separators, quotes, line breaks and accents. */
const lists: Record<'mboasms' | 'mambosms', { rows: CellValue[][]; expected: string[][] }> = {
	mboasms: {
		rows: [
			['Nom', 'Téléphone', 'Message'],
			['Aïcha', '677123451', 'Bonjour Aïcha, à bientôt'],
			['Bélinda', '+237 677 12 34 52', 'Dit "oui"; ou non'],
			['Çelik', '00237677123453', 'Ligne 1\nLigne 2\tfin'],
			['Désiré', '237677123454', 'Prix: 5 € – c’est œuvré'],
		],
		expected: [
			['+237677123451', 'Bonjour Aïcha, à bientôt'],
			['+237677123452', 'Dit "oui"; ou non'],
			['+237677123453', 'Ligne 1\nLigne 2\tfin'],
			['+237677123454', 'Prix: 5 € – c’est œuvré'],
		],
	},
	mambosms: {
		rows: [
			['Name', 'Phone', 'Message'],
			['Aïcha', '0756123451', 'Hello Aïcha, see you'],
			['Ben', '+256 756-123-452', 'Say "yes"; or no'],
			['Chloé', '00256756123453', 'Line 1\nLine 2\tend'],
			['Dan', '256756123454', 'Price: 5 € – it’s œuvre'],
		],
		expected: [
			['+256756123451', 'Hello Aïcha, see you'],
			['+256756123452', 'Say "yes"; or no'],
			['+256756123453', 'Line 1\nLine 2\tend'],
			['+256756123454', 'Price: 5 € – it’s œuvre'],
		],
	},
};

/** Windows-1252 has the dash of the list too, at 0x96. */
const inWindows1252 = (text: string) => {
	const bytes = windows1252(text.replaceAll('–', '\u0096'));
	return Buffer.from(bytes);
};

/** Numbers as cells hold them once a spreadsheet has eaten plus signs and zeros. */
const asNumberCells = (rows: CellValue[][]) =>
	rows.map(([name, phone, message], index) => {
		const digits = String(phone).replace(/\D/g, '').replace(/^0+/, '');
		return [name ?? null, index === 0 ? (phone ?? null) : Number(digits), message ?? null];
	});

const savings: Record<string, (rows: CellValue[][]) => string | Uint8Array> = {
	'commas, UTF-8': (rows) => csvOf(rows, ','),
	'semicolons, UTF-8': (rows) => csvOf(rows, ';'),
	'tabs, UTF-8': (rows) => csvOf(rows, '\t'),
	'semicolons, UTF-8 with byte order mark': (rows) => `\ufeff${csvOf(rows, ';')}`,
	'tabs, UTF-16 LE': (rows) => utf16(csvOf(rows, '\t'), 'le'),
	'commas, UTF-16 BE': (rows) => utf16(csvOf(rows, ','), 'be'),
	'semicolons, Windows-1252': (rows) => inWindows1252(csvOf(rows, ';')),
	'XLSX with number cells': (rows) => workbookOf(asNumberCells(rows)),
};

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const { rows, expected } = lists[gateway.provider];

	test.each(Object.entries(savings))(
		'the list saved as %s gives the same phones the same texts',
		async (_saving, save) => {
			const result = await bench.engine.run(
				bulkRun(
					gateway,
					bench.sandbox.url,
					save(rows),
					{},
					{
						items: [fileItem(save(rows), 'members.txt')],
					},
				),
			);
			expect(result.error?.message).toBeUndefined();
			expect(
				bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text]).sort(),
			).toEqual(expected);
			const segments = bench.sandbox.state.messages.reduce(
				(sum, { segments }) => sum + segments,
				0,
			);
			const cost = segments * gateway.price;
			const requestCount = gateway.provider === 'mboasms' ? 1 : 4;
			expect(result.items).toEqual([
				{
					json: {
						provider: gateway.provider,
						operation: 'sendBulk',
						status: 'sent',
						fileName: 'members.txt',
						rowCount: 4,
						recipientCount: 4,
						sentCount: 4,
						failedCount: 0,
						duplicateCount: 0,
						invalidCount: 0,
						rejectedRows: [],
						phoneColumn: String(rows[0]?.[1]),
						messageColumn: 'Message',
						segments,
						requestCount,
						cost,
						balance: gateway.balanceAfter(cost),
						jobId: null,
						providerMessage:
							gateway.provider === 'mboasms'
								? 'Bulk SMS processed successfully'
								: `4 answers: ${gateway.successWords(1)}`,
					},
					pairedItem: { item: 0 },
				},
			]);
		},
	);
});
