import type { Gateway, SendRequest, SendResult } from '../../nodes/shared/gateways/gateway';
import { mamboSmsGateway } from '../../nodes/shared/gateways/mamboSms';
import { mboaSmsGateway } from '../../nodes/shared/gateways/mboaSms';
import { listBatch } from '../helpers/outgoingMessages';
import { answerOf, recordingRequests } from '../helpers/recordingGateway';

/** Answers that say yes and no at once: what was sent is believed, and what stays open is in doubt. */

/** The result in a line: status, how many were sent and failed, and what ends the run. */
function lineOf(result: SendResult): string {
	if (result.refused) return `${result.refusal.kind}: ${result.refusal.reason}`;
	const { status, sentCount, failedCount } = result.outcome;
	const stops = result.stops ? `, ends the run: ${result.stops.kind}` : '';
	return `${status} ${sentCount}/${failedCount}${stops}`;
}

async function answered(
	gatewayOf: (sendRequest: SendRequest) => Gateway,
	recipients: string[],
	{ status, body }: { status: number; body: unknown },
): Promise<SendResult> {
	const { sendRequest } = recordingRequests(answerOf(status, body));
	return await gatewayOf(sendRequest).send(listBatch(recipients, 'Hello'));
}

describe('Mambo SMS', () => {
	const three = ['+256772123450', '+256772123451', '+256772123452'];
	const of = async (status: number, body: unknown) =>
		await answered((sendRequest) => mamboSmsGateway(sendRequest), three, { status, body });
	const no = (message: string, data: object, more: object = {}) => ({
		success: false,
		messages: [message],
		data,
		...more,
	});
	const yes = (data: object, more: object = {}) => ({
		success: true,
		messages: ['Done'],
		data,
		...more,
	});

	test('is named as everywhere, and takes no uploads', () => {
		const { sendRequest } = recordingRequests(new Error('no request'));
		expect(mamboSmsGateway(sendRequest)).toMatchObject({
			provider: 'mambosms',
			displayName: 'Mambo SMS',
			hasUpload: false,
		});
	});

	test.each<[string, number, unknown, string]>([
		[
			'402 after two',
			402,
			no('No more credit', { recipients_count: 2, sms_sent: 2 }),
			'partial 2/1, ends the run: balance',
		],
		[
			'401 of the body after one',
			200,
			no('Bad key', { recipients_count: 1, sms_sent: 1 }, { statusCode: 401 }),
			'partial 1/2, ends the run: credentials',
		],
		['400 after one, not said whom', 400, no('Bad', { sms_sent: 1 }), 'partial null/null'],
		['400 after all', 400, no('Bad', { recipients_count: 3, sms_sent: 3 }), 'partial null/null'],
		['400 after none', 400, no('Bad', { sms_sent: 0 }), 'input: Bad'],
		['400 that says nothing of sends', 400, no('Bad', {}), 'input: Bad'],
		['200 that says no, after one', 200, no('Bad', { sms_sent: 1 }), 'partial null/null'],
		[
			'a yes with 400 in it',
			201,
			yes({ recipients_count: 3, sms_sent: 3 }, { statusCode: 400 }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
		[
			'a yes with 399 in it',
			201,
			yes({ recipients_count: 3, sms_sent: 3 }, { statusCode: 399 }),
			'sent 3/0',
		],
		[
			'a yes for nobody',
			201,
			yes({ recipients_count: 0, unsupported_contacts_count: 3 }),
			'input: 0 of 3 sent, no number is supported (Done)',
		],
		[
			'a yes for nobody, without words',
			201,
			yes({ recipients_count: 0, unsupported_contacts_count: 3 }, { messages: [] }),
			'input: 0 of 3 sent, no number is supported',
		],
		[
			'a yes for nobody that sent one',
			201,
			yes({ recipients_count: 0, unsupported_contacts_count: 3, sms_sent: 1 }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
		[
			'a yes for nobody that cost something',
			201,
			yes({ recipients_count: 0, unsupported_contacts_count: 3, sms_cost: 50 }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
		[
			'a yes for all that sent none',
			201,
			yes({ recipients_count: 3, sms_sent: 0 }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
		[
			'a yes beside an errorMessage',
			201,
			yes({ recipients_count: 3, sms_sent: 3 }, { errorMessage: 'queue full' }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
		[
			'a yes beside an error',
			201,
			yes({ recipients_count: 3, sms_sent: 3 }, { error: 'queue full' }),
			'unknownOutcome: HTTP 201 without a readable answer',
		],
	])('%s', async (_what, status, body, line) => {
		expect(lineOf(await of(status, body))).toBe(line);
	});

	test('names the unsupported in every writing, and takes nothing for nobody', async () => {
		const unsupported_contacts = ['0772 123450', null, { contact: '256772123451' }, 772123452, ''];
		const result = await of(402, no('No more credit', { sms_sent: 1, unsupported_contacts }));
		expect(result).toMatchObject({ outcome: { status: 'partial', rejectedRecipients: [] } });
		const two = unsupported_contacts.slice(0, 3);
		const part = await of(402, no('No', { sms_sent: 1, unsupported_contacts: two, sms_cost: 50 }));
		expect(part).toMatchObject({
			outcome: {
				sentCount: 1,
				failedCount: 2,
				cost: 50,
				rejectedRecipients: [{ recipient: '+256772123450' }, { recipient: '+256772123451' }],
			},
		});
	});
});

describe('MboaSMS', () => {
	const two = ['+237670000001', '+237670000002'];
	const of = async (status: number, body: unknown) =>
		await answered((sendRequest) => mboaSmsGateway(sendRequest, 'jwt'), two, { status, body });
	const no = (data: object, more: object = {}) => ({
		success: false,
		message: 'No',
		data,
		...more,
	});
	const yes = (data: object, more: object = {}) => ({
		success: true,
		message: 'Done',
		data,
		...more,
	});
	const UNREADABLE = 'unknownOutcome: HTTP 200 without a readable answer';

	test.each([
		['jwt', true],
		['basic', false],
	] as const)(
		'is named as everywhere; with %s it takes uploads: %s',
		(authentication, hasUpload) => {
			const { sendRequest } = recordingRequests(new Error('no request'));
			expect(mboaSmsGateway(sendRequest, authentication)).toMatchObject({
				provider: 'mboasms',
				displayName: 'MboaSMS',
				hasUpload,
			});
		},
	);

	test.each<[string, number, unknown, string]>([
		[
			'402 after one',
			402,
			no({ totalSent: 1, totalFailed: 1 }),
			'partial 1/1, ends the run: balance',
		],
		['401 after one', 401, no({ totalSent: 1 }), 'partial 1/null, ends the run: credentials'],
		['400 after one', 400, no({ totalSent: 1 }), 'partial 1/null'],
		[
			'402 after all',
			402,
			no({ totalSent: 2 }),
			'unknownOutcome: HTTP 402 without a readable answer',
		],
		['402 after none', 402, no({ totalSent: 0 }), 'balance: No'],
		['a no after one, with 200', 200, no({ totalSent: 1 }), 'partial 1/null'],
		['a no about a job that goes on', 200, no({ jobId: 'j', status: 'PROCESSING' }), UNREADABLE],
		['a yes beside errorMessage', 200, yes({ totalSent: 2, errorMessage: 'x' }), UNREADABLE],
		['a yes beside an error', 200, yes({ totalSent: 2, error: 'x' }), UNREADABLE],
		['a yes beside an error beside data', 200, yes({ totalSent: 2 }, { error: 'x' }), UNREADABLE],
		[
			'a yes beside an error with a code',
			200,
			yes({ totalSent: 2, error: { code: 'X' } }),
			UNREADABLE,
		],
		['a yes about more people', 200, yes({ totalRecipients: 3 }), UNREADABLE],
		['a yes about fewer people', 200, yes({ totalRecipients: 1 }), 'partial null/null'],
		['a yes about nobody', 200, yes({ totalRecipients: 0 }), UNREADABLE],
		['a yes about all', 200, yes({ totalRecipients: 2 }), 'sent null/null'],
		['a yes that counts nothing', 200, yes({}), 'sent null/null'],
		['a yes that sent none', 200, yes({ totalSent: 0 }), UNREADABLE],
		[
			'a yes that failed for all',
			200,
			yes({ totalSent: 0, totalFailed: 2 }),
			'input: 0 of 2 sent (Done)',
		],
		['a job without a word', 200, yes({ jobId: 'j' }), 'accepted null/null'],
		[
			'a job that waits, with counts',
			200,
			yes({ jobId: 'j', status: 'PENDING', totalSent: 1 }),
			'accepted null/null',
		],
		['a job that has ended', 200, yes({ jobId: 'j', status: 'COMPLETED' }), 'sent null/null'],
		['a job that ended in part', 200, yes({ jobId: 'j', status: 'PARTIAL' }), 'partial null/null'],
		[
			'a job that says no, in part',
			200,
			no({ jobId: 'j', status: 'PARTIAL', totalSent: 1 }),
			'partial 1/null',
		],
		['a job that failed', 200, yes({ jobId: 'j', status: 'FAILED' }), 'input: 0 of 2 sent (Done)'],
		[
			'a job that was rejected',
			200,
			yes({ jobId: 'j', status: 'rejected' }),
			'input: 0 of 2 sent (Done)',
		],
		[
			'a job that was cancelled',
			200,
			yes({ jobId: 'j', status: 'CANCELLED' }),
			'input: 0 of 2 sent (Done)',
		],
		['a job with a word of its own', 200, yes({ jobId: 'j', status: 'ARCHIVED' }), UNREADABLE],
		['a word without a job', 200, yes({ status: 'ARCHIVED' }), 'sent null/null'],
	])('%s', async (_what, status, body, line) => {
		expect(lineOf(await of(status, body))).toBe(line);
	});
});
