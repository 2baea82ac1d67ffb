import { demoCredentials } from './demoCredentials';
import {
	isFilledString,
	jsonObjectOf,
	type Acceptance,
	type Answer,
	type GatewayRequest,
} from './gateway';
import type { SandboxGateway } from './gatewayRoutes';
import type { Text } from './records';
import { countSegments } from './segments';
import { sessionLifetimeMs, type SandboxState, type UploadJob } from './state';
import { uploadedRows } from './uploadedRows';

/** "Defaults to the company sender ID if not provided." */
const companySenderId = 'MboaSMS';

const prefix = '/api/v1/developer/sms';

export const mboaSms: SandboxGateway = {
	name: 'mboasms',
	pathPrefix: '/api/',
	endpoints: [
		{ name: 'login', path: '/api/v1/auth/login', handle: logIn },
		{ name: 'send', path: `${prefix}/send`, handle: sendWithToken },
		{
			name: 'send-with-auth',
			path: `${prefix}/send-with-auth`,
			handle: sendWithBasicAuth,
		},
		{ name: 'send-bulk', path: `${prefix}/send-bulk`, handle: sendBulk },
		{ name: 'job', method: 'GET', path: `${prefix}/jobs/:jobId`, handle: getJob },
	],
	refusal: (status) => refusal(status),
	refusalWithHttp200: ({ words, field = 'message' }) => ({
		status: 200,
		json: { success: false, [field]: words },
	}),
};

function sendWithToken(request: GatewayRequest, state: SandboxState, acceptance: Acceptance) {
	return isSigned(request, state) ? send(request, state, acceptance) : refusal(401);
}

function sendWithBasicAuth(request: GatewayRequest, state: SandboxState, acceptance: Acceptance) {
	return hasBasicCredentials(request) ? send(request, state, acceptance) : refusal(401);
}

function send(request: GatewayRequest, state: SandboxState, acceptance: Acceptance): Answer {
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return refusal(400, body);
	const { phoneNumbers, message, senderId } = body;
	if (!Array.isArray(phoneNumbers) || phoneNumbers.length === 0) {
		return refusal(400, 'phoneNumbers must be a non-empty array');
	}
	const numbers: unknown[] = phoneNumbers;
	if (!numbers.every((each) => typeof each === 'string')) {
		return refusal(400, 'phoneNumbers must contain strings only');
	}
	if (!isFilledString(message)) return refusal(400, 'message is required');
	if (senderId !== undefined && !isFilledString(senderId)) {
		return refusal(400, 'senderId must be a non-empty string where it is given');
	}
	const texts = numbers.map((number) => ({ recipient: number, text: message }));
	const totals = deliver(texts, senderId, request, state, acceptance);
	return 'status' in totals ? totals : totalsAnswer('SMS sent successfully', totals);
}

async function sendBulk(
	request: GatewayRequest,
	state: SandboxState,
	acceptance: Acceptance,
): Promise<Answer> {
	if (!isSigned(request, state)) return refusal(401);
	const rows = await uploadedRows(request);
	if (typeof rows === 'string') return refusal(400, rows, 'INVALID_FILE');
	const defaultText = request.query.get('message') ?? undefined;
	const senderId = request.query.get('senderId') ?? undefined;
	for (const [name, value] of Object.entries({ message: defaultText, senderId })) {
		if (value?.trim() === '') return refusal(400, `${name} is empty`);
	}
	const texts: Text[] = [];
	for (const [rowIndex, [number = '', ownText = '']] of rows.entries()) {
		const text = ownText.trim() === '' ? defaultText : ownText;
		if (text === undefined) {
			return refusal(400, `Row ${rowIndex + 1} has no message, and there is no default`);
		}
		texts.push({ recipient: number.trim(), text });
	}
	const totals = deliver(texts, senderId, request, state, acceptance);
	if ('status' in totals) return totals;
	const job = state.openJob(totals);
	if (job !== null) return { status: 200, json: { success: true, ...jobJson(job, state) } };
	return totalsAnswer('Bulk SMS processed successfully', totals);
}

/** Not in the vendor's document: the dashboard asks so, for uploads that were answered with a job. */
function getJob(request: GatewayRequest, state: SandboxState): Answer {
	if (!isSigned(request, state)) return refusal(401);
	const job = state.jobs.get(request.pathParameters.jobId ?? '');
	if (job === undefined) return refusal(404, 'There is no such job', 'JOB_NOT_FOUND');
	return { status: 200, json: { success: true, data: jobJson(job, state) } };
}

function jobJson({ jobId, endsAt, totalSent, totalFailed }: UploadJob, state: SandboxState) {
	const isFinished = state.now() >= endsAt;
	const ended = totalFailed === 0 ? 'COMPLETED' : 'PARTIAL';
	return {
		jobId,
		status: isFinished ? ended : 'PROCESSING',
		totalRecipients: totalSent + totalFailed,
		successCount: isFinished ? totalSent : 0,
		failedCount: isFinished ? totalFailed : 0,
		completedAt: isFinished ? new Date(endsAt).toISOString() : null,
		statusUrl: `${prefix}/jobs/${jobId}`,
	};
}

