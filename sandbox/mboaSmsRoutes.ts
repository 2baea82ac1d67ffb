import type { Acceptance, Answer, GatewayRequest } from './gateway';
import type { GatewayEndpoint } from './gatewayRoutes';
import { isFilledString, jsonObjectOf } from './jsonBody';
import { invalidPhoneNumber, mboaSmsRefusal, mboaSmsTotals } from './mboaSmsAnswers';
import { hasBasicCredentials, hasBearerToken, logIn } from './mboaSmsAuth';
import type { SandboxState } from './phones';
import type { Text } from './records';
import { countSegments } from './segments';
import { uploadedRows } from './uploadedRows';

/** "Defaults to the company sender ID if not provided." */
const companySenderId = 'MboaSMS';

const prefix = '/api/v1/developer/sms';

export const mboaSmsEndpoints: readonly GatewayEndpoint[] = [
	{ gateway: 'mboasms', name: 'login', path: '/api/v1/auth/login', handle: logIn },
	{ gateway: 'mboasms', name: 'send', path: `${prefix}/send`, handle: sendWithToken },
	{
		gateway: 'mboasms',
		name: 'send-with-auth',
		path: `${prefix}/send-with-auth`,
		handle: sendWithBasicAuth,
	},
	{ gateway: 'mboasms', name: 'send-bulk', path: `${prefix}/send-bulk`, handle: sendBulk },
];

function sendWithToken(request: GatewayRequest, state: SandboxState, acceptance: Acceptance) {
	return hasBearerToken(request, state) ? send(request, state, acceptance) : mboaSmsRefusal(401);
}

function sendWithBasicAuth(request: GatewayRequest, state: SandboxState, acceptance: Acceptance) {
	return hasBasicCredentials(request) ? send(request, state, acceptance) : mboaSmsRefusal(401);
}

function send(request: GatewayRequest, state: SandboxState, acceptance: Acceptance): Answer {
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return mboaSmsRefusal(400, body);
	const { phoneNumbers, message, senderId } = body;
	if (!Array.isArray(phoneNumbers) || phoneNumbers.length === 0) {
		return mboaSmsRefusal(400, 'phoneNumbers must be a non-empty array');
	}
	const numbers: unknown[] = phoneNumbers;
	if (!numbers.every((each) => typeof each === 'string')) {
		return mboaSmsRefusal(400, 'phoneNumbers must contain strings only');
	}
	if (!isFilledString(message)) return mboaSmsRefusal(400, 'message is required');
	if (senderId !== undefined && !isFilledString(senderId)) {
		return mboaSmsRefusal(400, 'senderId must be a non-empty string where it is given');
	}
	const texts = numbers.map((number) => ({ recipient: number, text: message }));
	const totals = deliver(texts, senderId, request, state, acceptance);
	return 'status' in totals ? totals : mboaSmsTotals('SMS sent successfully', totals);
}

async function sendBulk(
	request: GatewayRequest,
	state: SandboxState,
	acceptance: Acceptance,
): Promise<Answer> {
	if (!hasBearerToken(request, state)) return mboaSmsRefusal(401);
	const rows = await uploadedRows(request);
	if (typeof rows === 'string') return mboaSmsRefusal(400, rows, 'INVALID_FILE');
	const defaultText = request.query.get('message') ?? undefined;
	const senderId = request.query.get('senderId') ?? undefined;
	for (const [name, value] of Object.entries({ message: defaultText, senderId })) {
		if (value?.trim() === '') return mboaSmsRefusal(400, `${name} is empty`);
	}
	const texts: Text[] = [];
	for (const [rowIndex, [number = '', ownText = '']] of rows.entries()) {
		const text = ownText.trim() === '' ? defaultText : ownText;
		if (text === undefined) {
			return mboaSmsRefusal(400, `Row ${rowIndex + 1} has no message, and there is no default`);
		}
		texts.push({ recipient: number.trim(), text });
	}
	const totals = deliver(texts, senderId, request, state, acceptance);
	return 'status' in totals ? totals : mboaSmsTotals('Bulk SMS processed successfully', totals);
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
	if (creditsUsed > state.balances.mboasms) return mboaSmsRefusal(402);
	state.deliver('mboasms', senderId ?? companySenderId, texts, request.id);
	state.setBalance('mboasms', state.balances.mboasms - creditsUsed);
	return { totalSent: texts.length, totalFailed: wanted.length - texts.length, creditsUsed };
}

/** "International format (+237, +33, etc.) or local format (670...)"; null for anything else. */
function e164Of(number: string): string | null {
	if (/^\+[1-9]\d{7,14}$/.test(number)) return number;
	return /^6\d{8}$/.test(number) ? `+237${number}` : null;
}
