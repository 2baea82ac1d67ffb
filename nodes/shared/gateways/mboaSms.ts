import {
	agreedCounts,
	dataOf,
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
	type Refused,
	type SendRequest,
	type SendResult,
} from './gateway';

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

/** What an answer states, wherever it stands in it. */
interface Stated {
	body: AnswerObject;
	providerMessage: string | null;
	jobId: string | null;
	/** Null when the answer names no job, or no state. */
	jobStatus: string | null;
	counts: Counts;
	/** The counts where they agree with the number of recipients; null where they contradict it. */
	agreed: Counts | null;
	totalRecipients: number | null;
	cost: number | null;
	/** A complaint beside whatever else it says. */
	complains: boolean;
}

function statedBy(body: unknown, recipientCount: number): Stated | null {
	const providerMessage = providerMessageOf(body);
	if (!isAnswerObject(body)) return null;
	const data = dataOf(body);
	const error = body.error ?? data.error;
	const jobId = textOf(data.jobId);
	const counts = {
		sentCount: numberOf(data.totalSent) ?? numberOf(data.successCount),
		failedCount: numberOf(data.totalFailed) ?? numberOf(data.failedCount),
	};
	return {
		body,
		providerMessage,
		jobId,
		jobStatus: jobId === null ? null : (textOf(data.status)?.toUpperCase() ?? null),
		counts,
		agreed: agreedCounts(counts, recipientCount),
		totalRecipients: numberOf(data.totalRecipients),
		cost: numberOf(data.creditsUsed),
		complains:
			textOf(data.errorMessage) !== null || textOf(error) !== null || isAnswerObject(error),
	};
}

function readAnswer(answer: GatewayAnswer, recipientCount: number): SendResult {
	const stated = statedBy(answer.body, recipientCount);
	const isOk = isHttpOk(answer);
	const saysNo = stated?.body.success === false;
	// Says no, and that some were sent: the counts are believed wherever they stand.
	if (stated && (!isOk || saysNo) && (stated.counts.sentCount ?? 0) > 0) {
		return partlyRefused(answer, stated, recipientCount);
	}
	if (!isOk) return refusedBy(answer, stated?.providerMessage ?? null);
	if (stated === null) return unreadableAnswer(answer);
	if (saysNo && !isInProgress(stated)) {
		return refusedBy(answer, stated.providerMessage ?? 'no reason given');
	}
	const outcome = outcomeOf(stated, recipientCount);
	if (outcome === null) return unreadableAnswer(answer);
	if (outcome.status !== 'failed') return { refused: false, outcome };
	const reason = `0 of ${recipientCount} sent`;
	const { providerMessage } = stated;
	return refusedBy(answer, providerMessage === null ? reason : `${reason} (${providerMessage})`);
}

function partlyRefused(answer: GatewayAnswer, stated: Stated, recipientCount: number): SendResult {
	const { refusal } = refusedBy(answer, stated.providerMessage);
	const counts = stated.agreed;
	if (counts === null || counts.sentCount === recipientCount) return unreadableAnswer(answer);
	const outcome = statedOutcome('partial', stated, { recipientCount, ...counts });
	const endsRun = refusal.kind === 'credentials' || refusal.kind === 'balance';
	return { refused: false, outcome, ...(endsRun && { stops: refusal }) };
}

/**
 * What became of the recipients, by the documented totals or by those of a job (see the field notes
 * on `/send-bulk`). Null when it is not an answer that MboaSMS gives, or contradicts itself.
 */
function outcomeOf(stated: Stated, recipientCount: number): Outcome | null {
	const { success } = stated.body;
	const counts = isInProgress(stated) ? UNSTATED : stated.agreed;
	// "success: true" beside a complaint, or about another number of people, says nothing for certain.
	if (stated.complains || (stated.totalRecipients ?? recipientCount) > recipientCount) return null;
	if (counts === null || (typeof success !== 'boolean' && stated.jobId === null)) return null;
	const status = statusOf(stated, counts, recipientCount);
	if (status === null || (success === false && status !== 'partial')) return null;
	const known = status === 'accepted' ? UNSTATED : counts;
	return statedOutcome(status, stated, { recipientCount, ...known });
}

function statedOutcome(
	status: Outcome['status'],
	{ cost, providerMessage, jobId, body }: Stated,
	counts: Counts & { recipientCount: number },
): Outcome {
	return {
		status,
		...counts,
		rejectedRecipients: [],
		cost,
		balance: null,
		providerMessage,
		jobId,
		response: body,
	};
}

function statusOf(
	stated: Stated,
	{ sentCount, failedCount }: Counts,
	recipientCount: number,
): 'sent' | 'accepted' | 'partial' | 'failed' | null {
	if (isInProgress(stated)) return 'accepted';
	const { jobStatus, totalRecipients } = stated;
	// A word that is not known is no acceptance.
	if (jobStatus !== null && !JOB_ENDED.has(jobStatus)) return null;
	if (sentCount === null) {
		if (JOB_FAILED.has(jobStatus ?? '')) return 'failed';
		if (jobStatus === 'PARTIAL') return 'partial';
		if (stated.jobId !== null) return jobStatus === 'COMPLETED' ? 'sent' : 'accepted';
		if (totalRecipients === null || totalRecipients === recipientCount) return 'sent';
		return totalRecipients === 0 ? null : 'partial';
	}
	if (sentCount === 0) return failedCount === recipientCount ? 'failed' : null;
	return sentCount === recipientCount ? 'sent' : 'partial';
}

function isInProgress({ jobStatus }: Stated): boolean {
	return JOB_IN_PROGRESS.has(jobStatus ?? '');
}

/** What MboaSMS says to people, with the code of its refusal; null where it says nothing. */
export function providerMessageOf(body: unknown): string | null {
	if (!isAnswerObject(body)) return null;
	const fault = isAnswerObject(body.error) ? body.error : {};
	const message = textOf(body.message) ?? textOf(body.errorMessage) ?? textOf(body.error);
	const details = textOf(fault.details) ?? textOf(fault.message);
	const code = textOf(fault.code);
	const parts = [message, details].filter((part) => part !== null);
	if (parts.length === 0 && code === null) return null;
	return quoted((parts.join(': ') + (code === null ? '' : ` (${code})`)).trim());
}

/** What a JWT credential of MboaSMS can sign with, in words. */
const SIGNATURES = new Map<unknown, string>([
	['apiKey', 'API key'],
	['login', 'log-in'],
	['token', 'token'],
]);

/** The refusal of a credential says which of the three was refused. */
export function namingCredential(refused: Refused, method: unknown): Refused {
	const signature = SIGNATURES.get(method);
	const { refusal } = refused;
	if (signature === undefined || refusal.kind !== 'credentials') return refused;
	return { ...refused, refusal: { ...refusal, signature } };
}
