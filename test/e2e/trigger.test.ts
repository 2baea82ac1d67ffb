import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { credentialsFor, demoOwner } from '../../playground/demoContents';
import type { Execution, StoredExecution } from '../../playground/executionData';
import { N8nClient, type StoredWorkflow } from '../../playground/n8nClient';
import { startN8n } from '../../playground/n8nProcess';
import { installPackage } from '../../playground/packedPackage';
import { waitFor } from '../../playground/waiting';
import { chain, Editor, folder, jsonOf, node, PACKAGE, sandbox } from './helpers/editor';
import { n8nUnderTest } from './helpers/n8nUnderTest';

const POLL_SECONDS = 3;

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => sandbox.reset());

/** n8n polls once a minute at most, but takes several times within it. */
const pollTimes = {
	item: Array.from({ length: 60 / POLL_SECONDS }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * POLL_SECONDS} * * * * *`,
	})),
};

function workflow(credentials: object) {
	const parameters = { threshold: 5000, pollTimes };
	const trigger = node('Low', `${PACKAGE}.mamboSmsTrigger`, parameters, { credentials });
	return chain('Low balance', [trigger, node('Next', 'n8n-nodes-base.noOp', {})]);
}

async function saved(): Promise<StoredWorkflow> {
	return await editor.save(workflow(editor.credential('Mambo SMS account (sandbox)')));
}

/** Waits until the balance has been read this many times more. */
async function polls(count: number): Promise<void> {
	const before = await pollCount();
	await waitFor(
		`${count} polls`,
		async () => ((await pollCount()) >= before + count ? true : undefined),
		{ timeoutMs: (count + 5) * POLL_SECONDS * 1_000 },
	);
	// For n8n to have acted on the last one.
	await sleep(500);
}

async function pollCount(): Promise<number> {
	return (await sandbox.requests()).filter(({ endpoint }) => endpoint === 'balance').length;
}

async function executionsOf(client: N8nClient, id: string): Promise<Execution[]> {
	const stored: StoredExecution[] = await client.executions(id);
	return await Promise.all(stored.map(async (each) => await client.finished(each.id)));
}

/** The balances that started the workflow, the first one first. */
async function startedAt(client: N8nClient, id: string): Promise<unknown[]> {
	const executions = await executionsOf(client, id);
	return executions.reverse().map((execution) => jsonOf(execution, 'Low')[0]?.balance);
}

describe('Mambo SMS Trigger', () => {
	test('shows the current balance when a person tries it, however high it is', async () => {
		await sandbox.setBalance('mambosms', 90_000);
		const execution = await editor.client.runWorkflow(await saved(), 'Low');
		expect(jsonOf(execution, 'Low')).toEqual([
			{
				provider: 'mambosms',
				balance: 90_000,
				accountId: 42,
				accountName: 'Jane Doe',
				phoneNumber: expect.any(String),
				email: expect.any(String),
				providerMessage: expect.any(String),
				threshold: 5000,
			},
		]);
	});

	test('shows a person who tries it what the gateway refused', async () => {
		const words = 'Account is inactive or suspended.';
		await sandbox.arm({ gateway: 'mambosms', count: 1, fault: { kind: 'refusal', words } });
		const execution = await editor.client.runWorkflow(await saved(), 'Low');
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe('Mambo SMS did not tell the balance');
		expect(execution.error?.description).toContain(words);
	});

	test('starts the workflow once per fall, and failing polls are failed executions', async () => {
		await sandbox.setBalance('mambosms', 90_000);
		const { id, ...rest } = await saved();
		const { client } = editor;
		await client.activateWorkflow({ id, ...rest });
		await polls(1);
		expect(await startedAt(client, id)).toEqual([]);
		await sandbox.setBalance('mambosms', 4_999);
		await polls(2);
		await sandbox.setBalance('mambosms', 0);
		await polls(2);
		expect(await startedAt(client, id)).toEqual([4_999]);
		await sandbox.setBalance('mambosms', 5_000);
		await polls(2);
		await sandbox.setBalance('mambosms', 0);
		await polls(2);
		expect(await startedAt(client, id)).toEqual([4_999, 0]);

		await sandbox.arm({ gateway: 'mambosms', count: 1, preset: 'serverError' });
		await polls(2);
		const failed = (await executionsOf(client, id)).filter(({ status }) => status === 'error');
		expect(failed.map(({ error }) => error?.message)).toEqual([
			expect.stringContaining('Mambo SMS did not tell the balance'),
		]);
		expect(await client.executions(id)).toHaveLength(3);
		await client.deactivateWorkflow(id);
	});

	test('cannot be published while the balance cannot be read, and n8n says why', async () => {
		await sandbox.arm({ gateway: 'mambosms', count: 50, preset: 'serverError' });
		await expect(editor.client.activateWorkflow(await saved())).rejects.toThrow(
			'Mambo SMS did not tell the balance',
		);
	});

	test('remembers over a crash and a restart of n8n that it has started the workflow', async () => {
		const userFolder = path.join(folder, 'restarted');
		installPackage(userFolder);
		const underTest = await n8nUnderTest();
		const first = await startN8n({ ...underTest, userFolder });
		const client = new N8nClient(first.url);
		await client.signIn(demoOwner);
		const known = credentialsFor(sandbox.url).find(({ type }) => type === 'mamboSmsAccountApi');
		if (!known) throw new Error('There is no demo credential for the account');
		const { name, type, data } = known;
		const { id } = await client.createCredential(name, type, data);
		await sandbox.setBalance('mambosms', 4_000);
		const low = await client.createWorkflow(workflow({ [type]: { id, name } }));
		await client.activateWorkflow(low);
		await waitFor(
			'the first start',
			async () => ((await startedAt(client, low.id)).length === 1 ? true : undefined),
			{ timeoutMs: 20_000 },
		);
		await first.process.kill();

		const second = await startN8n({ ...underTest, userFolder });
		try {
			const again = new N8nClient(second.url);
			await again.signIn(demoOwner);
			await polls(2);
			expect(await startedAt(again, low.id)).toEqual([4_000]);
			await sandbox.setBalance('mambosms', 60_000);
			await polls(2);
			await sandbox.setBalance('mambosms', 3_000);
			await polls(2);
			expect(await startedAt(again, low.id)).toEqual([4_000, 3_000]);
		} finally {
			await second.stop();
		}
	});
});
