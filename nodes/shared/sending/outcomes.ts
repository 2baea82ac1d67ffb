import {
	makeRefusal,
	type Batch,
	type Outcome,
	type OutgoingMessage,
	type Refusal,
} from '../gateways/gateway';

/** What became of an input item. The meanings are listed in the README under "Status". */
export type SendStatus = Outcome['status'] | 'dryRun';

/** Statuses that are raised as errors, so that a workflow cannot pass over them unseen. */
export const ERROR_STATUSES: ReadonlySet<string> = new Set<SendStatus>([
	'failed',
	'unknown',
	'notAttempted',
]);

/** Statuses after which the same recipients must not be sent the same text again in this execution. */
export const SETTLED_STATUSES: ReadonlySet<string> = new Set<SendStatus>([
	'sent',
	'accepted',
	'partial',
	'unknown',
]);

/** The outcome of recipients that no request was made for, or whose request was refused. */
export function outcomeWithoutSend(
	status: 'failed' | 'unknown' | 'skipped' | 'notAttempted',
	recipientCount: number,
	refusal?: Refusal,
): Outcome {
	const isUnknown = status === 'unknown';
	return {
		status,
		recipientCount,
		sentCount: isUnknown ? null : 0,
		failedCount: isUnknown ? null : status === 'skipped' ? 0 : recipientCount,
		rejectedRecipients: [],
		cost: null,
		balance: null,
		providerMessage: refusal && status !== 'notAttempted' ? refusal.reason : null,
		jobId: null,
		...(refusal && { refusal }),
		...(refusal?.response !== undefined && { response: refusal.response }),
	};
}

/** Adds up the outcomes of one input item. `leftOutCount`: recipients refused before any request. */
export function addUpOutcomes(outcomes: readonly Outcome[], leftOutCount: number): Outcome {
	const status = combinedStatusOf(outcomes, leftOutCount);
	const refusal = outcomes.find((outcome) => outcome.status === status)?.refusal;
	const responses = outcomes.flatMap((outcome) =>
		outcome.response === undefined ? [] : [outcome.response],
	);
	return {
		status,
		recipientCount: outcomes.reduce((sum, outcome) => sum + outcome.recipientCount, 0),
		sentCount: sumOfCounts(outcomes, (outcome) => outcome.sentCount),
		failedCount: sumOfCounts(outcomes, (outcome) => outcome.failedCount),
		rejectedRecipients: outcomes.flatMap((outcome) => outcome.rejectedRecipients),
		cost: costOf(outcomes),
		balance: outcomes.reduce<number | null>((last, outcome) => outcome.balance ?? last, null),
		providerMessage: joinDistinct([
			...outcomes.map((outcome) => outcome.providerMessage),
			status === 'skipped' ? null : skippedNote(outcomes),
		]),
		jobId: jobIdsOf(outcomes),
		...(refusal && { refusal }),
		...(responses.length > 0 && { response: responses.length === 1 ? responses[0] : responses }),
	};
}

function combinedStatusOf(outcomes: readonly Outcome[], leftOutCount: number): Outcome['status'] {
	const statuses = new Set(outcomes.map((outcome) => outcome.status));
	if (statuses.has('unknown')) return 'unknown';
	const isAnySent = statuses.has('sent') || statuses.has('accepted') || statuses.has('partial');
	if (isAnySent) {
		const isAnyLost = statuses.has('partial') || statuses.has('failed') || leftOutCount > 0;
		if (isAnyLost || statuses.has('notAttempted')) return 'partial';
		return statuses.has('accepted') ? 'accepted' : 'sent';
	}
	if (statuses.has('failed')) return 'failed';
	if (statuses.has('notAttempted')) return 'notAttempted';
	return statuses.has('skipped') ? 'skipped' : 'failed';
}

