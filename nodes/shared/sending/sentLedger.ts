import {
	makeRefusal,
	type Outcome,
	type OutgoingMessage,
	type Refusal,
	type SendResult,
} from '../gateways/gateway';
import type { PhoneNumber } from '../phone/phoneResult';
import { outcomeWithoutSend, SETTLED_STATUSES, sharesOf, type ItemShare } from './outcomes';

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
	fingerprint: StoredLedger['fingerprint'],
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

/** What one request did for one item. It is stored by n8n, so it must stay plain data. */
export interface LedgerEntry {
	/** Which run of the node: a loop round has its own, all calls of an agent share one. */
	run: string;
	itemIndex: number;
	/** The identities of the messages with blanks between them: many times shorter in n8n's notation than a list. */
	identities: string;
	/** Of messages that may have been sent: number and text, as evaluated and as written, for the rounds of a loop. */
	doubts?: string;
	outcome: Outcome;
}

/** What the node keeps in the execution. */
export interface StoredLedger {
	entries: LedgerEntry[];
	run: string;
	/** How many entries there were when this execution began: those before were made by the one that it retries. */
	earlierExecutionsEntryCount: number;
	/** A short text that stands for the parts. */
	fingerprint(parts: readonly unknown[]): string;
}

export interface ResumedShare extends ItemShare {
	/** Whether a person started this try, by retrying the failed execution from the list. */
	isRetriedByPerson: boolean;
}

interface Found {
	entry: LedgerEntry;
	isRetriedByPerson: boolean;
}

/**
 * What this execution already sent, so that Retry On Fail and a retried execution go on where they
 * stopped. It lives where n8n keeps it for both, but does not survive a killed process.
 */
export class SentLedger {
	/** Of the earlier tries of this run, by item. */
	private readonly earlier = new Map<number, Found[]>();
	/** Messages of any run that may have been sent. */
	private readonly doubts = new Map<string, Found>();
	private lastOutcome: { outcome: Outcome; written: string } | undefined;

	constructor(private readonly stored: StoredLedger) {
		stored.entries.forEach((entry, place) => {
			const isRetriedByPerson = place < stored.earlierExecutionsEntryCount;
			const found = { entry, isRetriedByPerson };
			for (const doubt of entry.doubts?.split(' ') ?? []) this.doubts.set(doubt, found);
			if (entry.run !== stored.run) return;
			const ofItem = this.earlier.get(entry.itemIndex) ?? [];
			ofItem.push(found);
			this.earlier.set(entry.itemIndex, ofItem);
		});
	}

	/** Written as each request ends, so that a later fault cannot lose it. */
	record({ itemIndex, messages, outcome }: ItemShare): void {
		if (!SETTLED_STATUSES.has(outcome.status)) return;
		const { entries, run } = this.stored;
		const identities = messages.map((message) => message.identity).join(' ');
		const isDoubt = outcome.status === 'unknown';
		const doubts = isDoubt ? messages.flatMap((message) => this.doubtsOf(message)) : [];
		entries.push({
			run,
			itemIndex,
			identities,
			...(isDoubt && { doubts: doubts.join(' ') }),
			outcome: this.sharedOutcome(withoutResponse(outcome)),
		});
	}

	/** Equal outcomes one after another are one object, which n8n's notation (flatted) writes once. */
	private sharedOutcome(outcome: Outcome): Outcome {
		const written = JSON.stringify(outcome);
		if (this.lastOutcome?.written !== written) this.lastOutcome = { outcome, written };
		return this.lastOutcome.outcome;
	}

	/**
	 * Takes the messages of one item apart: those settled in an earlier try, those in doubt since an earlier
	 * round of a loop, and those still to send. `isOwnDoubt`: the item is this node's own result with `unknown`.
	 */
	resume(
		itemIndex: number,
		messages: OutgoingMessage[],
		isOwnDoubt = false,
	): { resumed: ResumedShare[]; remaining: OutgoingMessage[] } {
		const earlier = this.earlier.get(itemIndex) ?? [];
		if (earlier.length === 0 && this.doubts.size === 0) {
			return { resumed: [], remaining: messages };
		}
		const foundByIdentity = new Map<string, Found>();
		for (const found of earlier) {
			for (const identity of found.entry.identities.split(' '))
				foundByIdentity.set(identity, found);
		}
		const covered = new Map<Found, OutgoingMessage[]>();
		const remaining: OutgoingMessage[] = [];
		for (const message of messages) {
			const found = foundByIdentity.get(message.identity) ?? this.doubtAbout(message, isOwnDoubt);
			if (!found) remaining.push(message);
			else if (covered.has(found)) covered.get(found)?.push(message);
			else covered.set(found, [message]);
		}
		const resumed = [...covered].map(([{ entry, isRetriedByPerson }, own]) => ({
			itemIndex,
			messages: own,
			outcome: outcomeFor(entry, own.length),
			isRetriedByPerson,
		}));
		return { resumed, remaining };
	}

