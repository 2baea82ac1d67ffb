import type { FastifyReply } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { htmlPage, type Fault } from './faults';
import {
	isObject,
	type Acceptance,
	type Answer,
	type GatewayAnswers,
	type JsonObject,
} from './gateway';
import type { RecordedRequest } from './records';

interface WireAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** How a request ends on the wire. */
export type Ending =
	| { kind: 'answer'; answer: WireAnswer }
	| { kind: 'hang' }
	/** Half of the answer first, if there is one. */
	| { kind: 'reset'; halfOf: WireAnswer | null }
	| { kind: 'truncated'; answer: WireAnswer };

/** Whether the request is processed as usual before the fault, and for how many of its recipients. */
export function processingUnder(fault: Fault): Acceptance | 'notAtAll' {
	switch (fault.kind) {
		case 'delay':
		case 'countsMissing':
		case 'numbersAsStrings':
		case 'unsupportedContactsAsNumber':
			return {};
		case 'partial':
			return { acceptOnly: fault.accepted };
		case 'job':
			if (fault.status === 'FAILED') return { acceptOnly: 0 };
			return fault.status === 'PARTIAL' ? { acceptOnly: 1 } : {};
		case 'refusal':
		case 'redirect':
			return 'notAtAll';
		default:
			return fault.processed === true ? {} : 'notAtAll';
	}
}

/**
 * @param documented the answer without the fault; for a request that was not processed a bare success, because a
 * broken-off answer has to begin like a good one
 * @param now milliseconds since 1970, for Retry-After as a date
 */
export function endingUnder(
	fault: Fault,
	gateway: GatewayAnswers,
	documented: Answer,
	now: number,
): Ending {
	switch (fault.kind) {
		case 'status':
			return { kind: 'answer', answer: statusAnswer(fault, gateway, now) };
		case 'hang':
			return { kind: 'hang' };
		case 'resetBeforeAnswer':
			return { kind: 'reset', halfOf: null };
		case 'resetMidBody':
			return { kind: 'reset', halfOf: jsonAnswer(documented) };
		case 'truncatedBody':
			return { kind: 'truncated', answer: jsonAnswer(documented) };
		case 'emptyBody':
			return { kind: 'answer', answer: textAnswer(200, '', 'application/json; charset=utf-8') };
		case 'unreadableBody':
			return { kind: 'answer', answer: textAnswer(200, fault.text ?? htmlPage) };
		case 'wrongShape':
			return { kind: 'answer', answer: jsonAnswer({ status: 200, json: fault.json }) };
		case 'refusal':
			return { kind: 'answer', answer: jsonAnswer(gateway.refusalWithHttp200(fault)) };
		case 'redirect': {
			const answer = textAnswer(fault.status, '');
			answer.headers.location = fault.location ?? '/elsewhere';
			return { kind: 'answer', answer };
		}
		case 'delay':
		case 'partial':
			return { kind: 'answer', answer: jsonAnswer(documented) };
		case 'job':
		case 'countsMissing':
		case 'numbersAsStrings':
		case 'unsupportedContactsAsNumber':
			// A request that is refused anyway has no counts to distort.
			if (documented.status !== 200) return { kind: 'answer', answer: jsonAnswer(documented) };
			return {
				kind: 'answer',
				answer: jsonAnswer({ ...documented, json: distorted(fault, documented.json) }),
			};
	}
}

export function jsonAnswer({ status, json, headers = {} }: Answer): WireAnswer {
	const body = JSON.stringify(json);
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body,
	};
}

function textAnswer(status: number, body: string, contentType = 'text/html; charset=utf-8') {
	const headers: Record<string, string> = { 'content-type': contentType };
	return { status, headers, body };
}

function statusAnswer(
	{ status, body, contentType, headers = {}, retryAfter }: Extract<Fault, { kind: 'status' }>,
	gateway: GatewayAnswers,
	now: number,
): WireAnswer {
	const answer =
		typeof body === 'string'
			? textAnswer(status, body)
			: jsonAnswer(body === undefined ? gateway.refusal(status) : { status, json: body });
	if (contentType !== undefined) answer.headers['content-type'] = contentType;
	if (retryAfter !== undefined) {
		const { seconds, as } = retryAfter;
		answer.headers['retry-after'] =
			as === 'seconds' ? String(seconds) : new Date(now + seconds * 1000).toUTCString();
	}
	Object.assign(answer.headers, headers);
	return answer;
}

function distorted(
	fault: Extract<
		Fault,
		{ kind: 'job' | 'countsMissing' | 'numbersAsStrings' | 'unsupportedContactsAsNumber' }
	>,
	json: unknown,
): unknown {
	if (fault.kind === 'numbersAsStrings') return withNumbersAsStrings(json);
	const answer = isObject(json) ? json : {};
	const data = isObject(answer.data) ? answer.data : {};
	switch (fault.kind) {
		case 'unsupportedContactsAsNumber':
			return {
				...answer,
				data: { ...data, unsupported_contacts: data.unsupported_contacts_count },
			};
		case 'countsMissing':
			return { success: true, totalRecipients: Number(data.totalSent) + Number(data.totalFailed) };
		case 'job':
			return jobAnswer(fault, data);
	}
}

function jobAnswer(
	{ status, insideData = false }: Extract<Fault, { kind: 'job' }>,
	{ totalSent, totalFailed }: JsonObject,
): JsonObject {
	const isFinished = status !== 'PENDING' && status !== 'PROCESSING';
	const jobId = 'job-4711';
	const job = {
		jobId,
		status,
		totalRecipients: Number(totalSent) + Number(totalFailed),
		successCount: isFinished ? totalSent : 0,
		failedCount: isFinished ? totalFailed : 0,
		statusUrl: `/api/v1/developer/sms/jobs/${jobId}`,
	};
	return insideData ? { success: true, data: job } : { success: true, ...job };
}

function withNumbersAsStrings(value: unknown): unknown {
	if (typeof value === 'number') return String(value);
	if (Array.isArray(value)) return value.map(withNumbersAsStrings);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [key, withNumbersAsStrings(inner)]),
	);
}

/** Long enough for the bytes before a reset to be read; a reset throws away what the client has not yet taken. */
const beforeResetMs = 50;

/** Answers, stays silent or breaks the connection, and records which. */
export async function endOnWire(
	ending: Ending,
	reply: FastifyReply,
	recorded: RecordedRequest,
): Promise<void> {
	const { raw } = reply;
	switch (ending.kind) {
		case 'answer': {
			const { status, headers, body } = ending.answer;
			await reply.code(status).headers(headers).send(body);
			return;
		}
		case 'hang':
			reply.hijack();
			return;
		case 'reset':
			reply.hijack();
			recorded.ended = 'reset';
			if (ending.halfOf !== null) {
				writeHalf(ending.halfOf);
				await sleep(beforeResetMs);
			}
			raw.socket?.resetAndDestroy();
			return;
		case 'truncated':
			reply.hijack();
			recorded.ended = 'truncated';
			writeHalf(ending.answer);
			await sleep(beforeResetMs);
			raw.socket?.end();
			return;
	}

	function writeHalf({ status, headers, body }: Extract<Ending, { kind: 'truncated' }>['answer']) {
		const bytes = Buffer.from(body);
		recorded.statusCode = status;
		raw.writeHead(status, { ...headers, 'content-length': bytes.length });
		raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
	}
}
