import { parse, stringify } from 'flatted';

import type { LedgerEntry } from '../../../nodes/shared/sending/sentLedger';
import { bulkRun, gatewayCases, itemPerNumber, numbersOf } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** Where n8n keeps what the node remembers. */
interface StoredContext {
	'node:SMS': { mboaMamboSentLedger: { entries: LedgerEntry[] } };
}

const PAGE = `<html><head><title>Oops</title></head><body>${'<p>words of a proxy</p>'.repeat(1_400)}</body></html>`;

const sizeOf = ({ runExecutionData }: { runExecutionData: unknown }) =>
	JSON.stringify(runExecutionData).length;

/** Characters that one more item adds to what n8n stores of an execution. */
describe.each(gatewayCases)('what n8n stores of a run of %s', (_name, gateway) => {
	test.each([400, 500])('holds no error page, of 50 with status %d', async (status) => {
		expect(PAGE.length).toBeGreaterThan(30_000);
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 50,
			fault: { kind: 'status', status, body: PAGE, contentType: 'text/html' },
		});
		const run = itemPerNumber(
			gateway,
			bench.sandbox.url,
			numbersOf(gateway, 50),
			{},
			{ onError: 'continueRegularOutput' },
		);
		const result = await bench.engine.run(run);
		expect(result.json).toHaveLength(50);
		expect(sizeOf(result)).toBeLessThan(50 * 3_000);
	});

	test('has an error page at most once where it is asked for', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 1,
			fault: { kind: 'status', status: 400, body: PAGE, contentType: 'text/html' },
		});
		const run = itemPerNumber(
			gateway,
			bench.sandbox.url,
			numbersOf(gateway, 1),
			{ includeResponse: true },
			{ onError: 'continueRegularOutput' },
		);
		const stored = JSON.stringify((await bench.engine.run(run)).runExecutionData);
		expect(stored.split('words of a proxy').length - 1).toBeLessThanOrEqual(1_400);
	});

	test('remembers what a retry needs and no more', async () => {
		bench.sandbox.state.setRateLimit('mboasms', null);
		const count = 300;
		const run = itemPerNumber(gateway, bench.sandbox.url, numbersOf(gateway, count), {
			requestsPerMinute: 0,
		});
		const { runExecutionData } = await bench.engine.run(run);
		const ledger = JSON.stringify(runExecutionData.executionData?.contextData);
		expect(ledger.length).toBeLessThan(count * 300);
		expect(ledger).not.toMatch(/"response"/);
	});

	test('writes outcomes that are alike once', async () => {
		bench.sandbox.state.setRateLimit('mboasms', null);
		const count = 300;
		const numbers = numbersOf(gateway, count);
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers, { combineItems: true });
		const { runExecutionData } = await bench.engine.run(run);
		const written = stringify(runExecutionData.executionData?.contextData);
		expect(written.length).toBeLessThan(count * 100);
		const [first, second] = (parse(written) as StoredContext)['node:SMS'].mboaMamboSentLedger
			.entries;
		expect(first?.outcome).toEqual(second?.outcome);
	});

	test('of a file does not grow with its rows', async () => {
		const rows = numbersOf(gateway, 2_000).map((number) => `${number},Hello`);
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, `Phone,Text\n${rows.join('\n')}`),
		);
		expect(result.json[0]).toMatchObject({ status: 'sent', sentCount: 2_000 });
		expect(sizeOf(result) - JSON.stringify(rows).length).toBeLessThan(2_000 * 60);
	});
});
