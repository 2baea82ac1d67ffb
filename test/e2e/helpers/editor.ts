import { randomUUID } from 'node:crypto';

import { credentialsFor, demoOwner, withCredentials } from '../../../playground/demoContents';
import type { Execution } from '../../../playground/executionData';
import {
	N8nClient,
	type StoredCredential,
	type StoredWorkflow,
	type Workflow,
	type WorkflowNode,
} from '../../../playground/n8nClient';
import { waitFor } from '../../../playground/waiting';
import { SandboxClient } from './sandboxClient';

export const PACKAGE = 'n8n-nodes-mboa-mambo-sms';

export const TRIGGER = 'Start';

export const n8nUrl = fromEnvironment('E2E_N8N_URL');
export const folder = fromEnvironment('E2E_FOLDER');
export const sandbox = new SandboxClient(fromEnvironment('E2E_SANDBOX_URL'));

function fromEnvironment(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: run the suite with its own jest config`);
	return value;
}

/** What a person does in n8n's editor, over the interface that the editor uses. */
export class Editor {
	private constructor(
		readonly client: N8nClient,
		readonly credentials: StoredCredential[],
	) {}

	static async open(url = n8nUrl): Promise<Editor> {
		const client = new N8nClient(url);
		await client.signIn(demoOwner);
		const stored = await client.get<StoredCredential[]>('/rest/credentials');
		// Not those that other tests made, some of which are wrong on purpose.
		const names = credentialsFor(n8nUrl).map((credential) => credential.name);
		return new Editor(
			client,
			stored.filter(({ name }) => names.includes(name)),
		);
	}

	credential(name: string): Record<string, { id: string; name: string }> {
		const found = this.credentials.find((credential) => credential.name === name);
		if (!found) throw new Error(`There is no credential named ${name}`);
		return { [found.type]: { id: found.id, name: found.name } };
	}

	async save(workflow: Workflow): Promise<StoredWorkflow> {
		return await this.client.createWorkflow(withCredentials(workflow, this.credentials));
	}

	/** Runs nodes in a row behind a trigger that gives these items. */
	async run(nodes: WorkflowNode[], items: object[] = [{}], timeoutMs?: number): Promise<Execution> {
		const trigger = node(TRIGGER, 'n8n-nodes-base.manualTrigger', {});
		const workflow = await this.save({
			...chain('Run', [trigger, ...nodes]),
			pinData: { [TRIGGER]: items.map((json) => ({ json })) },
		});
		return await this.client.runWorkflow(workflow, TRIGGER, timeoutMs);
	}

	/** Publishes nodes in a row behind a webhook; each row that is posted becomes an item. */
	async publish(
		nodes: WorkflowNode[],
		connections: Workflow['connections'] = {},
	): Promise<PublishedWorkflow> {
		const path = `rows-${randomUUID()}`;
		const webhook = webhookAt(path);
		const rows = node('Rows', 'n8n-nodes-base.splitOut', {
			fieldToSplitOut: 'body.rows',
			options: {},
		});
		const inRow = chain('Published', [webhook, rows, ...nodes]);
		const workflow = await this.save({
			...inRow,
			connections: { ...inRow.connections, ...connections },
		});
		await this.client.activateWorkflow(workflow);
		return new PublishedWorkflow(this.client, workflow, path);
	}
}

export class PublishedWorkflow {
	constructor(
		private readonly client: N8nClient,
		readonly workflow: StoredWorkflow,
		private readonly path: string,
	) {}

	async post(rows: object[]): Promise<void> {
		const answer = await fetch(`${this.client.url}/webhook/${this.path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ rows }),
			signal: AbortSignal.timeout(30_000),
		});
		if (!answer.ok) throw new Error(`Webhook: HTTP ${answer.status} ${await answer.text()}`);
	}

	/** Posts the rows and waits until the execution that they start has ended. */
	async run(rows: object[], timeoutMs?: number): Promise<Execution> {
		return await this.client.finished(await this.start(rows), timeoutMs);
	}

	/** Posts the rows and answers the id of the execution that they start. */
	async start(rows: object[]): Promise<string> {
		const earlier = new Set((await this.executions()).map(({ id }) => id));
		await this.post(rows);
		return await waitFor(
			'a new execution',
			async () => (await this.executions()).find(({ id }) => !earlier.has(id))?.id,
			{ timeoutMs: 30_000 },
		);
	}

	async executions() {
		return await this.client.executions(this.workflow.id);
	}
}

/** Resolves when the execution waits for an answer; without an id, the newest of the workflow. */
export async function waiting(
	client: N8nClient,
	execution: { id: string } | { workflowId: string },
): Promise<void> {
	await waitFor(
		'the wait',
		async () => {
			const found =
				'id' in execution
					? (await client.executions()).find(({ id }) => id === execution.id)
					: (await client.executions(execution.workflowId))[0];
			return found?.status === 'waiting' ? true : undefined;
		},
		{ timeoutMs: 30_000 },
	);
}

export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...settings };
}

/** Answers at once, before the nodes behind it have run. */
export function webhookAt(path: string): WorkflowNode {
	const parameters = { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} };
	return node('Webhook', 'n8n-nodes-base.webhook', parameters, {
		typeVersion: 2,
		webhookId: path,
	});
}

/** Send SMS of MboaSMS, for items with `to` and `text`. */
export function mboaSend(
	credentials: object,
	parameters: Record<string, unknown> = {},
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return node(
		'MboaSMS',
		`${PACKAGE}.mboaSms`,
		{ recipients: '={{ $json.to }}', message: '={{ $json.text }}', ...parameters },
		{ credentials, ...settings },
	);
}

/** Send SMS of Mambo SMS, for items with `to` and `text`. */
export function mamboSend(
	credentials: object,
	parameters: Record<string, unknown> = {},
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return node(
		'Mambo SMS',
		`${PACKAGE}.mamboSms`,
		{
			recipients: '={{ $json.to }}',
			message: '={{ $json.text }}',
			senderId: 'School',
			...parameters,
		},
		{ credentials, ...settings },
	);
}

/** Two nodes that make a CSV file of the lines. */
export function fileOf(
	lines: string[],
	{ field = 'data', fileName = 'liste.csv' } = {},
): WorkflowNode[] {
	const text = {
		...node('Sheet', 'n8n-nodes-base.set', {
			mode: 'raw',
			jsonOutput: JSON.stringify({ text: lines.join('\n') }),
			options: {},
		}),
		typeVersion: 3.4,
	};
	const file = {
		...node('File', 'n8n-nodes-base.convertToFile', {
			operation: 'toText',
			sourceProperty: 'text',
			binaryPropertyName: field,
			options: { fileName },
		}),
		typeVersion: 1.1,
	};
	return [text, file];
}

/** The nodes one after another, each connected to the main input of the next. */
export function chain(name: string, nodes: WorkflowNode[]): Workflow {
	const placed = nodes.map((each, index) => ({ ...each, position: [index * 220, 0] }));
	const connections = Object.fromEntries(
		nodes.slice(1).map((next, index) => [nodes[index]?.name ?? '', { main: [[to(next.name)]] }]),
	);
	return { name, nodes: placed, connections, settings: {} };
}

export function to(name: string, index = 0) {
	return { node: name, type: 'main', index };
}

/** The `json` of each item that a node put out, in its last run. */
export function jsonOf(execution: Execution, nodeName: string, output = 0) {
	return execution.runs[nodeName]?.at(-1)?.outputs[output]?.map((item) => item.json) ?? [];
}
