import type { Batch, Outcome, SendResult } from '../../nodes/shared/gateways/gateway';
import { mamboSmsGateway } from '../../nodes/shared/gateways/mamboSms';
import { listBatch, outcomeOf } from '../helpers/outgoingMessages';
import { answerOf, recordingRequests } from '../helpers/recordingGateway';

/** The answer of "Send SMS" in the document. */
const DOCUMENTED_ANSWER = {
	statusCode: 201,
	success: true,
	messages: ['SMS successfully sent to 9 recipients.'],
	data: {
		recipients_count: 9,
		message_count: 2,
		sms_sent: 18,
		sms_cost: 900,
		new_balance: 8580,
		unsupported_contacts_count: 0,
		unsupported_contacts: [],
	},
};

const NINE = Array.from({ length: 9 }, (_, index) => `+25677212345${index}`);
const THREE = NINE.slice(0, 3);
const REASON = 'Mambo SMS does not support this number';

async function requestOf(batch: Batch) {
	const { requests, sendRequest } = recordingRequests(answerOf(200, DOCUMENTED_ANSWER));
	await mamboSmsGateway(sendRequest).send(batch);
	expect(requests).toHaveLength(1);
	return requests[0]!;
}

async function resultOf(statusCode: number, body: unknown, recipients = THREE) {
	const { sendRequest } = recordingRequests(answerOf(statusCode, body));
	return await mamboSmsGateway(sendRequest).send(listBatch(recipients, 'Hello'));
}

function outcome(body: unknown, rest: Partial<Outcome>): SendResult {
	return {
		refused: false,
		outcome: outcomeOf('sent', { recipientCount: 3, response: body, ...rest }),
	};
}

function success(data: unknown) {
	return { statusCode: 201, success: true, messages: ['Done'], data };
}

describe('a request of Mambo SMS', () => {
	test('is the one of the document, byte for byte', async () => {
		const batch = listBatch(['+256756123456', '+256772123456'], 'Hello from Mambo SMS', {
			messageCategory: 'non_customised',
			senderId: 'MamboSMS',
		});
		const { body, ...rest } = await requestOf(batch);
		expect(rest).toStrictEqual({ method: 'POST', path: '/v1/send-sms', timeoutSeconds: 30 });
		expect(JSON.stringify(body)).toBe(
			'{"message":"Hello from Mambo SMS","recipients":"0756123456, 0772123456",' +
				'"message_category":"non_customised","sender_id":"MamboSMS"}',
		);
	});

	test.each<[string, string]>([
		['+256772123456', '0772123456'],
		['+256312345678', '0312345678'],
		['+237670000000', '237670000000'],
		['+254712345678', '254712345678'],
		['+33612345678', '33612345678'],
	])('names %s as %s', async (recipient, written) => {
		const { body } = await requestOf(listBatch([recipient], 'Hi'));
		expect(body).toMatchObject({ recipients: written });
	});

	test.each(['non_customised', 'info', 'customised'])('names the category %s', async (category) => {
		const { body } = await requestOf(listBatch(THREE, 'Hi', { messageCategory: category }));
		expect(body).toMatchObject({ message_category: category });
	});
});

