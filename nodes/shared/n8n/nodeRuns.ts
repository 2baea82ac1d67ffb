import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import type { LedgerEntry, StoredLedger } from '../sending/sentLedger';
import { fingerprint, hasKeyStore, keyStore, listOfKeys, storeFault } from './sentKeys';

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

/** Lets the event loop do other work; unlike a timer it comes back at once when there is none. */
export async function letOthersRun(): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	await new Promise((resolve) => {
		port1.once('message', resolve);
		port2.postMessage(null);
	});
	port1.close();
}

/** A signal that goes off when the user stops the execution, or the run itself has to stop. */
export function stopSwitch(context: IExecuteFunctions) {
	const controller = new AbortController();
	const stop = () => controller.abort();
	const cancelSignal = context.getExecutionCancelSignal?.();
	if (cancelSignal?.aborted) stop();
	cancelSignal?.addEventListener('abort', stop);
	return {
		signal: controller.signal,
		stop,
		release: () => cancelSignal?.removeEventListener('abort', stop),
	};
}

const LEDGER_KEY = 'mboaMamboSentLedger';

/** What n8n keeps for the node, in this execution and in the retries of it. */
interface NodeMemory {
	entries: LedgerEntry[];
	/** The executions that added to it, the latest last. */
	executionIds: string[];
	/** How many entries there were when the latest of them began. */
	entryCountBefore: number;
	/** An execution that may send nothing, because another one goes on with the try that it retries. */
	refusedExecutionId?: string;
}

/**
 * The ledger in n8n's node context, which Retry On Fail and a retried execution find again. n8n gives every
 * retry of one execution the same context, so of two such retries only the first may go on. Throws for the
 * other.
 */
export async function openLedger(context: IExecuteFunctions): Promise<StoredLedger> {
	const stored = context.getContext('node');
	const found = stored[LEDGER_KEY] as NodeMemory | undefined;
	const memory = found ?? { entries: [], executionIds: [], entryCountBefore: 0 };
	stored[LEDGER_KEY] = memory;
	const executionId = context.getExecutionId?.() ?? '';
	const continued = memory.executionIds.at(-1);
	if (continued !== executionId) {
		memory.executionIds.push(executionId);
		memory.entryCountBefore = memory.entries.length;
		if (continued !== undefined && !(await claimRetry(context, continued))) {
			memory.refusedExecutionId = executionId;
		}
	}
	if (memory.refusedExecutionId === executionId) throw retriedTwice(context, memory);
	return {
		entries: memory.entries,
		run: runOf(context),
		earlierExecutionsEntryCount: memory.entryCountBefore,
		fingerprint,
	};
}

/** Whether this retry is the first of that execution. The claim stays: n8n lets it be retried again. */
async function claimRetry(context: IExecuteFunctions, continued: string): Promise<boolean> {
	if (!hasKeyStore(context)) return true;
	const key = `mboa-mambo-sms retry of ${continued} ${context.getNode().id}`;
	try {
		const store = keyStore(context, 'workflow');
		const { isNew, close } = await listOfKeys(context, 'workflow').claim(store, [key]);
		await close([]);
		return isNew.has(key);
	} catch (error) {
		throw storeFault(context, error);
	}
}

function retriedTwice(
	context: IExecuteFunctions,
	{ executionIds }: NodeMemory,
): NodeOperationError {
	const retried = executionIds.at(-2) ?? '';
	return new NodeOperationError(context.getNode(), 'This execution was already retried', {
		description: `Nothing was sent by this retry. Another retry of execution ${retried} goes on with it: open the tab 'Executions', look at the latest of its retries, and retry that one if it has not ended well`,
	});
}

/**
 * Each round of a loop is a run of its own. An agent that repeats a call also makes a new run, but
 * that must not send again.
 */
function runOf(context: IExecuteFunctions): string {
	if (isTool(context)) return 'tool';
	const { $runIndex: runIndex } = (context.getWorkflowDataProxy?.(0) ?? {}) as {
		$runIndex?: unknown;
	};
	return String(runIndex ?? 0);
}
