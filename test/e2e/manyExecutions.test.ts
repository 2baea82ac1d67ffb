import type { StoredExecution } from '../../playground/executionData';
import { waitFor } from '../../playground/waiting';
import { Editor, mboaSend, sandbox } from './helpers/editor';

const EXECUTIONS = 200;

const REQUESTS_PER_MINUTE = 100;

const MINUTE_MS = 60_000;

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => {
	await sandbox.reset();
	await sandbox.setRateLimit('mboasms', REQUESTS_PER_MINUTE);
});

/** When the gateway got its requests to send, in milliseconds. */
async function sendTimes(): Promise<number[]> {
	const requests = await sandbox.requests();
	return requests
		.filter(({ endpoint }) => endpoint === 'send')
		.map(({ at }) => at)
		.sort((one, other) => one - other);
}

async function executionsOf(workflowId: string, status: string): Promise<StoredExecution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status: [status] }));
	const { results } = await editor.client.get<{ results: StoredExecution[] }>(
		`/rest/executions?limit=100&filter=${filter}`,
	);
	return results;
}

test('two hundred executions at one instant share the pace of their credential', async () => {
	const options = { requestsPerMinute: REQUESTS_PER_MINUTE };
	const published = await editor.publish([
		mboaSend(editor.credential('MboaSMS (sandbox)'), { options }),
	]);
	const workflowId = published.workflow.id;
	const numbers = Array.from({ length: EXECUTIONS }, (_, index) => 699_500_000 + index);
	await Promise.all(
		numbers.map(async (number) => published.post([{ to: String(number), text: 'Hello' }])),
	);
	await waitFor(
		'the first minute',
		async () => ((await sendTimes()).length >= REQUESTS_PER_MINUTE ? true : undefined),
		{ timeoutMs: MINUTE_MS },
	);
	const stopped = await waitFor(
		'one that waits',
		async () => (await executionsOf(workflowId, 'running'))[0],
		{ timeoutMs: 10_000 },
	);
	await editor.client.post(`/rest/executions/${stopped.id}/stop`, {});
	await waitFor(
		'the end of all',
		async () => {
			const running = await executionsOf(workflowId, 'running');
			const waiting = await executionsOf(workflowId, 'new');
			return running.length + waiting.length === 0 ? true : undefined;
		},
		{ timeoutMs: 2 * MINUTE_MS, pollMs: 500 },
	);
	expect(await executionsOf(workflowId, 'error')).toEqual([]);
	expect((await executionsOf(workflowId, 'canceled')).map(({ id }) => id)).toEqual([stopped.id]);
	const times = await sendTimes();
	expect(times).toHaveLength(EXECUTIONS - 1);
	expect(Object.values(await sandbox.textsPerRecipient())).toEqual(
		Array<number>(EXECUTIONS - 1).fill(1),
	);
	const tooSoon = times.filter((at, index) => {
		const minuteLater = times[index + REQUESTS_PER_MINUTE];
		return minuteLater !== undefined && minuteLater - at < MINUTE_MS;
	});
	expect(tooSoon).toEqual([]);
}, 240_000);
