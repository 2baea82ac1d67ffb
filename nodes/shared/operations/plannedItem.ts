import {
	NodeApiError,
	NodeOperationError,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
} from 'n8n-workflow';

import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import type { ItemError } from '../n8n/errors';
import { fingerprint } from '../n8n/sentKeys';
import type { PhoneNumber } from '../phone/phoneNumber';
import { outcomeWithoutSend, type ItemShare, type SendStatus } from '../sending/outcomes';
import type { SendSettings } from './settings';
import { letOthersRun } from '../n8n/clock';
import { isSupportedN8n, unsupportedN8n } from '../n8n/supportedN8n';

/** What became of an item, for the functions that write its output. */
export interface ItemResult {
	status: SendStatus;
	outcome: Outcome;
	shares: ItemShare[];
	/** Why nothing was sent for it, where that was known before any request. */
	inputError?: ItemError;
}

/** Of an item for which nothing was to be sent. */
export const NOTHING_SENT: ItemResult = {
	status: 'failed',
	outcome: outcomeWithoutSend('failed', 0),
	shares: [],
};

/** One input item, read and checked: what is to be sent for it and how its output is written. */
export interface PlannedItem {
	itemIndex: number;
	messages: OutgoingMessage[];
	/** Recipients refused before any request. */
	leftOutCount: number;
	/** Missing when the parameters themselves could not be read. */
	settings?: SendSettings;
	/** Why nothing may be sent for this item. */
	inputError?: ItemError;
	/** Whether the input item is this node's own result with `unknown`, come back in a loop. */
	isOwnDoubt?: boolean;
	/** Whether `unknown` is a result like others: whoever asks a question then waits for the answer all the same. */
	acceptsDoubt?: boolean;
	/** What the user should know of this item although nobody asked. */
	notes: PlanNotes;
	/** Everyone of whom no message was made, for one item per recipient. */
	leftOut: LeftOut[];
	writeJson(result: ItemResult): IDataObject;
	writeBinary?(result: ItemResult): Promise<IBinaryKeyData>;
}

/** An item and those of its messages that no earlier try settled. */
export interface ItemToSend {
	item: PlannedItem;
	remaining: OutgoingMessage[];
}

/** Somebody in the input who is not texted, and why. */
export interface LeftOut {
	status: 'invalid' | 'duplicate' | 'excluded';
	/** As the spreadsheet shows it; null in Send. */
	row: number | null;
	/** In E.164, or as written where it is unusable. */
	recipient: string;
	writtenAs: string;
	reason: string;
}

export interface PlanNotes {
	duplicateCount: number;
	excludedCount: number;
	leftOutCount: number;
	ucs2Characters: readonly string[];
	/** Segments that smart encoding would save, over all messages of the item. */
	segmentsToSave: number;
	/** Sentences about the file of this item: what was taken for what. */
	aboutFile: string[];
	/** Entries of 'Do Not Text' that are no number. */
	unusableDoNotTextCount: number;
}

export const NO_NOTES: PlanNotes = {
	duplicateCount: 0,
	excludedCount: 0,
	leftOutCount: 0,
	ucs2Characters: [],
	segmentsToSave: 0,
	aboutFile: [],
	unusableDoNotTextCount: 0,
};

/** Who is to get what, on behalf of one item. */
interface Addressed {
	recipient: PhoneNumber;
	writtenAs: string;
	text: string;
	/** The text before its expressions were evaluated, or the row's own. */
	written: string;
	row?: number;
	/** '' for none. */
	deduplicationKey: string;
}

/**
 * The messages of one item, each with what it is known by later on. In every try a message is the same if
 * its number, its text as written and its place among the messages of that number are; what an expression
 * makes of the text, the sender and the encoding may change.
 */
export function outgoingMessages(
	itemIndex: number,
	addressed: Iterable<Addressed>,
): OutgoingMessage[] {
	const places = new Map<PhoneNumber, number>();
	// Field by field: to spread a hundred thousand of them takes a quarter of a second.
	return Array.from(addressed, (addressee) => {
		const { recipient, writtenAs, text, written, row, deduplicationKey: key } = addressee;
		const place = places.get(recipient) ?? 0;
		places.set(recipient, place + 1);
		return {
			itemIndex,
			recipient,
			writtenAs,
			text,
			written,
			row,
			identity: fingerprint([recipient, place, written]),
			deduplicationKey: key === '' ? null : keyFor(key, recipient, place),
		};
	});
}

/** The first text for a number has the key alone, so that a second one later is a message of its own. */
function keyFor(key: string, recipient: PhoneNumber, place: number): string {
	return JSON.stringify(place === 0 ? [key, recipient] : [key, recipient, place]);
}

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
