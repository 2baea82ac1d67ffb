import type { Workflow, WorkflowNode } from '../../../playground/n8nClient';
import { chain, node, PACKAGE, TRIGGER } from './editor';

const AGENT = 'AI Agent';

/** The name of the sending tool, for n8n and for the model. */
export const SMS_TOOL = 'Send_SMS';

type Credentials = WorkflowNode['credentials'];

/** What differs between the (outer) agents of the tests. */
export interface AgentSettings {
	/** 3.1 is the newest of n8n 2.41. */
	typeVersion?: number;
	[setting: string]: unknown;
}

/** An agent behind a trigger, with a model and tools. */
export function agentWorkflow(
	modelCredentials: Credentials,
	tools: WorkflowNode[],
	settings: AgentSettings = {},
): Workflow {
	const parameters = { promptType: 'define', text: 'Do what you were told.', options: {} };
	const agent = {
		...node(AGENT, '@n8n/n8n-nodes-langchain.agent', parameters),
		typeVersion: 3.1,
		...settings,
	};
	const inRow = chain('Agent', [node(TRIGGER, 'n8n-nodes-base.manualTrigger', {}), agent]);
	const model = chatModel(modelCredentials);
	return {
		...inRow,
		// As the editor sets it. Under the older order n8n asks the model again before the tools have run.
		settings: { executionOrder: 'v1' },
		nodes: [...inRow.nodes, model, ...tools],
		connections: {
			...inRow.connections,
			[model.name]: modelOf(AGENT),
			...Object.fromEntries(tools.map(({ name }) => [name, toolOf(AGENT)])),
		},
	};
}

/** An agent with one tool, whose calls a person reviews. */
export function reviewedWorkflow(
	modelCredentials: Credentials,
	tool: WorkflowNode,
	review: WorkflowNode,
): Workflow {
	const workflow = agentWorkflow(modelCredentials, [tool, review]);
	return {
		...workflow,
		connections: { ...workflow.connections, [tool.name]: toolOf(review.name) },
	};
}

/** The same, but the tools belong to an agent that is itself the only tool of the first one. */
export function subAgentWorkflow(
	modelCredentials: Credentials,
	{ name, typeVersion }: { name: string; typeVersion: number },
	tools: WorkflowNode[],
	settings: AgentSettings = {},
): Workflow {
	const subAgent = {
		...node(name, '@n8n/n8n-nodes-langchain.agentTool', {
			toolDescription: 'Sends SMS',
			text: "={{ $fromAI('task', 'What to do', 'string') }}",
			options: {},
		}),
		typeVersion,
	};
	const outer = agentWorkflow(modelCredentials, [subAgent], settings);
	const model = { ...chatModel(modelCredentials), name: 'Model of the sub-agent', id: 'inner' };
	return {
		...outer,
		nodes: [...outer.nodes, model, ...tools],
		connections: {
			...outer.connections,
			[model.name]: modelOf(name),
			...Object.fromEntries(tools.map((tool) => [tool.name, toolOf(name)])),
		},
	};
}

function chatModel(credentials: Credentials): WorkflowNode {
	return {
		...node(
			'Model',
			'@n8n/n8n-nodes-langchain.lmChatOpenAi',
			{
				model: { __rl: true, mode: 'id', value: 'scripted' },
				responsesApiEnabled: false,
				// Repeats by the model node would blur how often the agent asked.
				options: { maxRetries: 0 },
			},
			{ credentials },
		),
		typeVersion: 1.3,
	};
}

function modelOf(agent: string) {
	return { ai_languageModel: [[{ node: agent, type: 'ai_languageModel', index: 0 }]] };
}

function toolOf(agent: string) {
	return { ai_tool: [[{ node: agent, type: 'ai_tool', index: 0 }]] };
}

const fromAi = (key: string, description: string) =>
	`={{ $fromAI('${key}', '${description}', 'string') }}`;

/** What an editor's "let the model define this" makes of the two fields that matter. */
const definedByModel = {
	recipients: fromAi('recipients', 'Phone numbers'),
	message: fromAi('message', 'The text'),
};

/** Send SMS as a tool, with numbers and text from the model. */
export function smsTool(
	type: 'mboaSms' | 'mamboSms',
	credentials: Credentials,
	parameters: Record<string, unknown> = {},
	settings: Record<string, unknown> = {},
): WorkflowNode {
	const senderId = type === 'mamboSms' ? { senderId: 'School' } : {};
	return node(
		SMS_TOOL,
		`${PACKAGE}.${type}Tool`,
		{ resource: 'sms', operation: 'send', ...definedByModel, ...senderId, ...parameters },
		{ credentials, ...settings },
	);
}
