import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../../../sandbox/faults';
import {
	armFault,
	arrivals,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	retry,
	sendRequests,
	sentJson,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const refused: Fault = { kind: 'status', status: 400 };
const resetAfterSending: Fault = { kind: 'resetBeforeAnswer', processed: true };

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const numbers = numbersOf(gateway, 4);
	const [first, second, third, fourth] = numbers as [string, string, string, string];
	const total = (count: number): IDataObject => ({
		balance: gateway.balanceAfter(count * gateway.price),
	});

	test('Retry On Fail goes on where the run stopped, and outputs the first results', async () => {
		armFault(bench.sandbox, gateway, 2, refused);
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, {}, { retryOnFail: true }),
		);
		expect(result.status).toBe('success');
		expect(result.json).toEqual(
			numbers.map((number, index) => sentJson(gateway, [number], total(index + 1))),
		);
		expect(result.items.map((item) => item.pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(arrivals(bench.sandbox)).toEqual(numbers);
		expect(sendRequests(bench.sandbox)).toHaveLength(5);
	});

	test('a retried execution does the same', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers);
		armFault(bench.sandbox, gateway, 2, refused);
		const failed = await bench.engine.run(run);
		expect(failed.status).toBe('error');
		expect(arrivals(bench.sandbox)).toEqual([first, second]);
		const retried = await retry(bench.engine, run, failed);
		expect(retried.json).toEqual(
			numbers.map((number, index) => sentJson(gateway, [number], total(index + 1))),
		);
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('an item sent in part is not sent again', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers);
		armFault(bench.sandbox, gateway, 1, refused);
		const bad = {
			...run,
			items: [{ json: { number: `${first}, 123` } }, ...(run.items ?? []).slice(1)],
		};
		const retried = await retry(bench.engine, bad, await bench.engine.run(bad));
		expect(retried.json[0]).toEqual(
			sentJson(gateway, [first], {
				status: 'partial',
				rejectedRecipients: [{ recipient: '123', reason: expect.any(String) }],
			}),
		);
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('an item of unknown outcome is not sent again when a person retries', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers);
		armFault(bench.sandbox, gateway, 1, resetAfterSending);
		const failed = await bench.engine.run(run);
		expect(failed.error?.message).toMatch(/^It is not known whether/);
		const retried = await retry(bench.engine, run, failed);
		expect(retried.status).toBe('success');
		expect(retried.json.map(({ status }) => status)).toEqual(['sent', 'unknown', 'sent', 'sent']);
		expect(retried.json[1]).toMatchObject({ sentCount: null, failedCount: null });
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('Retry On Fail does not send an item of unknown outcome again, and still ends in its error', async () => {
		armFault(bench.sandbox, gateway, 1, resetAfterSending);
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, {}, { retryOnFail: true, maxTries: 3 }),
		);
		expect(result.error?.message).toMatch(/^It is not known whether/);
		expect(new Set(arrivals(bench.sandbox)).size).toBe(arrivals(bench.sandbox).length);
		expect(arrivals(bench.sandbox)).toContain(second);
	});

	test('not attempted items are tried once the account is topped up', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers);
		armFault(bench.sandbox, gateway, 1, { kind: 'status', status: 402 });
		const failed = await bench.engine.run(run);
		expect(failed.error?.httpCode).toBe('402');
		const retried = await retry(bench.engine, run, failed);
		expect(retried.json.map(({ status }) => status)).toEqual(numbers.map(() => 'sent'));
		expect(arrivals(bench.sandbox)).toEqual(numbers);
	});

	test('a text edited before the retry is a new message', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, [first, second]);
		armFault(bench.sandbox, gateway, 1, refused);
		const failed = await bench.engine.run(run);
		const edited = { ...run, parameters: { ...run.parameters, message: 'Good evening' } };
		await retry(bench.engine, edited, failed);
		expect(bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text])).toEqual([
			[first, 'Hello'],
			[first, 'Good evening'],
			[second, 'Good evening'],
		]);
	});

	test('recipients added before the retry are the only ones that get the text', async () => {
		const parameters = (recipients: string) => ({
			recipients: `={{ $json.last ? "${fourth}" : "${recipients}" }}`,
			message: 'Hello',
		});
		const items = [{ json: {} }, { json: { last: true } }];
		const run = gateway.run(bench.sandbox.url, parameters(first), { items });
		armFault(bench.sandbox, gateway, 1, refused);
		const failed = await bench.engine.run(run);
		const edited = gateway.run(bench.sandbox.url, parameters(`${first}, ${second}`), { items });
		const retried = await retry(bench.engine, edited, failed);
		expect(arrivals(bench.sandbox)).toEqual([first, second, fourth]);
		expect(retried.json[0]).toMatchObject({
			status: 'sent',
			recipients: [first, second],
			recipientCount: 2,
			sentCount: 2,
			failedCount: 0,
		});
	});

	test('Continue does not run the node again when the first item fails', async () => {
		armFault(bench.sandbox, gateway, 0, refused);
		const result = await bench.engine.run(
			itemPerNumber(
				gateway,
				bench.sandbox.url,
				numbers,
				{},
				{ retryOnFail: true, maxTries: 3, onError: 'continueRegularOutput' },
			),
		);
		expect(result.json.map(({ status }) => status)).toEqual(['failed', 'sent', 'sent', 'sent']);
		expect(arrivals(bench.sandbox)).toEqual([second, third, fourth]);
		expect(sendRequests(bench.sandbox)).toHaveLength(4);
	});
});
