import { setTimeout as sleep } from 'node:timers/promises';

import { waitFor } from '../../playground/waiting';
import { chain, Editor, jsonOf, mboaSend, node, sandbox, to, TRIGGER } from './helpers/editor';

let editor: Editor;
let credentials: object;

beforeAll(async () => {
	editor = await Editor.open();
	credentials = editor.credential('MboaSMS (sandbox)');
});

beforeEach(async () => sandbox.reset());

const threeRows = ['699000001', '699000002', '699000003'].map((phone) => ({
	to: phone,
	text: `Hello ${phone}`,
}));

const everyoneOnce = { '+237699000001': 1, '+237699000002': 1, '+237699000003': 1 };

describe('Retry On Fail', () => {
	const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 500 };

	test('resumes: who was texted before the fault is not texted again', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, skip: 1, preset: 'refusedSenderId' });
		const execution = await editor.run([mboaSend(credentials, {}, retrying)], threeRows);
		expect(execution.status).toBe('success');
		expect(jsonOf(execution, 'MboaSMS').map(({ status }) => status)).toEqual([
			'sent',
			'sent',
			'sent',
		]);
		expect(await sandbox.textsPerRecipient()).toEqual(everyoneOnce);
		expect(execution.runs.MboaSMS?.[0]?.hints.map(({ message }) => message)).toContainEqual(
			expect.stringContaining('not sent again'),
		);
	});

	test.each(['serverErrorAfterSending', 'resetAfterSending', 'truncatedBody'])(
		'does not repeat what may have been sent: %s',
		async (preset) => {
			await sandbox.arm({ gateway: 'mboasms', count: 1, skip: 1, preset });
			const execution = await editor.run([mboaSend(credentials, {}, retrying)], threeRows);
			expect(execution.status).toBe('error');
			for (const count of Object.values(await sandbox.textsPerRecipient())) expect(count).toBe(1);
		},
	);

	test('under Continue nothing is tried twice when the first item failed', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		const settings = { ...retrying, onError: 'continueRegularOutput' };
		const execution = await editor.run([mboaSend(credentials, {}, settings)], threeRows);
		expect(jsonOf(execution, 'MboaSMS').map(({ status }) => status)).toEqual([
			'failed',
			'sent',
			'sent',
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000002': 1, '+237699000003': 1 });
	});
});

describe('the retry of a failed execution from the list', () => {
	test.each([
		['with the workflow as it ran', false],
		['with the workflow as it is now', true],
	])('texts only those who were not texted, %s', async (_name, loadWorkflow) => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, skip: 2, preset: 'refusedSenderId' });
		const published = await editor.publish([mboaSend(credentials)]);
		const failed = await published.run(threeRows);
		expect(failed.status).toBe('error');
		expect(failed.error?.message).toContain('2 of 3 items were already sent');
		const retried = await editor.client.retryExecution(failed.id, loadWorkflow);
		expect([retried.status, retried.retryOf]).toEqual(['success', failed.id]);
		expect(jsonOf(retried, 'MboaSMS').map(({ status }) => status)).toEqual([
			'sent',
			'sent',
			'sent',
		]);
		expect(await sandbox.textsPerRecipient()).toEqual(everyoneOnce);
	});

	test('takes the workflow as it was edited and still texts nobody twice', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, skip: 2, preset: 'refusedSenderId' });
		const published = await editor.publish([mboaSend(credentials)]);
		const failed = await published.run(threeRows);
		const nodes = published.workflow.nodes.map((each) =>
			each.name === 'MboaSMS'
				? mboaSend(credentials, { options: { includeResponse: true } })
				: each,
		);
		await editor.client.updateWorkflow(published.workflow.id, { ...published.workflow, nodes });
		const retried = await editor.client.retryExecution(failed.id, true);
		expect(retried.status).toBe('success');
		expect(jsonOf(retried, 'MboaSMS')[2]).toHaveProperty('response');
		expect(await sandbox.textsPerRecipient()).toEqual(everyoneOnce);
	});

	test('after a wrong credential sends everything once', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'unauthorized' });
		const published = await editor.publish([mboaSend(credentials)]);
		const failed = await published.run(threeRows);
		expect(failed.status).toBe('error');
		expect((await sandbox.requests()).filter(({ endpoint }) => endpoint === 'send')).toHaveLength(
			1,
		);
		const retried = await editor.client.retryExecution(failed.id, false);
		expect(retried.status).toBe('success');
		expect(await sandbox.textsPerRecipient()).toEqual(everyoneOnce);
	});
});