/** Where only some recipients of an item were skipped, its status does not tell. */
function skippedNote(outcomes: readonly Outcome[]): string | null {
	const skipped = outcomes.filter((outcome) => outcome.status === 'skipped');
	const count = skipped.reduce((sum, outcome) => sum + outcome.recipientCount, 0);
	if (count === 0) return null;
	return `${count} recipient${count === 1 ? '' : 's'} skipped: already sent under this deduplication key`;
}

/**
 * A count is null when a request that was accepted did not state it, or when nothing is known at
 * all. Requests of unknown outcome add nothing to what is certain.
 */
function sumOfCounts(
	outcomes: readonly Outcome[],
	countOf: (outcome: Outcome) => number | null,
): number | null {
	const certain = outcomes.filter((outcome) => outcome.status !== 'unknown');
	if (certain.length === 0 && outcomes.length > 0) return null;
	let sum = 0;
	for (const outcome of certain) {
		const count = countOf(outcome);
		if (count === null) return null;
		sum += count;
	}
	return sum;
}

function costOf(outcomes: readonly Outcome[]): number | null {
	const paid = outcomes.filter((outcome) => SETTLED_STATUSES.has(outcome.status));
	if (paid.length === 0) return null;
	let sum = 0;
	for (const outcome of paid) {
		if (outcome.cost === null) return null;
		sum += outcome.cost;
	}
	// Sums of decimal prices otherwise end in …0000001.
	return Math.round(sum * 1e6) / 1e6;
}

function jobIdsOf(outcomes: readonly Outcome[]): string | null {
	const jobIds = new Set(outcomes.flatMap(({ jobId }) => jobId ?? []));
	return jobIds.size === 0 ? null : [...jobIds].join(', ');
}

/** Equal answers of several requests once, with how many there were. */
function joinDistinct(texts: ReadonlyArray<string | null>): string | null {
	const counts = new Map<string, number>();
	for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
	const sentences = [...counts].map(([text, count]) =>
		count === 1 ? text : `${count} answers: ${text}`,
	);
	return sentences.length > 0 ? sentences.join('; ') : null;
}

/** Why recipients of a request certainly got nothing; undefined where they may have got something. */
export function reasonNotSent({ status, refusal }: Outcome): string | undefined {
	const words = refusal?.reason ?? 'no reason given';
	if (status === 'failed') return `Not sent: ${words}`;
	if (status === 'notAttempted') return `Not attempted, because the run was stopped: ${words}`;
	return undefined;
}

/** Why it is not known whether recipients of a request got something; undefined where it is. */
export function reasonInDoubt({ status, refusal }: Outcome): string | undefined {
	if (status !== 'unknown') return undefined;
	return `May have been sent, no trustworthy answer came: ${refusal?.reason ?? 'no reason given'}`;
}

/** What one request means for one input item. */
export interface ItemShare {
	itemIndex: number;
	messages: OutgoingMessage[];
	outcome: Outcome;
}

/**
 * Divides the outcome of a request among the items whose messages it carried. Totals that cannot be
 * told apart are null in every share; nothing is guessed.
 */
export function sharesOf(messages: readonly OutgoingMessage[], outcome: Outcome): ItemShare[] {
	const byItem = new Map<number, OutgoingMessage[]>();
	for (const message of messages) {
		const own = byItem.get(message.itemIndex);
		if (own) own.push(message);
		else byItem.set(message.itemIndex, [message]);
	}
	return [...byItem].map(([itemIndex, own]) => ({
		itemIndex,
		messages: own,
		outcome:
			byItem.size === 1 ? outcome : shareOf({ outcome, messages, itemCount: byItem.size }, own),
	}));
}

interface DividedRequest {
	outcome: Outcome;
	messages: readonly OutgoingMessage[];
	itemCount: number;
}