function deliver(
	wanted: readonly Text[],
	senderId: string | undefined,
	request: GatewayRequest,
	state: SandboxState,
	{ acceptOnly }: Acceptance,
): Answer | { totalSent: number; totalFailed: number; creditsUsed: number } {
	const valid = wanted.flatMap(({ recipient, text }) => {
		const number = e164Of(recipient);
		return number === null ? [] : [{ recipient: number, text }];
	});
	if (valid.length === 0) return invalidPhoneNumber();
	const texts = valid.slice(0, acceptOnly);
	const creditsUsed = texts.reduce((sum, { text }) => sum + countSegments(text).segments, 0);
	if (creditsUsed > state.balances.mboasms) return refusal(402);
	state.deliver('mboasms', senderId ?? companySenderId, texts, request.id);
	state.setBalance('mboasms', state.balances.mboasms - creditsUsed);
	return { totalSent: texts.length, totalFailed: wanted.length - texts.length, creditsUsed };
}

/** "International format (+237, +33, etc.) or local format (670...)"; null for anything else. */
function e164Of(number: string): string | null {
	if (/^\+[1-9]\d{7,14}$/.test(number)) return number;
	return /^6\d{8}$/.test(number) ? `+237${number}` : null;
}

const { token, apiKey, email, password, username, basicPassword } = demoCredentials.mboaSms;

/** A key of the dashboard in a header of its own (field notes), or else a token. */
function isSigned(request: GatewayRequest, state: SandboxState): boolean {
	const key = request.headers['x-api-key'];
	return key === undefined ? hasBearerToken(request, state) : key === apiKey;
}

/** `Authorization: Bearer` with the pasted token or one that a log-in gave and that has not expired. */
function hasBearerToken({ headers }: GatewayRequest, state: SandboxState): boolean {
	const given = /^Bearer (\S+)$/.exec(headers.authorization?.toString() ?? '')?.[1];
	return given !== undefined && (given === token || state.isSession(given));
}

/** RFC 7617: base64 of UTF-8; the first colon ends the user name, further ones belong to the password. */
function hasBasicCredentials({ headers }: GatewayRequest): boolean {
	const encoded = /^Basic (\S+)$/.exec(headers.authorization?.toString() ?? '')?.[1] ?? '';
	const [name, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return name === username && rest.join(':') === basicPassword;
}

/** Not in the vendor's document, which only says "by logging in": as its own dashboard does it. */
function logIn(request: GatewayRequest, state: SandboxState): Answer {
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return refusal(400, body);
	if (!isFilledString(body.email) || !isFilledString(body.password)) {
		return refusal(400, 'email and password are required');
	}
	if (body.email !== email || body.password !== password) {
		return refusal(401, 'Invalid email or password');
	}
	const json = {
		token: state.openSession(),
		refreshToken: state.openSession(),
		expirationTime: sessionLifetimeMs,
	};
	return { status: 200, json };
}

const documentedRefusals: Record<number, [message: string, code: string, details: string]> = {
	400: ['Invalid request', 'INVALID_REQUEST', 'Missing or malformed parameters'],
	401: ['Unauthorized', 'UNAUTHORIZED', 'Invalid or missing JWT token / Basic Auth credentials'],
	402: ['Payment required', 'INSUFFICIENT_CREDITS', 'Recharge your account to continue sending'],
	403: ['Forbidden', 'FORBIDDEN', 'This account may not do that'],
	404: ['Not found', 'NOT_FOUND', 'There is no such endpoint'],
	405: ['Method not allowed', 'METHOD_NOT_ALLOWED', 'Use POST'],
	408: ['Request timeout', 'REQUEST_TIMEOUT', 'The request took too long'],
	413: ['Payload too large', 'PAYLOAD_TOO_LARGE', 'The file is larger than 30 MB'],
	429: ['Too many requests', 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded, wait before retrying'],
	500: ['Internal server error', 'INTERNAL_ERROR', 'Contact support if the issue persists'],
};

/** The documented error shape; `details` takes the place of the standard words. */
function refusal(status: number, details?: string, code?: string): Answer {
	const [message, standardCode, standardDetails] = documentedRefusals[status] ?? [
		`HTTP ${status}`,
		`HTTP_${status}`,
		'No further details',
	];
	const error = { code: code ?? standardCode, details: details ?? standardDetails };
	return { status, json: { success: false, message, error } };
}

const invalidPhoneNumber = (): Answer =>
	refusal(400, 'One or more phone numbers are invalid', 'INVALID_PHONE_NUMBER');

function totalsAnswer(
	message: 'SMS sent successfully' | 'Bulk SMS processed successfully',
	data: { totalSent: number; totalFailed: number; creditsUsed: number },
): Answer {
	return { status: 200, json: { success: true, message, data } };
}
