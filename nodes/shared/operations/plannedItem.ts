import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import type { ItemShare, SendStatus } from '../sending/outcomes';
import type { ItemError } from '../n8n/errors';
import type { SendSettings } from './settings';

/** What became of an item, for the function that writes its output. */
export interface ItemResult {
	status: SendStatus;
	outcome: Outcome;
	shares: ItemShare[];
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
	/** What the user should know of this item although nobody asked. */
	notes: PlanNotes;
	writeJson(result: ItemResult): IDataObject;
	writeBinary?(result: ItemResult): Promise<IBinaryKeyData>;
}

export interface PlanNotes {
	duplicateCount: number;
	leftOutCount: number;
	titleRowCount: number;
	ucs2Characters: string[];
	/** Segments that smart encoding would save, over all messages of the item. */
	segmentsToSave: number;
}
