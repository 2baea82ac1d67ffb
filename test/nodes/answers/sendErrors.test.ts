import { documentedErrorsOf, type DocumentedError } from '../../helpers/documentedErrors';
import {
	arrivals,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	sendRequests,
	sentJson,
	unsentJson,
	type GatewayCase,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';
import type { NodeRun } from '../../helpers/engine';

const bench = useTestBench();

/** Waiting takes a while, and then a third item leaves before the second is given up. */
const itemCountOf = ({ requestCount }: DocumentedError) => (requestCount === undefined ? 3 : 2);

let runCount = 0;

/**
 * Two or three items, of which the second meets the error. Where that ends the run, the pace has no place for a third
 * request: on a busy machine it would be under way before the answer. Another address makes another account, of which
 * the pace knows no request yet.
 */
async function runOn(gateway: GatewayCase, error: DocumentedError, onError: NodeRun['onError']) {
	const { fault, requestCount: count = 1 } = error;
	const numbers = numbersOf(gateway, itemCountOf(error));
	bench.sandbox.state.armFault({ gateway: gateway.provider, skip: 1, count, fault });
	runCount += 1;
	const address = `${bench.sandbox.url}${'/'.repeat(runCount)}`;
	const isEnding = itemCountOf(error) === 3 && (error.endsRun || onError === 'stopWorkflow');
	const options = isEnding ? { requestsPerMinute: 2 } : {};
	return await bench.engine.run(itemPerNumber(gateway, address, numbers, options, { onError }));
}

/** What the items are to say when the node continues. */
function expectedJson(gateway: GatewayCase, error: DocumentedError) {
	const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];
	const refused = unsentJson(gateway, [second], {
		status: error.status,
		...(error.status === 'unknown' && { sentCount: null, failedCount: null }),
		providerMessage: error.words,
		errorMessage: expect.stringContaining(error.words),
	});
	const balance = gateway.balanceAfter(2 * gateway.price);
	const last = error.endsRun
		? unsentJson(gateway, [third], {
				status: 'notAttempted',
				errorMessage: expect.stringMatching(/^Not attempted, because the run was stopped/),
			})
		: sentJson(gateway, [third], { balance });
	return [sentJson(gateway, [first]), refused, last].slice(0, itemCountOf(error));
}

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const errors = documentedErrorsOf(gateway).map((error) => [error.name, error] as const);
	const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];

	test.each(errors)(
		'%s stops the workflow in plain words, and nothing is sent after it',
		async (_error, error) => {
			const result = await runOn(gateway, error, 'stopWorkflow');
			expect(result.status).toBe('error');
			expect({
				name: result.error?.name,
				message: result.error?.message,
				httpCode: result.error?.httpCode,
				description: result.error?.description,
				itemIndex: result.error?.context?.itemIndex,
			}).toEqual({
				name: 'NodeApiError',
				message: expect.any(String),
				httpCode: error.httpCode,
				description: expect.stringMatching(error.advice),
				itemIndex: 1,
			});
			expect(result.error?.description).toContain(error.words);
			expect(result.error?.message).toContain(`1 of ${itemCountOf(error)} items was already sent`);
			expect(arrivals(bench.sandbox)).toEqual([first]);
			expect(sendRequests(bench.sandbox)).toHaveLength(1 + (error.requestCount ?? 1));
		},
	);

	test.each(errors)(
		'%s under Continue is an item with all fields and the error',
		async (_error, error) => {
			const result = await runOn(gateway, error, 'continueRegularOutput');
			expect(result.status).toBe('success');
			expect(result.json).toEqual(expectedJson(gateway, error));
			expect(result.items.map((item) => item.pairedItem)).toEqual(
				result.items.map((_item, item) => ({ item })),
			);
			expect(result.items[0]?.error).toBeUndefined();
			expect(result.items[1]?.error).toMatchObject({
				name: 'NodeApiError',
				httpCode: error.httpCode,
				description: expect.stringMatching(error.advice),
			});
			expect(result.items[2]?.error?.name).toBe(error.endsRun ? 'NodeApiError' : undefined);
			const goesOn = !error.endsRun && itemCountOf(error) === 3;
			expect(arrivals(bench.sandbox)).toEqual(goesOn ? [first, third] : [first]);
			expect(sendRequests(bench.sandbox)).toHaveLength(
				(error.requestCount ?? 1) + (goesOn ? 2 : 1),
			);
		},
	);

	test.each(errors)('%s goes to the error branch with all fields', async (_error, error) => {
		const result = await runOn(gateway, error, 'continueErrorOutput');
		const [sent, ...others] = expectedJson(gateway, error);
		// On this branch n8n puts the fields of the input item beside those of the output.
		const inputs = [{ number: second }, { number: third }];
		const [main, branch] = result.outputs.map((items) => items.map((item) => item.json));
		const errorCount = error.endsRun ? 2 : 1;
		const failed = others.slice(0, errorCount);
		expect(main).toEqual([sent, ...others.slice(errorCount)]);
		expect(branch).toEqual(failed.map((json, index) => ({ ...inputs[index], ...json })));
		expect(result.outputs[1]?.map((item) => item.pairedItem)).toEqual(
			failed.map((_json, index) => ({ item: index + 1 })),
		);
		expect(result.outputs[1]?.[0]?.json).not.toHaveProperty('error');
	});

	test('an item on the error branch says what happened in its fields', async () => {
		const [error] = documentedErrorsOf(gateway) as [DocumentedError];
		const result = await runOn(gateway, error, 'continueErrorOutput');
		// n8n copies items to the error branch. Had they an own error, it would replace their fields by it.
		expect(result.outputs[1]?.map((item) => typeof item.json.errorMessage)).toEqual(['string']);
		expect(result.outputs[1]?.map((item) => item.json.status)).toEqual([error.status]);
	});

	test('an error of the first of many items leaves one request and nobody texted', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 99,
			fault: { kind: 'status', status: 401 },
		});
		const numbers = numbersOf(gateway, 30);
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, {}, { onError: 'continueRegularOutput' }),
		);
		expect(result.json.map(({ status }) => status)).toEqual([
			'failed',
			...numbers.slice(1).map(() => 'notAttempted'),
		]);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('an unknown outcome says that it may have arrived, and is not repeated', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 1,
			fault: { kind: 'resetBeforeAnswer', processed: true },
		});
		const result = await bench.engine.run(
			itemPerNumber(
				gateway,
				bench.sandbox.url,
				[first, second],
				{},
				{ onError: 'continueRegularOutput' },
			),
		);
		expect(result.json[0]).toEqual(
			unsentJson(gateway, [first], {
				status: 'unknown',
				sentCount: null,
				failedCount: null,
				providerMessage: expect.stringMatching(/ECONNRESET|reset|hang up/),
				errorMessage: expect.stringMatching(
					/^It is not known whether .* sent the message to \+\d+.*It may have been sent\. Look for this number/,
				),
			}),
		);
		expect(result.json[1]?.status).toBe('sent');
		expect(arrivals(bench.sandbox)).toEqual([first, second]);
		expect(result.items[0]?.error).toMatchObject({ name: 'NodeApiError' });
	});

	test('a gateway that does not answer in time leaves the item unknown', async () => {
		bench.sandbox.state.armFault({ gateway: gateway.provider, count: 1, fault: { kind: 'hang' } });
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, [first], { timeoutSeconds: 1 }),
		);
		expect(result.error?.message).toMatch(/not known whether .* sent the message to \+\d+$/);
		expect(result.error?.description).toMatch(/^No answer came in time/);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});
});
