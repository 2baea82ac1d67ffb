import type { NodeResult } from '../../helpers/engine';
import {
	bulkRun,
	gatewayCases,
	itemPerNumber,
	mamboSms,
	numbersOf,
	retry,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const told = ({ hints }: NodeResult) => hints.map(({ type, message }) => [type, message]);

describe.each(gatewayCases)('the hints of %s', (_name, gateway) => {
	const numbers = numbersOf(gateway, 3);
	const [first, second] = numbers as [string, string];
	const send = async (recipients: string[], options = {}) =>
		await bench.engine.run(itemPerNumber(gateway, bench.sandbox.url, recipients, options));

	test('are absent from a run without surprises', async () => {
		expect((await send(numbers)).hints).toEqual([]);
	});

	test('say how many duplicates were left out', async () => {
		expect(told(await send([`${first}, ${first}, ${first}`, second]))).toEqual([
			['info', expect.stringMatching(/^2 duplicates were left out/)],
		]);
	});

	test('say how many numbers could not be used', async () => {
		expect(told(await send([`${first}, 123`]))).toEqual([
			['warning', expect.stringMatching(/^1 recipient was left out: 1 × .*too short.* \('123'\)/)],
		]);
	});

	test('say what was left out of a file, titles included', async () => {
		const file = `Members of the choir;\nPhone;Text\n${first};Hello\n123;Hello\n${first};Hello\n`;
		const result = await bench.engine.run(bulkRun(gateway, bench.sandbox.url, file));
		expect(told(result)).toEqual([
			[
				'warning',
				expect.stringMatching(
					/^1 of 3 rows was left out: 1 × .*too short.* \(row 4: '123'\)\. All of them are in 'rejectedRows'\. To get them as a file to mend, add the option 'Rejected Rows Field'\.$/,
				),
			],
			['info', expect.stringMatching(/^1 duplicate was left out/)],
			['info', expect.stringMatching(/^1 row above the header taken as title and left out/)],
		]);
	});

	test('of a dry run of a file say first what it would be', async () => {
		const file = `Phone;Text\n${first};Hello\n123;Hello\n${first};Hello\n${second};Bonjour\n`;
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, file, { dryRun: true }),
		);
		expect(told(result)[0]).toEqual([
			'info',
			"Dry run: nothing was sent. 2 of 4 rows would be texted with 2 SMS; 1 cannot be used, 1 is a duplicate. Switch 'Dry Run' off to send.",
		]);
		expect(told(result)[1]?.[1]).toMatch(/^1 of 4 rows would be left out/);
	});

	test('say what an earlier try of the execution had sent', async () => {
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers);
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			skip: 2,
			count: 1,
			fault: { kind: 'status', status: 400 },
		});
		const retried = await retry(bench.engine, run, await bench.engine.run(run));
		expect(told(retried)).toEqual([
			['info', expect.stringMatching(/^2 items had been sent in an earlier try.*not sent again/)],
		]);
	});

	test('warn of unknown outcomes', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			skip: 1,
			count: 1,
			fault: { kind: 'emptyBody', processed: true },
		});
		const result = await bench.engine.run({
			...itemPerNumber(gateway, bench.sandbox.url, numbers),
			onError: 'continueRegularOutput',
		});
		expect(told(result)).toEqual([
			['warning', expect.stringMatching(/^1 item may have been sent.*Check the history at/)],
		]);
	});

	test('name the characters that force UCS-2, and the saving of smart encoding over all recipients', async () => {
		const message = `Fête ce soir à 20 h. ${'Venez nombreux. '.repeat(4)}`;
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients: numbers.join(), message }),
		);
		expect(told(result)).toEqual([
			['info', expect.stringMatching(/^Because of 'ê' .*to save 3 SMS in this run\.$/)],
		]);
	});

	test('are silent about a character that costs nothing', async () => {
		const result = await bench.engine.run(
			gateway.run(bench.sandbox.url, { recipients: first, message: 'Fête 🎉' }),
		);
		expect(told(result)).toEqual([]);
	});

	test('say how long the gateway slowed the run', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 1,
			fault: { kind: 'status', status: 429, retryAfter: { seconds: 1, as: 'seconds' } },
		});
		expect(told(await send([first]))).toEqual([
			['info', expect.stringMatching(/^The run was slowed by 1 s: .*gateway/)],
		]);
	});
});

describe('the balance of Mambo SMS', () => {
	const send = async () =>
		await bench.engine.run(itemPerNumber(mamboSms, bench.sandbox.url, numbersOf(mamboSms, 1)));

	test('is pointed out when it is low after sending', async () => {
		bench.sandbox.state.setBalance('mambosms', 90);
		expect(told(await send())).toEqual([
			[
				'warning',
				'The balance at Mambo SMS is down to 40: enough for about 0 more SMS at the price of this run. Top up before the next one.',
			],
		]);
	});

	test('is pointed out at 0', async () => {
		bench.sandbox.state.setBalance('mambosms', 50);
		expect(told(await send())).toEqual([['warning', expect.stringMatching(/down to 0:/)]]);
	});
});
