import { isAnswerObject, isHttpOk, numberOf, refusedBy, textOf, unreadableAnswer } from './answers';
import type { GatewayAnswer, Refused } from './gateway';
import { providerMessageOf } from './mamboSms';

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
	const providerMessage = isAnswerObject(body) ? providerMessageOf(body) : null;
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
