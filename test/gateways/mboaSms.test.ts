import type { Batch, Outcome, SendResult } from '../../nodes/shared/gateways/gateway';
import { mboaSmsGateway, type MboaSmsAuthentication } from '../../nodes/shared/gateways/mboaSms';
import { listBatch, outcomeOf, uploadBatch } from '../helpers/outgoingMessages';
import { answerOf, recordingRequests } from '../helpers/recordingGateway';

/** The answer of "Send SMS" in the document. */
const DOCUMENTED_ANSWER = {
	success: true,
	message: 'SMS sent successfully',
	data: { totalSent: 2, totalFailed: 0, creditsUsed: 2 },
};

/** "Error Response" in the document. */
const DOCUMENTED_ERROR = {
	success: false,
	message: 'Invalid request',
	error: {
		code: 'INVALID_PHONE_NUMBER',
		details: 'One or more phone numbers are invalid',
	},
};

const TWO = ['+237670000000', '+33612345678'];

async function requestOf(batch: Batch, authentication: MboaSmsAuthentication = 'jwt') {
	const { requests, sendRequest } = recordingRequests(answerOf(200, DOCUMENTED_ANSWER));
	await mboaSmsGateway(sendRequest, authentication).send(batch);
	expect(requests).toHaveLength(1);
	return requests[0]!;
}

async function uploadOf(batch: Batch) {
	const { body, ...rest } = await requestOf(batch);
	if (!(body instanceof FormData)) throw new Error('The upload is not a form');
	const parts = await Promise.all(
		[...body.entries()].map(async ([name, value]) =>
			value instanceof File
				? { name, fileName: value.name, type: value.type, text: await value.text() }
				: { name, text: value },
		),
	);
	return { ...rest, parts };
}

async function resultOf(statusCode: number, body: unknown, asked = 2): Promise<SendResult> {
	const recipients = Array.from({ length: asked }, (_, index) => `+2376700000${10 + index}`);
	const { sendRequest } = recordingRequests(answerOf(statusCode, body));
	return await mboaSmsGateway(sendRequest, 'jwt').send(listBatch(recipients, 'Hello'));
}

function outcome(body: unknown, rest: Partial<Outcome>): SendResult {
	return {
		refused: false,
		outcome: outcomeOf('sent', { recipientCount: 2, response: body, ...rest }),
	};
}

describe('a list of MboaSMS', () => {
	test('is the request of "Send SMS" in the document, byte for byte', async () => {
		const batch = listBatch(TWO, 'Bonjour! Votre code de verification est: 1234', {
			senderId: 'MboaSMS',
		});
		const { body, ...rest } = await requestOf(batch);
		expect(rest).toStrictEqual({
			method: 'POST',
			path: '/api/v1/developer/sms/send',
			timeoutSeconds: 30,
		});
		expect(JSON.stringify(body)).toBe(
			'{"phoneNumbers":["+237670000000","+33612345678"],' +
				'"message":"Bonjour! Votre code de verification est: 1234","senderId":"MboaSMS"}',
		);
	});

	test('is the request of "Send SMS (Basic Auth)" in the document, byte for byte', async () => {
		const batch = listBatch(['+237670000000'], 'Test message via Basic Auth', {
			timeoutSeconds: 12,
		});
		const { body, ...rest } = await requestOf(batch, 'basic');
		expect(rest).toStrictEqual({
			method: 'POST',
			path: '/api/v1/developer/sms/send-with-auth',
			timeoutSeconds: 12,
		});
		expect(JSON.stringify(body)).toBe(
			'{"phoneNumbers":["+237670000000"],"message":"Test message via Basic Auth"}',
		);
	});

	test('names the sender with Basic authentication too', async () => {
		const { body } = await requestOf(listBatch(TWO, 'Hi', { senderId: 'Shop' }), 'basic');
		expect(JSON.stringify(body)).toBe(
			'{"phoneNumbers":["+237670000000","+33612345678"],"message":"Hi","senderId":"Shop"}',
		);
	});

	test('has no sender ID when there is none', async () => {
		const { body } = await requestOf(listBatch(TWO, 'Hi'));
		expect(Object.keys(body ?? {})).toStrictEqual(['phoneNumbers', 'message']);
	});

	test('keeps the text as it is', async () => {
		const text = 'L’été\n"déjà" \\ là, 5 € 😀\t';
		const { body } = await requestOf(listBatch(TWO, text));
		expect(body).toStrictEqual({ phoneNumbers: TWO, message: text });
	});
});

