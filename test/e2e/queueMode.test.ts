import { waitFor } from '../../playground/waiting';
import {
	Editor,
	jsonOf,
	mboaSend,
	node,
	PACKAGE,
	sandbox,
	webhookAt,
	type PublishedWorkflow,
} from './helpers/editor';
import { executionsOf, QueueMode } from './helpers/queueMode';

const EXECUTIONS = 20;

const ROUNDS_AT_ONCE = 5;

let queue: QueueMode;
let editor: Editor;

beforeAll(async () => {
	queue = await QueueMode.start();
	await queue.addWorker();
	await queue.addWorker();
	editor = await Editor.open(queue.main.url);
}, 240_000);

beforeEach(async () => sandbox.reset());

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
	test('executions one after another with one key text a number once, whichever worker runs them', async () => {
		const published = await editor.publish([sendOnce('invoice')]);
		const statuses: unknown[] = [];
		for (let round = 0; round < EXECUTIONS; round++) {
			const execution = await published.run([person]);
			statuses.push(jsonOf(execution, 'MboaSMS')[0]?.status);
		}
		expect(statuses).toEqual(['sent', ...Array<string>(EXECUTIONS - 1).fill('skipped')]);
		expect(await sandbox.messages()).toHaveLength(1);
		const shares = queue.workers.map((worker) => executionsOf(worker).length);
		say(
			`One after another: ${EXECUTIONS} executions, 0 repeats, by worker: ${shares.join(' and ')}`,
		);
		expect(Math.min(...shares)).toBeGreaterThan(0);
	});

	test('executions at the same instant are accounted for, and how many SMS arrive is measured', async () => {
		const rounds: string[] = [];
		for (let round = 0; round < ROUNDS_AT_ONCE; round++) {
			await sandbox.reset();
			const published = await editor.publish([sendOnce(`invoice at once ${round}`)]);
			await Promise.all(Array.from({ length: EXECUTIONS }, async () => published.post([person])));
			const counts = await statusesOf(published);
			const arrived = (await sandbox.messages()).length;
			rounds.push(`${arrived} SMS ${JSON.stringify(counts)}`);
			expect(counts.sent).toBe(arrived);
		}
		say(`At once: ${ROUNDS_AT_ONCE} rounds of ${EXECUTIONS} executions: ${rounds.join('; ')}`);
	});

	/** Waits until all executions have ended, and counts the statuses that they put out. */
	async function statusesOf(published: PublishedWorkflow): Promise<Record<string, number>> {
		const executions = await waitFor(
			`${EXECUTIONS} executions`,
			async () => {
				const all = await published.executions();
				const isDone = all.every(({ status }) => ['success', 'error'].includes(status));
				return all.length === EXECUTIONS && isDone ? all : undefined;
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

	test('a worker that is killed in the middle of a run causes no repeat when the key is set', async () => {
		const people = Array.from({ length: 60 }, (_, index) => ({
			to: String(699_200_000 + index),
			text: 'Water is off tomorrow',
		}));
		await sandbox.setRateLimit('mboasms', null);
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
