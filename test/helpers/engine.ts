import 'reflect-metadata';

import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	DataDeduplicationService,
	ExecutionLifecycleHooks,
	InstanceSettings,
	PackageDirectoryLoader,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { TestCredentials } from './credentials';
import { ProcessedKeys } from './processedKeys';

export const PACKAGE_NAME = 'n8n-nodes-mboa-mambo-sms';
const PACKAGE_FOLDER = path.join(__dirname, '../..');

let credentialCount = 0;
let executionCount = 0;

export interface NodeRun {
	/** Name of the node without the package, such as `mboaSms`. */
	type: string;
	parameters: IDataObject;
	/** Another node in place of one of the package, to measure beside it. */
	nodeType?: INodeType;
	typeVersion?: number;
	/** Credential type -> its fields. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	/** The id that n8n knows the credentials by; another one in each run when left out. */
	credentialId?: string;
	/** Input items; one empty item when left out. */
	items?: INodeExecutionData[];
	/** The items of a loop, round by round, in place of `items`: the node is run once for each. */
	rounds?: INodeExecutionData[][];
	onError?: INode['onError'];
	retryOnFail?: boolean;
	maxTries?: number;
	/** Goes on with what an earlier run left: a retry from the executions list. */
	retryOf?: NodeResult;
	executionId?: string;
	/** Aborts the execution, as the stop button does, once the promise resolves. */
	stopWhen?: Promise<void>;
}

export interface NodeResult {
	status: IRun['status'];
	/** Output items per output: main, then the error branch. */
	outputs: INodeExecutionData[][];
	/** The items of the first output. */
	items: INodeExecutionData[];
	json: IDataObject[];
	error?: Error & { description?: string; httpCode?: string; context?: IDataObject };
	hints: NodeExecutionHint[];
	runExecutionData: IRunExecutionData;
	credentials: TestCredentials;
}

/** n8n's own engine with the built package, loaded by n8n's own loader. */
export class Engine {
	private constructor(
		readonly loader: PackageDirectoryLoader,
		readonly processedKeys: ProcessedKeys,
	) {}

	static async start(folder = PACKAGE_FOLDER): Promise<Engine> {
		process.env.N8N_LOG_LEVEL ??= 'silent';
		// n8n keeps an encryption key in its user folder.
		process.env.N8N_USER_FOLDER ??= mkdtempSync(path.join(tmpdir(), 'n8n-user-'));
		const loader = new PackageDirectoryLoader(folder);
		await loader.loadAll();
		const processedKeys = new ProcessedKeys();
		await useProcessedKeys(processedKeys);
		Container.get(InstanceSettings);
		Container.get(BinaryDataConfig).mode = 'default';
		await Container.get(BinaryDataService).init();
		return new Engine(loader, processedKeys);
	}

	/** Runs one node behind a node that gives the items, and reads what it put out. */
	async run(run: NodeRun): Promise<NodeResult> {
		const credentials =
			run.retryOf?.credentials ?? new TestCredentials(this.loader, run.credentials);
		const workflow = this.workflowOf(run);
		const executionId = run.executionId ?? `execution-${(executionCount += 1)}`;
		const hooks = new ExecutionLifecycleHooks('trigger', executionId, workflowData(workflow));
		let hints: NodeExecutionHint[] = [];
		hooks.addHandler('nodeExecuteAfter', async (nodeName, data) => {
			if (nodeName === 'SMS') hints = data.hints ?? [];
		});
		const additionalData = {
			credentialsHelper: credentials,
			hooks,
			executionId,
			currentNodeExecutionIndex: 0,
			variables: {},
			webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
			formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		} as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
		const data = run.retryOf ? retryData(run.retryOf, workflow) : firstData(workflow);
		const execution = new WorkflowExecute(additionalData, 'trigger', data).processRunExecutionData(
			workflow,
		);
		void run.stopWhen?.then(() => execution.cancel());
		const ended = await execution;
		return resultOf(ended ?? { status: 'canceled', data }, hints, credentials);
	}

