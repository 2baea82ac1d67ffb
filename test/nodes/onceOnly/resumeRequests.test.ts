import type { Fault } from '../../../sandbox/faults';
import {
	armFault,
	arrivals,
	bulkRun,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	retry,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const refused: Fault = { kind: 'status', status: 400 };
const resetAfterSending: Fault = { kind: 'resetBeforeAnswer', processed: true };

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const numbers = numbersOf(gateway, 4);
	const [first, second, third] = numbers as [string, string, string];

	test('rounds of a loop do not mix: the same text goes out in each, and once in each', async () => {
		const round = [{ json: { number: first } }, { json: { number: second } }];
		armFault(bench.sandbox, gateway, 3, refused);
		const result = await bench.engine.run({
			...itemPerNumber(gateway, bench.sandbox.url, [], {}, { retryOnFail: true }),
			rounds: [round, round],
		});
		expect(result.status).toBe('success');
		expect(arrivals(bench.sandbox)).toEqual([first, second, first, second]);
		expect(result.runExecutionData.resultData.runData.SMS).toHaveLength(2);
	});

	test('items that shared a request are resumed one by one', async () => {
		const options = { combineItems: true, batchSize: 2 };
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers, options);
		armFault(bench.sandbox, gateway, 1, refused);
		const failed = await bench.engine.run(run);
		expect(failed.error?.message).toContain('2 of 4 items were already sent');
		const retried = await retry(bench.engine, run, failed);
		expect(
			retried.json.map(({ status, recipients, sentCount }) => [status, recipients, sentCount]),
		).toEqual(numbers.map((number) => ['sent', [number], 1]));
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('a combined request of unknown outcome is not repeated for any of its items', async () => {
		const options = { combineItems: true, batchSize: 2 };
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers, options);
		armFault(bench.sandbox, gateway, 0, resetAfterSending);
		const retried = await retry(bench.engine, run, await bench.engine.run(run));
		expect(retried.json.map(({ status }) => status)).toEqual([
			'unknown',
			'unknown',
			'sent',
			'sent',
		]);
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('of a file only the missing requests are sent', async () => {
		const run = bulkRun(
			gateway,
			bench.sandbox.url,
			numbers.map((number) => `${number},Hello`).join('\n'),
			{
				batchSize: 1,
			},
		);
		armFault(bench.sandbox, gateway, 2, resetAfterSending);
		const failed = await bench.engine.run(run);
		expect(failed.status).toBe('error');
		expect(arrivals(bench.sandbox)).toEqual([first, second, third]);
		const retried = await retry(bench.engine, run, failed);
		expect(retried.json[0]).toMatchObject({ status: 'unknown', rowCount: 4, sentCount: 3 });
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});
});
