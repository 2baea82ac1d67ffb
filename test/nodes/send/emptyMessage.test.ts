import { gatewayCases, numbersOf, sendRequests, unsentJson } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('Send with %s', (_name, gateway) => {
	test('accounts for the recipients of an item whose text is empty', async () => {
		const numbers = numbersOf(gateway, 2);
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{ recipients: numbers.join(), message: ' ' },
				{ onError: 'continueRegularOutput' },
			),
		);
		expect(result.json).toEqual([
			unsentJson(gateway, numbers, {
				segments: expect.any(Number),
				errorMessage: expect.stringMatching(/'Message' is empty/),
			}),
		]);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});
});
