import type { IDataObject } from 'n8n-workflow';

import { MAX_KEYS } from '../../../nodes/shared/n8n/sentKeys';
import {
	arrivals,
	bulkRun,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	sendRequests,
	sentJson,
	unsentJson,
	type GatewayCase,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const options = { deduplicationKey: 'reminder-7' };

let executionCount = 0;

/** One execution of its own, as a schedule starts one after another. */
async function execute(gateway: GatewayCase, numbers: string[], more: IDataObject = {}) {
	const { onError, ...moreOptions } = more as IDataObject & { onError?: 'continueRegularOutput' };
	return await bench.engine.run(
		itemPerNumber(
			gateway,
			bench.sandbox.url,
			numbers,
			{ ...options, ...moreOptions },
			{ executionId: String((executionCount += 1)), onError },
		),
	);
}

test('the store keeps enough keys for a file of 100,000 rows', () => {
	expect(MAX_KEYS).toBeGreaterThanOrEqual(100_000);
});

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const numbers = numbersOf(gateway, 3);
	const [first, second, third] = numbers as [string, string, string];
	const fault = (kind: object, skip = 0) =>
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 1,
			skip,
			fault: kind as Parameters<typeof bench.sandbox.state.armFault>[0]['fault'],
		});

	test('a second execution skips what the first sent, without an error', async () => {
		await execute(gateway, [first]);
		const result = await execute(gateway, [first]);
		expect(result.status).toBe('success');
		expect(result.items).toEqual([
			{
				json: unsentJson(gateway, [first], {
					status: 'skipped',
					failedCount: 0,
					skippedCount: 1,
				}),
				pairedItem: { item: 0 },
			},
		]);
		expect(arrivals(bench.sandbox)).toEqual([first]);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('another key, or no key, sends again', async () => {
		await execute(gateway, [first]);
		await execute(gateway, [first], { deduplicationKey: 'reminder-8' });
		await execute(gateway, [first], { deduplicationKey: '' });
		expect(arrivals(bench.sandbox)).toEqual([first, first, first]);
	});

	test('skips number by number', async () => {
		await execute(gateway, [first]);
		const result = await execute(gateway, [`${first}, ${second}`]);
		expect(result.json).toEqual([
			sentJson(gateway, [first, second], {
				sentCount: 1,
				failedCount: 0,
				skippedCount: 1,
				cost: gateway.price,
				balance: gateway.balanceAfter(2 * gateway.price),
				providerMessage: `${gateway.successWords(1)}; 1 recipient skipped: already sent under this deduplication key`,
			}),
		]);
		expect(arrivals(bench.sandbox)).toEqual([first, second]);
	});

	test('a refused number is withdrawn, so the next execution sends', async () => {
		await execute(gateway, [second]);
		fault({ kind: 'status', status: 400 });
		const refused = await execute(gateway, [first], { onError: 'continueRegularOutput' });
		expect(refused.json[0]?.status).toBe('failed');
		const result = await execute(gateway, [first]);
		expect(result.json[0]?.status).toBe('sent');
		expect(arrivals(bench.sandbox)).toEqual([second, first]);
	});

	test('an item of unknown outcome stays recorded', async () => {
		fault({ kind: 'resetBeforeAnswer' });
		const unknown = await execute(gateway, [first], { onError: 'continueRegularOutput' });
		expect(unknown.json[0]?.status).toBe('unknown');
		const result = await execute(gateway, [first]);
		expect(result.json[0]?.status).toBe('skipped');
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('the same key and number twice in one execution is sent once', async () => {
		const result = await execute(gateway, [first, second, first]);
		expect(result.json.map(({ status }) => status)).toEqual(['sent', 'sent', 'skipped']);
		expect(arrivals(bench.sandbox)).toEqual([first, second]);
	});

	test('an item is not skipped because an earlier one with the same key was refused', async () => {
		fault({ kind: 'status', status: 400 });
		const result = await execute(gateway, [first, first], { onError: 'continueRegularOutput' });
		expect(result.json.map(({ status }) => status)).toEqual(['failed', 'sent']);
		expect(arrivals(bench.sandbox)).toEqual([first]);
	});

	test('items that share a request are skipped one by one', async () => {
		await execute(gateway, [second]);
		const result = await execute(gateway, [first, second, third, first], { combineItems: true });
		expect(result.json.map(({ status }) => status)).toEqual(['sent', 'skipped', 'sent', 'skipped']);
		expect(arrivals(bench.sandbox)).toEqual([second, first, third]);
	});

	test('a request that is repeated after 429 is not skipped by its own record', async () => {
		fault({ kind: 'status', status: 429, headers: { 'retry-after': '0.02' } });
		const result = await execute(gateway, [first]);
		expect(result.json).toEqual([sentJson(gateway, [first], { skippedCount: 0 })]);
	});

	test('what a refused credential left undone is sent by the next execution', async () => {
		fault({ kind: 'status', status: 401 }, 1);
		const stopped = await execute(gateway, numbers, { onError: 'continueRegularOutput' });
		const statuses = stopped.json.map(({ status }) => status);
		// The third request may have been under way while the second was refused.
		expect(statuses.slice(0, 2)).toEqual(['sent', 'failed']);
		const result = await execute(gateway, numbers);
		expect(result.json.map(({ status }) => status)).toEqual(
			statuses.map((status) => (status === 'sent' ? 'skipped' : 'sent')),
		);
		expect(arrivals(bench.sandbox).sort()).toEqual([...numbers].sort());
	});

	test('a store that fails is a clear error, and nothing is sent', async () => {
		bench.engine.processedKeys.faultWords = 'the database is away';
		const result = await execute(gateway, numbers);
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('n8n could not look up what was already sent');
		expect(result.error?.description).toMatch(/the database is away/);
		expect(result.error?.message).not.toMatch(/(MboaSMS|Mambo SMS) refused/);
		expect(result.error?.description).toMatch(/Nothing was sent.*'Deduplication Key'/);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('many requests of one run lose no key in a store without lock', async () => {
		const many = numbersOf(gateway, 40);
		bench.sandbox.state.setRateLimit('mboasms', null);
		bench.engine.processedKeys.latencyMs = 3;
		await execute(gateway, [gateway.numberOf(99)]);
		await execute(gateway, many, { requestsPerMinute: 0 });
		bench.engine.processedKeys.latencyMs = 0;
		const again = await execute(gateway, many);
		expect(again.json.map(({ status }) => status)).toEqual(many.map(() => 'skipped'));
		expect(arrivals(bench.sandbox)).toHaveLength(41);
	});

	test('a dry run records nothing', async () => {
		await execute(gateway, [first], { dryRun: true });
		expect((await execute(gateway, [first])).json[0]?.status).toBe('sent');
	});

	test('a file is skipped row by row', async () => {
		const run = (rows: string[], executionId: string) => ({
			...bulkRun(gateway, bench.sandbox.url, rows.map((row) => `${row},Hello`).join('\n'), options),
			executionId,
		});
		await bench.engine.run(run([first, second], 'a'));
		const result = await bench.engine.run(run([first, second, third], 'b'));
		expect(result.json[0]).toMatchObject({
			status: 'sent',
			rowCount: 3,
			recipientCount: 3,
			sentCount: 1,
			failedCount: 0,
		});
		const all = await bench.engine.run(run([first, second, third], 'c'));
		expect(all.json[0]).toMatchObject({ status: 'skipped', sentCount: 0, failedCount: 0 });
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});
});