describe('an upload of MboaSMS', () => {
	test('is the CSV of the document, with a text for each number', async () => {
		const batch = uploadBatch([
			['+237670000000', 'Bonjour Jean! Votre commande #1234 est prete.'],
			['+237680000000', 'Bonjour Marie! Votre commande #5678 est prete.'],
			['+33612345678', 'Hello Paul! Your order #9012 is ready.'],
		]);
		expect(await uploadOf(batch)).toStrictEqual({
			method: 'POST',
			path: '/api/v1/developer/sms/send-bulk',
			query: {},
			timeoutSeconds: 300,
			parts: [
				{
					name: 'file',
					fileName: 'recipients.csv',
					type: 'text/csv',
					text:
						'+237670000000,Bonjour Jean! Votre commande #1234 est prete.\n' +
						'+237680000000,Bonjour Marie! Votre commande #5678 est prete.\n' +
						'+33612345678,Hello Paul! Your order #9012 is ready.\n',
				},
			],
		});
	});

	test('gives a text that all rows share as the default message, and the sender, as the document does', async () => {
		const batch = uploadBatch(
			[
				['+237670000000', 'Hello from MboaSMS'],
				['+237680000000', 'Hello from MboaSMS'],
			],
			{ senderId: 'MyApp' },
		);
		const { query, parts } = await uploadOf(batch);
		expect(JSON.stringify(query)).toBe('{"message":"Hello from MboaSMS","senderId":"MyApp"}');
		expect(parts).toStrictEqual([
			{
				name: 'file',
				fileName: 'recipients.csv',
				type: 'text/csv',
				text: '+237670000000,Hello from MboaSMS\n+237680000000,Hello from MboaSMS\n',
			},
		]);
	});

	test('keeps a shared text that is too long for an address in the file only', async () => {
		const text = 'a'.repeat(1001);
		const { query, parts } = await uploadOf(uploadBatch([['+237670000000', text]]));
		expect(query).toStrictEqual({});
		expect(parts).toMatchObject([{ text: `+237670000000,${text}\n` }]);
	});

	test.each<[string, string]>([
		['Bonjour, Jean', '"Bonjour, Jean"'],
		['a;b', '"a;b"'],
		['a\tb', '"a\tb"'],
		['two\nlines', '"two\nlines"'],
		['two\r\nlines', '"two\r\nlines"'],
		['say "yes"', '"say ""yes"""'],
		[' blank in front', '" blank in front"'],
		['plain', 'plain'],
		['L’été 😀', 'L’été 😀'],
		['=1+1', '=1+1'],
	])('quotes the text %j as %j, so that it stays one field', async (text, field) => {
		const { parts } = await uploadOf(uploadBatch([['+237670000000', text]]));
		expect(parts).toMatchObject([{ text: `+237670000000,${field}\n` }]);
	});
});

