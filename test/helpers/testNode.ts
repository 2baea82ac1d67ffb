import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type IWorkflowBase,
	type JsonObject,
} from 'n8n-workflow';

import type { ProcessedKeys } from './processedKeys';

/** The node that errors name in tests without an engine. */
export const node: INode = {
	id: 'sms-node',
	name: 'SMS',
	type: 'n8n-nodes-mboa-mambo-sms.mboaSms',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * What n8n throws to a node whose request threw this. Jest runs tests in a realm of its own, in
 * which errors of Node.js itself are not of class Error, so such an error is made anew.
 */
export function asRaisedByN8n(thrown: unknown): NodeApiError {
	const { message, code } = thrown as { message: string; code?: string };
	const error = thrown instanceof Error ? thrown : Object.assign(new Error(message), { code });
	return new NodeApiError(node, error as unknown as JsonObject);
}

/** What n8n shows of an error that comes out of a sub-workflow, an MCP server or an older agent. */
export function wrappedByN8n({ message, description }: { message: string; description?: string }) {
	const wrapped = new NodeOperationError(node, Object.assign(new Error(message), { description }));
	return { message: wrapped.message, description: wrapped.description };
}

let workflowCount = 0;
const workflowIds = new WeakMap<ProcessedKeys, string>();

/** A workflow of its own for each store: claims know their list by it. */
function workflowOf(store?: ProcessedKeys): IWorkflowBase {
	const known = store && workflowIds.get(store);
	const id = known ?? `workflow-${(workflowCount += 1)}`;
	if (store) workflowIds.set(store, id);
	return { id } as IWorkflowBase;
}

/** A context that has n8n's store of processed keys and nothing else. Without a store: an old n8n. */
export function contextWithKeys(store?: ProcessedKeys): IExecuteFunctions {
	const contextData = { workflow: workflowOf(store), node };
	const helpers: Partial<IExecuteFunctions['helpers']> = store
		? {
				checkProcessedAndRecord: async (items, scope, options) =>
					await store.checkProcessedAndRecord(items, scope, contextData, options),
				removeProcessed: async (items, scope) =>
					await store.removeProcessed(items, scope, contextData),
			}
		: {};
	const context: Partial<IExecuteFunctions> = {
		getNode: () => node,
		getWorkflow: () => ({ ...contextData.workflow, name: 'SMS', active: false }),
		helpers: helpers as IExecuteFunctions['helpers'],
	};
	return context as IExecuteFunctions;
}
