import {
	armFault,
	arrivals,
	bulkRun,
	gatewayCases,
	numbersOf,
	retry,
	sendRequests,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('what is the same message for %s', (_name, gateway) => {
	const [first, second, third] = numbersOf(gateway, 3) as [string, string, string];
	const items = [first, second, third].map((number) => ({ json: { number } }));
	const changing = (options = {}) =>
		gateway.run(
			bench.sandbox.url,
			{
				recipients: '={{ $json.number }}',
				message: '=Your code is {{ Math.random() }}',
				options,
			},
			{ items },
		);

	test('a text that changes when it is evaluated again is sent once, under Retry On Fail', async () => {
		armFault(bench.sandbox, gateway, 1, { kind: 'status', status: 400 }, 2);
		const result = await bench.engine.run({ ...changing(), retryOnFail: true, maxTries: 3 });
		expect(result.status).toBe('success');
		expect(arrivals(bench.sandbox)).toEqual([first, second, third]);
	});

	test('and when the execution is retried, also with another sender or encoding', async () => {
		armFault(bench.sandbox, gateway, 1, { kind: 'status', status: 400 });
		const failed = await bench.engine.run(changing());
		const edited = changing({ smartEncoding: true, senderId: 'Other', batchSize: 7 });
		const retried = await retry(bench.engine, edited, failed);
		expect(retried.status).toBe('success');
		expect(arrivals(bench.sandbox)).toEqual([first, second, third]);
	});

	test('a text that a person edited is new', async () => {
		armFault(bench.sandbox, gateway, 1, { kind: 'status', status: 400 });
		const run = (message: string) =>
			gateway.run(bench.sandbox.url, { recipients: '={{ $json.number }}', message }, { items });
		const failed = await bench.engine.run(run('Old'));
		await retry(bench.engine, run('New'), failed);
		expect(arrivals(bench.sandbox)).toEqual([first, first, second, third]);
	});

	test('rows of a file are known by their own texts and the template', async () => {
		const file = `Phone,Name\n${first},Ada\n${second},Ben\n${first},Ada\n`;
		const options = {
			message: '={{ "Code " + Math.random() }} {Name}',
			removeDuplicates: false,
			batchSize: 1,
		};
		armFault(bench.sandbox, gateway, 1, { kind: 'emptyBody', processed: true });
		const run = bulkRun(gateway, bench.sandbox.url, file, options);
		const failed = await bench.engine.run(run);
		const retried = await retry(bench.engine, run, failed);
		expect(failed.status).toBe('error');
		expect(retried.json[0]).toMatchObject({ status: 'unknown', recipientCount: 3, sentCount: 2 });
		expect(arrivals(bench.sandbox).sort()).toEqual([first, first, second]);
	});

	test('what is in doubt stays so in a later round of a loop, and what was sent may be sent again', async () => {
		armFault(bench.sandbox, gateway, 1, { kind: 'emptyBody', processed: true });
		const round = [first, second].map((number) => ({ json: { number } }));
		const result = await bench.engine.run({
			...gateway.run(bench.sandbox.url, { recipients: '={{ $json.number }}', message: 'Hello' }),
			rounds: [round, round],
			onError: 'continueRegularOutput',
		});
		expect(result.status).toBe('success');
		expect(arrivals(bench.sandbox)).toEqual([first, second, first]);
		expect(sendRequests(bench.sandbox)).toHaveLength(3);
	});
});
