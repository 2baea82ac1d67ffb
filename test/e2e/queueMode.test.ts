import { setTimeout as sleep } from 'node:timers/promises';

import { waitFor } from '../../playground/waiting';
import {
	Editor,
	jsonOf,
	mboaSend,
	node,
	PACKAGE,
	sandbox,
	waiting,
	webhookAt,
	type PublishedWorkflow,
} from './helpers/editor';
import { executionsOf, QueueMode } from './helpers/queueMode';

const AT_ONCE = 20;

const ROUNDS_WITH_ONE_KEY = 20;
const ROUNDS_WITH_ORDERS = 10;

/** After it a shop's system delivers a webhook again that it takes for lost. */
const DELIVERED_AGAIN_AFTER_MS = 1_500;

let queue: QueueMode;
let editor: Editor;

beforeAll(async () => {
	queue = await QueueMode.start();
	await queue.addWorker();
	await queue.addWorker();
	editor = await Editor.open(queue.main.url);
}, 240_000);

beforeEach(async () => {
	await sandbox.reset();
	await sandbox.setRateLimit('mboasms', null);
});

afterAll(async () => queue.stop(), 60_000);

const person = { to: '699000001', text: 'Your invoice is due' };

function sendOnce(key: string) {
	const credentials = editor.credential('MboaSMS (sandbox)');
	return mboaSend(credentials, { options: { deduplicationKey: key, requestsPerMinute: 0 } });
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

describe('in queue mode with two workers', () => {
	test('twenty webhooks with one key at one instant text a number once', async () => {
		const published = await editor.publish([sendOnce('={{ $json.order }}')]);
		let repeats = 0;
		for (let round = 0; round < ROUNDS_WITH_ONE_KEY; round++) {
			await sandbox.reset();
			await sandbox.setRateLimit('mboasms', null);
			const row = { ...person, order: `one key ${round}` };
			const last = await lastExecution(published);
			await Promise.all(Array.from({ length: AT_ONCE }, async () => published.post([row])));
			const counts = await countsSince(last, AT_ONCE, published);
			const arrived = (await sandbox.messages()).length;
			repeats += arrived - 1;
			expect(counts).toEqual({ sent: 1, skipped: AT_ONCE - 1 });
		}
		const shares = queue.workers.map((worker) => executionsOf(worker).length);
		say(
			`One key: ${ROUNDS_WITH_ONE_KEY} rounds of ${AT_ONCE} webhooks at once, ${repeats} repeats of ${ROUNDS_WITH_ONE_KEY * AT_ONCE}; executions by worker: ${shares.join(' and ')}`,
		);
		expect(repeats).toBe(0);
		expect(Math.min(...shares)).toBeGreaterThan(0);
	}, 400_000);

	test('twenty orders at one instant, each delivered again later, text everybody once', async () => {
		const published = await editor.publish([sendOnce('={{ $json.order }}')]);
		let repeats = 0;
		for (let round = 0; round < ROUNDS_WITH_ORDERS; round++) {
			await sandbox.reset();
			await sandbox.setRateLimit('mboasms', null);
			const rows = Array.from({ length: AT_ONCE }, (_, index) => ({
				to: String(699_100_000 + index),
				text: 'Your order has arrived',
				order: `order ${round}-${index}`,
			}));
			const last = await lastExecution(published);
			await Promise.all(rows.map(async (row) => published.post([row])));
			await sleep(DELIVERED_AGAIN_AFTER_MS);
			for (const row of rows) await published.post([row]);
			const counts = await countsSince(last, 2 * AT_ONCE, published);
			const arrived = (await sandbox.messages()).length;
			repeats += arrived - AT_ONCE;
			expect(counts).toEqual({ sent: AT_ONCE, skipped: AT_ONCE });
		}
		say(
			`Orders: ${ROUNDS_WITH_ORDERS} rounds of ${AT_ONCE} orders at once, each delivered again, ${repeats} repeats of ${ROUNDS_WITH_ORDERS * AT_ONCE}`,
		);
		expect(repeats).toBe(0);
	}, 400_000);

	test('a key costs a single webhook less than a second', async () => {
		const without = await editor.publish([mboaSend(editor.credential('MboaSMS (sandbox)'))]);
		const withKey = await editor.publish([sendOnce('={{ $json.order }}')]);
		const [plainMs, keyedMs] = [await nodeMs(without, 'plain'), await nodeMs(withKey, 'keyed')];
		say(`A single webhook: ${plainMs} ms without a key, ${keyedMs} ms with one`);
		expect(keyedMs - plainMs).toBeLessThan(1_000);
	});

	/** Of three runs the median: how long the node of the SMS took, as n8n measured it. */
	async function nodeMs(published: PublishedWorkflow, name: string): Promise<number> {
		const times: number[] = [];
		for (let round = 0; round < 3; round++) {
			const execution = await published.run([{ ...person, order: `${name} ${round}` }]);
			times.push(execution.runs.MboaSMS?.at(-1)?.durationMs ?? NaN);
		}
		return times.sort((one, other) => one - other)[1] ?? NaN;
	}

	/** Waits until so many executions that began after the named one have ended, and counts their statuses. */
	async function countsSince(
		last: number,
		count: number,
		published: PublishedWorkflow,
	): Promise<Record<string, number>> {
		const executions = await waitFor(
			`${count} executions`,
			async () => {
				const since = (await published.executions()).filter(({ id }) => Number(id) > last);
				const isDone = since.every(({ status }) => ['success', 'error'].includes(status));
				return since.length === count && isDone ? since : undefined;
			},
			{ timeoutMs: 60_000 },
		);
		const counts: Record<string, number> = {};
		for (const { id } of executions) {
			const execution = await editor.client.finished(id);
			const status = String(jsonOf(execution, 'MboaSMS')[0]?.status ?? execution.error?.message);
			counts[status] = (counts[status] ?? 0) + 1;
		}
		return counts;
	}

	async function lastExecution(published: PublishedWorkflow): Promise<number> {
		return Math.max(0, ...(await published.executions()).map(({ id }) => Number(id)));
	}

	test('a worker reads a file that another process received', async () => {
		const webhook = webhookAt('queue-file');
		const bulk = node(
			'Bulk',
			`${PACKAGE}.mboaSms`,
			{ operation: 'sendBulk', binaryPropertyName: 'file', options: {} },
			{ credentials: editor.credential('MboaSMS (sandbox)') },
		);
		const workflow = await editor.save({
			name: 'Queue file',
			nodes: [webhook, bulk],
			connections: { Webhook: { main: [[{ node: 'Bulk', type: 'main', index: 0 }]] } },
		});
		await editor.client.activateWorkflow(workflow);
		const form = new FormData();
		const rows = 'phone,message\n699000001,Hello\n699000002,Hello\n';
		form.append('file', new Blob([rows], { type: 'text/csv' }), 'people.csv');
		const url = `${queue.main.url}/webhook/queue-file`;
		expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200);
		const id = await waitFor(
			'the execution',
			async () => (await editor.client.executions(workflow.id))[0]?.id,
			{ timeoutMs: 20_000 },
		);
		const execution = await editor.client.finished(id);
		expect(jsonOf(execution, 'Bulk')).toMatchObject([{ status: 'sent', sentCount: 2 }]);
	});

	test('a file on one worker and webhooks on the other text everybody once', async () => {
		const webhook = webhookAt('queue-orders');
		const bulk = node(
			'Bulk',
			`${PACKAGE}.mboaSms`,
			{
				operation: 'sendBulk',
				binaryPropertyName: 'file',
				options: { deduplicationKey: '{order}', batchSize: 5 },
			},
			{ credentials: editor.credential('MboaSMS (sandbox)') },
		);
		const workflow = await editor.save({
			name: 'Queue orders',
			nodes: [webhook, bulk],
			connections: { Webhook: { main: [[{ node: 'Bulk', type: 'main', index: 0 }]] } },
		});
		await editor.client.activateWorkflow(workflow);
		const postFile = async () => {
			const form = new FormData();
			const rows = Array.from(
				{ length: 40 },
				(_, index) => `${699_300_000 + index},Row ${index},file-${index}`,
			);
			const csv = `phone,message,order\n${rows.join('\n')}\n`;
			form.append('file', new Blob([csv], { type: 'text/csv' }), 'orders.csv');
			const url = `${queue.main.url}/webhook/queue-orders`;
			expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200);
		};
		const published = await editor.publish([sendOnce('={{ $json.order }}')]);
		const rows = Array.from({ length: AT_ONCE }, (_, index) => ({
			to: String(699_400_000 + index),
			text: 'Your order has arrived',
			order: `webhook-${index}`,
		}));
		const last = await lastExecution(published);
		for (let delivery = 0; delivery < 2; delivery++) {
			await postFile();
			for (const row of rows) await published.post([row]);
			await countsSince(last, (delivery + 1) * AT_ONCE, published);
			await waitFor(
				'the file',
				async () => {
					const all = await editor.client.executions(workflow.id);
					const isDone = all.every(({ status }) => ['success', 'error'].includes(status));
					return all.length === delivery + 1 && isDone ? true : undefined;
				},
				{ timeoutMs: 60_000 },
			);
		}
		const counts = Object.values(await sandbox.textsPerRecipient());
		expect(counts).toHaveLength(40 + AT_ONCE);
		expect(Math.max(...counts)).toBe(1);
	}, 240_000);

	test('a question that a worker asked is answered, and the workflow goes on', async () => {
		const ask = node(
			'Ask',
			`${PACKAGE}.mboaSms`,
			{
				operation: 'sendAndWait',
				recipients: person.to,
				message: 'May we deliver today?',
				responseType: 'freeText',
			},
			{ credentials: editor.credential('MboaSMS (sandbox)') },
		);
		const published = await editor.publish([ask, node('Then', 'n8n-nodes-base.noOp', {})]);
		const id = await published.start([{}]);
		const link = await sandbox.link();
		expect(link.startsWith(`${queue.main.url}/`)).toBe(true);
		await waiting(editor.client, { workflowId: published.workflow.id });
		expect(await (await fetch(link)).text()).toContain('May we deliver today?');
		const body = new URLSearchParams({ text: 'Oui, après 16 h' });
		expect((await fetch(link, { method: 'POST', body })).status).toBe(200);
		expect(jsonOf(await editor.client.finished(id), 'Then')).toMatchObject([
			{ data: { text: 'Oui, après 16 h' }, respondedBy: '+237699000001', status: 'sent' },
		]);
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('a worker that is killed in the middle of a run causes no repeat when the key is set', async () => {
		const people = Array.from({ length: 60 }, (_, index) => ({
			to: String(699_200_000 + index),
			text: 'Water is off tomorrow',
		}));
		await sandbox.arm({ gateway: 'mboasms', count: 1_000, fault: { kind: 'delay', delayMs: 300 } });
		const published = await editor.publish([sendOnce('water')]);
		const id = await published.start(people);
		await waitFor(
			'the first texts',
			async () => ((await sandbox.messages()).length >= 5 ? true : undefined),
			{ timeoutMs: 30_000 },
		);
		const worker = queue.workers.find((each) => executionsOf(each).includes(id));
		expect(worker).toBeDefined();
		await worker?.process.kill();
		const atKill = (await sandbox.messages()).length;
		expect(atKill).toBeLessThan(people.length);
		await sandbox.disarm();

		const interrupted = await editor.client.finished(id, 60_000);
		const afterwards = await published.run(people);
		expect(afterwards.status).toBe('success');
		const counts = Object.values(await sandbox.textsPerRecipient());
		const missing = people.length - counts.length;
		say(
			`Killed worker: ${atKill} of ${people.length} texted before, execution then "${interrupted.status}"; ` +
				`after one more run ${counts.length} texted, ${Math.max(...counts) - 1} repeats, ${missing} missing`,
		);
		expect(Math.max(...counts)).toBe(1);
		// Recorded before the request: those whose request had not left when the worker died.
		expect(missing).toBeLessThanOrEqual(50);
	});
});
