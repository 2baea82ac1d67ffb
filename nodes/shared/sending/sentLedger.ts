import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import { isSettled, type ItemShare } from './outcomes';

/** What one request did for one item. It is stored by n8n, so it must stay plain data. */
export interface LedgerEntry {
	/** Which run of the node: a loop round has its own, all calls of an agent share one. */
	run: string;
	itemIndex: number;
	executionId: string;
	/** The identities of the messages with blanks between them: many times shorter in n8n's notation than a list. */
	identities: string;
	outcome: Outcome;
}

/** The entries of all tries, which the ledger adds to, and the run that it is opened for. */
export interface StoredLedger {
	entries: LedgerEntry[];
	run: string;
	executionId: string;
}

export interface ResumedShare extends ItemShare {
	/** Whether a person started this try, by retrying the failed execution from the list. */
	isRetriedByPerson: boolean;
}

/**
 * What this execution already sent, so that Retry On Fail and a retried execution go on where they
 * stopped. It lives where n8n keeps it for both, but does not survive a killed process.
 */
export class SentLedger {
	/** Of the earlier tries of this run, by item. */
	private readonly earlier = new Map<number, LedgerEntry[]>();

	constructor(private readonly stored: StoredLedger) {
		for (const entry of stored.entries) {
			if (entry.run !== stored.run) continue;
			const ofItem = this.earlier.get(entry.itemIndex) ?? [];
			ofItem.push(entry);
			this.earlier.set(entry.itemIndex, ofItem);
		}
	}

	/** Written as each request ends, so that a later fault cannot lose it. */
	record({ itemIndex, messages, outcome }: ItemShare): void {
		if (!isSettled(outcome.status)) return;
		const { entries, run, executionId } = this.stored;
		const identities = messages.map((message) => message.identity).join(' ');
		entries.push({ run, itemIndex, executionId, identities, outcome });
	}

	/** Takes the messages of one item apart: those settled in an earlier try, and those still to send. */
	resume(
		itemIndex: number,
		messages: OutgoingMessage[],
	): { resumed: ResumedShare[]; remaining: OutgoingMessage[] } {
		const earlier = this.earlier.get(itemIndex);
		if (!earlier) return { resumed: [], remaining: messages };
		const entryOf = entriesByIdentity(earlier);
		const covered = new Map<LedgerEntry, OutgoingMessage[]>();
		const remaining: OutgoingMessage[] = [];
		for (const message of messages) {
			const entry = entryOf.get(message.identity);
			if (!entry) remaining.push(message);
			else if (covered.has(entry)) covered.get(entry)?.push(message);
			else covered.set(entry, [message]);
		}
		const resumed = [...covered].map(([entry, own]) => ({
			itemIndex,
			messages: own,
			outcome: outcomeFor(entry, own.length),
			isRetriedByPerson: entry.executionId !== this.stored.executionId,
		}));
		return { resumed, remaining };
	}
}

function entriesByIdentity(entries: readonly LedgerEntry[]): Map<string, LedgerEntry> {
	const entryOf = new Map<string, LedgerEntry>();
	for (const entry of entries) {
		for (const identity of entry.identities.split(' ')) entryOf.set(identity, entry);
	}
	return entryOf;
}

/** The stored outcome, or the part of it that the given number of its messages stands for. */
function outcomeFor(entry: LedgerEntry, messageCount: number): Outcome {
	const { outcome } = entry;
	if (messageCount === outcome.recipientCount) return outcome;
	const isWhole = outcome.status === 'sent' && outcome.sentCount === outcome.recipientCount;
	return {
		...outcome,
		recipientCount: messageCount,
		sentCount: isWhole ? messageCount : null,
		failedCount: isWhole ? 0 : null,
		cost: null,
	};
}