describe('an accepted request of Mambo SMS', () => {
	test('is read from the answer of the document', async () => {
		expect(await resultOf(200, DOCUMENTED_ANSWER, NINE)).toStrictEqual(
			outcome(DOCUMENTED_ANSWER, {
				recipientCount: 9,
				sentCount: 9,
				failedCount: 0,
				cost: 900,
				balance: 8580,
				providerMessage: 'SMS successfully sent to 9 recipients.',
			}),
		);
	});

	test.each<[string, unknown, Partial<Outcome>]>([
		[
			'numbers written as text',
			{
				statusCode: '201',
				success: true,
				messages: ['Done'],
				data: {
					recipients_count: '3',
					sms_cost: '150',
					new_balance: '8,580.50',
					unsupported_contacts_count: '0',
				},
			},
			{ sentCount: 3, failedCount: 0, cost: 150, balance: 8580.5, providerMessage: 'Done' },
		],
		[
			'several messages',
			{ success: true, messages: ['First.', 'Second.'], data: [] },
			{ providerMessage: 'First. Second.' },
		],
		[
			'one message as text',
			{ success: true, message: 'Done', data: {} },
			{ providerMessage: 'Done' },
		],
		['no data', { statusCode: 200, success: true, messages: [] }, {}],
		[
			'a balance of nothing',
			success({ new_balance: 0, sms_cost: 0 }),
			{ cost: 0, balance: 0, providerMessage: 'Done' },
		],
		[
			'unsupported numbers that are named as the document writes numbers',
			success({
				recipients_count: 2,
				unsupported_contacts_count: 1,
				unsupported_contacts: ['0772123451'],
			}),
			{
				status: 'partial',
				sentCount: 2,
				failedCount: 1,
				rejectedRecipients: [{ recipient: '+256772123451', reason: REASON }],
				providerMessage: 'Done',
			},
		],
		[
			'unsupported numbers that are counted among the recipients',
			success({
				recipients_count: 3,
				unsupported_contacts_count: 1,
				unsupported_contacts: ['256772123451'],
			}),
			{
				status: 'partial',
				sentCount: 2,
				failedCount: 1,
				rejectedRecipients: [{ recipient: '+256772123451', reason: REASON }],
				providerMessage: 'Done',
			},
		],
		[
			'an unsupported number of another country with the same last digits',
			success({ unsupported_contacts_count: 1, unsupported_contacts: ['+254772123451'] }),
			{
				status: 'partial',
				sentCount: 2,
				failedCount: 1,
				rejectedRecipients: [{ recipient: '+254772123451', reason: REASON }],
				providerMessage: 'Done',
			},
		],
		[
			'unsupported numbers in a list alone, one of them a number and not a text',
			success({ unsupported_contacts: [772123450, '+256 772 123 452'] }),
			{
				status: 'partial',
				sentCount: 1,
				failedCount: 2,
				rejectedRecipients: [
					{ recipient: '+256772123450', reason: REASON },
					{ recipient: '+256772123452', reason: REASON },
				],
				providerMessage: 'Done',
			},
		],
		[
			'a number named twice, who counts once',
			success({ unsupported_contacts: ['0772123450', '256772123450'] }),
			{
				status: 'partial',
				sentCount: 2,
				failedCount: 1,
				rejectedRecipients: [{ recipient: '+256772123450', reason: REASON }],
				providerMessage: 'Done',
			},
		],
		[
			'more recipients than asked for',
			success({ recipients_count: 9, unsupported_contacts_count: 0 }),
			{ sentCount: 3, failedCount: 0, providerMessage: 'Done' },
		],
		[
			'a number of unsupported contacts',
			success({ recipients_count: 2, unsupported_contacts: 1 }),
			{ status: 'partial', sentCount: 2, failedCount: 1, providerMessage: 'Done' },
		],
		[
			'recipients missing from the count, who were not served',
			success({ recipients_count: 2, unsupported_contacts_count: 0, unsupported_contacts: [] }),
			{ status: 'partial', sentCount: 2, failedCount: 1, providerMessage: 'Done' },
		],
	])('is read from %s', async (_, body, expected) => {
		expect(await resultOf(200, body)).toStrictEqual(outcome(body, expected));
	});

	test('is read from HTTP 201 as well', async () => {
		const body = success({ recipients_count: 3 });
		expect(await resultOf(201, body)).toStrictEqual(
			outcome(body, { sentCount: 3, failedCount: 0, providerMessage: 'Done' }),
		);
	});

	test('of which no number is supported is a refusal with the words of Mambo SMS', async () => {
		const body = {
			statusCode: 201,
			success: true,
			messages: ['SMS successfully sent to 0 recipients.'],
			data: { recipients_count: 0, sms_sent: 0, sms_cost: 0, unsupported_contacts_count: 3 },
		};
		const result = await resultOf(200, body);
		expect(result).toMatchObject({
			refused: true,
			refusal: { kind: 'input', httpCode: '200', response: body },
		});
		expect(result.refused && result.refusal.reason).toContain(
			'SMS successfully sent to 0 recipients.',
		);
	});
});

