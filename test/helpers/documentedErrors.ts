import type { Fault } from '../../sandbox/faults';
import type { GatewayCase } from './gatewayCases';

/** A documented error, as the sandbox makes it, and what the user has to be told. */
export interface DocumentedError {
	name: string;
	fault: Fault;
	/** How many requests meet it before it is given up. */
	requestCount?: number;
	/** The gateway's own words. */
	words: string;
	httpCode: string;
	status: 'failed' | 'unknown';
	/** Whether it ends a run that would otherwise go on. */
	endsRun: boolean;
	/** What the user is told to do. */
	advice: RegExp;
}

type Row = [
	name: string,
	fault: Fault,
	words: string,
	httpCode: string,
	ending: 'failed' | 'endsRun' | 'unknown',
	advice: RegExp,
];

const status = (code: number): Fault => ({ kind: 'status', status: code });
const refusal = (words: string): Fault => ({ kind: 'refusal', words });
const soon: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '0.02' } };

const advice = {
	input: /Nothing was sent for this item\. Correct what the gateway names/,
	credential: /Open the credential with the pencil beside its name, correct it and press Save/,
	balance: /Top up the (MboaSMS|Mambo SMS) account\./,
	rateLimit:
		/Nothing was sent for this item\. Wait a while, or lower the option 'Requests per Minute'/,
	unknown:
		/It may have been sent\. Look for this number in (the History of the MboaSMS dashboard|your Mambo SMS account) before you send it again/,
};

// prettier-ignore
const rows: Record<GatewayCase['provider'], Row[]> = {
	mboasms: [
		['400', status(400), 'Invalid request: Missing or malformed parameters (INVALID_REQUEST)', '400', 'failed', advice.input],
		['401', status(401), 'Unauthorized: Invalid or missing JWT token / Basic Auth credentials (UNAUTHORIZED)', '401', 'endsRun', advice.credential],
		['402', status(402), 'Payment required: Recharge your account to continue sending (INSUFFICIENT_CREDITS)', '402', 'endsRun', advice.balance],
		['429 that does not end', soon, 'Too many requests: Rate limit exceeded, wait before retrying (RATE_LIMIT_EXCEEDED)', '429', 'failed', advice.rateLimit],
		['500', status(500), 'Internal server error: Contact support if the issue persists (INTERNAL_ERROR)', '500', 'unknown', advice.unknown],
		['success: false', refusal('Sender ID is not validated'), 'Sender ID is not validated', '200', 'failed', advice.input],
		['too little balance', refusal('Insufficient balance'), 'Insufficient balance', '200', 'endsRun', advice.balance],
	],
	mambosms: [
		['400', status(400), 'Missing or invalid parameters.', '400', 'failed', advice.input],
		['401', status(401), 'Unauthorized. Invalid or missing API key.', '401', 'endsRun', advice.credential],
		['402', status(402), 'Insufficient balance.', '402', 'endsRun', advice.balance],
		['405', status(405), 'Method not allowed.', '405', 'failed', advice.input],
		['429 that does not end', soon, 'Too many requests.', '429', 'failed', advice.rateLimit],
		['500', status(500), 'Server error. Contact support if this persists.', '500', 'unknown', advice.unknown],
		['success: false', refusal('Sender ID is not validated'), 'Sender ID is not validated', '200', 'failed', advice.input],
		['too little balance', refusal('Insufficient balance'), 'Insufficient balance', '200', 'endsRun', advice.balance],
	],
};

/** Every error that the vendor's document lists for sending, in the words of the sandbox. */
export function documentedErrorsOf({ provider }: GatewayCase): DocumentedError[] {
	return rows[provider].map(([name, fault, words, httpCode, ending, advice]) => ({
		name,
		fault,
		...(fault === soon && { requestCount: 6 }),
		words,
		httpCode,
		status: ending === 'unknown' ? 'unknown' : 'failed',
		endsRun: ending === 'endsRun',
		advice,
	}));
}
