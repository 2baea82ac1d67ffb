import {
	arrivals,
	bulkRun,
	gatewayCases,
	itemPerNumber,
	numbersOf,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** TS 23.040, 9.2.3.24.1: 255 parts of 153 septets, or of 67 UCS-2 units. */
const LONGEST_GSM7 = 255 * 153;
const LONGEST_UCS2 = 255 * 67;

describe.each(gatewayCases)('a concatenated SMS through %s', (_name, gateway) => {
	const [first, second] = numbersOf(gateway, 2) as [string, string];
	const send = (message: string, options = {}) => {
		const run = itemPerNumber(gateway, bench.sandbox.url, [first], options);
		return { ...run, parameters: { ...run.parameters, message } };
	};

	test.each([
		['GSM-7', 'a'.repeat(LONGEST_GSM7)],
		['UCS-2', 'ê'.repeat(LONGEST_UCS2)],
	])('has at most 255 parts in %s', async (_encoding, text) => {
		const { json } = await bench.engine.run(send(text));
		expect(json).toMatchObject([{ status: 'sent', segments: 255 }]);
	});

	test.each([
		['one character more in GSM-7', 'a'.repeat(LONGEST_GSM7 + 1)],
		['one character more in UCS-2', 'ê'.repeat(LONGEST_UCS2 + 1)],
		['a whole page', 'Une page entière. '.repeat(6_000)],
	])('is refused with %s', async (_what, text) => {
		const { error } = await bench.engine.run(send(text));
		expect(error?.message).toMatch(/'Message'/);
		expect(error?.description).toMatch(/^Nothing was sent\./);
		expect(`${error?.message} ${error?.description}`).toMatch(/255/);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test('is sent where Smart Encoding makes it short enough', async () => {
		const { json } = await bench.engine.run(
			send('ê'.repeat(LONGEST_UCS2 + 1), { smartEncoding: true }),
		);
		expect(json).toMatchObject([{ status: 'sent', encoding: 'GSM-7' }]);
	});

	test('is a rejected row of a file', async () => {
		const rows = `Phone,Text\n${first},${'a'.repeat(LONGEST_GSM7 + 1)}\n${second},Hello\n`;
		const result = await bench.engine.run(bulkRun(gateway, bench.sandbox.url, rows));
		expect(result.json[0]).toMatchObject({ status: 'partial', invalidCount: 1, sentCount: 1 });
		expect(result.json[0]?.rejectedRows).toMatchObject([
			{ row: 2, reason: expect.stringMatching(/255/) },
		]);
		expect(arrivals(bench.sandbox)).toEqual([second]);
	});

	test('is a rejected row where the columns fill a template beyond it', async () => {
		const rows = `Phone,Nom\n${first},${'a'.repeat(LONGEST_GSM7)}\n${second},Ben\n`;
		const message = 'Bonjour {Nom}';
		const result = await bench.engine.run(bulkRun(gateway, bench.sandbox.url, rows, { message }));
		expect(result.json[0]).toMatchObject({ invalidCount: 1, sentCount: 1 });
		expect(arrivals(bench.sandbox)).toEqual([second]);
	});
});
