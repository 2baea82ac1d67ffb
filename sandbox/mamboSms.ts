import { demoCredentials } from './demoCredentials';
import {
	isFilledString,
	jsonObjectOf,
	type Acceptance,
	type Answer,
	type GatewayRequest,
	type JsonObject,
} from './gateway';
import type { SandboxGateway } from './gatewayRoutes';
import { countSegments } from './segments';
import type { SandboxState } from './state';

const categories: readonly unknown[] = ['non_customised', 'info', 'customised'];
const longestSenderId = 11;
/** Shillings for one SMS: the documented example charges 900 for 18. */
const pricePerSms = 50;

export const mamboSms: SandboxGateway = {
	name: 'mambosms',
	pathPrefix: '/v1/',
	endpoints: [
		{ name: 'send', path: '/v1/send-sms', handle: sendSms },
		{ name: 'balance', path: '/v1/accounts/balance', handle: balanceInquiry },
	],
	refusal: (status) => refusal(status),
	refusalWithHttp200: ({ words, statusCode }) => refusedInBody(words, statusCode),
};

function sendSms(request: GatewayRequest, state: SandboxState, acceptance: Acceptance): Answer {
	if (request.headers.authorization !== demoCredentials.mamboSms.apiKey) return refusal(401);
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return refusal(400, `${body}.`);
	const complaints = complaintsAbout(body);
	const { message, recipients, sender_id: senderId } = body;
	if (complaints.length > 0 || !isFilledString(message) || !isFilledString(recipients)) {
		return refusal(400, ...complaints);
	}
	const contacts = recipients.split(',').flatMap((contact) => contact.trim() || []);
	const supported = [...new Set(contacts.flatMap((contact) => e164Of(contact) ?? []))];
	if (supported.length === 0) return refusal(400, 'No supported recipients were given.');
	const accepted = supported.slice(0, acceptance.acceptOnly);
	const unsupported = [
		...new Set(contacts.filter((contact) => e164Of(contact) === null)),
		...supported.slice(accepted.length).map((number) => number.slice(1)),
	];
	const { segments } = countSegments(message);
	const smsSent = segments * accepted.length;
	const newBalance = state.balances.mambosms - smsSent * pricePerSms;
	if (newBalance < 0) {
		return refusedInBody('Insufficient balance. Please recharge your account.');
	}
	const texts = accepted.map((recipient) => ({ recipient, text: message }));
	state.deliver('mambosms', senderOf(body.message_category, String(senderId)), texts, request.id);
	state.setBalance('mambosms', newBalance);
	return success(201, `SMS successfully sent to ${accepted.length} recipients.`, {
		recipients_count: accepted.length,
		message_count: segments,
		sms_sent: smsSent,
		sms_cost: smsSent * pricePerSms,
		new_balance: newBalance,
		unsupported_contacts_count: unsupported.length,
		unsupported_contacts: unsupported,
	});
}

function complaintsAbout(body: JsonObject): string[] {
	const complaints = ['message', 'recipients', 'message_category', 'sender_id'].flatMap((name) => {
		if (body[name] === undefined || body[name] === '') return `The ${name} field is required.`;
		return isFilledString(body[name]) ? [] : `The ${name} field must be a non-empty string.`;
	});
	const { message_category: category, sender_id: senderId, recipients } = body;
	if (isFilledString(category) && !categories.includes(category)) {
		complaints.push(`The message_category must be one of ${categories.join(', ')}.`);
	}
	if (isFilledString(senderId) && senderId.length > longestSenderId) {
		complaints.push(`The sender_id may not be longer than ${longestSenderId} characters.`);
	}
	if (isFilledString(recipients) && /^[,\s]*$/.test(recipients)) {
		complaints.push('The recipients field holds no numbers.');
	}
	return complaints;
}

/** "non_customised — from a random number", "info — prefixed with INFO sender ID", "customised — registered". */
function senderOf(category: unknown, senderId: string): string {
	if (category === 'non_customised') return '+256312000000';
	return category === 'info' ? 'INFO' : senderId;
}

/** Ugandan mobiles as `07XXXXXXXX` or `2567XXXXXXXX`; with a plus is unproven, so it is not taken. */
function e164Of(contact: string): string | null {
	const national = /^(?:0|256)(7\d{8})$/.exec(contact)?.[1];
	return national === undefined ? null : `+256${national}`;
}

function balanceInquiry(request: GatewayRequest, state: SandboxState): Answer {
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return refusal(400, `${body}.`);
	const missing = ['username', 'password'].filter((name) => !isFilledString(body[name]));
	if (missing.length > 0) {
		return refusal(400, ...missing.map((name) => `The ${name} field is required.`));
	}
	const account = demoCredentials.mamboAccount;
	switch (body.username) {
		case account.suspendedUsername:
			return refusedInBody('Account suspended due to too many failed attempts. Contact support.');
		case account.inactiveUsername:
			return refusedInBody('Account is inactive or suspended. Contact support on +256 775 508171.');
		case account.username:
		case account.email:
			if (body.password !== account.password) break;
			return success(200, 'Balance fetched successfully', {
				client_id: account.clientId,
				name: account.name,
				contact: account.username,
				email: account.email,
				balance: state.balances.mambosms,
			});
	}
	return refusedInBody('Invalid credentials');
}

const documentedRefusals: Record<number, string> = {
	400: 'Missing or invalid parameters.',
	401: 'Unauthorized. Invalid or missing API key.',
	402: 'Insufficient balance.',
	403: 'Forbidden.',
	404: 'Not found.',
	405: 'Method not allowed.',
	408: 'Request timeout.',
	413: 'Payload too large.',
	429: 'Too many requests.',
	500: 'Server error. Contact support if this persists.',
};

/** The documented shape with `success: false` and an empty array as `data`. */
function refusal(status: number, ...messages: string[]): Answer {
	const words = messages.length > 0 ? messages : [documentedRefusals[status] ?? `HTTP ${status}.`];
	return { status, json: { statusCode: status, success: false, messages: words, data: [] } };
}

/** Documented for the balance inquiry: HTTP 200, and only the body says that it did not work. */
function refusedInBody(words: string, statusCode: number | string = 200): Answer {
	return { status: 200, json: { statusCode, success: false, messages: [words], data: [] } };
}

function success(statusCode: 200 | 201, message: string, data: object): Answer {
	return { status: 200, json: { statusCode, success: true, messages: [message], data } };
}
