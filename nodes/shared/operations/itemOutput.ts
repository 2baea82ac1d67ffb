import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isErrorStatus } from '../sending/outcomes';
import {
	errorItem,
	errorMessageOf,
	outcomeError,
	type ItemError,
	type RunProgress,
} from '../n8n/errors';
import type { ItemResult, PlannedItem } from './plannedItem';
import type { ResumedShare } from '../sending/sentLedger';

/**
 * One output item per input item. Items that went wrong are raised as an error when the node stops
 * on errors, and become error items otherwise.
 */
export async function outputItems(
	context: IExecuteFunctions,
	displayName: string,
	planned: readonly PlannedItem[],
	results: readonly ItemResult[],
	resumed: readonly ResumedShare[],
): Promise<INodeExecutionData[]> {
	const isContinuing = context.continueOnFail();
	const sentItemCount = results.filter(({ outcome }) => (outcome.sentCount ?? 0) > 0).length;
	const acknowledged = new Set(
		resumed.filter((share) => share.isRetriedByPerson).map((share) => share.itemIndex),
	);
	const progress = isContinuing ? undefined : { sentItemCount, itemCount: planned.length };
	const ended = planned.map((item, place) => {
		const result = results[place] as ItemResult;
		return { item, result, error: errorOf(context, displayName, item, result, progress) };
	});
	if (!isContinuing) {
		// Whoever retries a failed execution has seen its error; the result then is output like others.
		const raised = ended.filter(
			({ item, result, error }) =>
				error && !(result.status === 'unknown' && acknowledged.has(item.itemIndex)),
		);
		const cause = raised.find(({ result }) => result.status !== 'notAttempted') ?? raised[0];
		if (cause?.error) throw cause.error;
	}
	const items: INodeExecutionData[] = [];
	for (const { item, result, error } of ended) {
		items.push(await outputItem(item, result, error, isContinuing));
	}
	return items;
}

async function outputItem(
	item: PlannedItem,
	result: ItemResult,
	error: ItemError | null,
	isContinuing: boolean,
): Promise<INodeExecutionData> {
	const json = item.writeJson(result);
	if (error) json.errorMessage = errorMessageOf(error);
	const output =
		error && isContinuing
			? errorItem(json, error, item.itemIndex)
			: { json, pairedItem: { item: item.itemIndex } };
	if (item.writeBinary) output.binary = await item.writeBinary(result);
	return output;
}

function errorOf(
	context: IExecuteFunctions,
	displayName: string,
	item: PlannedItem,
	result: ItemResult,
	progress: RunProgress | undefined,
): ItemError | null {
	if (item.inputError) return item.inputError;
	if (!isErrorStatus(result.status)) return null;
	return outcomeError(context.getNode(), displayName, item.itemIndex, result.outcome, progress);
}
