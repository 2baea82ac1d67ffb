import type { Execution } from '../../../playground/executionData';
import type { Workflow, WorkflowNode } from '../../../playground/n8nClient';
import {
	agentWorkflow,
	reviewedWorkflow,
	SMS_TOOL,
	smsTool,
	subAgentWorkflow,
	type AgentSettings,
} from './agentWorkflow';
import { Editor, TRIGGER } from './editor';
import { ScriptedModel, type ToolCall, type Turn } from './scriptedModel';

/** A gateway, with two people there as a model might write their numbers, and as they are. */
export const gateways = [
	{
		type: 'mboaSms',
		gateway: 'mboasms',
		credential: 'MboaSMS (sandbox)',
		amina: { written: '699 000 001', number: '+237699000001' },
		bello: { written: '+237699000002', number: '+237699000002' },
	},
	{
		type: 'mamboSms',
		gateway: 'mambosms',
		credential: 'Mambo SMS (sandbox)',
		amina: { written: '0756 000 001', number: '+256756000001' },
		bello: { written: '+256756000002', number: '+256756000002' },
	},
] as const;

export type TestedGateway = (typeof gateways)[number];

/** The model's wish to send a text. */
export function asks(recipients: string, message: string): ToolCall {
	return { tool: SMS_TOOL, arguments: { recipients, message } };
}

/** Runs agents of n8n whose model says what the test tells it to say. */
export class AgentRuns {
	private constructor(
		readonly editor: Editor,
		readonly model: ScriptedModel,
		private readonly modelCredentials: WorkflowNode['credentials'],
	) {}

	static async open(): Promise<AgentRuns> {
		const editor = await Editor.open();
		const model = await ScriptedModel.start();
		const { id, name } = await editor.client.createCredential('Scripted model', 'openAiApi', {
			apiKey: 'scripted',
			url: model.url,
		});
		return new AgentRuns(editor, model, { openAiApi: { id, name } });
	}

	async close(): Promise<void> {
		await this.model.close();
	}

	toolOf({ type, credential }: TestedGateway, parameters = {}, settings = {}): WorkflowNode {
		return smsTool(type, this.editor.credential(credential), parameters, settings);
	}

	/** An agent with one tool. `changes` are made to the workflow. */
	async run(
		tool: WorkflowNode,
		turns: Turn[],
		settings: AgentSettings = {},
		changes: Partial<Workflow> = {},
	): Promise<Execution> {
		const workflow = agentWorkflow(this.modelCredentials, [tool], settings);
		return await this.runWorkflow({ ...workflow, ...changes }, turns);
	}

	/** The same with an agent that is itself the only tool of another. */
	async runSubAgent(
		tool: WorkflowNode,
		turns: Turn[],
		versions: { agent: number; subAgent: number },
	): Promise<Execution> {
		const workflow = subAgentWorkflow(
			this.modelCredentials,
			{ name: 'Texter', typeVersion: versions.subAgent },
			[tool],
			{ typeVersion: versions.agent },
		);
		const order = { calls: [{ tool: 'Texter', arguments: { task: 'Text them' } }] };
		return await this.runWorkflow(workflow, [order, ...turns]);
	}

	/** Starts an agent whose one tool waits for a person's review, and answers the id of the execution. */
	async startReviewed(tool: WorkflowNode, review: WorkflowNode, turns: Turn[]): Promise<string> {
		this.model.script(...turns);
		const workflow = reviewedWorkflow(this.modelCredentials, tool, review);
		return await this.editor.client.startWorkflow(await this.editor.save(workflow), TRIGGER);
	}

	/** What the sending tool told the model, call by call. */
	get told(): unknown[] {
		return this.model.resultsOf(SMS_TOOL).map((result) => (JSON.parse(result) as unknown[])[0]);
	}

	private async runWorkflow(workflow: Workflow, turns: Turn[]): Promise<Execution> {
		this.model.script(...turns);
		return await this.editor.client.runWorkflow(await this.editor.save(workflow), TRIGGER);
	}
}
