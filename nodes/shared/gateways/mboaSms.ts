import {
	agreedCounts,
	isAnswerObject,
	isHttpOk,
	numberOf,
	quoted,
	refusedBy,
	textOf,
	unreadableAnswer,
	type AnswerObject,
	type Counts,
} from './answers';
import {
	refusedWithoutAnswer,
	type Batch,
	type Gateway,
	type GatewayAnswer,
	type GatewayRequest,
	type Outcome,
	type SendRequest,
	type SendResult,
} from './gateway';
import { namingCredential } from './refusedCredentials';

export type MboaSmsAuthentication = 'jwt' | 'basic';

const UNSTATED: Counts = { sentCount: null, failedCount: null };

const JOB_IN_PROGRESS = new Set(['PENDING', 'QUEUED', 'PROCESSING']);
const JOB_FAILED = new Set(['FAILED', 'REJECTED', 'CANCELED', 'CANCELLED']);
const JOB_ENDED = new Set(['COMPLETED', 'PARTIAL', ...JOB_FAILED]);

/** MboaSMS Developer API, as its document describes it. */
export function mboaSmsGateway(
	sendRequest: SendRequest,
	authentication: MboaSmsAuthentication,
	method?: unknown,
): Gateway {
	return {
		provider: 'mboasms',
		displayName: 'MboaSMS',
		hasUpload: authentication === 'jwt',
		async send(batch) {
			const isUpload = batch.envelope.form === 'upload';
			const request = isUpload ? uploadRequest(batch) : listRequest(batch, authentication);
			try {
				const answer = readAnswer(await sendRequest(request), batch.messages.length);
				return answer.refused ? namingCredential(answer, method) : answer;
			} catch (fault) {
				return refusedWithoutAnswer(fault);
			}
		},
	};
}

