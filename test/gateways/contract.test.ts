import fc from 'fast-check';

import {
	NoAnswer,
	type Gateway,
	type GatewayAnswer,
	type Refusal,
	type SendRequest,
	type SendResult,
} from '../../nodes/shared/gateways/gateway';
import { mamboSmsGateway } from '../../nodes/shared/gateways/mamboSms';
import { mboaSmsGateway } from '../../nodes/shared/gateways/mboaSms';
import { listBatch, uploadBatch } from '../helpers/outgoingMessages';
import { answerOf, recordingRequests } from '../helpers/recordingGateway';

const RECIPIENTS = ['+237670000000', '+256772123456', '+33612345678'];

const list = listBatch(RECIPIENTS, 'Hello', {
	senderId: 'Shop',
	messageCategory: 'info',
	timeoutSeconds: 7,
});
const upload = uploadBatch(
	RECIPIENTS.map((recipient) => [recipient, 'Hello'] as const),
	{ timeoutSeconds: 7 },
);

const subjects = [
	{
		name: 'MboaSMS with JWT',
		gatewayOf: (sendRequest: SendRequest) => mboaSmsGateway(sendRequest, 'jwt'),
		batch: list,
		refusalBody: (words: string) => ({ success: false, message: words }),
	},
	{
		name: 'MboaSMS with Basic',
		gatewayOf: (sendRequest: SendRequest) => mboaSmsGateway(sendRequest, 'basic'),
		batch: list,
		refusalBody: (words: string) => ({ success: false, message: words }),
	},
	{
		name: 'an upload of MboaSMS',
		gatewayOf: (sendRequest: SendRequest) => mboaSmsGateway(sendRequest, 'jwt'),
		batch: upload,
		refusalBody: (words: string) => ({ success: false, message: words }),
	},
	{
		name: 'Mambo SMS',
		gatewayOf: (sendRequest: SendRequest): Gateway => mamboSmsGateway(sendRequest),
		batch: list,
		refusalBody: (words: string) => ({ success: false, messages: [words], data: [] }),
	},
];

/** JSON as a server may give it: anything at all, or the known fields with anything in them. */
function anyBody(): fc.Arbitrary<unknown> {
	const count = fc.oneof(
		fc.integer({ min: -2, max: 5 }),
		fc.constantFrom('0', '1', '3', '2.5', '', 'many', null, 1.5),
	);
	const status = fc.constantFrom('PENDING', 'PROCESSING', 'COMPLETED', 'PARTIAL', 'FAILED', 'NEW');
	const contacts = fc.oneof(
		fc.array(fc.constantFrom('0772123456', '256772123456', '237670000000', '0700000000', 5, null)),
		count,
	);
	const data = fc.record(
		{
			totalSent: count,
			totalFailed: count,
			creditsUsed: count,
			jobId: fc.constantFrom('job-7', 7, '', null),
			status,
			successCount: count,
			failedCount: count,
			recipients_count: count,
			sms_sent: count,
			sms_cost: count,
			new_balance: count,
			unsupported_contacts_count: count,
			unsupported_contacts: contacts,
		},
		{ requiredKeys: [] },
	);
	const known = fc.record(
		{
			success: fc.constantFrom(true, true, false, 'true', null),
			statusCode: fc.constantFrom(200, 201, '201', 400, 500),
			message: fc.jsonValue(),
			messages: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
			error: fc.jsonValue(),
			data: fc.oneof(data, data, fc.jsonValue()),
		},
		{ requiredKeys: ['success', 'data'] },
	);
	return fc.oneof(fc.jsonValue(), fc.string(), known, known, data);
}

