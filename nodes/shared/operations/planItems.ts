import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
} from 'n8n-workflow';

import { letOthersRun } from '../n8n/clock';
import type { ItemError } from '../n8n/errors';
import { isSupportedN8n, unsupportedN8n } from '../n8n/supportedN8n';
import { NO_NOTES, type PlannedItem } from './plannedItem';

/** Items read between two pauses, so that the event loop stays free. */
const ITEMS_PER_PAUSE = 500;

/**
 * Reads and checks every input item before anything is sent. An item that cannot be read becomes a
 * planned item with an error and the output fields of `emptyJson`.
 */
export async function planItems(
	context: IExecuteFunctions,
	planItem: (itemIndex: number) => Promise<PlannedItem> | PlannedItem,
	emptyJson: () => IDataObject,
): Promise<PlannedItem[]> {
	const planned: PlannedItem[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		if (itemIndex % ITEMS_PER_PAUSE === ITEMS_PER_PAUSE - 1) await letOthersRun();
		try {
			if (!isSupportedN8n) throw unsupportedN8n(context.getNode(), itemIndex);
			planned.push(await planItem(itemIndex));
		} catch (error) {
			planned.push({
				itemIndex,
				messages: [],
				leftOutCount: 0,
				leftOut: [],
				inputError: itemErrorOf(context.getNode(), error, itemIndex),
				notes: NO_NOTES,
				writeJson: emptyJson,
			});
		}
	}
	return planned;
}

/** The error as n8n shows it. */
export function itemErrorOf(node: INode, error: unknown, itemIndex: number): ItemError {
	if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, { itemIndex });
}
