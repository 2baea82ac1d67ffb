import { mamboSms, mboaSms, sendRequests } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe('the sender', () => {
	const run = async (parameters: Record<string, string>) =>
		await bench.engine.run(
			mamboSms.run(bench.sandbox.url, {
				recipients: mamboSms.numberOf(1),
				message: 'Hello',
				...parameters,
			}),
		);

	test.each([
		['non_customised', '+256312000000'],
		['info', 'INFO'],
		['customised', 'ElevenChars'],
	])('of Mambo SMS in the category %s is %s', async (messageCategory, sender) => {
		await run({ messageCategory, senderId: 'ElevenChars' });
		expect(bench.sandbox.state.messages.map((message) => message.sender)).toEqual([sender]);
	});

	test.each([
		['={{ "" }}', /'Sender ID' is empty/],
		['TwelveChars!', /'Sender ID' has 12 characters/],
	])('of Mambo SMS cannot be "%s"', async (senderId, words) => {
		const result = await run({ senderId });
		expect(result.error?.message).toMatch(words);
		expect(`${result.error?.message} ${result.error?.description}`).toMatch(/at most 11/);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('of MboaSMS is the one of the company when the option is not set', async () => {
		const parameters = { recipients: mboaSms.numberOf(1), message: 'Hello' };
		await bench.engine.run(mboaSms.run(bench.sandbox.url, parameters));
		await bench.engine.run(
			mboaSms.run(bench.sandbox.url, { ...parameters, options: { senderId: 'MyShop' } }),
		);
		expect(bench.sandbox.state.messages.map(({ sender }) => sender)).toEqual(['MboaSMS', 'MyShop']);
	});
});
