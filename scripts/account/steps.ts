import { textOf } from '../../nodes/shared/gateways/answers';
import type { GatewayAnswer, GatewayRequest } from '../../nodes/shared/gateways/gateway';
import { jobRequest } from '../../nodes/shared/gateways/mboaSmsJobs';
import {
	acceptsCredential,
	type Check,
	hasStatus,
	hasType,
	hasValue,
	refuses,
	valueAt,
} from './checks';

/** One request to the account, what it costs, and what its answer should be. */
export interface Step {
	title: string;
	/** What happens, in words for the person who pays. */
	what: string;
	cost: string;
	/** Null where an earlier answer gave no reason for it. */
	request(earlier: ReadonlyMap<string, GatewayAnswer>): GatewayRequest | null;
	checks: Check[];
	/** What only the person can see. */
	question?: { text: string; openPoint: string };
	/** What the answer tells of points that the documents leave open. */
	openPoints?: Array<{ point: string; found(answer: GatewayAnswer): string }>;
}

const TIMEOUT_SECONDS = 60;
const NOTHING = 'nothing';
const ONE_SMS = 'one SMS';

const MBOA = '/api/v1/developer/sms';

const post = (path: string, body: GatewayRequest['body']) => ({
	method: 'POST' as const,
	path,
	body,
	timeoutSeconds: TIMEOUT_SECONDS,
});

/** Long enough to be seen whole or cut: a semicolon, a comma, quotation marks. */
const UPLOADED_TEXT = 'Test 2: un; deux, "trois" fin';

const typeName = (value: unknown) =>
	value === undefined ? 'absent' : Array.isArray(value) ? 'array' : typeof value;

const typeOf = (path: string) => (answer: GatewayAnswer) => typeName(valueAt(answer.body, path));

/** MboaSMS with a token, an API key or a log-in; Basic has no upload. */
export function mboaSmsSteps(ownNumber: string, isBasic: boolean): Step[] {
	const sendPath = `${MBOA}/${isBasic ? 'send-with-auth' : 'send'}`;
	const steps: Step[] = [
		{
			title: 'Credential test',
			what: 'asks MboaSMS to send to nobody, which it refuses once it has accepted the credential',
			cost: NOTHING,
			request: () => post(sendPath, { phoneNumbers: [] }),
			checks: [acceptsCredential, refuses, hasType('message', 'string')],
		},
		{
			title: 'A number that does not exist',
			what: 'asks MboaSMS to send to +0, which it has to refuse',
			cost: NOTHING,
			request: () => post(sendPath, { phoneNumbers: ['+0'], message: 'Test' }),
			checks: [acceptsCredential, refuses],
			openPoints: [
				{
					point: 'the status of a number that is none',
					found: ({ statusCode }) => `HTTP ${statusCode}`,
				},
			],
		},
		{
			title: 'One SMS to yourself',
			what: "sends 'Test 1' to your own number, without a sender ID",
			cost: ONE_SMS,
			request: () => post(sendPath, { phoneNumbers: [ownNumber], message: 'Test 1' }),
			checks: [
				hasStatus(200),
				hasValue('success', true),
				hasType('data.totalSent', 'number'),
				hasValue('data.totalSent', 1),
				hasType('data.totalFailed', 'number'),
				hasType('data.creditsUsed', 'number'),
			],
			question: {
				text: "Did 'Test 1' arrive on your phone?",
				openPoint: 'a sender ID is not needed',
			},
			openPoints: [
				{ point: "the type of 'data.totalSent'", found: typeOf('data.totalSent') },
				{ point: "'totalRecipients' in place of it", found: typeOf('totalRecipients') },
			],
		},
	];
	if (isBasic) return steps;
	return [
		...steps,
		{
			title: 'An upload of one row',
			what: `uploads a file with one row, your own number and ${UPLOADED_TEXT}`,
			cost: ONE_SMS,
			request: () => {
				const file = new FormData();
				const text = `"${UPLOADED_TEXT.replace(/"/g, '""')}"`;
				const row = new Blob([`${ownNumber},${text}\n`], { type: 'text/csv' });
				file.append('file', row, 'recipients.csv');
				return post(`${MBOA}/send-bulk`, file);
			},
			checks: [
				hasStatus(200),
				hasValue('success', true),
				{
					says: "the answer has totals ('data.totalSent') or a job ('jobId')",
					holds: (answer) =>
						typeof valueAt(answer.body, 'data.totalSent') === 'number' || jobIdOf(answer) !== null,
				},
			],
			question: {
				text: `Did it arrive whole: ${UPLOADED_TEXT} ?`,
				openPoint: 'an upload whose first text holds a semicolon arrives whole',
			},
			openPoints: [
				{
					point: 'an upload is answered with',
					found: (answer) => (jobIdOf(answer) === null ? 'totals' : 'a job'),
				},
			],
		},
		{
			title: 'The job of that upload',
			what: 'asks what became of the upload, if it was answered with a job',
			cost: NOTHING,
			request: (earlier) => {
				const upload = earlier.get('An upload of one row');
				const jobId = upload ? jobIdOf(upload) : null;
				return jobId === null ? null : jobRequest(jobId, TIMEOUT_SECONDS);
			},
			checks: [
				hasStatus(200),
				{
					says: 'the status of the job is PENDING, PROCESSING, COMPLETED, PARTIAL or FAILED',
					holds: ({ body }) =>
						/^(?:PENDING|PROCESSING|COMPLETED|PARTIAL|FAILED)$/.test(
							textOf(valueAt(body, 'data.status') ?? valueAt(body, 'status')) ?? '',
						),
				},
			],
		},
	];
}

