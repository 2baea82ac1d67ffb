import type { PhoneNumber } from '../phone/phoneResult';
import type { RejectedRecipient } from '../phone/recipients';

/** One text for one recipient, on behalf of one input item. */
export interface OutgoingMessage {
	itemIndex: number;
	recipient: PhoneNumber;
	/** The number as the user wrote it. */
	writtenAs: string;
	text: string;
	/** The text before its expressions were evaluated, or that of the row; `text` may differ in another try. */
	written: string;
	/** The spreadsheet row that it comes from, for Send Bulk. */
	row?: number;
	/** By this word a later try of the execution knows the message again, and does not send it twice. */
	identity: string;
	/** What n8n's database remembers the message by, beyond the execution; null to remember nothing. */
	deduplicationKey: string | null;
}

/** What all messages of one request have in common. */
export interface Envelope {
	/** Which of the accounts of the run pays; see `Account`. */
	accountId: string;
	senderId: string;
	/** Mambo SMS only. */
	messageCategory: string;
	timeoutSeconds: number;
	/** `upload`: one file with a text per recipient. `list`: one text for a list of recipients. */
	form: 'upload' | 'list';
}

/** The messages of one request. A recipient occurs once in it. */
export interface Batch {
	envelope: Envelope;
	messages: OutgoingMessage[];
}

/**
 * Why recipients did not get a message for certain. The set is closed: what follows from each kind
 * is decided in exhaustive switches.
 *
 * - `credentials`: the gateway did not accept the credential
 * - `balance`: the account cannot pay
 * - `address`: redirected, forbidden or not found: the address or the permission is wrong
 * - `input`: the gateway, or our own check, found the request unusable
 * - `rateLimit`: too many requests; nothing was processed
 * - `unavailable`: no connection was made; nothing was processed
 * - `unknownOutcome`: the request left and no trustworthy answer came
 */
export type RefusalKind =
	'credentials' | 'balance' | 'address' | 'input' | 'rateLimit' | 'unavailable' | 'unknownOutcome';

export interface Refusal {
	kind: RefusalKind;
	/** What the gateway says, or what happened to the connection. */
	reason: string;
	/** What to do, where `reason` is a sentence of our own and not the gateway's. */
	advice?: string;
	/** What of the credential was refused, where it can sign in several ways. */
	signature?: string;
	/** HTTP status as text, null when no answer came. */
	httpCode: string | null;
	/** The Retry-After header as it arrived, for `rateLimit`. */
	retryAfter?: string;
	/** The gateway's answer, for `includeResponse`. */
	response?: unknown;
}

/** What became of some recipients of one input item: its share of one request. Plain data, so that it can be stored. */
export interface Outcome {
	status: 'sent' | 'accepted' | 'partial' | 'failed' | 'unknown' | 'skipped' | 'notAttempted';
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

/** A request in the gateway's own terms. The path is relative to the base URL of the credential. */
export interface GatewayRequest {
	method: 'POST' | 'GET';
	path: string;
	query?: Record<string, string>;
	/** Unset for GET. */
	body?: Record<string, unknown> | FormData;
	timeoutSeconds: number;
}

/** Any answer, whatever its HTTP status. `body` is the parsed JSON, or the text when it is none. */
export interface GatewayAnswer {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: unknown;
}

/**
 * Resolves for every HTTP status. Rejects with NoAnswer, and only when no answer came.
 */
export type SendRequest = (request: GatewayRequest) => Promise<GatewayAnswer>;

/** No answer came. Not for answers that say no: those are refusals. */
export class NoAnswer extends Error {
	constructor(
		message: string,
		/** Whether the gateway may have received the request. */
		readonly canHaveLeft: boolean,
		/** Set when it was the log-in before the request that was refused. */
		readonly refusal?: Refusal,
	) {
		super(message);
	}
}

/** A refused request: of a batch, or for the balance. */
export interface Refused {
	refused: true;
	refusal: Refusal;
}

/** `stops`: why no further request can succeed, although this one did in part. */
export type SendResult = { refused: false; outcome: Outcome; stops?: Refusal } | Refused;

/** One gateway as the send pipeline sees it. */
export interface Gateway {
	/** Value of `provider` in the output. */
	readonly provider: 'mboasms' | 'mambosms';
	/** The name people know it by. */
	readonly displayName: string;
	/** Whether one request can carry a text for each recipient. */
	readonly hasUpload: boolean;
	/** Makes one request. Every way it can end is an outcome or a refusal. */
	send(batch: Batch): Promise<SendResult>;
}

/** A refusal without an answer behind it, unless `details` say more. */
export function makeRefusal(
	kind: RefusalKind,
	reason: string,
	details: Partial<Refusal> = {},
): Refusal {
	return { kind, reason, httpCode: null, ...details };
}

/** The refusal of a request to which no answer came. `fault`: what `SendRequest` rejected with. */
export function refusedWithoutAnswer(fault: unknown): Refused {
	if (fault instanceof NoAnswer && fault.refusal) return { refused: true, refusal: fault.refusal };
	const hasNotLeft = fault instanceof NoAnswer && !fault.canHaveLeft;
	const kind = hasNotLeft ? 'unavailable' : 'unknownOutcome';
	const reason = fault instanceof Error ? fault.message : String(fault);
	return { refused: true, refusal: makeRefusal(kind, reason) };
}
