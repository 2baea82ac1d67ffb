import type { Batch } from '../core/batches';
import type { Receipt } from '../core/outcome';
import { isAnswerObject, numberOf, textOf, type AnswerObject } from './answerFields';
import {
	exchange,
	type Gateway,
	type GatewayAnswer,
	type GatewayRequest,
	type SendRequest,
	type SendResult,
} from './gateway';
import { quoted, refusalOf, unreadableAnswer } from './refusals';

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
	if (!isAnswerObject(body)) return { refused: true, refusal: unreadableAnswer(answer) };
	const counts = countsOf(body);
	if (body.success === false && !counts.sentCount) {
		return { refused: true, refusal: refusalOf(answer, words ?? 'no reason given') };
	}
	return receiptOf(answer, body, counts, recipientCount);
}

interface Counts {
	sentCount: number | null;
	failedCount: number | null;
	jobId: string | null;
	jobStatus: string | null;
	cost: number | null;
}

/** The documented totals, or those of a job (see the field notes on `/send-bulk`). */
function countsOf(body: AnswerObject): Counts {
	const data = isAnswerObject(body.data) ? { ...body, ...body.data } : body;
	return {
		sentCount: numberOf(data.totalSent) ?? numberOf(data.successCount),
		failedCount: numberOf(data.totalFailed) ?? numberOf(data.failedCount),
		jobId: textOf(data.jobId),
		jobStatus: textOf(data.status)?.toUpperCase() ?? null,
		cost: numberOf(data.creditsUsed),
	};
}

function receiptOf(
	answer: GatewayAnswer,
	body: AnswerObject,
	counts: Counts,
	recipientCount: number,
): SendResult {
	const status = statusOf(body, counts, recipientCount);
	if (status === null) return { refused: true, refusal: unreadableAnswer(answer) };
	const words = wordsOf(body);
	const isAccepted = status === 'accepted';
	const receipt: Receipt = {
		status,
		recipientCount,
		sentCount: isAccepted ? null : counts.sentCount,
		failedCount: isAccepted ? null : counts.failedCount,
		rejectedRecipients: [],
		cost: counts.cost,
		balance: null,
		providerMessage: words,
		jobId: counts.jobId,
		response: body,
	};
	if (status !== 'failed') return { refused: false, receipt };
	const refusal = refusalOf(answer, `0 of ${recipientCount} sent${words ? ` (${words})` : ''}`);
	return { refused: true, refusal };
}

/** Null when the answer is not one that MboaSMS gives, or contradicts itself. */
function statusOf(body: AnswerObject, counts: Counts, recipientCount: number) {
	const { sentCount, failedCount, jobId, jobStatus } = counts;
	if (jobId !== null && jobStatus !== null && JOB_IN_PROGRESS.has(jobStatus)) return 'accepted';
	if (sentCount === null) {
		if (jobId !== null) return jobStatus === 'FAILED' ? 'failed' : 'accepted';
		return body.success === true ? 'sent' : null;
	}
	if (typeof body.success !== 'boolean' && jobId === null) return null;
	if (sentCount === 0) return (failedCount ?? 0) >= recipientCount ? 'failed' : null;
	return sentCount >= recipientCount && !failedCount ? 'sent' : 'partial';
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
