import {
	arrivals,
	bulkRun,
	mamboSms,
	mboaSms,
	numbersOf,
	sendRequests,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const numbers = numbersOf(mboaSms, 20_000);
const file = `Phone,Text\n${numbers.map((number, index) => `${number},Text ${index}`).join('\n')}\n`;
const options = { rejectedRowsField: 'rejects', requestsPerMinute: 0 };

async function runWithSecondUploadRefused(status: number) {
	bench.sandbox.state.armFault({
		gateway: 'mboasms',
		skip: 1,
		count: 1,
		fault: { kind: 'status', status },
	});
	return await bench.engine.run(bulkRun(mboaSms, bench.sandbox.url, file, options));
}

function rowsIn(base64: string | undefined): string[] {
	return Buffer.from(base64 ?? '', 'base64')
		.toString('utf8')
		.trim()
		.split('\r\n')
		.slice(1);
}

test('of 20,000 rows whose second upload is refused, the output says exactly who was sent', async () => {
	const result = await runWithSecondUploadRefused(400);
	expect(result.status).toBe('success');
	const missing = numbers.slice(1000, 2000);
	const words = 'Invalid request: Missing or malformed parameters (INVALID_REQUEST)';
	expect(result.json).toEqual([
		{
			provider: 'mboasms',
			operation: 'sendBulk',
			status: 'partial',
			fileName: 'list.csv',
			rowCount: 20_000,
			recipientCount: 20_000,
			sentCount: 19_000,
			failedCount: 1000,
			duplicateCount: 0,
			invalidCount: 0,
			rejectedRows: missing.slice(0, 100).map((recipient, index) => ({
				row: 1002 + index,
				recipient,
				reason: `Not sent: ${words}`,
			})),
			phoneColumn: 'Phone',
			messageColumn: 'Text',
			segments: 20_000,
			requestCount: 20,
			cost: 19_000,
			balance: null,
			jobId: null,
			providerMessage: `19 answers: Bulk SMS processed successfully; ${words}`,
		},
	]);
	const arrived = new Set(arrivals(bench.sandbox));
	expect(arrived.size).toBe(19_000);
	expect(arrivals(bench.sandbox)).toHaveLength(19_000);
	expect(numbers.filter((number) => !arrived.has(number))).toEqual(missing);

	const rejected = rowsIn(result.items[0]?.binary?.rejects?.data);
	expect(rejected).toHaveLength(1000);
	expect(rejected.map((row) => row.replace(/^'?(\+\d+).*$/, '$1'))).toEqual(missing);

	const again = await bench.engine.run(
		bulkRun(
			mboaSms,
			bench.sandbox.url,
			Buffer.from(result.items[0]?.binary?.rejects?.data ?? '', 'base64'),
			options,
		),
	);
	expect(again.json[0]).toMatchObject({ status: 'sent', sentCount: 1000, invalidCount: 0 });
	expect(arrivals(bench.sandbox).sort()).toEqual(numbers);
});

test('when the credit ends at the second of 20 uploads, the first is accounted for and nothing more leaves', async () => {
	const result = await runWithSecondUploadRefused(402);
	expect(arrivals(bench.sandbox)).toEqual(numbers.slice(0, 1000));
	expect(sendRequests(bench.sandbox)).toHaveLength(2);
	expect(result.json[0]).toMatchObject({
		status: 'partial',
		rowCount: 20_000,
		recipientCount: 20_000,
		sentCount: 1000,
		failedCount: 19_000,
		requestCount: 2,
		cost: 1000,
	});
	expect(rowsIn(result.items[0]?.binary?.rejects?.data)).toHaveLength(19_000);
});

test('Mambo SMS rows with the same text share requests, up to the limit', async () => {
	const recipients = numbersOf(mamboSms, 250);
	const rows = recipients.map((number, index) => `${number},${index < 230 ? 'A' : 'B'}`);
	const result = await bench.engine.run(
		bulkRun(mamboSms, bench.sandbox.url, rows.join('\n'), { batchSize: 100 }),
	);
	expect(result.json[0]).toMatchObject({ status: 'sent', sentCount: 250, requestCount: 4 });
	expect(arrivals(bench.sandbox).sort()).toEqual(recipients);
});