function jobIdOf({ body }: GatewayAnswer): string | null {
	return textOf(valueAt(body, 'jobId') ?? valueAt(body, 'data.jobId'));
}

export function mamboSmsSteps(ownNumber: string, senderId: string): Step[] {
	const send = (recipients: string, message: string) =>
		post('/v1/send-sms', {
			message,
			recipients,
			message_category: 'non_customised',
			sender_id: senderId,
		});
	return [
		{
			title: 'Credential test',
			what: 'asks Mambo SMS to send nothing to nobody, which it refuses once it has accepted the key',
			cost: NOTHING,
			request: () => send('', ''),
			checks: [acceptsCredential, refuses],
		},
		{
			title: 'A number that does not exist',
			what: 'asks Mambo SMS to send to 123, which it has to refuse',
			cost: NOTHING,
			request: () => send('123', 'Test'),
			checks: [acceptsCredential, refuses],
			openPoints: [
				{
					point: "the type of 'data.unsupported_contacts'",
					found: typeOf('data.unsupported_contacts'),
				},
			],
		},
		{
			title: 'One SMS to yourself',
			what: "sends 'Test 1' to your own number",
			cost: ONE_SMS,
			request: () => send(ownNumber.replace(/^\+256/, '0').replace(/^\+/, ''), 'Test 1'),
			checks: [
				hasStatus(200, 201),
				hasValue('success', true),
				hasType('statusCode', 'number'),
				hasType('messages', 'array'),
				hasValue('data.recipients_count', 1),
				hasType('data.sms_sent', 'number'),
				hasType('data.sms_cost', 'number'),
				hasType('data.new_balance', 'number'),
			],
			question: { text: "Did 'Test 1' arrive on your phone?", openPoint: 'it arrived' },
		},
	];
}

export const balanceStep: Step = {
	title: 'Balance',
	what: 'reads the balance',
	cost: NOTHING,
	request: () => post('/v1/accounts/balance', {}),
	checks: [hasStatus(200), hasValue('success', true), hasType('data.balance', 'number')],
	openPoints: [{ point: "the type of 'data.balance'", found: typeOf('data.balance') }],
};
