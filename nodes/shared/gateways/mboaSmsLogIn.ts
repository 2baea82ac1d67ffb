import { isAnswerObject, textOf } from './answers';
import { makeRefusal, type Refusal } from './gateway';

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
 * `statusCode` is undefined when the log-in got no answer, for what `fault` says.
 */
export function logInRefusal(statusCode: number | undefined, answer: unknown, fault = ''): Refusal {
	if (statusCode === undefined) {
		const cause = fault === '' ? '' : ` (${fault})`;
		return makeRefusal('unavailable', `the log-in got no answer${cause}`);
	}
	const body = isAnswerObject(answer) ? answer : {};
	const stated = textOf(body.message) ?? textOf(body.errorMessage);
	const reason = `log-in: ${stated ?? `HTTP ${statusCode} without a token`}`;
	const isUnavailable = statusCode === 429 || statusCode >= 500;
	const kind = isUnavailable ? 'unavailable' : 'credentials';
	return makeRefusal(kind, reason, { httpCode: String(statusCode) });
}
