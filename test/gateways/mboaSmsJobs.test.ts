import {
	addUpJobs,
	jobRequest,
	readJobAnswer,
	type BulkJob,
} from '../../nodes/shared/gateways/mboaSmsJobs';
import { answerOf } from '../helpers/recordingGateway';

const job = (differences: Partial<BulkJob> = {}): BulkJob => ({
	jobId: 'job-1',
	status: 'sent',
	recipientCount: 10,
	sentCount: 10,
	failedCount: 0,
	providerMessage: null,
	...differences,
});

const stated = (status: string, successCount?: number, failedCount?: number) => ({
	jobId: 'job-1',
	status,
	totalRecipients: 10,
	successCount,
	failedCount,
});

test('a job is asked for by its id, which cannot reach another path', () => {
	expect(jobRequest('../send?x=1', 30)).toEqual({
		method: 'GET',
		path: '/api/v1/developer/sms/jobs/..%2Fsend%3Fx%3D1',
		timeoutSeconds: 30,
	});
});

describe('a job says', () => {
	test.each<[string, Record<string, unknown>, Partial<BulkJob>]>([
		['waits', stated('PENDING', 0, 0), { status: 'accepted', sentCount: 0 }],
		['is in the queue', stated('QUEUED', 0, 0), { status: 'accepted', sentCount: 0 }],
		[
			'goes on, with counts that do not agree yet',
			stated('PROCESSING', 11, 5),
			{ status: 'accepted', sentCount: 11, failedCount: 5 },
		],
		[
			'ended for nobody',
			stated('COMPLETED', 0, 0),
			{ status: 'failed', sentCount: 0, failedCount: null },
		],
		[
			'sent a part, not how much',
			stated('PARTIAL'),
			{ status: 'partial', sentCount: null, failedCount: null },
		],
		[
			'was canceled',
			stated('CANCELED', 0, 10),
			{ status: 'failed', sentCount: 0, failedCount: 10 },
		],
		[
			'has ended, and not for how many',
			{ ...stated('COMPLETED', 5), totalRecipients: undefined },
			{ recipientCount: null, sentCount: 5, failedCount: null },
		],
		[
			'has ended and left some out, and not for how many',
			{ ...stated('COMPLETED', 5, 2), totalRecipients: undefined },
			{ status: 'partial', recipientCount: null, sentCount: 5, failedCount: 2 },
		],
		[
			'failed after some, and not for how many',
			{ ...stated('FAILED', 3), totalRecipients: undefined },
			{ status: 'partial', recipientCount: null, sentCount: 3, failedCount: null },
		],
		['goes on', stated('PROCESSING', 4, 1), { status: 'accepted', sentCount: 4, failedCount: 1 }],
		['has ended', stated('COMPLETED', 10, 0), {}],
		['has ended, in small letters', stated('completed', 10, 0), {}],
		['has ended without counts', stated('COMPLETED'), { sentCount: null, failedCount: null }],
		[
			'ended and left some out',
			stated('COMPLETED', 7, 3),
			{ status: 'partial', sentCount: 7, failedCount: 3 },
		],
		['sent a part', stated('PARTIAL', 1, 9), { status: 'partial', sentCount: 1, failedCount: 9 }],
		['failed', stated('FAILED', 0, 10), { status: 'failed', sentCount: 0, failedCount: 10 }],
		[
			'failed, and only says for how many',
			stated('FAILED', undefined, 10),
			{ status: 'failed', sentCount: 0, failedCount: 10 },
		],
		[
			'failed after six',
			stated('FAILED', 6, 4),
			{ status: 'partial', sentCount: 6, failedCount: 4 },
		],
		[
			'was rejected',
			stated('REJECTED', 0, 10),
			{ status: 'failed', sentCount: 0, failedCount: 10 },
		],
		[
			'was cancelled half-way',
			stated('CANCELLED', 5, 5),
			{ status: 'partial', sentCount: 5, failedCount: 5 },
		],
		[
			'why it failed',
			{ ...stated('FAILED', 0, 10), errorMessage: 'Sender ID is not validated' },
			{
				status: 'failed',
				sentCount: 0,
				failedCount: 10,
				providerMessage: 'Sender ID is not validated',
			},
		],
	])('that it %s', (_name, body, differences) => {
		const expected = { refused: false, job: job(differences) };
		expect(readJobAnswer(answerOf(200, body), 'job-1')).toEqual(expected);
		expect(readJobAnswer(answerOf(200, { success: true, data: body }), 'job-1')).toEqual(expected);
	});

	test.each<[string, unknown]>([
		['a word that is not known', stated('ARCHIVED', 10, 0)],
		['no state', { success: true, data: { jobId: 'job-1' } }],
		['more failed than there were', stated('COMPLETED', 5, 9)],
		['a page', '<html><title>Welcome</title></html>'],
		['nothing', ''],
	])('nothing that can be trusted: %s', (_name, body) => {
		expect(readJobAnswer(answerOf(200, body), 'job-1')).toMatchObject({
			refused: true,
			refusal: { kind: 'unknownOutcome' },
		});
	});

	test.each(['FAILED', 'REJECTED', 'CANCELED', 'CANCELLED'])('%s, without counts', (word) => {
		expect(readJobAnswer(answerOf(200, stated(word)), 'job-1')).toMatchObject({
			job: { status: 'failed', sentCount: null, failedCount: null },
		});
	});

	test('nothing where the status of the answer says no', () => {
		expect(readJobAnswer(answerOf(500, stated('COMPLETED', 10, 0)), 'job-1')).toMatchObject({
			refused: true,
			refusal: { kind: 'unknownOutcome', httpCode: '500' },
		});
	});

	test('a word that is not known, as it is', () => {
		expect(readJobAnswer(answerOf(200, stated('archived')), 'job-1')).toMatchObject({
			refusal: {
				reason: 'the job has the status "ARCHIVED", which is not known here',
				httpCode: '200',
			},
		});
	});

	test.each<[unknown, string]>([
		[{ success: false, message: 'Not yours' }, 'Not yours'],
		[{ success: false }, 'no reason given'],
	])('no, with 200: %j', (body, reason) => {
		const answer = readJobAnswer(answerOf(200, body), 'job-1');
		expect(answer).toMatchObject({ refused: true, refusal: { kind: 'input', reason } });
	});

	test('a no beside a state is about the job', () => {
		const body = { success: false, data: stated('FAILED', 0, 10) };
		expect(readJobAnswer(answerOf(200, body), 'job-1')).toMatchObject({
			refused: false,
			job: { status: 'failed' },
		});
	});

	test('that there is none, in the words of the gateway', () => {
		const body = {
			success: false,
			message: 'Not found',
			error: { code: 'JOB_NOT_FOUND', details: 'There is no such job' },
		};
		expect(readJobAnswer(answerOf(404, body), 'job-1')).toMatchObject({
			refused: true,
			refusal: { reason: 'Not found: There is no such job (JOB_NOT_FOUND)', httpCode: '404' },
		});
	});
});

describe('several jobs', () => {
	test.each<[string, Array<Partial<BulkJob>>, Partial<BulkJob>]>([
		[
			'all sent',
			[{}, { jobId: 'job-2' }],
			{ jobId: 'job-1, job-2', recipientCount: 20, sentCount: 20 },
		],
		[
			'one goes on',
			[{}, { status: 'accepted', sentCount: 2 }],
			{ jobId: 'job-1, job-1', status: 'accepted', recipientCount: 20, sentCount: 12 },
		],
		[
			'one failed',
			[{}, { status: 'failed', sentCount: 0, failedCount: 10 }],
			{ jobId: 'job-1, job-1', status: 'partial', recipientCount: 20, failedCount: 10 },
		],
		[
			'one without counts',
			[{}, { sentCount: null }],
			{ jobId: 'job-1, job-1', recipientCount: 20, sentCount: null },
		],
		[
			'each with words',
			[{ providerMessage: 'done' }, { providerMessage: 'late' }],
			{ jobId: 'job-1, job-1', recipientCount: 20, sentCount: 20, providerMessage: 'done; late' },
		],
	])('are added up: %s', (_name, jobs, expected) => {
		expect(addUpJobs(jobs.map(job))).toEqual(job(expected));
	});
});
