import { NodeHelpers, type INodePropertyOptions, type INodeTypeDescription } from 'n8n-workflow';

import { AgentRuns, asks, gateways } from './helpers/agentRuns';
import { SMS_TOOL } from './helpers/agentWorkflow';
import { node, PACKAGE, sandbox, TRIGGER } from './helpers/editor';

let agents: AgentRuns;

beforeAll(async () => {
	agents = await AgentRuns.open();
});

beforeEach(async () => sandbox.reset());

afterAll(async () => await agents.close());

describe.each(gateways)('an agent with $type as its tool', (tested) => {
	const { amina, bello } = tested;

	test('is offered the fields that the model fills', async () => {
		await agents.run(agents.toolOf(tested), []);
		expect(agents.model.offeredTools).toMatchObject([
			{
				name: SMS_TOOL,
				description: expect.stringContaining('Send SMS in'),
				parameters: { required: ['recipients', 'message'] },
			},
		]);
		expect(await sandbox.texts()).toEqual([]);
	});

	test('texts one person and tells the model so', async () => {
		const execution = await agents.run(agents.toolOf(tested), [
			{ calls: [asks(amina.written, 'Hello Amina')] },
		]);
		expect([execution.status, execution.error]).toEqual(['success', null]);
		expect(await sandbox.texts()).toEqual([[amina.number, 'Hello Amina']]);
		expect(agents.told).toMatchObject([
			{
				provider: tested.gateway,
				status: 'sent',
				recipients: [amina.number],
				sentCount: 1,
				failedCount: 0,
			},
		]);
	});

	test.each([
		['a refused sender ID', 'refusedSenderId', /Sender ID is not validated for this account/],
		['a refused credential', 'unauthorized', /did not accept the credential\. .*(Invalid|invalid)/],
		['an empty account', 'refusedBalance', /has too little credit\. .*Insufficient balance/],
	])("is told of %s in the gateway's words", async (_name, preset, words) => {
		await sandbox.arm({ gateway: tested.gateway, count: 1, preset });
		const execution = await agents.run(agents.toolOf(tested), [
			{ calls: [asks(amina.written, 'Hello')] },
		]);
		expect(execution.status).toBe('success');
		expect(agents.told).toEqual([{ error: expect.stringMatching(words) }]);
		expect(await sandbox.texts()).toEqual([]);
	});

	test('is told which number cannot be texted, and the others are', async () => {
		await agents.run(agents.toolOf(tested), [
			{ calls: [asks('12', 'Hello')] },
			{ calls: [asks(`${amina.written}, 12`, 'Hello')] },
		]);
		expect(agents.told).toMatchObject([
			{ error: expect.stringMatching(/no usable phone number\. Nothing was sent\. '12': /) },
			{ status: 'partial', sentCount: 1, rejectedRecipients: [{ recipient: '12' }] },
		]);
		expect(await sandbox.texts()).toEqual([[amina.number, 'Hello']]);
	});

	test('is told that it is not known when no answer came, however often it asks', async () => {
		await sandbox.arm({ gateway: tested.gateway, count: 1, preset: 'serverErrorAfterSending' });
		const turn = { calls: [asks(amina.written, 'Hello')] };
		await agents.run(agents.toolOf(tested), [turn, turn]);
		const unknown = {
			error: expect.stringMatching(/^It is not known whether .* sent the message/),
		};
		expect(agents.told).toEqual([unknown, unknown]);
		expect(await sandbox.texts()).toEqual([[amina.number, 'Hello']]);
	});

	// Without Continue, n8n gives agents before version 3 an empty text in place of an error.
	test.each([3.1, 2.2])('under Continue is told what to do as well: %s', async (typeVersion) => {
		await sandbox.arm({ gateway: tested.gateway, count: 1, preset: 'refusedSenderId' });
		const tool = agents.toolOf(tested, {}, { onError: 'continueRegularOutput' });
		await agents.run(tool, [{ calls: [asks(amina.written, 'Hello')] }], { typeVersion });
		expect(agents.told).toMatchObject([
			{
				status: 'failed',
				sentCount: 0,
				errorMessage: expect.stringMatching(/Sender ID is not validated.*Nothing was sent/),
			},
		]);
	});

	test('texts only those who are new when the model adds a number', async () => {
		await agents.run(agents.toolOf(tested), [
			{ calls: [asks(amina.written, 'Hello')] },
			{ calls: [asks(`${amina.written}; ${bello.written}`, 'Hello')] },
		]);
		expect(agents.told).toMatchObject([{ sentCount: 1 }, { status: 'sent', sentCount: 2 }]);
		expect(await sandbox.textsPerRecipient()).toEqual({
			[amina.number]: 1,
			[bello.number]: 1,
		});
	});

	test('texts once what it asks for in two items of its input', async () => {
		const pinData = { [TRIGGER]: [{ json: { order: 1 } }, { json: { order: 2 } }] };
		const turn = { calls: [asks(amina.written, 'Your order is ready')] };
		await agents.run(agents.toolOf(tested), [turn, turn], {}, { pinData });
		expect(agents.model.resultsOf(SMS_TOOL)).toHaveLength(2);
		expect(await sandbox.texts()).toEqual([[amina.number, 'Your order is ready']]);
	});

	test('sends nothing with Send Bulk and says why', async () => {
		await agents.run(agents.toolOf(tested, { operation: 'sendBulk' }), [
			{ calls: [{ tool: SMS_TOOL, arguments: { message: 'Hello' } }] },
		]);
		expect(agents.told).toEqual([{ error: expect.stringMatching(/Send Bulk.*agent.*file/) }]);
		expect(await sandbox.requests()).toEqual([]);
	});
});

