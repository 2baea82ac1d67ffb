import {
	arrivals,
	bulkRun,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	sendRequests,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('Segment Limit with %s', (_name, gateway) => {
	const numbers = numbersOf(gateway, 3);

	test('above it nothing is sent, and the refusal says how much it would have been', async () => {
		const options = { segmentLimit: 2, pricePerSegment: 12.5 };
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, options),
		);
		expect(result.error?.message).toBe(
			"This run would be 3 segments, and the 'Segment Limit' is 2",
		);
		expect(result.error?.description).toMatch(
			/^Nothing was sent\. It would be 3 segments in 3 messages to 3 people, about 37\.5 at your/,
		);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'above it nothing is sent under %s either, and every item says so',
		async (onError) => {
			const options = { segmentLimit: 2 };
			const run = itemPerNumber(gateway, bench.sandbox.url, numbers, options, { onError });
			const items = (await bench.engine.run(run)).outputs.flat();
			expect(items.map(({ json }) => json.status)).toEqual(['failed', 'failed', 'failed']);
			for (const { json } of items) expect(json.errorMessage).toMatch(/Nothing was sent/);
			expect(bench.sandbox.state.requests).toEqual([]);
			const file = bulkRun(gateway, bench.sandbox.url, `Phone\n${numbers.join('\n')}\n`, {
				message: 'Hello',
				...options,
			});
			const [bulk] = (await bench.engine.run({ ...file, onError })).outputs.flat();
			expect(bulk?.json).toMatchObject({ status: 'failed', sentCount: 0 });
			expect(bench.sandbox.state.requests).toEqual([]);
		},
	);

	test('counts what is still to be sent, over all items, and 0 is none', async () => {
		const within = { segmentLimit: 3 };
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, within),
		);
		expect(result.json.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
		await bench.engine.run(itemPerNumber(gateway, bench.sandbox.url, numbers, { segmentLimit: 0 }));
		expect(arrivals(bench.sandbox)).toEqual([...numbers, ...numbers]);
	});

	test('says about how much an item costs, also in a dry run', async () => {
		const recipients = numbers.join();
		const options = { pricePerSegment: 0.1, dryRun: true };
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients, message: 'Hello', options }),
		);
		expect(result.json[0]).toMatchObject({ status: 'dryRun', segments: 1, estimatedCost: 0.3 });
		expect(result.hints[0]?.message).toMatch(/^Dry run: nothing was sent\. 3 messages/);
	});
});

describe.each(gatewayCases)('Do Not Text with %s', (_name, gateway) => {
	const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];

	test('leaves people out in any writing, counts them, and lists them nowhere as wrong', async () => {
		const written = first.replace(/(\d{3})(?=\d)/g, '$1 ');
		const options = { doNotText: `${written}; ${second}, none` };
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, {
				recipients: [first, second, third].join(),
				message: 'Hello',
				options,
			}),
		);
		expect(result.json[0]).toMatchObject({
			status: 'sent',
			recipients: [third],
			excludedCount: 2,
			rejectedRecipients: [],
		});
		expect(arrivals(bench.sandbox)).toEqual([third]);
		const hints = result.hints.map(({ message }) => message);
		expect(hints).toContainEqual(expect.stringMatching(/^1 entry of 'Do Not Text' is no phone/));
	});

	test('an item of which everybody is on the list is skipped, and no error', async () => {
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, [first], { doNotText: [first] }),
		);
		expect(result.json[0]).toMatchObject({ status: 'skipped', excludedCount: 1, sentCount: 0 });
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test.each([
		['an empty list', '={{ [] }}', 'sent'],
		['an empty text', '={{ "" }}', 'sent'],
		['nothing', '={{ $json.missing }}', undefined],
		['null', '={{ null }}', undefined],
	])('from an expression that gives %s', async (_what, doNotText, status) => {
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, [first], { doNotText }),
		);
		expect(result.json[0]?.status).toBe(status);
		if (status) return;
		expect(result.error?.message).toBe("The expression in 'Do Not Text' gives nothing");
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('counts rows of a file, so that all of them are accounted for', async () => {
		const file = `Phone,Text\n${first},Hello\n${second},Hello\n${second},Hello\n12,Hello\n`;
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, file, { doNotText: first }),
		);
		expect(result.json[0]).toMatchObject({
			rowCount: 4,
			recipientCount: 1,
			duplicateCount: 1,
			invalidCount: 1,
			excludedCount: 1,
		});
		expect(arrivals(bench.sandbox)).toEqual([second]);
	});
});

describe.each(gatewayCases)('One Item per Recipient with %s', (_name, gateway) => {
	const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];
	const person = (differences: object) => ({
		recipient: first,
		status: 'sent',
		reason: null,
		row: null,
		message: 'Hello',
		writtenAs: first,
		encoding: 'GSM-7',
		segments: 1,
		jobId: null,
		provider: gateway.provider,
		operation: 'send',
		...differences,
	});

	test('Send gives everybody once, whatever became of them', async () => {
		const options = { output: 'recipients', doNotText: third };
		const recipients = [first, '12', third, first, second].join();
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients, message: 'Hello', options }),
		);
		expect(result.json).toEqual([
			person({}),
			person({ recipient: second, writtenAs: second }),
			person({
				...nobodyTexted,
				status: 'invalid',
				recipient: '12',
				writtenAs: '12',
				reason: expect.stringMatching(/too short/),
			}),
			person({
				...nobodyTexted,
				status: 'excluded',
				recipient: third,
				writtenAs: third,
				reason: "The number is on the list 'Do Not Text'",
			}),
			person({
				...nobodyTexted,
				status: 'duplicate',
				reason: 'The same text goes to this number already',
			}),
		]);
		expect(
			result.items.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}'),
		).toBe(true);
	});

	test('Send Bulk gives every row in its order, as a preview in a dry run', async () => {
		const file = `Phone,Text\n${first},One\n12,Two\n${second},Three\n`;
		const options = { output: 'One Item per Recipient', dryRun: true };
		const result = await bench.engine.run(bulkRun(gateway, bench.sandbox.url, file, options));
		expect(
			result.json.map(({ row, recipient, status, message }) => [row, recipient, status, message]),
		).toEqual([
			[2, first, 'dryRun', 'One'],
			[3, '12', 'invalid', null],
			[4, second, 'dryRun', 'Three'],
		]);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test('under Continue whoever was refused is an item with the error', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 1,
			fault: { kind: 'status', status: 400 },
		});
		const result = await bench.engine.run(
			itemPerNumber(
				gateway,
				bench.sandbox.url,
				[first, second],
				{ output: 'recipients' },
				{ onError: 'continueRegularOutput' },
			),
		);
		expect(result.json.map(({ recipient, status }) => [recipient, status])).toEqual([
			[first, 'failed'],
			[second, 'sent'],
		]);
		expect(result.items.map(({ error }) => error?.name)).toEqual(['NodeApiError', undefined]);
	});
});

const nobodyTexted = { message: null, encoding: null, segments: null };
