import { gatewayCases, bulkRun, mamboSms } from '../../helpers/gatewayCases';
import { fileItem } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';
import { csvOf, handMade, otherFormat, workbookOf, type CellValue } from '../../helpers/workbooks';

const bench = useTestBench();

const rows: CellValue[][] = [
	['Phone', 'Text'],
	['+237677123456', 'Hello'],
	['+256756123456', 'Hello'],
];
const encrypted = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4096, 7)]);
const bomb = () =>
	handMade({ sheetData: `<row><c t="str"><v>${' '.repeat(100_000_000)}</v></c></row>` });

/** What the file is, and the word by which the user has to recognise it. */
const files: Array<[string, () => string | Uint8Array, RegExp]> = [
	['a file of 0 bytes', () => '', /empty/i],
	['a file of blanks', () => ' \n \n', /nothing but spaces/],
	['a header alone', () => 'Phone,Text\n', /no rows below its header/],
	['a workbook cut short', () => workbookOf(rows).subarray(0, 900), /cut short/],
	['a damaged workbook', () => Buffer.from(workbookOf(rows)).fill(7, 200, 400), /damaged/i],
	['a workbook with a password or an old one', () => encrypted, /password|encrypted|\.xls/i],
	['an .xls', () => otherFormat(rows, 'biff8'), /\.xls|Excel 97/i],
	['an .ods', () => otherFormat(rows, 'ods'), /\.ods|OpenDocument/i],
	['an HTML table', () => otherFormat(rows, 'html'), /HTML|web page/i],
	['a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /image|picture|PNG/i],
	['a PDF', () => '%PDF-1.7\n1 0 obj', /PDF/],
	['a zip bomb', bomb, /large|more than|larger|unpack/i],
];

describe.each(gatewayCases)('%s', (_name, gateway) => {
	test.each(files)('%s is a clear error, and nothing is sent', async (_file, make, words) => {
		const run = bulkRun(gateway, bench.sandbox.url, make(), { message: 'Hello' });
		const startedAt = Date.now();
		const result = await bench.engine.run(run);
		expect(result.status).toBe('error');
		expect(result.error?.name).toBe('NodeOperationError');
		expect(`${result.error?.message} ${result.error?.description}`).toMatch(words);
		expect(result.error?.description?.length).toBeGreaterThan(20);
		expect(bench.sandbox.state.requests).toEqual([]);
		expect(Date.now() - startedAt).toBeLessThan(15_000);
	});

	test('an unusable file under Continue is an item, and the next file is sent', async () => {
		const good = csvOf([[gateway.numberOf(1), 'Hello']]);
		const items = [fileItem('', 'empty.csv'), { json: {} }, fileItem(good, 'good.csv')];
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, '', {}, { items, onError: 'continueRegularOutput' }),
		);
		expect(result.json.map(({ status, fileName }) => [status, fileName])).toEqual([
			['failed', 'empty.csv'],
			['failed', null],
			['sent', 'good.csv'],
		]);
		expect(result.json[0]).toEqual({
			provider: gateway.provider,
			operation: 'sendBulk',
			status: 'failed',
			fileName: 'empty.csv',
			rowCount: 0,
			recipientCount: 0,
			sentCount: 0,
			failedCount: 0,
			duplicateCount: 0,
			invalidCount: 0,
			rejectedRows: [],
			phoneColumn: null,
			messageColumn: null,
			segments: 0,
			requestCount: 0,
			cost: null,
			balance: null,
			jobId: null,
			providerMessage: null,
			errorMessage: expect.stringMatching(/empty/i),
		});
		expect(result.items.map((item) => item.error?.name)).toEqual([
			'NodeOperationError',
			'NodeOperationError',
			undefined,
		]);
		expect(result.items.map((item) => item.pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
	});

	test('column names that would change an object stay names', async () => {
		const file = csvOf([
			['phone', '__proto__', 'constructor', 'text'],
			[gateway.numberOf(1), 'polluted', 'x', ''],
		]);
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, file, { message: 'Hi {__proto__} {constructor}' }),
		);
		expect(result.error?.message).toBeUndefined();
		expect(bench.sandbox.state.messages.map(({ text }) => text)).toEqual(['Hi polluted x']);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

test('cells of a workbook that would read a file of the machine do not', async () => {
	const entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>';
	const sheet = `${entity}<worksheet><sheetData><row r="1"><c t="str"><v>0756123456</v></c><c t="str"><v>&e;</v></c></row></sheetData></worksheet>`;
	const result = await bench.engine.run(bulkRun(mamboSms, bench.sandbox.url, handMade({ sheet })));
	expect(result.status).toBe('error');
	expect(bench.sandbox.state.messages).toEqual([]);
});
