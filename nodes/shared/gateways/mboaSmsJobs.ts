import {
	agreedCounts,
	dataOf,
	isAnswerObject,
	isHttpOk,
	numberOf,
	refusedBy,
	textOf,
	unreadableAnswer,
	type AnswerObject,
} from './answers';
import { makeRefusal, type GatewayAnswer, type GatewayRequest, type Refused } from './gateway';
import { providerMessageOf } from './mboaSms';

/** What became of a bulk upload that MboaSMS took as a job. */
export interface BulkJob {
	jobId: string;
	/** `accepted` while it goes on. */
	status: 'accepted' | 'sent' | 'partial' | 'failed';
	/** Null where the gateway does not say; while the job goes on, the counts are those so far. */
	recipientCount: number | null;
	sentCount: number | null;
	failedCount: number | null;
	providerMessage: string | null;
}

const STATUS_OF_WORD: Record<string, BulkJob['status']> = {
	PENDING: 'accepted',
	QUEUED: 'accepted',
	PROCESSING: 'accepted',
	COMPLETED: 'sent',
	PARTIAL: 'partial',
	FAILED: 'failed',
	REJECTED: 'failed',
	CANCELED: 'failed',
	CANCELLED: 'failed',
};

/** The request that asks for a job. Not in the public document: see the field notes on jobs. */
export function jobRequest(jobId: string, timeoutSeconds: number): GatewayRequest {
	return {
		method: 'GET',
		path: `/api/v1/developer/sms/jobs/${encodeURIComponent(jobId)}`,
		timeoutSeconds,
	};
}

/** Reads the state of the job that was asked for. */
export function readJobAnswer(
	answer: GatewayAnswer,
	jobId: string,
): { refused: false; job: BulkJob } | Refused {
	const { body } = answer;
	const stated = isAnswerObject(body) ? providerMessageOf(dataOf(body)) : null;
	if (!isHttpOk(answer)) return refusedBy(answer, stated);
	if (!isAnswerObject(body)) return unreadableAnswer(answer);
	const data = dataOf(body);
	const word = textOf(data.status)?.toUpperCase() ?? null;
	if (body.success === false && word === null) {
		return refusedBy(answer, stated ?? 'no reason given');
	}
	const status = STATUS_OF_WORD[word ?? ''];
	if (word !== null && status === undefined) {
		const reason = `the job has the status "${word}", which is not known here`;
		const httpCode = String(answer.statusCode);
		return { refused: true, refusal: makeRefusal('unknownOutcome', reason, { httpCode }) };
	}
	const counts = jobCounts(data, status);
	if (status === undefined || counts === null) return unreadableAnswer(answer);
	return {
		refused: false,
		job: { jobId, status: statusByCounts(status, counts), ...counts, providerMessage: stated },
	};
}

interface JobCounts {
	recipientCount: number | null;
	sentCount: number | null;
	failedCount: number | null;
}

/** As stated while the job goes on; held against each other at its end, null when they contradict. */
function jobCounts(data: AnswerObject, status?: BulkJob['status']): JobCounts | null {
	const recipientCount = numberOf(data.totalRecipients);
	const failedCount = numberOf(data.failedCount);
	const noneLeft = failedCount !== null && failedCount === recipientCount ? 0 : null;
	const stated = { sentCount: numberOf(data.successCount) ?? noneLeft, failedCount };
	if (status === 'accepted' || recipientCount === null) return { recipientCount, ...stated };
	const agreed = agreedCounts(stated, recipientCount);
	return agreed && { recipientCount, ...agreed };
}

/** Counts are believed before the word: a job that failed after some messages is `partial`. */
function statusByCounts(status: BulkJob['status'], counts: JobCounts): BulkJob['status'] {
	const { recipientCount, sentCount, failedCount } = counts;
	if (status === 'accepted' || status === 'partial' || sentCount === null) return status;
	if (sentCount === 0) return 'failed';
	const isWhole = !failedCount && (recipientCount === null || sentCount >= recipientCount);
	return status === 'sent' && isWhole ? 'sent' : 'partial';
}

/** Several uploads of one send are one answer: all counts together, `accepted` until the last has ended. */
export function addUpJobs(jobs: readonly BulkJob[]): BulkJob {
	const statuses = new Set(jobs.map((job) => job.status));
	const [only] = statuses;
	const mixed = statuses.has('accepted') ? 'accepted' : 'partial';
	const sum = (counts: Array<number | null>) =>
		counts.reduce((total, count) => (total === null || count === null ? null : total + count), 0);
	const messages = new Set(jobs.flatMap((job) => job.providerMessage ?? []));
	return {
		jobId: jobs.map((job) => job.jobId).join(', '),
		status: statuses.size === 1 && only !== undefined ? only : mixed,
		recipientCount: sum(jobs.map((job) => job.recipientCount)),
		sentCount: sum(jobs.map((job) => job.sentCount)),
		failedCount: sum(jobs.map((job) => job.failedCount)),
		providerMessage: messages.size === 0 ? null : [...messages].join('; '),
	};
}
