import { isAnswerObject, numberOf, refusalOf, textOf, unreadableAnswer } from './answers';
import type { GatewayAnswer, Refusal } from './gateway';
import { wordsOf } from './mamboSms';

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
): { refused: false; balance: Balance } | { refused: true; refusal: Refusal } {
	const { body } = answer;
	const words = isAnswerObject(body) ? wordsOf(body) : null;
	if (answer.statusCode < 200 || answer.statusCode >= 300) {
		return { refused: true, refusal: refusalOf(answer, words) };
	}
	if (isAnswerObject(body) && body.success === false) {
		const statusCode = numberOf(body.statusCode) ?? undefined;
		return { refused: true, refusal: refusalOf(answer, words ?? 'no reason given', statusCode) };
	}
	const data = isAnswerObject(body) && isAnswerObject(body.data) ? body.data : {};
	const balance = numberOf(data.balance);
	if (balance === null) return { refused: true, refusal: unreadableAnswer(answer) };
	return {
		refused: false,
		balance: {
			balance,
			accountId: numberOf(data.client_id) ?? textOf(data.client_id),
			accountName: textOf(data.name),
			phoneNumber: textOf(data.contact),
			email: textOf(data.email),
			providerMessage: words,
		},
	};
}
