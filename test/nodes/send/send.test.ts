import {
	arrivals,
	gatewayCases,
	numbersOf,
	sendRequests,
	sentJson,
	unsentJson,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const writings = {
	mboasms: [
		['677 12 34 56', '+237677123456'],
		['+237 677-123-457', '+237677123457'],
		['00237677123458', '+237677123458'],
		['(+237) 677.12.34.59', '+237677123459'],
		['237677123460', '+237677123460'],
		['+33 6 12 34 56 78', '+33612345678'],
	],
	mambosms: [
		['0756 123 456', '+256756123456'],
		['+256 756-123-457', '+256756123457'],
		['00256756123458', '+256756123458'],
		['(+256) 756.123.459', '+256756123459'],
		['256756123460', '+256756123460'],
		['756123461', '+256756123461'],
	],
};

describe.each(gatewayCases)('Send with %s', (_name, gateway) => {
	test('gives every item its own text and recipients, and links each output item to its input', async () => {
		const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{ recipients: '={{ $json.to }}', message: '=Hello {{ $json.name }}' },
				{
					items: [
						{ json: { to: first, name: 'Ada' } },
						{ json: { to: [second, third], name: 'Ben' } },
					],
				},
			),
		);
		const [one, two] = [gateway.price, 3 * gateway.price];
		expect(result.status).toBe('success');
		expect(result.items).toEqual([
			{
				json: sentJson(gateway, [first], { balance: gateway.balanceAfter(one) }),
				pairedItem: { item: 0 },
			},
			{
				json: sentJson(gateway, [second, third], { balance: gateway.balanceAfter(two) }),
				pairedItem: { item: 1 },
			},
		]);
		expect(bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text])).toEqual([
			[first, 'Hello Ada'],
			[second, 'Hello Ben'],
			[third, 'Hello Ben'],
		]);
		expect(result.hints).toEqual([]);
	});

	test('takes numbers in the writings people use', async () => {
		const cases = writings[gateway.provider];
		const recipients = cases.map(([writing]) => writing).join('; ');
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients, message: 'Hello' }),
		);
		expect(result.json[0]?.recipients).toEqual(cases.map(([, number]) => number));
		expect(arrivals(bench.sandbox)).toEqual(cases.map(([, number]) => number));
	});

	test.each([
		['commas', (numbers: string[]) => numbers.join(', ')],
		['semicolons', (numbers: string[]) => numbers.join(';')],
		['new lines', (numbers: string[]) => numbers.join('\r\n')],
	])('separates numbers at %s', async (_separator, join) => {
		const numbers = numbersOf(gateway, 3);
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients: join(numbers), message: 'Hello' }),
		);
		expect(result.json).toEqual([sentJson(gateway, numbers)]);
	});

	test('takes a list from an expression, numbers without quotes included', async () => {
		const numbers = numbersOf(gateway, 2);
		const list = [numbers[0], Number(numbers[1]?.slice(1))];
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{ recipients: '={{ $json.list }}', message: 'Hello' },
				{ items: [{ json: { list } }] },
			),
		);
		expect(result.json).toEqual([sentJson(gateway, numbers)]);
	});

	test('sends to the usable numbers and lists the others with the reason', async () => {
		const [good] = numbersOf(gateway, 1) as [string];
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients: `${good}, 12345, Amina`, message: 'Hello' }),
		);
		expect(result.status).toBe('success');
		expect(result.json).toEqual([
			sentJson(gateway, [good], {
				status: 'partial',
				rejectedRecipients: [
					{ recipient: '12345', reason: expect.stringMatching(/too short/) },
					{ recipient: 'Amina', reason: expect.stringMatching(/not a phone number|letters/) },
				],
			}),
		]);
		expect(arrivals(bench.sandbox)).toEqual([good]);
	});

	test('sends nothing of the whole run when an item has no usable number, and says what to do', async () => {
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{ recipients: '={{ $json.to }}', message: 'Hello' },
				{ items: [{ json: { to: gateway.numberOf(1) } }, { json: { to: '12345' } }] },
			),
		);
		expect(result.status).toBe('error');
		expect(result.error?.name).toBe('NodeOperationError');
		expect(result.error?.message).toBe("'Recipients' holds no usable phone number");
		expect(result.error?.description).toMatch(
			/^Nothing was sent\. '12345': .*Enter numbers such as/,
		);
		expect(result.error?.context).toEqual({ itemIndex: 1 });
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('sends the other items under Continue, and the unusable one becomes an item with its error', async () => {
		const [good] = numbersOf(gateway, 1) as [string];
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{ recipients: '={{ $json.to }}', message: 'Hello' },
				{
					items: [{ json: { to: '12345' } }, { json: { to: good } }, { json: { to: '' } }],
					onError: 'continueRegularOutput',
				},
			),
		);
		expect(result.json).toEqual([
			unsentJson(gateway, [], {
				rejectedRecipients: [{ recipient: '12345', reason: expect.stringMatching(/too short/) }],
				errorMessage: expect.stringMatching(/Nothing was sent\. '12345': .*Enter numbers such as/),
			}),
			sentJson(gateway, [good]),
			unsentJson(gateway, [], {
				errorMessage: expect.stringMatching(/'Recipients' is empty.*the fields 'to'/),
			}),
		]);
		expect(result.items.map((item) => item.pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(result.items.map((item) => item.error?.name)).toEqual([
			'NodeOperationError',
			undefined,
			'NodeOperationError',
		]);
	});

	test('texts a number once that appears twice in an item, and twice if told so', async () => {
		const [number] = numbersOf(gateway, 1) as [string];
		const local = `00${number.slice(1)}`;
		const parameters = { recipients: `${number}, ${local}`, message: 'Hello' };
		const once = await bench.engine.run(gateway.run(bench.sandbox.url, parameters));
		expect(once.json).toEqual([sentJson(gateway, [number])]);
		expect(arrivals(bench.sandbox)).toEqual([number]);

		bench.sandbox.reset();
		const twice = await bench.engine.run(
			gateway.run(bench.sandbox.url, { ...parameters, options: { removeDuplicates: false } }),
		);
		expect(twice.json[0]).toMatchObject({ status: 'sent', recipientCount: 2, sentCount: 2 });
		expect(arrivals(bench.sandbox)).toEqual([number, number]);
	});
});
