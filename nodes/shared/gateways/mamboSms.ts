import {
	type AnswerObject,
	type Counts,
	isAnswerObject,
	numberOf,
	quoted,
	refusalOf,
	sentenceOf,
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
import type { PhoneNumber } from '../phone/phoneNumber';
import type { RejectedRecipient } from '../phone/recipients';

/** Mambo SMS API, as its document describes it. */
export function mamboSmsGateway(sendRequest: SendRequest): Gateway {
	return {
		provider: 'mambosms',
		displayName: 'Mambo SMS',
		async send(batch) {
			return await exchange(sendRequest, listRequest(batch), (answer) => readAnswer(answer, batch));
		},
	};
}

/** "Send SMS". Every parameter is required; recipients are one text, as in the examples. */
export function listRequest(batch: Batch): GatewayRequest {
	const { senderId, messageCategory, timeoutSeconds } = batch.envelope;
	return {
		method: 'POST',
		path: '/v1/send-sms',
		body: {
			message: batch.messages[0]?.text ?? '',
			recipients: batch.messages.map(({ recipient }) => numberForMambo(recipient)).join(', '),
			message_category: messageCategory,
			sender_id: senderId,
		},
		timeoutSeconds,
	};
}

/** Ugandan numbers as in the document (`0756xxxxxx`), any other as digits without plus. */
export function numberForMambo(recipient: PhoneNumber): string {
	return recipient.startsWith('+256') ? `0${recipient.slice(4)}` : recipient.slice(1);
}

export function readAnswer(answer: GatewayAnswer, batch: Batch): SendResult {
	const { body } = answer;
	const isHttpOk = answer.statusCode >= 200 && answer.statusCode < 300;
	const words = isAnswerObject(body) ? wordsOf(body) : null;
	const statusCode = isAnswerObject(body) ? (numberOf(body.statusCode) ?? undefined) : undefined;
	if (!isHttpOk) return { refused: true, refusal: refusalOf(answer, words) };
	if (!isAnswerObject(body) || typeof body.success !== 'boolean') {
		return { refused: true, refusal: unreadableAnswer(answer) };
	}
	if (!body.success) {
		return { refused: true, refusal: refusalOf(answer, words ?? 'no reason given', statusCode) };
	}
	const isContradiction = statusCode !== undefined && statusCode >= 400;
	return isContradiction
		? { refused: true, refusal: unreadableAnswer(answer) }
		: outcomeOf(answer, body, batch);
}

function outcomeOf(answer: GatewayAnswer, body: AnswerObject, batch: Batch): SendResult {
	const data = isAnswerObject(body.data) ? body.data : {};
	const recipientCount = batch.messages.length;
	const rejectedRecipients = unsupportedOf(data, batch);
	const counts = countsOf(data, recipientCount, rejectedRecipients.length);
	const words = wordsOf(body);
	const isNobodyServed = counts?.sentCount === 0;
	if (counts === null || (isNobodyServed && isPaid(data))) {
		return { refused: true, refusal: unreadableAnswer(answer) };
	}
	if (isNobodyServed) {
		const spoken = `0 of ${recipientCount} sent, no number is supported`;
		const refusal = refusalOf(answer, words === null ? spoken : `${spoken} (${words})`);
		return { refused: true, refusal };
	}
	const outcome: Outcome = {
		status: counts.failedCount ? 'partial' : 'sent',
		recipientCount,
		...counts,
		rejectedRecipients,
		cost: numberOf(data.sms_cost),
		balance: numberOf(data.new_balance),
		providerMessage: words,
		jobId: null,
		response: body,
	};
	return { refused: false, outcome };
}

function isPaid(data: AnswerObject): boolean {
	return (numberOf(data.sms_sent) ?? 0) > 0 || (numberOf(data.sms_cost) ?? 0) > 0;
}

/**
 * `recipients_count` is taken as the number of recipients served. Where a server counts the
 * unsupported ones in, they are taken off; whoever is missing from the sum was not served. Null when
 * the counts are none.
 */
function countsOf(data: AnswerObject, recipientCount: number, namedCount: number): Counts | null {
	const served = numberOf(data.recipients_count);
	const unsupported =
		numberOf(data.unsupported_contacts_count) ?? numberOf(data.unsupported_contacts);
	if (served === null && unsupported === null && namedCount === 0) {
		return { sentCount: null, failedCount: null };
	}
	const failed = Math.max(unsupported ?? 0, namedCount);
	const stated = [served, unsupported].filter((count) => count !== null);
	if (stated.some((count) => !Number.isInteger(count) || count < 0)) return null;
	if (failed > recipientCount) return null;
	const sentCount = Math.min(served ?? recipientCount, recipientCount - failed);
	return { sentCount, failedCount: recipientCount - sentCount };
}

/** The named unsupported numbers, in the form in which the output names recipients. */
function unsupportedOf(data: AnswerObject, batch: Batch): RejectedRecipient[] {
	if (!Array.isArray(data.unsupported_contacts)) return [];
	const byDigits = new Map(
		batch.messages.map(({ recipient }) => [significantDigits(recipient), recipient]),
	);
	const named = data.unsupported_contacts
		.map((contact: unknown) => textOf(isAnswerObject(contact) ? contact.contact : contact))
		.filter((contact) => contact !== null)
		.map((contact) => byDigits.get(significantDigits(contact)) ?? contact);
	return [...new Set<string>(named)].map((recipient) => ({
		recipient,
		reason: 'Mambo SMS does not support this number',
	}));
}

/** The last nine digits: what `0756…`, `256756…` and `+256756…` have in common. */
function significantDigits(number: string): string {
	return number.replace(/\D/g, '').slice(-9);
}

/** The gateway's words, also for the balance inquiry. */
export function wordsOf(body: AnswerObject): string | null {
	const words = sentenceOf(body.messages) ?? sentenceOf(body.message);
	return words === null ? null : quoted(words);
}
