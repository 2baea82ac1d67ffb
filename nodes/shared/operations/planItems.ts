import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
} from 'n8n-workflow';

import type { ItemError } from '../n8n/errors';
import type { PlannedItem } from './plannedItem';
import { isSupportedN8n, unsupportedN8n } from '../n8n/supportedN8n';

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
		try {
			if (!isSupportedN8n) throw unsupportedN8n(context.getNode(), itemIndex);
			planned.push(await planItem(itemIndex));
		} catch (error) {
			planned.push({
				itemIndex,
				messages: [],
				leftOutCount: 0,
				inputError: itemErrorOf(context.getNode(), error, itemIndex),
				notes: noNotes,
				writeJson: emptyJson,
			});
		}
	}
	return planned;
}

export const noNotes = {
	duplicateCount: 0,
	leftOutCount: 0,
	titleRowCount: 0,
	ucs2Characters: [],
	segmentsToSave: 0,
};

/** The error as n8n shows it. */
export function itemErrorOf(node: INode, error: unknown, itemIndex: number): ItemError {
	if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, { itemIndex });
}