describe('Get Balance of Mambo SMS', () => {
	async function askForBalance(): Promise<unknown> {
		const balance = node(
			'Balance',
			`${PACKAGE}.mamboSmsTool`,
			{ resource: 'account', operation: 'getBalance' },
			{ credentials: agents.editor.credential('Mambo SMS account (sandbox)') },
		);
		await agents.run(balance, [{ calls: [{ tool: 'Balance', arguments: {} }] }]);
		return JSON.parse(agents.model.resultsOf('Balance')[0] ?? '');
	}

	test('tells the model the balance', async () => {
		await sandbox.setBalance('mambosms', 4_321);
		expect(await askForBalance()).toMatchObject([
			{ operation: 'getBalance', balance: 4_321, accountName: 'Jane Doe' },
		]);
	});

	test("tells the model of a refusal in the gateway's words", async () => {
		await sandbox.arm({ gateway: 'mambosms', count: 1, preset: 'unauthorized' });
		expect(await askForBalance()).toEqual([
			{ error: expect.stringMatching(/^Mambo SMS did not tell the balance\. .*Unauthorized/) },
		]);
	});
});

describe('the types that n8n serves', () => {
	/** The operations that are shown for SMS, by the rules that the editor goes by. */
	async function operationsOf(type: string): Promise<unknown[]> {
		const answer = await agents.editor.client.fetch('/types/nodes.json');
		const types = (await answer.json()) as INodeTypeDescription[];
		const description = types.find(({ name }) => name === `${PACKAGE}.${type}`) ?? null;
		const values = { resource: 'sms', operation: 'send' };
		const operation = description?.properties.find(
			(property) =>
				property.name === 'operation' &&
				NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
		);
		const options = (operation?.options ?? []) as INodePropertyOptions[];
		return (
			options
				.filter((option) =>
					NodeHelpers.displayParameter(values, option, { typeVersion: 1 }, description),
				)
				.map(({ value }) => value)
				// n8n adds this one to nodes with requestDefaults.
				.filter((value) => value !== '__CUSTOM_API_CALL__')
		);
	}

	test.each(gateways)(
		'offer Send Bulk and Send and Wait of $type to people and not to agents',
		async ({ type }) => {
			expect(await operationsOf(type)).toEqual(['send', 'sendAndWait', 'sendBulk']);
			expect(await operationsOf(`${type}Tool`)).toEqual(['send']);
		},
	);
});
