import { isAnswerObject, textOf } from './answers';
import type { Refusal } from './gateway';

/**
 * The token in the answer of the log-in, or null. The document names no shape; the dashboard reads
 * `token`, and such answers elsewhere wrap it in `data` or call it `accessToken`.
 */
export function tokenOf(answer: unknown): string | null {
	if (!isAnswerObject(answer)) return null;
	const data = isAnswerObject(answer.data) ? answer.data : {};
	return (
		textOf(answer.token) ??
		textOf(answer.accessToken) ??
		textOf(data.token) ??
		textOf(data.accessToken)
	);
}

/**
 * Why no token was to be had. Whatever the reason, the request that needed the token has not left.
 * `statusCode` is undefined when the log-in got no answer, for the reason in `faultWords`.
 */
export function logInRefusal(
	statusCode: number | undefined,
	answer: unknown,
	faultWords = '',
): Refusal {
	const body = isAnswerObject(answer) ? answer : {};
	const words = textOf(body.message) ?? textOf(body.errorMessage);
	const httpCode = statusCode === undefined ? null : String(statusCode);
	if (statusCode === undefined) {
		const reason = faultWords === '' ? '' : ` (${faultWords})`;
		return { kind: 'unavailable', reason: `the log-in got no answer${reason}`, httpCode };
	}
	const spoken = `log-in: ${words ?? `HTTP ${statusCode} without a token`}`;
	if (statusCode === 429 || statusCode >= 500)
		return { kind: 'unavailable', reason: spoken, httpCode };
	return { kind: 'credentials', reason: spoken, httpCode };
}