function shareOf(
	{ outcome, messages, itemCount }: DividedRequest,
	own: OutgoingMessage[],
): Outcome {
	const rejectedRecipients = rejectedAmong(own, outcome);
	const share = { ...outcome, recipientCount: own.length, rejectedRecipients, cost: null };
	if (outcome.status !== 'partial') return uniformShareOf(share);
	const isEveryoneNamed = rejectedAmong(messages, outcome).length === outcome.failedCount;
	return isEveryoneNamed ? itemizedShareOf(share) : unitemizedShareOf(share, itemCount);
}

function rejectedAmong(messages: readonly OutgoingMessage[], outcome: Outcome) {
	const numbers = new Set<string>(messages.map((message) => message.recipient));
	return outcome.rejectedRecipients.filter(({ recipient }) => numbers.has(recipient));
}

/** Everyone in the request fared alike. The counts are those of the request where it states any. */
function uniformShareOf(share: Outcome): Outcome {
	const { status, recipientCount, sentCount, failedCount } = share;
	const isNotSent = status === 'failed' || status === 'notAttempted';
	return {
		...share,
		sentCount: sentCount === null ? null : status === 'sent' ? recipientCount : 0,
		failedCount: failedCount === null ? null : isNotSent ? recipientCount : 0,
	};
}

/** The gateway names everyone whom it did not serve. */
function itemizedShareOf(share: Outcome): Outcome {
	const { rejectedRecipients, recipientCount } = share;
	const failedCount = rejectedRecipients.length;
	const sentCount = recipientCount - failedCount;
	const status = failedCount === 0 ? 'sent' : sentCount === 0 ? 'failed' : 'partial';
	const refusal = makeRefusal('input', rejectedRecipients[0]?.reason ?? '');
	return { ...share, status, sentCount, failedCount, ...(status === 'failed' && { refusal }) };
}

/** The gateway tells how many it served, and not whom. */
function unitemizedShareOf(share: Outcome, itemCount: number): Outcome {
	const note =
		`the gateway took only some of a request that ${itemCount} items shared ` +
		"and does not say which; turn off 'Combine Items' to see it per item";
	return {
		...share,
		sentCount: null,
		failedCount: null,
		providerMessage: withNote(share.providerMessage, note),
	};
}

function withNote(text: string | null, note: string): string {
	return text ? `${text}; ${note}` : note;
}

/** The share with what the user must know besides what the gateway says. */
export function notedShare(share: ItemShare, note: string): ItemShare {
	const { providerMessage, refusal } = share.outcome;
	return {
		...share,
		outcome: {
			...share.outcome,
			providerMessage: withNote(providerMessage, note),
			...(refusal && { refusal: { ...refusal, reason: `${refusal.reason}; ${note}` } }),
		},
	};
}

/** Finds out when an item has gone wrong: all of its requests were refused, or one is in doubt. */
export class FailedItems {
	private readonly openMessages = new Map<number, number>();

	private readonly sentItems: Set<number>;

	constructor(batches: readonly Batch[], partlySentItems: ReadonlySet<number>) {
		this.sentItems = new Set(partlySentItems);
		for (const { itemIndex } of batches.flatMap((batch) => batch.messages)) {
			this.openMessages.set(itemIndex, (this.openMessages.get(itemIndex) ?? 0) + 1);
		}
	}

	/** The refusal that decided an item, if the shares of an ended request did. */
	add(shares: readonly ItemShare[]): Refusal | undefined {
		let decisive: Refusal | undefined;
		for (const { itemIndex, messages, outcome } of shares) {
			const open = (this.openMessages.get(itemIndex) ?? 0) - messages.length;
			this.openMessages.set(itemIndex, open);
			const isSent = SETTLED_STATUSES.has(outcome.status) && outcome.status !== 'unknown';
			if (isSent) this.sentItems.add(itemIndex);
			const isFailed = outcome.status === 'failed' && open <= 0 && !this.sentItems.has(itemIndex);
			if (isFailed || outcome.status === 'unknown') decisive ??= outcome.refusal;
		}
		return decisive;
	}
}
