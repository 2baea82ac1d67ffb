import {
	type AnswerObject,
	type Counts,
	agreedCounts,
	isAnswerObject,
	numberOf,
	quoted,
	refusalOf,
	textOf,
	unreadableAnswer,
} from './answers';
import {
	type Batch,
	type Gateway,
	type GatewayAnswer,
	type GatewayRequest,
	type Outcome,
	type SendRequest,
	type SendResult,
	exchange,
} from './gateway';

export type MboaSmsAuthentication = 'jwt' | 'basic';

const JOB_IN_PROGRESS = new Set(['PENDING', 'QUEUED', 'PROCESSING']);

/** MboaSMS Developer API, as its document describes it. */
export function mboaSmsGateway(
	sendRequest: SendRequest,
	authentication: MboaSmsAuthentication,
): Gateway {
	return {
		provider: 'mboasms',
		displayName: 'MboaSMS',
		async send(batch) {
			const request =
				batch.envelope.form === 'upload'
					? uploadRequest(batch)
					: listRequest(batch, authentication);
			return await exchange(sendRequest, request, (answer) =>
				readAnswer(answer, batch.messages.length),
			);
		},
	};
}

/** "Send SMS" and "Send SMS (Basic Auth)". The sender ID is left out when there is none. */
export function listRequest(batch: Batch, authentication: MboaSmsAuthentication): GatewayRequest {
	const { senderId, timeoutSeconds } = batch.envelope;
	return {
		method: 'POST',
		path: `/api/v1/developer/sms/${authentication === 'basic' ? 'send-with-auth' : 'send'}`,
		body: {
			phoneNumbers: batch.messages.map((message) => message.recipient),
			message: batch.messages[0]?.text ?? '',
			...(senderId !== '' && { senderId }),
		},
		timeoutSeconds,
	};
}

/** Longer texts stay out of the query: servers limit the length of an address. */
const LONGEST_QUERY_MESSAGE = 1000;

/**
 * "Send Bulk SMS": a CSV without header, number and text per row, line ends as in the document. A
 * text that all rows share is also given as the default, as the second example there does.
 */
export function uploadRequest(batch: Batch): GatewayRequest {
	const { senderId, timeoutSeconds } = batch.envelope;
	const file = new FormData();
	const csv = batch.messages.map(({ recipient, text }) => `${recipient},${csvField(text)}\n`);
	file.append('file', new Blob([csv.join('')], { type: 'text/csv' }), 'recipients.csv');
	const text = batch.messages[0]?.text ?? '';
	const isShared = batch.messages.every((message) => message.text === text);
	return {
		method: 'POST',
		path: '/api/v1/developer/sms/send-bulk',
		query: {
			...(isShared && text.length <= LONGEST_QUERY_MESSAGE && { message: text }),
			...(senderId !== '' && { senderId }),
		},
		body: file,
		timeoutSeconds,
	};
}

/** RFC 4180, section 2: quotes around, quotes inside doubled. */
function csvField(text: string): string {
	return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function readAnswer(answer: GatewayAnswer, recipientCount: number): SendResult {
	const { body } = answer;
	const isHttpOk = answer.statusCode >= 200 && answer.statusCode < 300;
	const words = isAnswerObject(body) ? wordsOf(body) : null;
	if (!isHttpOk) return { refused: true, refusal: refusalOf(answer, words) };
	const told = isAnswerObject(body) ? toldBy(body, recipientCount) : null;
	if (!isAnswerObject(body) || told === null) {
		return { refused: true, refusal: unreadableAnswer(answer) };
	}
	if (told.status === 'refused') {
		return { refused: true, refusal: refusalOf(answer, words ?? 'no reason given') };
	}
	if (told.status === 'failed') {
		const spoken = `0 of ${recipientCount} sent${words ? ` (${words})` : ''}`;
		return { refused: true, refusal: refusalOf(answer, spoken) };
	}
	const outcome: Outcome = {
		status: told.status,
		recipientCount,
		sentCount: told.sentCount,
		failedCount: told.failedCount,
		rejectedRecipients: [],
		cost: told.cost,
		balance: null,
		providerMessage: words,
		jobId: told.jobId,
		response: body,
	};
	return { refused: false, outcome };
}

interface Told extends Counts {
	status: 'sent' | 'accepted' | 'partial' | 'failed' | 'refused';
	jobId: string | null;
	cost: number | null;
}

/**
 * What the body says, by the documented totals or by those of a job (see the field notes on
 * `/send-bulk`). Null when it is not an answer that MboaSMS gives, or contradicts itself.
 */
function toldBy(body: AnswerObject, recipientCount: number): Told | null {
	const data = isAnswerObject(body.data) ? { ...body, ...body.data } : body;
	const jobId = textOf(data.jobId);
	const jobStatus = jobId === null ? null : (textOf(data.status)?.toUpperCase() ?? null);
	const stated = {
		sentCount: numberOf(data.totalSent) ?? numberOf(data.successCount),
		failedCount: numberOf(data.totalFailed) ?? numberOf(data.failedCount),
	};
	const told = { jobId, cost: numberOf(data.creditsUsed) };
	const isRefusal = body.success === false;
	const accepted = { ...told, status: 'accepted', sentCount: null, failedCount: null } as const;
	if (jobStatus !== null && JOB_IN_PROGRESS.has(jobStatus)) return isRefusal ? null : accepted;
	if (isRefusal && !stated.sentCount) return { ...told, ...stated, status: 'refused' };
	const counts = agreedCounts(stated, recipientCount);
	if (counts === null || (body.success !== true && !isRefusal && jobId === null)) return null;
	const status = statusOf(counts, jobStatus, recipientCount, jobId !== null);
	if (status === null || (isRefusal && status === 'sent')) return null;
	return status === 'accepted' ? accepted : { ...told, ...counts, status };
}

function statusOf(
	{ sentCount, failedCount }: Counts,
	jobStatus: string | null,
	recipientCount: number,
	isJob: boolean,
): Exclude<Told['status'], 'refused'> | null {
	if (sentCount === null) {
		if (jobStatus === 'FAILED') return 'failed';
		if (jobStatus === 'PARTIAL') return 'partial';
		return isJob && jobStatus !== 'COMPLETED' ? 'accepted' : 'sent';
	}
	if (sentCount === 0) return failedCount === recipientCount ? 'failed' : null;
	return sentCount === recipientCount ? 'sent' : 'partial';
}

function wordsOf(body: AnswerObject): string | null {
	const fault = isAnswerObject(body.error) ? body.error : {};
	const message = textOf(body.message) ?? textOf(body.errorMessage) ?? textOf(body.error);
	const details = textOf(fault.details) ?? textOf(fault.message);
	const code = textOf(fault.code);
	const parts = [message, details].filter((part) => part !== null);
	if (parts.length === 0 && code === null) return null;
	return quoted((parts.join(': ') + (code === null ? '' : ` (${code})`)).trim());
}
