import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import { type ItemShare, isSettled } from './outcomes';
import { isTool } from '../n8n/toolCalls';

const CONTEXT_KEY = 'mboaMamboSentLedger';

/** 66 bits of SHA-256: two messages of a 100,000-row file meet by chance once in 10^10 files. */
const FINGERPRINT_LENGTH = 11;

/** What one request did for one item. Kept in n8n's node context, so it must stay plain data. */
interface LedgerEntry {
	/** Which run of the node: a loop round has its own, all calls of an agent share one. */
	run: string;
	itemIndex: number;
	executionId: string;
	/** One fingerprint per message, each FINGERPRINT_LENGTH long. */
	fingerprints: string;
	outcome: Outcome;
}

export interface ResumedShare extends ItemShare {
	/** Whether a person started this try, by retrying the failed execution from the list. */
	isRetriedByPerson: boolean;
}

/**
 * What this execution already sent, so that Retry On Fail and a retried execution go on where they
 * stopped. It lives in n8n's node context, which survives both, but not a killed process.
 */
export class SentLedger {
	private readonly entries: LedgerEntry[];

	private readonly run: string;

	private readonly executionId: string;

	/** Of the earlier tries of this run, by item. */
	private readonly earlier = new Map<number, LedgerEntry[]>();

	constructor(context: IExecuteFunctions) {
		const stored = context.getContext('node');
		const entries: unknown = stored[CONTEXT_KEY];
		this.entries = Array.isArray(entries) ? (entries as LedgerEntry[]) : [];
		stored[CONTEXT_KEY] = this.entries;
		this.run = runOf(context);
		this.executionId = context.getExecutionId?.() ?? '';
		for (const entry of this.entries) {
			if (entry.run !== this.run) continue;
			const ofItem = this.earlier.get(entry.itemIndex) ?? [];
			ofItem.push(entry);
			this.earlier.set(entry.itemIndex, ofItem);
		}
	}

	/** Written as each request ends, so that a later fault cannot lose it. */
	record(share: ItemShare, fingerprintOf: (message: OutgoingMessage) => string): void {
		if (!isSettled(share.outcome.status)) return;
		this.entries.push({
			run: this.run,
			itemIndex: share.itemIndex,
			executionId: this.executionId,
			fingerprints: share.messages.map(fingerprintOf).join(''),
			outcome: share.outcome,
		});
	}

	/** Takes the messages of one item apart: those settled in an earlier try, and those still to send. */
	resume(
		itemIndex: number,
		messages: OutgoingMessage[],
		fingerprintOf: (message: OutgoingMessage) => string,
	): { resumed: ResumedShare[]; remaining: OutgoingMessage[] } {
		const earlier = this.earlier.get(itemIndex);
		if (!earlier) return { resumed: [], remaining: messages };
		const entryOf = entriesByFingerprint(earlier);
		const covered = new Map<LedgerEntry, OutgoingMessage[]>();
		const remaining: OutgoingMessage[] = [];
		for (const message of messages) {
			const entry = entryOf.get(fingerprintOf(message));
			if (!entry) remaining.push(message);
			else if (covered.has(entry)) covered.get(entry)?.push(message);
			else covered.set(entry, [message]);
		}
		const resumed = [...covered].map(([entry, own]) => ({
			itemIndex,
			messages: own,
			outcome: outcomeFor(entry, own.length),
			isRetriedByPerson: entry.executionId !== this.executionId,
		}));
		return { resumed, remaining };
	}
}

function entriesByFingerprint(entries: readonly LedgerEntry[]): Map<string, LedgerEntry> {
	const entryOf = new Map<string, LedgerEntry>();
	for (const entry of entries) {
		for (let start = 0; start < entry.fingerprints.length; start += FINGERPRINT_LENGTH) {
			entryOf.set(entry.fingerprints.slice(start, start + FINGERPRINT_LENGTH), entry);
		}
	}
	return entryOf;
}

/**
 * A fingerprint per message: what is sent, from whom, to whom, and the how manieth time within the
 * item, for items that mean to send a number the same text twice.
 */
export function fingerprinter(
	senderOf: (message: OutgoingMessage) => string,
): (message: OutgoingMessage) => string {
	const known = new Map<OutgoingMessage, string>();
	const occurrences = new Map<string, number>();
	return (message) => {
		const earlier = known.get(message);
		if (earlier !== undefined) return earlier;
		const content = JSON.stringify([senderOf(message), message.recipient, message.text]);
		const place = `${message.itemIndex} ${content}`;
		const occurrence = occurrences.get(place) ?? 0;
		occurrences.set(place, occurrence + 1);
		const fingerprint = createHash('sha256')
			.update(`${occurrence} ${content}`)
			.digest('base64url')
			.slice(0, FINGERPRINT_LENGTH);
		known.set(message, fingerprint);
		return fingerprint;
	};
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

/**
 * Each round of a loop is a run of its own. An agent that repeats a call also makes a new run, but
 * that must not send again.
 */
function runOf(context: IExecuteFunctions): string {
	if (isTool(context)) return 'tool';
	const { $runIndex: runIndex } = (context.getWorkflowDataProxy?.(0) ?? {}) as {
		$runIndex?: unknown;
	};
	return String(runIndex ?? 0);
}
