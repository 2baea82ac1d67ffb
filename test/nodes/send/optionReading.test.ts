import { gatewayCases, itemPerNumber, numbersOf, sendRequests } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('the options of %s', (_name, gateway) => {
	const [first] = numbersOf(gateway, 1) as [string];
	const run = async (options: Record<string, unknown>) =>
		await bench.engine.run(itemPerNumber(gateway, bench.sandbox.url, [first], options as never));

	test.each([
		['yes', 'dryRun'],
		['Oui', 'dryRun'],
		[1, 'dryRun'],
		['on', 'dryRun'],
		['vrai', 'dryRun'],
		['no', 'sent'],
		['Non', 'sent'],
		[0, 'sent'],
		['off', 'sent'],
	])('read Dry Run = %p from an expression', async (value, status) => {
		const result = await run({ dryRun: `={{ ${JSON.stringify(value)} }}` });
		expect(result.json[0]?.status).toBe(status);
	});

	test.each([
		['dryRun', '={{ "perhaps" }}', "'Dry Run' is neither yes nor no"],
		['dryRun', '={{ ({ a: 1 }) }}', "'Dry Run' is neither yes nor no"],
		['dryRun', '={{ $json.missing }}', "The expression in 'Dry Run' gives nothing"],
		['removeDuplicates', '={{ "" }}', "The expression in 'Remove Duplicates' gives nothing"],
		['output', '={{ "rows" }}', "'Output' is not on its list"],
		['timeoutSeconds', '={{ "5 000" }}', "'Timeout (Seconds)' is not a usable number"],
		['timeoutSeconds', 0.4, "'Timeout (Seconds)' is not a usable number"],
		['batchSize', '={{ [] }}', "'Batch Size' is not a usable number"],
		['defaultCountry', 'Cameroun', "'Default Country' is no country code"],
		['defaultCountry', '={{ "ZZ" }}', "'Default Country' is no country code"],
	])('refuse %s = %p, naming field and value, and send nothing', async (name, value, message) => {
		const result = await run({ [name]: value });
		expect(result.error?.message).toBe(message);
		expect(result.error?.description).toMatch(/^Nothing was sent\. It (is|gave) /);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('that the node does not have are ignored', async () => {
		const result = await run({ rowsPerRequest: 'many', hasHeaderRow: '={{ null }}' });
		expect(result.json[0]?.status).toBe('sent');
	});

	test.each([
		['undefined', '={{ $json.missing }}'],
		['null', '={{ null }}'],
		['an empty text', '={{ "" }}'],
		['an object', '={{ ({ a: 1 }) }}'],
		['an empty list', '={{ [] }}'],
		['true', '={{ true }}'],
		['an invalid date', '={{ new Date("x") }}'],
		['a hole', '=order-{{ $json.missing }}'],
		['a hole between pieces', '={{ $json.number }}-{{ $json.missing }}'],
	])('refuse a Deduplication Key of %s', async (_what, deduplicationKey) => {
		const result = await run({ deduplicationKey });
		expect(result.error?.message).toMatch(
			/'Deduplication Key' (is empty, or a part|gives nothing)/,
		);
		expect(result.error?.description).toMatch(/^Nothing was sent\. (It|\{\{.*\}\}) (gives|gave) /);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('take a date as a Deduplication Key', async () => {
		const key = '={{ new Date("2026-01-02T03:04:05Z") }}';
		await run({ deduplicationKey: key });
		expect((await run({ deduplicationKey: key })).json[0]?.status).toBe('skipped');
	});
});
