import type { Execution } from '../../playground/executionData';
import type { WorkflowNode } from '../../playground/n8nClient';
import { AgentRuns, asks, gateways } from './helpers/agentRuns';
import { SMS_TOOL } from './helpers/agentWorkflow';
import { sandbox } from './helpers/editor';
import type { Turn } from './helpers/scriptedModel';

let agents: AgentRuns;

beforeAll(async () => {
	agents = await AgentRuns.open();
});

beforeEach(async () => sandbox.reset());

afterAll(async () => await agents.close());

/** For agents of version 3 n8n runs tools as nodes, one after another; older agents call them, all at once. */
const ways: Array<[string, (tool: WorkflowNode, turns: Turn[]) => Promise<Execution>]> = [
	['the newest agent', async (tool, turns) => await agents.run(tool, turns)],
	[
		'an agent of version 2',
		async (tool, turns) => await agents.run(tool, turns, { typeVersion: 2.2 }),
	],
	[
		'an agent below the newest',
		async (tool, turns) => await agents.runSubAgent(tool, turns, { agent: 3.1, subAgent: 3 }),
	],
	[
		'an agent of version 2 below another',
		async (tool, turns) => await agents.runSubAgent(tool, turns, { agent: 2.2, subAgent: 2.2 }),
	],
	[
		'the newest agent in a workflow with the older execution order',
		async (tool, turns) => {
			const changes = { settings: { executionOrder: 'v0' } };
			return await agents.run(tool, turns, {}, changes);
		},
	],
];

describe.each(gateways)('a call of $type that is repeated', (tested) => {
	const { amina, bello } = tested;
	const hello = asks(amina.written, 'Hello');
	const aminaOnce = { [amina.number]: 1 };

	test.each(ways)('in a later turn texts nobody twice: %s', async (_name, runWith) => {
		await runWith(agents.toolOf(tested), [
			{ calls: [hello] },
			{ calls: [hello] },
			{ calls: [hello] },
		]);
		expect(agents.model.resultsOf(SMS_TOOL)).toHaveLength(3);
		expect(await sandbox.textsPerRecipient()).toEqual(aminaOnce);
	});

	test.each(ways)('in the same turn texts nobody twice: %s', async (_name, runWith) => {
		await runWith(agents.toolOf(tested), [{ calls: [hello, hello] }]);
		expect(agents.model.resultsOf(SMS_TOOL)).toHaveLength(2);
		expect(await sandbox.textsPerRecipient()).toEqual(aminaOnce);
	});

	test.each(ways)('with other arguments texts each: %s', async (_name, runWith) => {
		await runWith(agents.toolOf(tested), [
			{ calls: [hello, asks(bello.written, 'Hello')] },
			{ calls: [asks(amina.written, 'Good bye')] },
		]);
		expect((await sandbox.texts()).sort()).toEqual([
			[amina.number, 'Good bye'],
			[amina.number, 'Hello'],
			[bello.number, 'Hello'],
		]);
	});

	test.each(ways)('with Retry On Fail texts nobody twice: %s', async (_name, runWith) => {
		const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
		await sandbox.arm({ gateway: tested.gateway, count: 1, preset: 'refusedSenderId' });
		await sandbox.arm({ gateway: tested.gateway, count: 1, skip: 1, preset: 'resetAfterSending' });
		await runWith(agents.toolOf(tested, {}, retrying), [
			{ calls: [hello] },
			{ calls: [asks(bello.written, 'Hello')] },
			{ calls: [hello, asks(bello.written, 'Hello')] },
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({
			...aminaOnce,
			[bello.number]: 1,
		});
	});
});

describe('an agent whose model fails after the SMS', () => {
	const [tested] = gateways;
	const turn = { calls: [asks(tested.amina.written, 'Hello')] };
	const once = { [tested.amina.number]: 1 };

	test.each([3.1, 2.2])(
		'texts nobody twice with its own Retry On Fail: %s',
		async (typeVersion) => {
			const settings = { typeVersion, retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
			const turns = [turn, { status: 400 }, turn];
			const execution = await agents.run(agents.toolOf(tested), turns, settings);
			expect(execution.status).toBe('success');
			expect(agents.model.requestCount).toBe(4);
			expect(await sandbox.textsPerRecipient()).toEqual(once);
		},
	);

	test.each([3.1, 2.2])(
		'texts nobody twice when retried from the list: %s',
		async (typeVersion) => {
			const execution = await agents.run(agents.toolOf(tested), [turn, { status: 400 }, turn], {
				typeVersion,
			});
			expect(execution.status).toBe('error');
			const retried = await agents.editor.client.retryExecution(execution.id, false);
			expect(retried.status).toBe('success');
			expect(agents.model.requestCount).toBe(4);
			expect(await sandbox.textsPerRecipient()).toEqual(once);
		},
	);
});
