import type { IExecuteFunctions } from 'n8n-workflow';

/** The last call of each tool in each execution, by the node context that the calls share. */
const lastCalls = new WeakMap<object, Promise<unknown>>();

/** Whether an agent runs the node. n8n gives the twin of a node that agents call this ending. */
export function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

/**
 * Whether a retry of this execution finds what was sent. In a sub-workflow it does not: the retry of its
 * parent calls it anew (n8n says who the parent is; a sub-workflow retried from its own list keeps its context).
 */
export function isRetryable(context: IExecuteFunctions): boolean {
	if (context.getMode() === 'retry') return true;
	const { parentExecutionId } = (context.getExecutionContext?.() ?? {}) as {
		parentExecutionId?: string;
	};
	return parentExecutionId === undefined && context.getMode() !== 'integrated';
}

/**
 * Agents before version 3, and agents that are tools of those, make all calls of a turn at once. Calls
 * of one tool take turns here, so that each sees in the ledger what those before it sent.
 */
export async function inTurn<Result>(
	context: IExecuteFunctions,
	call: () => Promise<Result>,
): Promise<Result> {
	if (!isTool(context)) return await call();
	const stored = context.getContext('node');
	const turn = (lastCalls.get(stored) ?? Promise.resolve()).then(call, call);
	lastCalls.set(stored, turn);
	return await turn;
}
