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

/** 71 characters with ê and ç, which GSM-7 lacks, and é, which it has. */
const FRENCH = 'Votre fête est confirmée, ça commence à 18 h. Répondez OK pour recevoir';
const FRENCH_GSM7 = 'Votre fete est confirmée, ca commence à 18 h. Répondez OK pour recevoir';

describe.each(gatewayCases)('Send with %s', (_name, gateway) => {
	const [number] = numbersOf(gateway, 1) as [string];
	const send = async (parameters: Record<string, unknown>, options: Record<string, unknown> = {}) =>
		await bench.engine.run(
			gateway.run(bench.sandbox.url, {
				recipients: number,
				message: 'Hello',
				...parameters,
				options,
			} as Parameters<typeof gateway.run>[1]),
		);
	const texts = () => bench.sandbox.state.messages.map(({ text }) => text);

	test('leaves a French text as it is and says what its accents cost', async () => {
		const result = await send({ message: FRENCH });
		const cost = 2 * gateway.price;
		expect(result.json).toEqual([
			sentJson(gateway, [number], {
				encoding: 'UCS-2',
				segments: 2,
				cost,
				balance: gateway.balanceAfter(cost),
			}),
		]);
		expect(texts()).toEqual([FRENCH]);
		expect(result.hints).toEqual([
			{
				message: expect.stringMatching(/^Because of 'ê', 'ç' .*'Smart Encoding' on to save 1 SMS/),
				type: 'info',
				location: 'outputPane',
			},
		]);
	});

	test('smart encoding replaces what costs segments and keeps the other accents', async () => {
		const result = await send({ message: FRENCH }, { smartEncoding: true });
		expect(result.json).toEqual([sentJson(gateway, [number])]);
		expect(texts()).toEqual([FRENCH_GSM7]);
		expect(result.hints).toEqual([]);
	});

	test('smart encoding leaves a text alone that needs UCS-2 anyway, or that gets no cheaper', async () => {
		const withEmoji = `${FRENCH} 🎉`;
		await send({ message: withEmoji }, { smartEncoding: true });
		await send({ message: 'Fête ça' }, { smartEncoding: true });
		expect(texts()).toEqual([withEmoji, 'Fête ça']);
	});

	test('a dry run checks and counts, and sends nothing', async () => {
		const result = await send({ recipients: `${number}, 123`, message: FRENCH }, { dryRun: true });
		expect(result.json).toEqual([
			unsentJson(gateway, [number], {
				status: 'dryRun',
				failedCount: 0,
				rejectedRecipients: [{ recipient: '123', reason: expect.stringMatching(/too short/) }],
				encoding: 'UCS-2',
				segments: 2,
				preview: [{ recipient: number, message: FRENCH, encoding: 'UCS-2', segments: 2 }],
			}),
		]);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test('adds the answer of the gateway only on request', async () => {
		const without = await send({});
		const answered = await send({}, { includeResponse: true });
		expect(without.json[0]).not.toHaveProperty('response');
		expect(answered.json[0]?.response).toEqual(
			gateway.provider === 'mboasms'
				? {
						success: true,
						message: 'SMS sent successfully',
						data: { totalSent: 1, totalFailed: 0, creditsUsed: 1 },
					}
				: {
						statusCode: 201,
						success: true,
						messages: ['SMS successfully sent to 1 recipients.'],
						data: {
							recipients_count: 1,
							message_count: 1,
							sms_sent: 1,
							sms_cost: 50,
							new_balance: 9_999_900,
							unsupported_contacts_count: 0,
							unsupported_contacts: [],
						},
					},
		);
	});

	test('splits the recipients into requests and adds the answers up', async () => {
		const numbers = numbersOf(gateway, 7);
		const result = await send({ recipients: numbers.join() }, { batchSize: 3 });
		expect(result.json).toEqual([
			sentJson(gateway, numbers, {
				providerMessage:
					gateway.provider === 'mboasms'
						? `3 answers: ${gateway.successWords(1)}`
						: `2 answers: ${gateway.successWords(3)}; ${gateway.successWords(1)}`,
			}),
		]);
		expect(sendRequests(bench.sandbox)).toHaveLength(3);
		expect(arrivals(bench.sandbox).sort()).toEqual(numbers);
	});

	test('combines items with the same text, and each still gets its own output', async () => {
		const numbers = numbersOf(gateway, 4);
		const result = await bench.engine.run(
			gateway.run(
				bench.sandbox.url,
				{
					recipients: '={{ $json.to }}',
					message: '={{ $json.text }}',
					options: { combineItems: true },
				},
				{ items: numbers.map((to, index) => ({ json: { to, text: index < 3 ? 'A' : 'B' } })) },
			),
		);
		expect(sendRequests(bench.sandbox)).toHaveLength(2);
		expect(
			result.json.map(({ status, recipients, sentCount }) => [status, recipients, sentCount]),
		).toEqual(numbers.map((to) => ['sent', [to], 1]));
		expect(result.items.map((item) => item.pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text])).toEqual(
			numbers.map((to, index) => [to, index < 3 ? 'A' : 'B']),
		);
	});

	test('refuses an option that is no number, before anything is sent', async () => {
		const result = await send({}, { timeoutSeconds: 'soon' });
		expect(result.error?.message).toBe("'Timeout (Seconds)' is not a usable number");
		expect(result.error?.description).toMatch(/^Nothing was sent\. It is 'soon'/);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('reads numbers without country code by the default country, also one of an expression', async () => {
		const other = gateway.provider === 'mboasms' ? 'UG' : 'CM';
		const written = other === 'UG' ? '0756123456' : '677123456';
		const number = other === 'UG' ? '+256756123456' : '+237677123456';
		const result = await send(
			{ recipients: written },
			{ defaultCountry: `={{ "${other}" }}`, dryRun: true },
		);
		expect(result.json[0]?.recipients).toEqual([number]);
	});
});