/** "Send SMS" and "Send SMS (Basic Auth)". The sender ID is left out when there is none. */
function listRequest(batch: Batch, authentication: MboaSmsAuthentication): GatewayRequest {
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
function uploadRequest(batch: Batch): GatewayRequest {
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

function readAnswer(answer: GatewayAnswer, recipientCount: number): SendResult {
	const { body } = answer;
	const providerMessage = isAnswerObject(body) ? providerMessageOf(body) : null;
	if (isAnswerObject(body) && reportsSends(answer, body)) {
		return partlyRefused(answer, body, recipientCount);
	}
	if (!isHttpOk(answer)) return refusedBy(answer, providerMessage);
	if (!isAnswerObject(body)) return unreadableAnswer(answer);
	if (isPlainRefusal(body)) return refusedBy(answer, providerMessage ?? 'no reason given');
	const outcome = outcomeOf(body, recipientCount);
	if (outcome === null) return unreadableAnswer(answer);
	if (outcome.status !== 'failed') return { refused: false, outcome };
	const reason = `0 of ${recipientCount} sent`;
	return refusedBy(answer, providerMessage === null ? reason : `${reason} (${providerMessage})`);
}

/** Says no, and that some were sent: the counts are believed wherever they stand. */
function reportsSends(answer: GatewayAnswer, body: AnswerObject): boolean {
	const isRefusal = !isHttpOk(answer) || body.success === false;
	return isRefusal && (statedCounts(dataOf(body)).sentCount ?? 0) > 0;
}

function partlyRefused(
	answer: GatewayAnswer,
	body: AnswerObject,
	recipientCount: number,
): SendResult {
	const providerMessage = providerMessageOf(body);
	const { refusal } = refusedBy(answer, providerMessage);
	const data = dataOf(body);
	const counts = agreedCounts(statedCounts(data), recipientCount);
	if (counts === null || counts.sentCount === recipientCount) return unreadableAnswer(answer);
	const outcome: Outcome = {
		status: 'partial',
		recipientCount,
		...counts,
		rejectedRecipients: [],
		cost: numberOf(data.creditsUsed),
		balance: null,
		providerMessage,
		jobId: textOf(data.jobId),
		response: body,
	};
	const endsRun = refusal.kind === 'credentials' || refusal.kind === 'balance';
	return { refused: false, outcome, ...(endsRun && { stops: refusal }) };
}

/** Says no, and reports neither anything sent nor a job that goes on. */
function isPlainRefusal(body: AnswerObject): boolean {
	return body.success === false && !isInProgress(dataOf(body));
}

/**
 * What became of the recipients, by the documented totals or by those of a job (see the field notes
 * on `/send-bulk`). Null when it is not an answer that MboaSMS gives, or contradicts itself.
 */
function outcomeOf(body: AnswerObject, recipientCount: number): Outcome | null {
	const data = dataOf(body);
	const jobId = textOf(data.jobId);
	const counts = isInProgress(data) ? UNSTATED : agreedCounts(statedCounts(data), recipientCount);
	// "success: true" beside a complaint, or about another number of people, says nothing for certain.
	if (complains(body) || (numberOf(data.totalRecipients) ?? recipientCount) > recipientCount)
		return null;
	if (counts === null || (typeof body.success !== 'boolean' && jobId === null)) return null;
	const status = statusStatedBy(data, counts, recipientCount);
	if (status === null || (body.success === false && status !== 'partial')) return null;
	return {
		status,
		recipientCount,
		...(status === 'accepted' ? UNSTATED : counts),
		rejectedRecipients: [],
		cost: numberOf(data.creditsUsed),
		balance: null,
		providerMessage: providerMessageOf(body),
		jobId,
		response: body,
	};
}

/** A complaint beside a success. */
function complains(body: AnswerObject): boolean {
	const data = dataOf(body);
	const error = body.error ?? data.error;
	return textOf(data.errorMessage) !== null || textOf(error) !== null || isAnswerObject(error);
}

function statusStatedBy(
	data: AnswerObject,
	{ sentCount, failedCount }: Counts,
	recipientCount: number,
): 'sent' | 'accepted' | 'partial' | 'failed' | null {
	if (isInProgress(data)) return 'accepted';
	const jobStatus = jobStatusOf(data);
	// A word that is not known is no acceptance.
	if (jobStatus !== null && !JOB_ENDED.has(jobStatus)) return null;
	if (sentCount === null) {
		if (JOB_FAILED.has(jobStatus ?? '')) return 'failed';
		if (jobStatus === 'PARTIAL') return 'partial';
		if (textOf(data.jobId) !== null) return jobStatus === 'COMPLETED' ? 'sent' : 'accepted';
		const told = numberOf(data.totalRecipients);
		if (told === null || told === recipientCount) return 'sent';
		return told === 0 ? null : 'partial';
	}
	if (sentCount === 0) return failedCount === recipientCount ? 'failed' : null;
	return sentCount === recipientCount ? 'sent' : 'partial';
}

/** The fields of an answer, whether they stand in `data` or beside it. */
export function dataOf(body: AnswerObject): AnswerObject {
	return isAnswerObject(body.data) ? { ...body, ...body.data } : body;
}

function statedCounts(data: AnswerObject): Counts {
	return {
		sentCount: numberOf(data.totalSent) ?? numberOf(data.successCount),
		failedCount: numberOf(data.totalFailed) ?? numberOf(data.failedCount),
	};
}

/** The state of a job; null when the answer names no job, or no state. */
function jobStatusOf(data: AnswerObject): string | null {
	return textOf(data.jobId) === null ? null : (textOf(data.status)?.toUpperCase() ?? null);
}

function isInProgress(data: AnswerObject): boolean {
	return JOB_IN_PROGRESS.has(jobStatusOf(data) ?? '');
}

/** What MboaSMS says to people, with the code of its refusal. */
export function providerMessageOf(body: AnswerObject): string | null {
	const fault = isAnswerObject(body.error) ? body.error : {};
	const message = textOf(body.message) ?? textOf(body.errorMessage) ?? textOf(body.error);
	const details = textOf(fault.details) ?? textOf(fault.message);
	const code = textOf(fault.code);
	const parts = [message, details].filter((part) => part !== null);
	if (parts.length === 0 && code === null) return null;
	return quoted((parts.join(': ') + (code === null ? '' : ` (${code})`)).trim());
}
