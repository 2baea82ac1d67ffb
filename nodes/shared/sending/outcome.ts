import type { RejectedRecipient } from '../phone/recipients';

/** What became of an input item. The meanings are listed in the README under "Status". */
export type SendStatus =
	'sent' | 'accepted' | 'partial' | 'failed' | 'unknown' | 'skipped' | 'notAttempted' | 'dryRun';

/**
 * Why recipients did not get a message for certain. The set is closed: what follows from each kind
 * is decided in exhaustive switches.
 *
 * - `credentials`: the gateway did not accept the credential
 * - `balance`: the account cannot pay
 * - `input`: the gateway, or our own check, found the request unusable
 * - `rateLimit`: too many requests; nothing was processed
 * - `unavailable`: no connection was made; nothing was processed
 * - `unknownOutcome`: the request left and no trustworthy answer came
 */
export type RefusalKind =
	'credentials' | 'balance' | 'input' | 'rateLimit' | 'unavailable' | 'unknownOutcome';

export interface Refusal {
	kind: RefusalKind;
	/** The gateway's own words, or what happened to the connection. */
	words: string;
	/** What to do, where `words` are a sentence of our own and not the gateway's. */
	advice?: string;
	/** HTTP status as text, null when no answer came. */
	httpCode: string | null;
	/** The Retry-After header as it arrived, for `rateLimit`. */
	retryAfter?: string;
	/** The gateway's answer, for `includeResponse`. */
	response?: unknown;
}

/** What became of some recipients of one input item: its share of one request. Plain data, so that it can be stored. */
export interface Outcome {
	status: Exclude<SendStatus, 'dryRun'>;
	recipientCount: number;
	/** Recipients the gateway accepted for certain; null when it did not say. */
	sentCount: number | null;
	/** Recipients that certainly got nothing; null when the gateway did not say. */
	failedCount: number | null;
	rejectedRecipients: RejectedRecipient[];
	/** In the gateway's own unit (credits or currency). */
	cost: number | null;
	balance: number | null;
	providerMessage: string | null;
	jobId: string | null;
	/** Why, when the status is `failed`, `unknown` or `notAttempted`. */
	refusal?: Refusal;
	response?: unknown;
}

/** Statuses that are raised as errors, so that a workflow cannot pass over them unseen. */
export function isErrorStatus(status: SendStatus): boolean {
	return status === 'failed' || status === 'unknown' || status === 'notAttempted';
}

/** Statuses after which the same recipients must not be sent the same text again in this execution. */
export function isSettled(status: Outcome['status']): boolean {
	return status === 'sent' || status === 'accepted' || status === 'partial' || status === 'unknown';
}

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
		providerMessage: refusal && status !== 'notAttempted' ? refusal.words : null,
		jobId: null,
		...(refusal && { refusal }),
		...(refusal?.response !== undefined && { response: refusal.response }),
	};
}

/** Adds up the outcomes of one input item. `leftOutCount`: recipients refused before any request. */
export function addUpOutcomes(outcomes: readonly Outcome[], leftOutCount: number): Outcome {
	const status = statusOf(outcomes, leftOutCount);
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
		jobId: joinDistinct(outcomes.map((outcome) => outcome.jobId)),
		...(refusal && { refusal }),
		...(responses.length > 0 && { response: responses.length === 1 ? responses[0] : responses }),
	};
}

function statusOf(outcomes: readonly Outcome[], leftOutCount: number): Outcome['status'] {
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
	const paid = outcomes.filter((outcome) => isSettled(outcome.status));
	if (paid.length === 0) return null;
	let sum = 0;
	for (const outcome of paid) {
		if (outcome.cost === null) return null;
		sum += outcome.cost;
	}
	// Sums of decimal prices otherwise end in …0000001.
	return Math.round(sum * 1e6) / 1e6;
}

function joinDistinct(texts: ReadonlyArray<string | null>): string | null {
	const distinct = [...new Set(texts.filter((text): text is string => text !== null))];
	return distinct.length > 0 ? distinct.join('; ') : null;
}
