import { createHash } from 'crypto';
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import type { Gateway, Outcome, OutgoingMessage } from '../gateways/gateway';
import type { PhoneNumber } from '../phone/phoneNumber';
import { outcomeWithoutSend, type ItemShare, type SendStatus } from '../sending/outcomes';
import type { ItemError } from '../n8n/errors';
import type { SendSettings } from './settings';

/** What became of an item, for the function that writes its output. */
export interface ItemResult {
	status: SendStatus;
	outcome: Outcome;
	shares: ItemShare[];
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

/** Whose messages they are: what the messages of one item have in common. */
export interface Sender {
	itemIndex: number;
	provider: Gateway['provider'];
	settings: SendSettings;
}

/** Who is to get what, on behalf of one item. */
type Addressed = Pick<OutgoingMessage, 'recipient' | 'text' | 'row'>;

/** The messages of one item, each with what it is known by later on. */
export function outgoingMessages(
	sender: Sender,
	addressed: readonly Addressed[],
): OutgoingMessage[] {
	const { itemIndex, provider, settings } = sender;
	const { senderId, messageCategory } = settings.rules.envelope;
	const from = JSON.stringify([provider, senderId, messageCategory]);
	const identityFor = identifier(from);
	return addressed.map((message) => ({
		...message,
		itemIndex,
		identity: identityFor(message),
		deduplicationKey: deduplicationKeyFor(message.recipient, settings),
	}));
}

function deduplicationKeyFor(
	recipient: PhoneNumber,
	{ deduplicationKey }: SendSettings,
): string | null {
	return deduplicationKey === '' ? null : JSON.stringify([deduplicationKey, recipient]);
}

/** 66 bits of SHA-256: two messages of a 100,000-row file meet by chance once in 10^10 files. */
const IDENTITY_LENGTH = 11;

/**
 * What makes a message of an item the same in every try: what is sent, from whom, to whom, and the
 * how manieth time, for items that mean to send a number the same text twice.
 */
function identifier(from: string): (message: Addressed) => string {
	const occurrences = new Map<string, number>();
	return ({ recipient, text }) => {
		const content = JSON.stringify([from, recipient, text]);
		const occurrence = occurrences.get(content) ?? 0;
		occurrences.set(content, occurrence + 1);
		return createHash('sha256')
			.update(`${occurrence} ${content}`)
			.digest('base64url')
			.slice(0, IDENTITY_LENGTH);
	};
}
