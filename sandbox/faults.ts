import { gatewayNames, type EndpointName, type GatewayName } from './gateway';

/** `processed`: the messages reach the phones first, and only then the answer goes wrong. */
interface BeforeOrAfterSending {
	processed?: boolean;
}

export const jobStatuses = ['PENDING', 'PROCESSING', 'COMPLETED', 'PARTIAL', 'FAILED'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** What can happen to a request instead of, or on top of, the documented answer. */
export type Fault =
	| ({
			kind: 'status';
			status: number;
			/** A string is sent as it is, anything else as JSON; absent: the documented body for that status. */
			body?: unknown;
			contentType?: string;
			headers?: Record<string, string>;
			retryAfter?: { seconds: number; as: 'seconds' | 'httpDate' };
	  } & BeforeOrAfterSending)
	/** Processes at once and answers as documented, but late. */
	| { kind: 'delay'; delayMs: number }
	/** Never answers: ends when the client gives up or the server closes. */
	| ({ kind: 'hang' } & BeforeOrAfterSending)
	| ({ kind: 'resetBeforeAnswer' } & BeforeOrAfterSending)
	/** Status line, headers and half of the body, then a TCP reset. */
	| ({ kind: 'resetMidBody' } & BeforeOrAfterSending)
	/** The connection ends properly, but before as many bytes as Content-Length says. */
	| ({ kind: 'truncatedBody' } & BeforeOrAfterSending)
	| ({ kind: 'emptyBody' } & BeforeOrAfterSending)
	/** HTTP 200 with something that is not JSON. */
	| ({ kind: 'unreadableBody'; text?: string } & BeforeOrAfterSending)
	/** HTTP 200 with JSON that is not the documented shape. */
	| ({ kind: 'wrongShape'; json: unknown } & BeforeOrAfterSending)
	/** HTTP 200 with `success: false`; `statusCode` is Mambo's field in the body. */
	| {
			kind: 'refusal';
			words: string;
			statusCode?: number | string;
			/** Where MboaSMS puts the words; seen in the wild both ways. */
			field?: 'message' | 'errorMessage';
	  }
	/** Takes only the first `accepted` recipients and says so in its counts. */
	| { kind: 'partial'; accepted: number }
	/** Answers an upload with a job instead of totals. FAILED sends nothing, PARTIAL the first row, the others all. */
	| { kind: 'job'; status: JobStatus; insideData?: boolean }
	/** Sends, and answers `{success: true, totalRecipients: n}`. */
	| { kind: 'countsMissing' }
	/** Sends, and writes every number of the answer as a string. */
	| { kind: 'numbersAsStrings' }
	/** Sends, and answers with `unsupported_contacts` as a number instead of a list. */
	| { kind: 'unsupportedContactsAsNumber' }
	| { kind: 'redirect'; status: 301 | 302 | 303 | 307 | 308; location?: string };

export interface FaultOrder {
	gateway: GatewayName;
	/** How many requests it happens to. */
	count: number;
	/** How many requests pass first. */
	skip?: number;
	/** Only at this endpoint; absent: at any. */
	path?: EndpointName;
	fault: Fault;
}

export interface ArmedFault {
	id: number;
	gateway: GatewayName;
	path: EndpointName | null;
	skipsLeft: number;
	countLeft: number;
	fault: Fault;
}

export interface CataloguedFault {
	name: string;
	/** What a client sees, in one line. */
	description: string;
	fault: Fault;
	/** Whether the phones got the messages of the request. `some`: the first recipient did, others did not. */
	delivers: 'none' | 'all' | 'some';
	/** `late`: in time only for a patient client. `never`: only a timeout of the client ends it. */
	answers: 'atOnce' | 'late' | 'never' | 'brokenOff';
	appliesTo: { gateways: readonly GatewayName[]; endpoints: readonly EndpointName[] };
}

const sending: readonly EndpointName[] = ['send', 'send-with-auth', 'send-bulk'];
const anyGateway = { gateways: gatewayNames, endpoints: sending };
const mboaSmsOnly = { gateways: ['mboasms'], endpoints: sending } as const;
const mboaSmsBulkOnly = { gateways: ['mboasms'], endpoints: ['send-bulk'] } as const;
const mamboSmsOnly = { gateways: ['mambosms'], endpoints: ['send'] } as const;

export const htmlPage =
	'<html><head><title>Gateway</title></head><body><h1>One moment please</h1></body></html>';

type Row = [
	name: string,
	description: string,
	delivers: CataloguedFault['delivers'],
	fault: Fault,
	appliesTo?: CataloguedFault['appliesTo'],
	answers?: CataloguedFault['answers'],
];

const html = { body: htmlPage, contentType: 'text/html; charset=utf-8' };
const inOneSecond = { seconds: 1, as: 'seconds' } as const;

// prettier-ignore
const rows: readonly Row[] = [
	['badRequest', '400 as documented', 'none', { kind: 'status', status: 400 }],
	['badRequestHtml', '400 from a proxy', 'none', { kind: 'status', status: 400, ...html }],
	['unauthorized', '401 as documented', 'none', { kind: 'status', status: 401 }],
	['paymentRequired', '402 as documented', 'none', { kind: 'status', status: 402 }],
	['forbidden', '403 with JSON', 'none', { kind: 'status', status: 403 }],
	['forbiddenHtml', '403 from a firewall', 'none', { kind: 'status', status: 403, ...html }],
	['notFound', '404 with JSON', 'none', { kind: 'status', status: 404 }],
	['notFoundHtml', '404 with HTML', 'none', { kind: 'status', status: 404, ...html }],
	['methodNotAllowed', '405 as documented', 'none', { kind: 'status', status: 405 }],
	['requestTimeout', '408 after sending', 'all', { kind: 'status', status: 408, processed: true }],
	['requestTimeoutUnsent', '408, nothing sent', 'none', { kind: 'status', status: 408 }],
	['payloadTooLarge', '413 with JSON', 'none', { kind: 'status', status: 413 }],
	['payloadTooLargeHtml', '413 from a proxy', 'none', { kind: 'status', status: 413, ...html }],
	['rateLimitSeconds', '429 with Retry-After: 1', 'none', { kind: 'status', status: 429, retryAfter: inOneSecond }],
	['rateLimitDate', '429 with Retry-After as an HTTP date', 'none', { kind: 'status', status: 429, retryAfter: { seconds: 2, as: 'httpDate' } }],
	['rateLimitBare', '429 without Retry-After', 'none', { kind: 'status', status: 429 }],
	['rateLimitHtml', '429 from a proxy', 'none', { kind: 'status', status: 429, retryAfter: inOneSecond, ...html }],
	['serverError', '500 as documented, nothing sent', 'none', { kind: 'status', status: 500 }],
	['serverErrorAfterSending', '500 as documented, but sent', 'all', { kind: 'status', status: 500, processed: true }],
	['badGateway', '502 with HTML, but sent', 'all', { kind: 'status', status: 502, ...html, processed: true }],
	['serviceUnavailable', '503 with HTML, nothing sent', 'none', { kind: 'status', status: 503, ...html }],
	['serviceUnavailableRetryAfter', '503 with Retry-After: 1, nothing sent', 'none', { kind: 'status', status: 503, retryAfter: inOneSecond }],
	['serviceUnavailableAfterSending', '503 with Retry-After: 1, but sent', 'all', { kind: 'status', status: 503, retryAfter: inOneSecond, processed: true }],
	['gatewayTimeout', '504 with HTML, but sent', 'all', { kind: 'status', status: 504, ...html, processed: true }],
	['slowAnswer', 'the right answer after 300 ms', 'all', { kind: 'delay', delayMs: 300 }, anyGateway, 'late'],
	['noAnswer', 'no answer, nothing sent', 'none', { kind: 'hang' }, anyGateway, 'never'],
	['noAnswerAfterSending', 'no answer, but sent', 'all', { kind: 'hang', processed: true }, anyGateway, 'never'],
	['resetBeforeAnswer', 'connection reset, nothing sent', 'none', { kind: 'resetBeforeAnswer' }, anyGateway, 'brokenOff'],
	['resetAfterSending', 'connection reset, but sent', 'all', { kind: 'resetBeforeAnswer', processed: true }, anyGateway, 'brokenOff'],
	['resetMidBody', 'reset in the middle of the answer, sent', 'all', { kind: 'resetMidBody', processed: true }, anyGateway, 'brokenOff'],
	['truncatedBody', 'answer shorter than its Content-Length, sent', 'all', { kind: 'truncatedBody', processed: true }, anyGateway, 'brokenOff'],
	['emptyBody', '200 without a body, sent', 'all', { kind: 'emptyBody', processed: true }],
	['emptyBodyUnsent', '200 without a body, nothing sent', 'none', { kind: 'emptyBody' }],
	['htmlInsteadOfJson', '200 with an HTML page, sent', 'all', { kind: 'unreadableBody', processed: true }],
	['htmlInsteadOfJsonUnsent', '200 with an HTML page, nothing sent', 'none', { kind: 'unreadableBody' }],
	['cutJson', '200 with JSON that stops early, sent', 'all', { kind: 'unreadableBody', text: '{"success":true,"data":{"tot', processed: true }],
	['wrongShapeObject', '200 with {"ok":1}, sent', 'all', { kind: 'wrongShape', json: { ok: 1 }, processed: true }],
	['wrongShapeArray', '200 with [], nothing sent', 'none', { kind: 'wrongShape', json: [] }],
	['wrongShapeNull', '200 with null, sent', 'all', { kind: 'wrongShape', json: null, processed: true }],
	['wrongShapeText', '200 with "text", nothing sent', 'none', { kind: 'wrongShape', json: 'text' }],
	['refusedSenderId', '200 with success:false about the sender ID', 'none', { kind: 'refusal', words: 'Sender ID is not validated for this account' }],
	['refusedBalance', '200 with success:false about the balance', 'none', { kind: 'refusal', words: 'Insufficient balance' }],
	['refusedErrorMessage', '200 with success:false and the words in errorMessage', 'none', { kind: 'refusal', words: 'Sender ID is not validated', field: 'errorMessage' }, mboaSmsOnly],
	['refusedStatusCodeNumber', '200 with statusCode 400 in the body', 'none', { kind: 'refusal', words: 'Invalid request', statusCode: 400 }, mamboSmsOnly],
	['refusedStatusCodeText', '200 with statusCode "401" in the body', 'none', { kind: 'refusal', words: 'Invalid API key', statusCode: '401' }, mamboSmsOnly],
	['partial', 'only the first recipient is accepted', 'some', { kind: 'partial', accepted: 1 }],
	['noneAccepted', 'success, but every count of accepted ones is 0', 'none', { kind: 'partial', accepted: 0 }],
	['jobPending', 'a job that is not finished', 'all', { kind: 'job', status: 'PENDING' }, mboaSmsBulkOnly],
	['jobPendingInsideData', 'a job that is not finished, inside data', 'all', { kind: 'job', status: 'PENDING', insideData: true }, mboaSmsBulkOnly],
	['jobProcessing', 'a job that has begun', 'all', { kind: 'job', status: 'PROCESSING' }, mboaSmsBulkOnly],
	['jobCompleted', 'a finished job', 'all', { kind: 'job', status: 'COMPLETED' }, mboaSmsBulkOnly],
	['jobPartial', 'a finished job that sent the first row only', 'some', { kind: 'job', status: 'PARTIAL' }, mboaSmsBulkOnly],
	['jobFailed', 'a failed job', 'none', { kind: 'job', status: 'FAILED' }, mboaSmsBulkOnly],
	['countsMissing', 'success with totalRecipients only', 'all', { kind: 'countsMissing' }, mboaSmsOnly],
	['numbersAsStrings', 'the right answer, its numbers as strings', 'all', { kind: 'numbersAsStrings' }],
	['unsupportedContactsAsNumber', 'unsupported_contacts as a number', 'all', { kind: 'unsupportedContactsAsNumber' }, mamboSmsOnly],
	['redirectFound', '302 to another path, nothing sent', 'none', { kind: 'redirect', status: 302 }],
	['redirectKeepingMethod', '307 to another path, nothing sent', 'none', { kind: 'redirect', status: 307 }],
];

/** Every fault the sandbox knows by name, each with what reaches the phones when it happens. */
export const faultCatalogue: readonly CataloguedFault[] = rows.map(
	([name, description, delivers, fault, appliesTo = anyGateway, answers = 'atOnce']) => ({
		name,
		description,
		fault,
		delivers,
		answers,
		appliesTo,
	}),
);