describe.each(subjects)('$name', ({ gatewayOf, batch, refusalBody }) => {
	async function resultOf(answer: GatewayAnswer | Error): Promise<SendResult> {
		const { requests, sendRequest } = recordingRequests(answer);
		const result = await gatewayOf(sendRequest).send(batch);
		expect(requests).toHaveLength(1);
		return result;
	}

	function refused(refusal: Partial<Refusal>) {
		return { refused: true, refusal };
	}

	test('makes one request for a batch, in the time that the batch allows', async () => {
		const { requests, sendRequest } = recordingRequests(answerOf(200, { success: true }));
		await gatewayOf(sendRequest).send(batch);
		expect(requests.map(({ method, timeoutSeconds }) => ({ method, timeoutSeconds }))).toEqual([
			{ method: 'POST', timeoutSeconds: 7 },
		]);
	});

	test.each(['30', 'Wed, 21 Oct 2025 07:28:00 GMT', 'soon'])(
		'keeps the Retry-After "%s" of a 429 as it arrived',
		async (retryAfter) => {
			const body = refusalBody('Too Many Requests');
			const answer = answerOf(429, body, { 'retry-after': retryAfter });
			expect(await resultOf(answer)).toStrictEqual(
				refused({
					kind: 'rateLimit',
					reason: 'Too Many Requests',
					httpCode: '429',
					retryAfter,
					response: body,
				}),
			);
		},
	);

	test('takes a 429 without Retry-After for a rate limit', async () => {
		expect(await resultOf(answerOf(429, ''))).toStrictEqual(
			refused({
				kind: 'rateLimit',
				reason: 'HTTP 429 without a readable answer',
				httpCode: '429',
				response: '',
			}),
		);
	});

	test.each([100, 302, 303, 304, 408, 409, 500, 501, 502, 503, 504, 520])(
		'does not know the outcome after HTTP %i',
		async (statusCode) => {
			const body = refusalBody('Not now');
			expect(await resultOf(answerOf(statusCode, body))).toStrictEqual(
				refused({
					kind: 'unknownOutcome',
					reason: 'Not now',
					httpCode: String(statusCode),
					response: body,
				}),
			);
		},
	);

	test('does not read a certain refusal into the words of a 5xx', async () => {
		expect(await resultOf(answerOf(500, refusalBody('Insufficient balance')))).toMatchObject(
			refused({ kind: 'unknownOutcome' }),
		);
	});

	test.each([refusalBody('Unauthorized'), refusalBody('Insufficient balance'), '', null])(
		'takes a 401 for the credential, whatever it says: %j',
		async (body) => {
			expect(await resultOf(answerOf(401, body))).toMatchObject(
				refused({ kind: 'credentials', httpCode: '401' }),
			);
		},
	);

	test('takes a 402 for the balance', async () => {
		expect(await resultOf(answerOf(402, ''))).toMatchObject(
			refused({ kind: 'balance', httpCode: '402' }),
		);
	});

	test.each([
		'Insufficient balance',
		'Insufficient credits',
		'Insufficient credits — recharge your account to continue sending',
		'You do not have enough credit',
		'Not enough units left',
		'insufficient SMS balance.',
	])('takes the words "%s" for the balance, with HTTP 400 and with 200', async (words) => {
		const body = refusalBody(words);
		for (const statusCode of [400, 200]) {
			expect(await resultOf(answerOf(statusCode, body))).toStrictEqual(
				refused({ kind: 'balance', reason: words, httpCode: String(statusCode), response: body }),
			);
		}
	});

	test.each([301, 307, 308, 400, 403, 404, 405, 413, 415, 422])(
		'takes HTTP %i for a request that was certainly not processed',
		async (statusCode) => {
			const body = refusalBody('Not like this');
			expect(await resultOf(answerOf(statusCode, body))).toStrictEqual(
				refused({
					kind: [400, 405, 413, 415, 422].includes(statusCode) ? 'input' : 'address',
					reason: 'Not like this',
					httpCode: String(statusCode),
					response: body,
				}),
			);
		},
	);

	test('does not know the outcome when the request may have left and no answer came', async () => {
		expect(await resultOf(new NoAnswer('no answer came in time', true))).toStrictEqual(
			refused({ kind: 'unknownOutcome', reason: 'no answer came in time', httpCode: null }),
		);
	});

	test('is unavailable when no connection was made', async () => {
		expect(await resultOf(new NoAnswer('the connection was refused', false))).toStrictEqual(
			refused({ kind: 'unavailable', reason: 'the connection was refused', httpCode: null }),
		);
	});

	test('hands on the refusal of a log-in before the request', async () => {
		const refusal: Refusal = { kind: 'credentials', reason: 'log-in: No', httpCode: '401' };
		expect(await resultOf(new NoAnswer('log-in: No', false, refusal))).toStrictEqual(
			refused(refusal),
		);
	});

	test('does not know the outcome after any other fault', async () => {
		expect(await resultOf(new Error('boom'))).toStrictEqual(
			refused({ kind: 'unknownOutcome', reason: 'boom', httpCode: null }),
		);
	});

	test.each<[string, unknown, string]>([
		['a page', '<html><head><title>Welcome</title></head></html>', ': "Welcome"'],
		['nothing', '', ''],
		['no body', undefined, ''],
		['null', null, ''],
		['an empty list', [], ''],
		['a list', [{ success: true }], ''],
		['a text', 'OK', ': "OK"'],
		['cut JSON', '{"success":true,"data":{"tot', ': "{"success":true,"data":{"tot"'],
		['an empty object', {}, ''],
		['another object', { hello: 'world' }, ''],
		['a number', 42, ''],
		['true', true, ''],
		['a success that is no boolean', { success: 'yes', data: { recipients_count: 3 } }, ''],
	])('does not know the outcome after HTTP 200 with %s', async (_, body, quote) => {
		expect(await resultOf(answerOf(200, body))).toStrictEqual(
			refused({
				kind: 'unknownOutcome',
				reason: `HTTP 200 without a readable answer${quote}`,
				httpCode: '200',
				response: body,
			}),
		);
	});

	test('never rejects, whatever the answer is, and says why it was refused', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 100, max: 599 }), anyBody(), async (status, body) => {
				const result = await resultOf(answerOf(status, body));
				if (!result.refused && result.outcome.status !== 'partial') {
					expect(status >= 200 && status < 300).toBe(true);
				}
				if (result.refused) expect(result.refusal.reason.trim()).not.toBe('');
			}),
			{ numRuns: 1_000 },
		);
	});

	test('never accounts for more recipients than were asked for, nor for fewer', async () => {
		await fc.assert(
			fc.asyncProperty(anyBody(), async (body) => {
				const result = await resultOf(answerOf(200, body));
				if (result.refused) return;
				const { status, recipientCount, sentCount, failedCount, rejectedRecipients } =
					result.outcome;
				expect(recipientCount).toBe(3);
				for (const count of [sentCount ?? 0, failedCount ?? 0]) {
					expect(Number.isInteger(count) && count >= 0 && count <= 3).toBe(true);
				}
				if (sentCount !== null && failedCount !== null) expect(sentCount + failedCount).toBe(3);
				expect(rejectedRecipients.length).toBeLessThanOrEqual(failedCount ?? 0);
				if (status === 'sent') expect([sentCount ?? 3, failedCount ?? 0]).toEqual([3, 0]);
				else if (status === 'accepted') expect([sentCount, failedCount]).toEqual([null, null]);
				else expect([status, sentCount === 3]).toEqual(['partial', false]);
			}),
			{ numRuns: 2_000 },
		);
	});
});