describe('a refused request of Mambo SMS', () => {
	test.each<[string, number, unknown, string, string, string]>([
		[
			'400',
			400,
			{ statusCode: 400, success: false, messages: ['The sender id is required.'], data: [] },
			'input',
			'The sender id is required.',
			'400',
		],
		[
			'401',
			401,
			{ statusCode: 401, success: false, messages: ['Unauthorized'], data: [] },
			'credentials',
			'Unauthorized',
			'401',
		],
		[
			'401 without a body',
			401,
			undefined,
			'credentials',
			'HTTP 401 without a readable answer',
			'401',
		],
		[
			'405',
			405,
			{ statusCode: 405, success: false, messages: ['Method not allowed'], data: [] },
			'input',
			'Method not allowed',
			'405',
		],
		[
			'500',
			500,
			{ statusCode: 500, success: false, messages: ['Server error'], data: [] },
			'unknownOutcome',
			'Server error',
			'500',
		],
		[
			'400 in the body of an answer with HTTP 200',
			200,
			{ statusCode: 400, success: false, messages: ['Invalid parameters', 'message'], data: [] },
			'input',
			'Invalid parameters message',
			'400',
		],
		[
			'401 in the body of an answer with HTTP 200',
			200,
			{ statusCode: 401, success: false, messages: ['Invalid API key'], data: [] },
			'credentials',
			'Invalid API key',
			'401',
		],
		[
			'401 written as text',
			200,
			{ statusCode: '401', success: false, messages: ['No'], data: [] },
			'credentials',
			'No',
			'401',
		],
		[
			'500 in the body of an answer with HTTP 200',
			200,
			{ statusCode: 500, success: false, messages: ['Server error'], data: [] },
			'unknownOutcome',
			'Server error',
			'500',
		],
		[
			'words about the balance alone',
			200,
			{ statusCode: 200, success: false, messages: ['Insufficient balance'], data: [] },
			'balance',
			'Insufficient balance',
			'200',
		],
		[
			'words about the key alone',
			200,
			{ statusCode: 200, success: false, messages: ['Invalid API key'], data: [] },
			'credentials',
			'Invalid API key',
			'200',
		],
		[
			'success: false without a status and words',
			200,
			{ success: false, data: [] },
			'input',
			'no reason given',
			'200',
		],
	])('is read from %s', async (_, statusCode, body, kind, words, httpCode) => {
		expect(await resultOf(statusCode, body)).toStrictEqual({
			refused: true,
			refusal: { kind, reason: words, httpCode, response: body },
		});
	});
});

describe('an answer of Mambo SMS that contradicts itself', () => {
	test.each<[string, unknown]>([
		['success with the status of a refusal', { ...success({}), statusCode: 401 }],
		['fewer than none', success({ recipients_count: -1, unsupported_contacts_count: 0 })],
		['more unsupported than asked', success({ unsupported_contacts_count: 4 })],
		[
			'fewer than none unsupported',
			success({ recipients_count: 3, unsupported_contacts_count: -1 }),
		],
		['half a recipient', success({ recipients_count: 1.5, unsupported_contacts_count: 0 })],
		[
			'no recipient, and messages paid for',
			success({ recipients_count: 0, sms_sent: 3, sms_cost: 150 }),
		],
	])('is not trusted: %s', async (_, body) => {
		expect(await resultOf(200, body)).toMatchObject({
			refused: true,
			refusal: { kind: 'unknownOutcome', response: body },
		});
	});
});
