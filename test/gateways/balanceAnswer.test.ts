import fc from 'fast-check';

import { readBalanceAnswer, type Balance } from '../../nodes/shared/gateways/mamboSms';
import { answerOf } from '../helpers/recordingGateway';

/** The answer of "Balance inquiry" in the document. */
const DOCUMENTED_ANSWER = {
	statusCode: 200,
	success: true,
	messages: ['Balance fetched successfully'],
	data: {
		client_id: 42,
		name: 'Jane Doe',
		contact: '0756xxxxxx',
		email: 'jane@example.com',
		balance: 12500,
	},
};

const documented: Balance = {
	balance: 12500,
	accountId: 42,
	accountName: 'Jane Doe',
	phoneNumber: '0756xxxxxx',
	email: 'jane@example.com',
	providerMessage: 'Balance fetched successfully',
};

const nothingElse = {
	accountId: null,
	accountName: null,
	phoneNumber: null,
	email: null,
	providerMessage: null,
};

function withData(data: unknown) {
	return { statusCode: 200, success: true, messages: ['Balance fetched successfully'], data };
}

describe('the balance', () => {
	test.each<[string, unknown, Balance]>([
		['the answer of the document', DOCUMENTED_ANSWER, documented],
		[
			'a balance written as text',
			withData({ ...DOCUMENTED_ANSWER.data, balance: '12500' }),
			documented,
		],
		[
			'a balance with separators',
			withData({ ...DOCUMENTED_ANSWER.data, balance: '12,500.75' }),
			{ ...documented, balance: 12500.75 },
		],
		[
			'a balance of nothing',
			withData({ ...DOCUMENTED_ANSWER.data, balance: 0 }),
			{ ...documented, balance: 0 },
		],
		['a balance alone', { success: true, data: { balance: '0' } }, { balance: 0, ...nothingElse }],
		[
			'a phone number that is a number, and an account that has letters',
			{ success: true, data: { balance: 5, contact: 756123456, client_id: 'UG-42' } },
			{ balance: 5, ...nothingElse, phoneNumber: '756123456', accountId: 'UG-42' },
		],
	])('is read from %s', (_, body, balance) => {
		expect(readBalanceAnswer(answerOf(200, body))).toStrictEqual({ refused: false, balance });
	});
});

describe('a refused balance inquiry', () => {
	test.each([
		'Invalid credentials',
		'Account suspended due to too many failed attempts. Contact support.',
		'Account is inactive or suspended. Contact support on +256 775 508171.',
	])('with HTTP 200 is a matter of the credential: %s', (words) => {
		const body = { statusCode: 200, success: false, messages: [words], data: [] };
		expect(readBalanceAnswer(answerOf(200, body))).toStrictEqual({
			refused: true,
			refusal: { kind: 'credentials', reason: words, httpCode: '200', response: body },
		});
	});

	test.each<[number, unknown, string, string]>([
		[
			400,
			{ statusCode: 400, success: false, messages: ['The username field is required.'], data: [] },
			'input',
			'The username field is required.',
		],
		[
			401,
			{ statusCode: 401, success: false, messages: ['Unauthorized'], data: [] },
			'credentials',
			'Unauthorized',
		],
		[
			405,
			{ statusCode: 405, success: false, messages: ['Method not allowed'], data: [] },
			'input',
			'Method not allowed',
		],
		[429, '', 'rateLimit', 'HTTP 429 without a readable answer'],
		[
			500,
			{ statusCode: 500, success: false, messages: ['Server error'], data: [] },
			'unknownOutcome',
			'Server error',
		],
		[
			503,
			'<h1>Service  Unavailable</h1>',
			'unknownOutcome',
			'HTTP 503 without a readable answer: "Service Unavailable"',
		],
	])('is read from HTTP %i', (statusCode, body, kind, words) => {
		expect(readBalanceAnswer(answerOf(statusCode, body))).toStrictEqual({
			refused: true,
			refusal: { kind, reason: words, httpCode: String(statusCode), response: body },
		});
	});

	test('states the status of its body', () => {
		const body = { statusCode: '401', success: false, messages: ['No'], data: [] };
		expect(readBalanceAnswer(answerOf(200, body))).toStrictEqual({
			refused: true,
			refusal: { kind: 'credentials', reason: 'No', httpCode: '401', response: body },
		});
	});
});

describe('an answer without a balance', () => {
	test.each<[string, unknown]>([
		['nothing', ''],
		['null', null],
		['a list', []],
		['a text', 'OK'],
		['cut JSON', '{"success":true,"data":{"balance":125'],
		['a page', '<!doctype html><title>Welcome</title>'],
		['an empty object', {}],
		['no data', { success: true, messages: ['Balance fetched successfully'] }],
		['an empty list as data', withData([])],
		['no number', withData({ balance: 'plenty' })],
		['an empty text as balance', withData({ balance: '' })],
		['a blank as balance', withData({ balance: ' ' })],
		['null as balance', withData({ balance: null })],
		['true as balance', withData({ balance: true })],
	])('is not guessed: %s', (_, body) => {
		expect(readBalanceAnswer(answerOf(200, body))).toMatchObject({
			refused: true,
			refusal: { kind: 'unknownOutcome', httpCode: '200', response: body },
		});
	});
});

test('any answer to a balance inquiry is a balance or a refusal', () => {
	fc.assert(
		fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (statusCode, body) => {
			const read = readBalanceAnswer(answerOf(statusCode, body));
			if (read.refused) expect(read.refusal.reason).not.toBe('');
			else expect(Number.isFinite(read.balance.balance)).toBe(true);
		}),
	);
});
