import type { Batch } from '../sending/batches';
import type { Outcome, Refusal } from '../sending/outcome';

/** A request in the gateway's own terms. The path is relative to the base URL of the credential. */
export interface GatewayRequest {
	method: 'POST';
	path: string;
	query?: Record<string, string>;
	body: Record<string, unknown> | FormData;
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

export type SendResult = { refused: false; outcome: Outcome } | { refused: true; refusal: Refusal };

/** One gateway as the send pipeline sees it. */
export interface Gateway {
	/** Value of `provider` in the output. */
	readonly provider: 'mboasms' | 'mambosms';
	/** The name people know it by. */
	readonly displayName: string;
	send(batch: Batch): Promise<SendResult>;
}

/** Runs one exchange and turns every way it can end into a outcome or a refusal; never rejects. */
export async function exchange(
	sendRequest: SendRequest,
	request: GatewayRequest,
	readAnswer: (answer: GatewayAnswer) => SendResult,
): Promise<SendResult> {
	try {
		return readAnswer(await sendRequest(request));
	} catch (error) {
		return { refused: true, refusal: refusalOfNoAnswer(error) };
	}
}

function refusalOfNoAnswer(error: unknown): Refusal {
	if (error instanceof NoAnswer && error.refusal) return error.refusal;
	const hasNotLeft = error instanceof NoAnswer && !error.canHaveLeft;
	return {
		kind: hasNotLeft ? 'unavailable' : 'unknownOutcome',
		words: error instanceof Error ? error.message : String(error),
		httpCode: null,
	};
}