describe('an accepted request of MboaSMS', () => {
	const said = 'SMS sent successfully';

	test.each<[string, number, unknown, number, Partial<Outcome>]>([
		[
			'the answer of "Send SMS"',
			200,
			DOCUMENTED_ANSWER,
			2,
			{ sentCount: 2, failedCount: 0, cost: 2, providerMessage: said },
		],
		[
			'the answer of "Send Bulk SMS"',
			200,
			{
				success: true,
				message: 'Bulk SMS processed successfully',
				data: { totalSent: 150, totalFailed: 3, creditsUsed: 150 },
			},
			153,
			{
				status: 'partial',
				recipientCount: 153,
				sentCount: 150,
				failedCount: 3,
				cost: 150,
				providerMessage: 'Bulk SMS processed successfully',
			},
		],
		[
			'totals written as text',
			200,
			{ success: true, data: { totalSent: '2', totalFailed: '0', creditsUsed: '2.5' } },
			2,
			{ sentCount: 2, failedCount: 0, cost: 2.5 },
		],
		[
			'totals beside the message',
			200,
			{ success: true, message: said, totalSent: 1, totalFailed: 1 },
			2,
			{ status: 'partial', sentCount: 1, failedCount: 1, providerMessage: said },
		],
		['only totalRecipients', 200, { success: true, totalRecipients: 2 }, 2, {}],
		['no totals at all', 200, { success: true, message: said }, 2, { providerMessage: said }],
		['no totals in data', 201, { success: true, data: {} }, 2, {}],
		[
			'totals without a figure',
			200,
			{ success: true, data: { totalSent: '', totalFailed: ' ', creditsUsed: '-' } },
			2,
			{},
		],
		['an empty list as data', 200, { success: true, data: [] }, 2, {}],
		[
			'a total of sent messages alone',
			200,
			{ success: true, data: { totalSent: 1 } },
			2,
			{ status: 'partial', sentCount: 1 },
		],
		[
			'a total that may count segments, and so is more than was asked for',
			200,
			{ success: true, data: { totalSent: 4, totalFailed: 0, creditsUsed: 4 } },
			2,
			{ sentCount: 2, failedCount: 0, cost: 4 },
		],
		[
			'totals that leave a recipient out, of whom nothing is known',
			200,
			{ success: true, data: { totalSent: 1, totalFailed: 0 } },
			2,
			{ status: 'partial', sentCount: 1 },
		],
		[
			'a part sent although the whole is called no success',
			200,
			{ success: false, message: 'Partial', data: { totalSent: 1, totalFailed: 1 } },
			2,
			{ status: 'partial', sentCount: 1, failedCount: 1, providerMessage: 'Partial' },
		],
		[
			'a job that waits',
			202,
			{
				success: true,
				message: 'Job created',
				data: {
					jobId: 'job-7',
					status: 'PENDING',
					totalRecipients: 2,
					successCount: 0,
					failedCount: 0,
					statusUrl: '/api/v1/developer/sms/jobs/job-7',
				},
			},
			2,
			{ status: 'accepted', jobId: 'job-7', providerMessage: 'Job created' },
		],
		[
			'a job under way',
			200,
			{ jobId: 'job-7', status: 'PROCESSING', totalRecipients: 2, successCount: 1, failedCount: 0 },
			2,
			{ status: 'accepted', jobId: 'job-7' },
		],
		[
			'a job without status',
			200,
			{ success: true, jobId: 'job-7', totalRecipients: 2 },
			2,
			{ status: 'accepted', jobId: 'job-7' },
		],
		[
			'a job in small letters with a number for its name',
			200,
			{ success: true, data: { jobId: 7, status: 'pending' } },
			2,
			{ status: 'accepted', jobId: '7' },
		],
		[
			'a job that is done',
			200,
			{
				success: true,
				data: {
					jobId: 'job-7',
					status: 'COMPLETED',
					totalRecipients: 2,
					successCount: 2,
					failedCount: 0,
				},
			},
			2,
			{ status: 'sent', sentCount: 2, failedCount: 0, jobId: 'job-7' },
		],
		[
			'a job that is done in part',
			200,
			{ jobId: 'job-7', status: 'PARTIAL', totalRecipients: 2, successCount: 1, failedCount: 1 },
			2,
			{ status: 'partial', sentCount: 1, failedCount: 1, jobId: 'job-7' },
		],
		[
			'a job that is done and gives no counts',
			200,
			{ success: true, data: { jobId: 'job-7', status: 'COMPLETED' } },
			2,
			{ status: 'sent', jobId: 'job-7' },
		],
		[
			'a job that is done in part and gives no counts',
			200,
			{ success: true, data: { jobId: 'job-7', status: 'PARTIAL' } },
			2,
			{ status: 'partial', jobId: 'job-7' },
		],
	])('is read from %s', async (_, statusCode, body, asked, expected) => {
		expect(await resultOf(statusCode, body, asked)).toStrictEqual(outcome(body, expected));
	});

	test('of which nothing was sent is a refusal with the words of MboaSMS', async () => {
		const body = { success: true, message: said, data: { totalSent: 0, totalFailed: 2 } };
		expect(await resultOf(200, body)).toStrictEqual({
			refused: true,
			refusal: {
				kind: 'input',
				reason: `0 of 2 sent (${said})`,
				httpCode: '200',
				response: body,
			},
		});
	});

	test('whose job did not go through is a refusal', async () => {
		const body = {
			success: true,
			data: { jobId: 'j', status: 'FAILED', totalRecipients: 2, successCount: 0, failedCount: 2 },
		};
		expect(await resultOf(200, body)).toStrictEqual({
			refused: true,
			refusal: { kind: 'input', reason: '0 of 2 sent', httpCode: '200', response: body },
		});
	});
});