describe('Loop Over Items', () => {
	test('keeps the rounds apart: the same text to the same number in each round is sent each time', async () => {
		const loop = {
			...node('Loop', 'n8n-nodes-base.splitInBatches', { batchSize: 1, options: {} }),
			typeVersion: 3,
		};
		const send = mboaSend(credentials, { recipients: '699000001', message: 'Reminder' });
		const workflow = await editor.save({
			...chain('Loop', [node(TRIGGER, 'n8n-nodes-base.manualTrigger', {}), loop, send]),
			connections: {
				[TRIGGER]: { main: [[to('Loop')]] },
				Loop: { main: [[], [to('MboaSMS')]] },
				MboaSMS: { main: [[to('Loop')]] },
			},
			pinData: { [TRIGGER]: threeRows.map((json) => ({ json })) },
		});
		const execution = await editor.client.runWorkflow(workflow, TRIGGER);
		expect(execution.status).toBe('success');
		expect(execution.runs.MboaSMS).toHaveLength(3);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 3 });
	});

	test('a retry of a failed round does not repeat the rounds before it', async () => {
		const loop = {
			...node('Loop', 'n8n-nodes-base.splitInBatches', { batchSize: 1, options: {} }),
			typeVersion: 3,
		};
		await sandbox.arm({ gateway: 'mboasms', count: 1, skip: 2, preset: 'refusedSenderId' });
		const published = await editor.publish([loop, mboaSend(credentials)], {
			Loop: { main: [[], [to('MboaSMS')]] },
			MboaSMS: { main: [[to('Loop')]] },
		});
		const failed = await published.run(threeRows);
		expect(failed.status).toBe('error');
		const retried = await editor.client.retryExecution(failed.id, false);
		expect(retried.status).toBe('success');
		expect(await sandbox.textsPerRecipient()).toEqual(everyoneOnce);
	});
});

describe('stopping the execution', () => {
	test('lets no further request leave', async () => {
		await sandbox.setRateLimit('mboasms', null);
		await sandbox.arm({ gateway: 'mboasms', count: 500, fault: { kind: 'delay', delayMs: 400 } });
		const rows = Array.from({ length: 200 }, (_, index) => ({
			to: String(699_100_000 + index),
			text: 'Hello',
		}));
		const options = { requestsPerMinute: 0 };
		const published = await editor.publish([mboaSend(credentials, { options })]);
		const id = await published.start(rows);
		await waitFor(
			'the first texts',
			async () => ((await sandbox.messages()).length >= 3 ? true : undefined),
			{ timeoutMs: 20_000 },
		);
		await editor.client.post(`/rest/executions/${id}/stop`, {});
		await sleep(1_000);
		const requestCount = (await sandbox.requests()).length;
		expect(requestCount).toBeLessThan(200);
		await sleep(2_000);
		expect((await sandbox.requests()).length).toBe(requestCount);
		expect((await editor.client.finished(id)).status).toBe('canceled');
	});
});

describe('the option Deduplication Key', () => {
	test('skips in later executions what was sent before', async () => {
		const send = mboaSend(credentials, { options: { deduplicationKey: '={{ $json.key }}' } });
		const published = await editor.publish([send]);
		const rows = threeRows.map((row) => ({ ...row, key: 'invoice 1' }));
		const statuses: unknown[] = [];
		for (const round of [rows.slice(0, 2), rows, rows]) {
			const execution = await published.run(round);
			statuses.push(jsonOf(execution, 'MboaSMS').map(({ status }) => status));
		}
		expect(statuses).toEqual([
			['sent', 'sent'],
			['skipped', 'skipped', 'sent'],
			['skipped', 'skipped', 'skipped'],
		]);
		const other = await published.run([{ ...threeRows[0], key: 'invoice 2' }]);
		expect(jsonOf(other, 'MboaSMS')).toMatchObject([{ status: 'sent' }]);
		expect(await sandbox.textsPerRecipient()).toEqual({
			'+237699000001': 2,
			'+237699000002': 1,
			'+237699000003': 1,
		});
	});

	test('forgets what the gateway refused', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		const options = { deduplicationKey: 'refused first' };
		const published = await editor.publish([mboaSend(credentials, { options })]);
		expect((await published.run(threeRows.slice(0, 1))).status).toBe('error');
		const again = await published.run(threeRows.slice(0, 1));
		expect(jsonOf(again, 'MboaSMS')).toMatchObject([{ status: 'sent' }]);
	});
});