	private doubtAbout(message: OutgoingMessage, isOwnDoubt: boolean): Found | undefined {
		if (this.doubts.size === 0) return undefined;
		const [asEvaluated, asWritten] = this.doubtsOf(message);
		const found = this.doubts.get(asEvaluated);
		return found ?? (isOwnDoubt ? this.doubts.get(asWritten) : undefined);
	}

	private doubtsOf({ recipient, text, written }: OutgoingMessage): [string, string] {
		const { fingerprint } = this.stored;
		return [
			fingerprint(['evaluated', recipient, text]),
			fingerprint(['written', recipient, written]),
		];
	}
}

/** Answers can be long, and no later try needs them. */
function withoutResponse({ refusal, ...outcome }: Outcome): Outcome {
	if (!refusal) return { ...outcome, response: undefined };
	return { ...outcome, response: undefined, refusal: { ...refusal, response: undefined } };
}

/** The stored outcome, or the part of it that the given number of its messages stands for. */
function outcomeFor({ outcome, identities }: LedgerEntry, messageCount: number): Outcome {
	if (messageCount === identities.split(' ').length) return outcome;
	if (outcome.status === 'unknown') {
		return outcomeWithoutSend('unknown', messageCount, outcome.refusal);
	}
	const isWhole = outcome.status === 'sent' && outcome.sentCount === outcome.recipientCount;
	return {
		...outcome,
		recipientCount: messageCount,
		sentCount: isWhole ? messageCount : null,
		failedCount: isWhole ? 0 : null,
		cost: null,
	};
}

/**
 * Claims deduplication keys among those of what was sent in any execution, just before their request. Others
 * who claim one of them wait until the claim is closed. Rejects when their store cannot be used.
 */
export type ClaimKeys = (keys: readonly string[]) => Promise<KeyClaim>;

export interface KeyClaim {
	/** Those that nobody had claimed before. */
	isNew: Set<string>;
	/** Withdraws the keys of messages that were not sent. Answers what the user must know if it cannot. */
	close(unsent: readonly string[]): Promise<string | null>;
}

/** The messages of one request, told apart by their keys. */
export interface Claim {
	fresh: OutgoingMessage[];
	/** Of messages sent by an earlier execution, or earlier in this one. */
	skipped: ItemShare[];
	close: KeyClaim['close'];
}

/** Claims the keys of the messages, just before their request. */
export async function claimMessages(
	messages: OutgoingMessage[],
	claimKeys: ClaimKeys,
): Promise<Claim> {
	const keys = keysOf(messages);
	if (keys.length === 0) return { fresh: messages, skipped: [], close: async () => null };
	const { isNew, close } = await claimKeys(keys);
	const fresh: OutgoingMessage[] = [];
	const alreadySent: OutgoingMessage[] = [];
	for (const message of messages) {
		const { deduplicationKey } = message;
		// The first message with a new key goes; a second one in the same request is a repeat.
		const isFresh = deduplicationKey === null || isNew.delete(deduplicationKey);
		(isFresh ? fresh : alreadySent).push(message);
	}
	const skipped = sharesOf(alreadySent, outcomeWithoutSend('skipped', alreadySent.length));
	return { fresh, skipped, close };
}

export function keysOf(messages: readonly OutgoingMessage[]): string[] {
	return messages.map((message) => message.deduplicationKey).filter((key) => key !== null);
}

/** The store of sent keys could not be used: nothing was sent. */
export function unusableStore(fault: unknown): Refusal {
	const { message, description } = fault as { message?: string; description?: string };
	return makeRefusal('input', message ?? 'n8n could not look up what was already sent', {
		advice: description ?? 'Nothing was sent',
	});
}

/** The messages that the gateway certainly did not send. */
export function unsentOf(result: SendResult, messages: OutgoingMessage[]): OutgoingMessage[] {
	if (result.refused) return result.refusal.kind === 'unknownOutcome' ? [] : messages;
	const named = new Set(result.outcome.rejectedRecipients.map(({ recipient }) => recipient));
	return messages.filter(({ recipient }) => named.has(recipient));
}
