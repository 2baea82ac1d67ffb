import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import { type Refused, refusedWithoutAnswer } from '../gateways/gateway';
import { addUpJobs, type BulkJob, jobRequest, readJobAnswer } from '../gateways/mboaSmsJobs';
import { namingCredential } from '../gateways/mboaSms';
import { errorItem, errorMessageOf, type ItemError, jobError } from '../n8n/errors';
import {
	earlierRefusal,
	rememberAnswer,
	signedRequests,
	type SignedRequests,
} from '../n8n/gatewayNode';

type JobAnswer = { refused: false; job: BulkJob } | Refused;

/** A question that moves no money needs no option for its time-out. */
const TIMEOUT_SECONDS = 30;

/** So many requests in a row that certainly never connected end a run. */
const UNREACHABLE_LIMIT = 3;

/** One item per input item; a job that several items name is asked for once. */
export async function executeGetBulkJob(
	context: IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const inquiry = new JobInquiry(context);
	const items: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		const item = await itemOf(context, itemIndex, inquiry);
		if (item.error && !context.continueOnFail()) throw item.error;
		items.push(item);
	}
	return [items];
}

async function itemOf(
	context: IExecuteFunctions,
	itemIndex: number,
	inquiry: JobInquiry,
): Promise<INodeExecutionData> {
	const jobIds = writtenJobIds(context.getNodeParameter('jobId', itemIndex));
	if (jobIds.length === 0 || context.getNodeParameter('authentication', itemIndex) === 'basic') {
		const error = jobIds.length === 0 ? noJobId(context, itemIndex) : notJwt(context, itemIndex);
		return jobErrorItem(error, { jobIds, status: 'notAttempted' }, itemIndex);
	}
	const jobs: BulkJob[] = [];
	for (const jobId of jobIds) {
		const isStopped = inquiry.isStopped;
		const answer = await inquiry.ask(jobId);
		if (answer.refused) {
			const error = jobError(context.getNode(), itemIndex, answer.refusal);
			const status = isStopped ? 'notAttempted' : 'unknown';
			return jobErrorItem(error, { jobIds, status }, itemIndex);
		}
		jobs.push(answer.job);
	}
	return { json: jobJson(addUpJobs(jobs)), pairedItem: { item: itemIndex } };
}

/** The jobs of one run. After a refusal that every further request would get, no request leaves. */
class JobInquiry {
	private readonly answers = new Map<string, JobAnswer>();
	private account?: SignedRequests;
	private unreachableInARow = 0;
	private stoppedBy: Refused | null = null;

	constructor(private readonly context: IExecuteFunctions) {}

	get isStopped(): boolean {
		return this.stoppedBy !== null;
	}

	async ask(jobId: string): Promise<JobAnswer> {
		if (this.stoppedBy) return this.stoppedBy;
		const known = this.answers.get(jobId);
		if (known) return known;
		this.account ??= await signedRequests(this.context, 'mboaSmsJwtApi', 0);
		const answer = await this.request(this.account, jobId);
		this.answers.set(jobId, answer);
		const kind = answer.refused ? answer.refusal.kind : null;
		this.unreachableInARow = kind === 'unavailable' ? this.unreachableInARow + 1 : 0;
		const isHopeless = kind === 'credentials' || this.unreachableInARow === UNREACHABLE_LIMIT;
		if (answer.refused && isHopeless) this.stoppedBy = answer;
		return answer;
	}

	private async request(account: SignedRequests, jobId: string): Promise<JobAnswer> {
		const executionId = this.context.getExecutionId();
		const earlier = earlierRefusal(executionId, account.accountId);
		if (earlier) return { refused: true, refusal: earlier };
		const answer = await askForJob(account, jobId);
		rememberAnswer(executionId, account.accountId, answer.refused ? answer.refusal : null);
		return answer;
	}
}

async function askForJob(
	{ sendRequest, method }: SignedRequests,
	jobId: string,
): Promise<JobAnswer> {
	try {
		const answer = readJobAnswer(await sendRequest(jobRequest(jobId, TIMEOUT_SECONDS)), jobId);
		return answer.refused ? namingCredential(answer, method) : answer;
	} catch (fault) {
		return refusedWithoutAnswer(fault);
	}
}

function writtenJobIds(written: unknown): string[] {
	const parts = Array.isArray(written) ? written : [written];
	return parts.flatMap((part) =>
		typeof part === 'string' || typeof part === 'number'
			? String(part)
					.split(/[\s,;]+/)
					.filter((each) => each !== '')
			: [],
	);
}

function noJobId(context: IExecuteFunctions, itemIndex: number): NodeOperationError {
	return new NodeOperationError(context.getNode(), "'Job ID' is empty", {
		itemIndex,
		description:
			"Drag the field 'jobId' of the send into 'Job ID'. It is filled where the status is 'accepted'",
	});
}

function notJwt(context: IExecuteFunctions, itemIndex: number): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		'Bulk jobs cannot be read with a Basic credential',
		{
			itemIndex,
			description:
				"Set 'Authentication' to 'Token or Log-In (JWT)' and choose a credential of the type MboaSMS JWT API",
		},
	);
}

function jobErrorItem(
	error: ItemError,
	{ jobIds, status }: { jobIds: string[]; status: 'unknown' | 'notAttempted' },
	itemIndex: number,
): INodeExecutionData {
	const json = jobJson({
		jobId: jobIds.join(', '),
		status,
		recipientCount: null,
		sentCount: null,
		failedCount: null,
		providerMessage: null,
	});
	return errorItem({ ...json, errorMessage: errorMessageOf(error) }, error, itemIndex);
}

function jobJson(job: Omit<BulkJob, 'status'> & { status: string }): IDataObject {
	return { provider: 'mboasms', operation: 'getBulkJob', ...job };
}