	private workflowOf(run: NodeRun): Workflow {
		const sms: INode = {
			id: 'sms-node',
			name: 'SMS',
			type: `${PACKAGE_NAME}.${run.type}`,
			typeVersion: run.typeVersion ?? 1,
			position: [200, 0],
			parameters: run.parameters as INode['parameters'],
			credentials: Object.fromEntries(
				// Each run has credentials of its own, unless it says otherwise: n8n's process counts their requests.
				Object.keys(run.credentials).map((name) => [
					name,
					{ id: run.credentialId ?? `${name} ${(credentialCount += 1)}`, name },
				]),
			),
			onError: run.onError ?? 'stopWorkflow',
			retryOnFail: run.retryOnFail ?? false,
			maxTries: run.maxTries ?? 2,
			waitBetweenTries: 1,
		};
		const rounds = run.rounds ?? [run.items ?? [{ json: {} }]];
		const toSms = [[{ node: 'SMS', type: NodeConnectionTypes.Main, index: 0 }]];
		const toItems = [[{ node: 'Items', type: NodeConnectionTypes.Main, index: 0 }]];
		return new Workflow({
			id: 'workflow-1',
			nodes: [{ ...sourceNode }, sms],
			connections: {
				Items: { main: toSms },
				...(run.rounds && { SMS: { main: toItems } }),
			},
			active: false,
			nodeTypes: this.nodeTypes([...rounds], run.nodeType),
			settings: { executionOrder: 'v1' },
		});
	}

	private nodeTypes(rounds: INodeExecutionData[][], other?: INodeType): INodeTypes {
		const typeOf = (name: string): INodeType => {
			if (name === sourceNode.type) return sourceType(rounds);
			if (other && name.startsWith(PACKAGE_NAME)) return other;
			const loaded = this.loader.getNode(name.replace(`${PACKAGE_NAME}.`, '')).type;
			return loaded as INodeType;
		};
		return {
			getByName: typeOf,
			getByNameAndVersion: typeOf,
			getKnownTypes: () => ({}),
		};
	}
}

const sourceNode: INode = {
	id: 'items-node',
	name: 'Items',
	type: 'test.items',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

function sourceType(rounds: INodeExecutionData[][]): INodeType {
	return {
		description: {
			displayName: 'Items',
			name: 'items',
			group: ['input'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute() {
			return [rounds.shift() ?? []];
		},
	};
}

function firstData(workflow: Workflow): IRunExecutionData {
	const node = workflow.getNode('Items');
	if (!node) throw new Error('The test workflow has no first node');
	return createRunExecutionData({
		startData: {},
		executionData: {
			nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
}

/** What n8n does when a failed execution is retried: the failed node starts again with its context. */
function retryData(failed: NodeResult, workflow: Workflow): IRunExecutionData {
	const data = structuredClone(
		JSON.parse(JSON.stringify(failed.runExecutionData)),
	) as IRunExecutionData;
	const { runData } = data.resultData;
	delete data.resultData.error;
	delete data.resultData.lastNodeExecuted;
	runData.SMS?.pop();
	if (runData.SMS?.length === 0) delete runData.SMS;
	// As "Retry with currently saved workflow" does; without an edit it is the same node.
	for (const waiting of data.executionData?.nodeExecutionStack ?? []) {
		waiting.node = workflow.getNode(waiting.node.name) ?? waiting.node;
	}
	return data;
}

function workflowData(workflow: Workflow) {
	const now = new Date();
	return {
		id: workflow.id,
		name: 'Test',
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: now,
		updatedAt: now,
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
	};
}

function resultOf(
	run: Pick<IRun, 'status' | 'data'>,
	hints: NodeExecutionHint[],
	credentials: TestCredentials,
): NodeResult {
	const { resultData } = run.data;
	const outputs = (resultData.runData.SMS?.at(-1)?.data?.main ?? []).map((items) => items ?? []);
	const items = outputs[0] ?? [];
	return {
		status: run.status,
		outputs,
		items,
		json: items.map((item) => item.json),
		error: resultData.error as NodeResult['error'],
		hints,
		runExecutionData: run.data,
		credentials,
	};
}

let processedKeysInUse: { current: ProcessedKeys } | undefined;

/** n8n-core takes the store of processed keys once for the life of the process. */
async function useProcessedKeys(processedKeys: ProcessedKeys): Promise<void> {
	if (processedKeysInUse) {
		processedKeysInUse.current = processedKeys;
		return;
	}
	const inUse = { current: processedKeys };
	processedKeysInUse = inUse;
	await DataDeduplicationService.init({
		checkProcessedAndRecord: async (items, scope, context, options) =>
			await inUse.current.checkProcessedAndRecord(items, scope, context, options),
		removeProcessed: async (items, scope, context) =>
			await inUse.current.removeProcessed(items, scope, context),
		clearAllProcessedItems: async () => inUse.current.clear(),
		getProcessedDataCount: async (_scope, context) => inUse.current.countOf(context),
	});
}
