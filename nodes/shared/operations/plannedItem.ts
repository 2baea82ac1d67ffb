import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import type { ItemError } from '../n8n/errors';
import { outcomeWithoutSend, type ItemShare, type SendStatus } from '../sending/outcomes';
import type { SendSettings } from './settings';

/** What became of an item, for the functions that write its output. */
export interface ItemResult {
	status: SendStatus;
	outcome: Outcome;
	shares: ItemShare[];
	/** Why nothing was sent for it, where that was known before any request. */
	inputError?: ItemError;
}

/** Of an item for which nothing was to be sent. */
export function nothingSent(): ItemResult {
	return { status: 'failed', outcome: outcomeWithoutSend('failed', 0), shares: [] };
}

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
