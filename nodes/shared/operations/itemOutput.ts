import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { letOthersRun } from '../n8n/clock';
import {
	errorItem,
	errorMessageOf,
	outcomeError,
	type ItemError,
	type RunProgress,
} from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { isRetryable } from '../n8n/toolCalls';
import { isErrorStatus } from '../sending/outcomes';
import type { ResumedShare } from '../sending/sentLedger';
import type { ItemResult, PlannedItem } from './plannedItem';
import { peopleOf } from './recipientOutput';

/** A run that has ended. */
export interface EndedRun {
	context: IExecuteFunctions;
	gatewayNode: GatewayNode;
	planned: readonly PlannedItem[];
	/** In the order of `planned`. */
	results: readonly ItemResult[];
	resumed: readonly ResumedShare[];
}

interface EndedItem {
	item: PlannedItem;
	result: ItemResult;
	error: ItemError | null;
}

/** Items written between two pauses, so that the event loop stays free. */
const ITEMS_PER_PAUSE = 500;

/**
 * One output item per input item, or per person. Items that went wrong are raised as an error when the node
 * stops on errors, and become error items otherwise.
 */
export async function outputItems(run: EndedRun): Promise<INodeExecutionData[]> {
	const { context, planned, results, resumed } = run;
	const isContinuing = context.continueOnFail();
	const progress = progressOf(run);
	const ended = planned.map((item, place): EndedItem => {
		const result = results[place] as ItemResult;
		return { item, result, error: errorOf(run, item, { result, progress }) };
	});
	if (!isContinuing) {
		const acknowledged = new Set(
			resumed.filter((share) => share.isRetriedByPerson).map((share) => share.itemIndex),
		);
		// Whoever retries a failed execution has seen its error; the result then is output like others.
		const raised = ended.filter(
			({ item, result, error }) =>
				error && !(result.status === 'unknown' && acknowledged.has(item.itemIndex)),
		);
		const cause = raised.find(({ result }) => result.status !== 'notAttempted') ?? raised[0];
		if (cause?.error) throw cause.error;
	}
	const items: INodeExecutionData[] = [];
	let untilPause = ITEMS_PER_PAUSE;
	for (const one of ended) {
		for (const item of await itemsOf(run, one, isContinuing)) items.push(item);
		untilPause -= 1 + one.item.messages.length;
		if (untilPause > 0) continue;
		untilPause = ITEMS_PER_PAUSE;
		await letOthersRun();
	}
	return items;
}

/** Under Continue each item speaks for itself only. */
function progressOf({ context, planned, results }: EndedRun): RunProgress {
	const base = { isRetryable: isRetryable(context), itemCount: planned.length };
	const sent = results.filter(
		({ outcome, status }) => status === 'accepted' || (outcome.sentCount ?? 0) > 0,
	);
	const doubtful = results.filter(({ status }) => status === 'unknown');
	return { ...base, sentItemCount: sent.length, doubtfulItemCount: doubtful.length };
}

async function itemsOf(
	{ gatewayNode }: EndedRun,
	{ item, result, error }: EndedItem,
	isContinuing: boolean,
): Promise<INodeExecutionData[]> {
	const pairedItem = { item: item.itemIndex };
	if (item.settings?.output === 'recipients') {
		return await peopleOf(gatewayNode.provider, item, {
			result,
			error: isContinuing ? error : null,
		});
	}
	const { status, ...json } = item.writeJson(result);
	const whole = error
		? { status, errorMessage: errorMessageOf(error), ...json }
		: { status, ...json };
	const output: INodeExecutionData =
		error && isContinuing ? errorItem(whole, error, item.itemIndex) : { json: whole, pairedItem };
	if (!item.writeBinary) return [output];
	try {
		output.binary = await item.writeBinary(result);
	} catch (fault) {
		// From the first request on, nothing may stand in place of the account of what was sent.
		const words = fault instanceof Error ? fault.message : String(fault);
		const note = `The file of the rows that were not sent could not be made (${words})`;
		const { providerMessage } = whole as { providerMessage?: unknown };
		(whole as { providerMessage?: unknown }).providerMessage =
			typeof providerMessage === 'string' ? `${providerMessage}; ${note}` : note;
	}
	return [output];
}

function errorOf(
	{ context, gatewayNode }: EndedRun,
	item: PlannedItem,
	{ result, progress }: { result: ItemResult; progress: RunProgress },
): ItemError | null {
	if (item.inputError) return item.inputError;
	if (!isErrorStatus(result.status)) return null;
	if (result.status === 'unknown' && item.acceptsDoubt) return null;
	const { displayName } = gatewayNode;
	const subject = { node: context.getNode(), displayName, itemIndex: item.itemIndex };
	const recipients = result.shares
		.filter(({ outcome }) => outcome.status === result.status)
		.flatMap(({ messages }) => messages.map((message) => message.recipient));
	return outcomeError(subject, { outcome: result.outcome, recipients }, progress);
}
