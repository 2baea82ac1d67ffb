import type { RejectedRecipient } from './recipients';

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
export interface Receipt {
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
export function isSettled(status: Receipt['status']): boolean {
	return status === 'sent' || status === 'accepted' || status === 'partial' || status === 'unknown';
}

/** The receipt of recipients that no request was made for, or whose request was refused. */
export function receiptWithoutSend(
	status: 'failed' | 'unknown' | 'skipped' | 'notAttempted',
	recipientCount: number,
	refusal?: Refusal,
): Receipt {
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

/** Adds up the receipts of one input item. `leftOutCount`: recipients refused before any request. */
export function addUpReceipts(receipts: readonly Receipt[], leftOutCount: number): Receipt {
	const status = statusOf(receipts, leftOutCount);
	const refusal = receipts.find((receipt) => receipt.status === status)?.refusal;
	const responses = receipts.flatMap((receipt) =>
		receipt.response === undefined ? [] : [receipt.response],
	);
	return {
		status,
		recipientCount: receipts.reduce((sum, receipt) => sum + receipt.recipientCount, 0),
		sentCount: sumOfCounts(receipts, (receipt) => receipt.sentCount),
		failedCount: sumOfCounts(receipts, (receipt) => receipt.failedCount),
		rejectedRecipients: receipts.flatMap((receipt) => receipt.rejectedRecipients),
		cost: costOf(receipts),
		balance: receipts.reduce<number | null>((last, receipt) => receipt.balance ?? last, null),
		providerMessage: joinDistinct([
			...receipts.map((receipt) => receipt.providerMessage),
			status === 'skipped' ? null : skippedNote(receipts),
		]),
		jobId: joinDistinct(receipts.map((receipt) => receipt.jobId)),
		...(refusal && { refusal }),
		...(responses.length > 0 && { response: responses.length === 1 ? responses[0] : responses }),
	};
}

function statusOf(receipts: readonly Receipt[], leftOutCount: number): Receipt['status'] {
	const statuses = new Set(receipts.map((receipt) => receipt.status));
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
function skippedNote(receipts: readonly Receipt[]): string | null {
	const skipped = receipts.filter((receipt) => receipt.status === 'skipped');
	const count = skipped.reduce((sum, receipt) => sum + receipt.recipientCount, 0);
	if (count === 0) return null;
	return `${count} recipient${count === 1 ? '' : 's'} skipped: already sent under this deduplication key`;
}

/**
 * A count is null when a request that was accepted did not state it, or when nothing is known at
 * all. Requests of unknown outcome add nothing to what is certain.
 */
function sumOfCounts(
	receipts: readonly Receipt[],
	countOf: (receipt: Receipt) => number | null,
): number | null {
	const certain = receipts.filter((receipt) => receipt.status !== 'unknown');
	if (certain.length === 0 && receipts.length > 0) return null;
	let sum = 0;
	for (const receipt of certain) {
		const count = countOf(receipt);
		if (count === null) return null;
		sum += count;
	}
	return sum;
}

function costOf(receipts: readonly Receipt[]): number | null {
	const paid = receipts.filter((receipt) => isSettled(receipt.status));
	if (paid.length === 0) return null;
	let sum = 0;
	for (const receipt of paid) {
		if (receipt.cost === null) return null;
		sum += receipt.cost;
	}
	// Sums of decimal prices otherwise end in …0000001.
	return Math.round(sum * 1e6) / 1e6;
}

function joinDistinct(texts: ReadonlyArray<string | null>): string | null {
	const distinct = [...new Set(texts.filter((text): text is string => text !== null))];
	return distinct.length > 0 ? distinct.join('; ') : null;
}