describe('a refused request of MboaSMS', () => {
	test.each<[string, number, unknown, string, string]>([
		[
			'400 with the answer of the document',
			400,
			DOCUMENTED_ERROR,
			'input',
			'Invalid request: One or more phone numbers are invalid (INVALID_PHONE_NUMBER)',
		],
		[
			'400 with a message alone',
			400,
			{ success: false, message: 'Invalid file or request' },
			'input',
			'Invalid file or request',
		],
		[
			'400 with a code alone',
			400,
			{ success: false, error: { code: 'INVALID_FILE' } },
			'input',
			'(INVALID_FILE)',
		],
		[
			'401',
			401,
			{ success: false, message: 'Unauthorized - invalid credentials' },
			'credentials',
			'Unauthorized - invalid credentials',
		],
		[
			'401 of a framework',
			401,
			{ timestamp: '2025-01-01T00:00:00Z', status: 401, error: 'Unauthorized', path: '/' },
			'credentials',
			'Unauthorized',
		],
		['401 without a body', 401, '', 'credentials', 'HTTP 401 without a readable answer'],
		[
			'402',
			402,
			{ success: false, message: 'Insufficient credits' },
			'balance',
			'Insufficient credits',
		],
		[
			'429',
			429,
			{ success: false, message: 'Too Many Requests' },
			'rateLimit',
			'Too Many Requests',
		],
		[
			'500',
			500,
			{ success: false, message: 'Internal server error' },
			'unknownOutcome',
			'Internal server error',
		],
		[
			'502 with a page',
			502,
			'<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
			'unknownOutcome',
			'HTTP 502 without a readable answer: "502 Bad Gateway"',
		],
		[
			'200 with success: false and a message',
			200,
			{ success: false, message: 'Sender ID is not validated' },
			'input',
			'Sender ID is not validated',
		],
		[
			'200 with success: false and an errorMessage',
			200,
			{ success: false, errorMessage: 'Sender ID is not validated' },
			'input',
			'Sender ID is not validated',
		],
		['200 with success: false alone', 200, { success: false }, 'input', 'no reason given'],
		[
			'200 with success: false for want of credit',
			200,
			{ success: false, message: 'Insufficient credits' },
			'balance',
			'Insufficient credits',
		],
	])('is read from %s', async (_, statusCode, body, kind, words) => {
		expect(await resultOf(statusCode, body)).toStrictEqual({
			refused: true,
			refusal: { kind, reason: words, httpCode: String(statusCode), response: body },
		});
	});

	test('is quoted up to a length that fits on a screen', async () => {
		const result = await resultOf(400, { success: false, message: 'x'.repeat(1000) });
		expect(result).toMatchObject({ refusal: { reason: `${'x'.repeat(300)}…` } });
	});
});

describe('an answer of MboaSMS that contradicts itself', () => {
	test.each<[string, unknown]>([
		['more ended than asked', { success: true, data: { totalSent: 2, totalFailed: 1 } }],
		['one ended twice', { success: true, data: { totalSent: 1, totalFailed: 2 } }],
		['more failed than asked', { success: true, data: { totalSent: 0, totalFailed: 3 } }],
		[
			'more sent than asked, and some failed',
			{ success: true, data: { totalSent: 3, totalFailed: 1 } },
		],
		['nobody sent and nobody failed', { success: true, data: { totalSent: 0, totalFailed: 0 } }],
		['fewer than none', { success: true, data: { totalSent: -1, totalFailed: 3 } }],
		['half a recipient', { success: true, data: { totalSent: 1.5, totalFailed: 0.5 } }],
		['no success, and all sent', { success: false, data: { totalSent: 2, totalFailed: 0 } }],
		['success, and nothing but failed', { success: true, data: { totalFailed: 2 } }],
		[
			'no success, and a job under way',
			{ success: false, data: { jobId: 'j', status: 'PENDING' } },
		],
	])('is not trusted: %s', async (_, body) => {
		expect(await resultOf(200, body)).toMatchObject({
			refused: true,
			refusal: { kind: 'unknownOutcome', httpCode: '200', response: body },
		});
	});
});
