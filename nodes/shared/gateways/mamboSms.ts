import type { PhoneNumber } from '../phone/phoneResult';
import type { RejectedRecipient } from '../phone/recipients';
import {
	isAnswerObject,
	isHttpOk,
	numberOf,
	quoted,
	refusedBy,
	sentenceOf,
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

/** Mambo SMS API, as its document describes it. */
export function mamboSmsGateway(sendRequest: SendRequest): Gateway {
	return {
		provider: 'mambosms',
		displayName: 'Mambo SMS',
		hasUpload: false,
		async send(batch) {
			const request = listRequest(batch);
			try {
				return readAnswer(await sendRequest(request), batch);
			} catch (fault) {
				return refusedWithoutAnswer(fault);
			}
		},
	};
}

/** "Send SMS". Every parameter is required; recipients are one text, as in the examples. */
function listRequest(batch: Batch): GatewayRequest {
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
function numberForMambo(recipient: PhoneNumber): string {
	return recipient.startsWith('+256') ? `0${recipient.slice(4)}` : recipient.slice(1);
}

function readAnswer(answer: GatewayAnswer, batch: Batch): SendResult {
	const { body } = answer;
	const providerMessage = providerMessageOf(body);
	if (isAnswerObject(body) && reportsSends(answer, body)) return partlyRefused(answer, body, batch);
	if (!isHttpOk(answer)) return refusedBy(answer, providerMessage);
	if (!isAnswerObject(body) || typeof body.success !== 'boolean') return unreadableAnswer(answer);
	const statusCode = numberOf(body.statusCode) ?? undefined;
	if (!body.success) return refusedBy(answer, providerMessage ?? 'no reason given', statusCode);
	if (statusCode !== undefined && statusCode >= 400) return unreadableAnswer(answer);
	const outcome = outcomeOf(body, batch);
	if (outcome === null) return unreadableAnswer(answer);
	if (outcome.sentCount !== 0) return { refused: false, outcome };
	const reason = `0 of ${outcome.recipientCount} sent, no number is supported`;
	return refusedBy(answer, providerMessage === null ? reason : `${reason} (${providerMessage})`);
}

/** Says no, and that some SMS were sent: the counts are believed wherever they stand. */
function reportsSends(answer: GatewayAnswer, body: AnswerObject): boolean {
	const isRefusal = !isHttpOk(answer) || body.success === false;
	return isRefusal && isAnswerObject(body.data) && (numberOf(body.data.sms_sent) ?? 0) > 0;
}

function partlyRefused(answer: GatewayAnswer, body: AnswerObject, batch: Batch): SendResult {
	const data = isAnswerObject(body.data) ? body.data : {};
	const providerMessage = providerMessageOf(body);
	const recipientCount = batch.messages.length;
	const rejectedRecipients = unsupportedOf(data, batch);
	const counts = servedCounts(data, recipientCount, rejectedRecipients.length);
	const { sentCount } = counts ?? { sentCount: null };
	// Where it says that everybody was not served, or nobody, it does not say whom it sent to.
	const isPart = sentCount !== null && sentCount > 0 && sentCount < recipientCount;
	const { refusal } = refusedBy(
		answer,
		providerMessage,
		numberOf(body.statusCode) ?? answer.statusCode,
	);
	const outcome: Outcome = {
		status: 'partial',
		recipientCount,
		sentCount: isPart ? sentCount : null,
		failedCount: isPart ? recipientCount - sentCount : null,
		rejectedRecipients: isPart ? rejectedRecipients : [],
		cost: numberOf(data.sms_cost),
		balance: numberOf(data.new_balance),
		providerMessage,
		jobId: null,
		response: body,
	};
	const endsRun = refusal.kind === 'credentials' || refusal.kind === 'balance';
	return { refused: false, outcome, ...(endsRun && { stops: refusal }) };
}

/** What became of the batch, by an answer that says yes. Null when it contradicts itself. */
function outcomeOf(body: AnswerObject, batch: Batch): Outcome | null {
	const data = isAnswerObject(body.data) ? body.data : {};
	const recipientCount = batch.messages.length;
	const rejectedRecipients = unsupportedOf(data, batch);
	const counts = servedCounts(data, recipientCount, rejectedRecipients.length);
	if (counts === null || (counts.sentCount === 0 && isPaid(data))) return null;
	// A success that sent nothing, or that comes with a complaint, says nothing for certain.
	if (counts.sentCount !== 0 && numberOf(data.sms_sent) === 0) return null;
	if (textOf(body.errorMessage) !== null || textOf(body.error) !== null) return null;
	return {
		status: counts.failedCount ? 'partial' : 'sent',
		recipientCount,
		...counts,
		rejectedRecipients,
		cost: numberOf(data.sms_cost),
		balance: numberOf(data.new_balance),
		providerMessage: providerMessageOf(body),
		jobId: null,
		response: body,
	};
}

function isPaid(data: AnswerObject): boolean {
	return (numberOf(data.sms_sent) ?? 0) > 0 || (numberOf(data.sms_cost) ?? 0) > 0;
}

/**
 * `recipients_count` is taken as the number of recipients served. Where a server counts the
 * unsupported ones in, they are taken off; whoever is missing from the sum was not served. Null when
 * the counts are none.
 */
function servedCounts(
	data: AnswerObject,
	recipientCount: number,
	namedCount: number,
): Counts | null {
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
		batch.messages.flatMap(({ recipient }) =>
			digitsNaming(recipient).map((digits) => [digits, recipient] as const),
		),
	);
	const named = data.unsupported_contacts
		.map((contact: unknown) => textOf(isAnswerObject(contact) ? contact.contact : contact))
		.filter((contact) => contact !== null)
		.map((contact) => byDigits.get(contact.replace(/\D/g, '')) ?? contact);
	return [...new Set<string>(named)].map((recipient) => ({
		recipient,
		reason: 'Mambo SMS does not support this number',
	}));
}

/** The digits by which an answer may name a recipient: `256756…`, `0756…`, and 756… where it is a JSON number. */
function digitsNaming(recipient: PhoneNumber): string[] {
	const sent = numberForMambo(recipient);
	return [recipient.slice(1), sent, sent.replace(/^0/, '')];
}

/** What Mambo SMS says to people, also in the answer of the balance inquiry; null where it says nothing. */
export function providerMessageOf(body: unknown): string | null {
	if (!isAnswerObject(body)) return null;
	const sentence = sentenceOf(body.messages) ?? sentenceOf(body.message);
	return sentence === null ? null : quoted(sentence);
}

/** The answer of the balance inquiry in our fields. */
export interface Balance {
	/** In the account's currency; 0 is a balance. */
	balance: number;
	accountId: string | number | null;
	accountName: string | null;
	phoneNumber: string | null;
	email: string | null;
	providerMessage: string | null;
}

/** Balance inquiry: documented refusals come with HTTP 200 and `success: false`. */
export function readBalanceAnswer(
	answer: GatewayAnswer,
): { refused: false; balance: Balance } | Refused {
	const { body } = answer;
	const providerMessage = providerMessageOf(body);
	if (!isHttpOk(answer)) return refusedBy(answer, providerMessage);
	if (isAnswerObject(body) && body.success === false) {
		const statusCode = numberOf(body.statusCode) ?? undefined;
		return refusedBy(answer, providerMessage ?? 'no reason given', statusCode);
	}
	const data = isAnswerObject(body) && isAnswerObject(body.data) ? body.data : {};
	const balance = numberOf(data.balance);
	if (balance === null) return unreadableAnswer(answer);
	return {
		refused: false,
		balance: {
			balance,
			accountId: numberOf(data.client_id) ?? textOf(data.client_id),
			accountName: textOf(data.name),
			phoneNumber: textOf(data.contact),
			email: textOf(data.email),
			providerMessage,
		},
	};
}
