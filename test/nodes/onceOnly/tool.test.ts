import { RoutingNode, SupplyDataContext } from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type IDataObject,
	type INode,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../../sandbox/server';
import { TestCredentials } from '../../helpers/credentials';
import { Engine, PACKAGE_NAME } from '../../helpers/engine';
import { goodCredentials } from '../../helpers/smsRuns';

/** The way in which agents call a tool themselves: n8n's `makeHandleToolInvocation`, with its context. */
class AgentTool {
	private readonly runExecutionData = createRunExecutionData({});

	constructor(
		private readonly engine: Engine,
		private readonly name: 'mboaSms' | 'mamboSms',
		private readonly parameters: IDataObject,
		private readonly credentials: TestCredentials,
	) {}

	async call(runIndex: number, toolArguments: IDataObject): Promise<IDataObject | undefined> {
		const nodeType = withRouting(this.engine.loader.getNode(this.name).type as INodeType);
		const node = this.node();
		const workflow = new Workflow({
			id: 'agent-workflow',
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: {
				getByName: () => nodeType,
				getByNameAndVersion: () => nodeType,
				getKnownTypes: () => ({}),
			},
		});
		const additionalData = {
			credentialsHelper: this.credentials,
			executionId: '1',
			currentNodeExecutionIndex: 0,
			variables: {},
			webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
			formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		} as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
		const input = [[{ json: toolArguments }]];
		const context = new SupplyDataContext(
			workflow,
			workflow.getNode('Tool') ?? node,
			additionalData,
			'trigger',
			this.runExecutionData,
			runIndex,
			input[0] ?? [],
			{ [NodeConnectionTypes.AiTool]: input },
			NodeConnectionTypes.AiTool,
			{ node, data: {}, source: null },
			[],
		);
		const outputs = await nodeType.execute?.call(context as never);
		return Array.isArray(outputs) ? outputs[0]?.[0]?.json : undefined;
	}

	private node(): INode {
		return {
			id: 'tool-node',
			name: 'Tool',
			type: `${PACKAGE_NAME}.${this.name}Tool`,
			typeVersion: 1,
			position: [0, 0],
			parameters: this.parameters as INode['parameters'],
			credentials: {
				mboaSmsJwtApi: { id: '1', name: 'MboaSMS' },
				mamboSmsApi: { id: '2', name: 'Mambo SMS' },
				mamboSmsAccountApi: { id: '3', name: 'Mambo SMS account' },
			},
		};
	}
}

/** What n8n does to declarative nodes when it looks up their type (`shouldAssignExecuteMethod`). */
function withRouting(nodeType: INodeType): INodeType {
	if (!nodeType.execute) {
		nodeType.execute = async function () {
			return (await new RoutingNode(this as never, nodeType).runNode()) ?? [];
		};
	}
	return nodeType;
}

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await Engine.start();
	sandbox = await startSandbox();
});

beforeEach(() => sandbox.reset());

afterAll(async () => await sandbox.close());

function toolFor(name: 'mboaSms' | 'mamboSms', parameters: IDataObject): AgentTool {
	const credentials = new TestCredentials(engine.loader, {
		...goodCredentials.mboaSmsToken(sandbox.url),
		...goodCredentials.mamboSms(sandbox.url),
		...goodCredentials.mamboAccount(sandbox.url),
	});
	return new AgentTool(
		engine,
		name,
		{ resource: 'sms', operation: 'send', ...parameters },
		credentials,
	);
}

describe.each([
	['mboaSms', '+237670000000'],
	['mamboSms', '+256772123456'],
] as const)('%s as a tool that an agent calls itself', (name, recipient) => {
	const parameters = { recipients: recipient, message: 'Your code is 1234', senderId: 'Shop' };

	test('sends one SMS and tells the agent so', async () => {
		const answer = await toolFor(name, parameters).call(0, {});
		expect(answer).toMatchObject({ status: 'sent', recipients: [recipient], sentCount: 1 });
		expect(sandbox.state.messages).toHaveLength(1);
	});

	test('does not send again when the agent repeats the call', async () => {
		const tool = toolFor(name, parameters);
		const first = await tool.call(0, {});
		const second = await tool.call(1, {});
		expect(second).toEqual(first);
		expect(sandbox.state.messages).toHaveLength(1);
	});

	test('does not send twice when the agent makes the same call twice at once', async () => {
		const tool = toolFor(name, parameters);
		const [first, second] = await Promise.all([tool.call(0, {}), tool.call(1, {})]);
		expect(first).toMatchObject({ status: 'sent' });
		expect(second).toEqual(first);
		expect(sandbox.state.messages).toHaveLength(1);
	});

	test('sends with the second of two calls made at once when the first was refused', async () => {
		sandbox.state.armFault({
			gateway: name === 'mboaSms' ? 'mboasms' : 'mambosms',
			count: 1,
			fault: { kind: 'refusal', words: 'Sender ID is not validated' },
		});
		const tool = toolFor(name, parameters);
		const [first, second] = await Promise.allSettled([tool.call(0, {}), tool.call(1, {})]);
		expect(first.status).toBe('rejected');
		expect(second).toMatchObject({ status: 'fulfilled', value: { status: 'sent' } });
		expect(sandbox.state.messages).toHaveLength(1);
	});

	test('sends nothing with Send Bulk and says why', async () => {
		const tool = toolFor(name, { operation: 'sendBulk', binaryPropertyName: 'data' });
		await expect(tool.call(0, {})).rejects.toThrow('Send Bulk is not for agents');
		expect(sandbox.state.requests).toHaveLength(0);
	});

	test('sends another text in the same run', async () => {
		const tool = toolFor(name, { ...parameters, message: '={{ $json.text }}' });
		await tool.call(0, { text: 'one' });
		await tool.call(1, { text: 'two' });
		expect(sandbox.state.messages.map(({ text }) => text)).toEqual(['one', 'two']);
	});

	test("raises a refusal in the gateway's words", async () => {
		sandbox.state.armFault({
			gateway: name === 'mboaSms' ? 'mboasms' : 'mambosms',
			count: 1,
			fault: { kind: 'refusal', words: 'Sender ID is not validated' },
		});
		await expect(toolFor(name, parameters).call(0, {})).rejects.toMatchObject({
			message: expect.stringMatching(/ refused the message\. Sender ID is not validated\./),
		});
	});
});

test('Get Balance works as a tool too', async () => {
	const tool = toolFor('mamboSms', { resource: 'account', operation: 'getBalance' });
	expect(await tool.call(0, {})).toMatchObject({ operation: 'getBalance', balance: 10_000_000 });
	expect(sandbox.state.messages).toHaveLength(0);
});
