import {
	bulkRun,
	gatewayCases,
	mboaSms,
	mixedFile,
	numbersOf,
	sendRequests,
} from '../../helpers/gatewayCases';
import { fileItem } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('Send Bulk with %s', (_name, gateway) => {
	const [first, second, third, fourth] = numbersOf(gateway, 4) as [string, string, string, string];
	const message = 'Hello {Name}';
	const run = async (options = {}, file: string | Uint8Array = mixedFile(gateway)) =>
		await bench.engine.run(bulkRun(gateway, bench.sandbox.url, file, { message, ...options }));

	test('fills the template from each row, and accounts for every row', async () => {
		const result = await run();
		expect(bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text])).toEqual([
			[first, 'Hello Ada'],
			[second, 'Own text'],
			[fourth, 'Hello Dan'],
		]);
		expect(result.json).toEqual([
			expect.objectContaining({
				status: 'partial',
				fileName: 'list.csv',
				rowCount: 6,
				recipientCount: 3,
				sentCount: 3,
				failedCount: 0,
				duplicateCount: 1,
				invalidCount: 2,
				segments: 3,
				rejectedRows: [
					{ row: 6, recipient: '123', reason: expect.stringMatching(/too short/) },
					{
						row: 7,
						recipient: third,
						reason: "The message needs 'Name', and the row has nothing there, so fill it in",
					},
				],
			}),
		]);
	});

	test('sends nothing when invalid rows are to stop it, and names the first', async () => {
		const result = await run({ onInvalidRows: 'stop' });
		expect(result.error?.name).toBe('NodeOperationError');
		expect(result.error?.message).toBe('2 of 6 rows cannot be used: rows 6, 7');
		expect(result.error?.description).toMatch(
			/^Nothing was sent\..*row 6 \('123'\).*send the 3 good ones$/,
		);
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});

	test('stopped by invalid rows under Continue, it still lists them and accounts for the good rows', async () => {
		const result = await bench.engine.run({
			...bulkRun(gateway, bench.sandbox.url, mixedFile(gateway), {
				message,
				onInvalidRows: 'stop',
			}),
			onError: 'continueRegularOutput',
		});
		expect(result.json[0]).toMatchObject({
			status: 'failed',
			rowCount: 6,
			recipientCount: 3,
			duplicateCount: 1,
			invalidCount: 2,
			sentCount: 0,
			failedCount: 3,
			rejectedRows: [{ row: 3 }, { row: 4 }, { row: 6 }, { row: 7 }, { row: 8 }],
		});
	});

	test('a dry run shows everything and sends nothing', async () => {
		const result = await run({ dryRun: true });
		expect(result.json).toEqual([
			{
				provider: gateway.provider,
				operation: 'sendBulk',
				status: 'dryRun',
				fileName: 'list.csv',
				rowCount: 6,
				recipientCount: 3,
				sentCount: 0,
				failedCount: 0,
				duplicateCount: 1,
				invalidCount: 2,
				rejectedRows: [
					{ row: 6, recipient: '123', reason: expect.any(String) },
					{ row: 7, recipient: third, reason: expect.any(String) },
				],
				segments: 3,
				phoneColumn: 'Phone',
				messageColumn: 'Text',
				preview: [
					[first, 'Hello Ada'],
					[second, 'Own text'],
					[fourth, 'Hello Dan'],
				].map(([recipient, text]) => ({
					recipient,
					message: text,
					encoding: 'GSM-7',
					segments: 1,
				})),
				requestCount: 0,
				cost: null,
				balance: null,
				jobId: null,
				providerMessage: null,
			},
		]);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test('several files in one run keep their results apart', async () => {
		const items = [fileItem(`${first},A`, 'a.csv'), fileItem(`${second},B\n${third},B`, 'b.csv')];
		const result = await bench.engine.run(bulkRun(gateway, bench.sandbox.url, '', {}, { items }));
		expect(
			result.json.map(({ fileName, status, sentCount }) => [fileName, status, sentCount]),
		).toEqual([
			['a.csv', 'sent', 1],
			['b.csv', 'sent', 2],
		]);
		expect(result.items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});
});

test('jobs of MboaSMS are accepted, with their id and without made-up counts', async () => {
	bench.sandbox.state.armFault({
		gateway: 'mboasms',
		count: 1,
		fault: { kind: 'job', status: 'PENDING' },
	});
	const result = await bench.engine.run(
		bulkRun(mboaSms, bench.sandbox.url, `${mboaSms.numberOf(1)},Hello`),
	);
	expect(result.status).toBe('success');
	expect(result.json).toEqual([
		expect.objectContaining({
			status: 'accepted',
			recipientCount: 1,
			sentCount: null,
			failedCount: null,
			jobId: 'job-4711',
			cost: null,
		}),
	]);
});
