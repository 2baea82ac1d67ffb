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

/** What came back; without a status code there was no answer. */
export interface LogInAnswer {
	statusCode?: number;
	headers?: Record<string, unknown>;
	body?: unknown;
}

/**
 * Why no token was to be had. Whatever the reason, the request that needed the token has not left.
 * Where the log-in got no answer, `fault` says why.
 */
export function logInRefusal(
	{ statusCode, headers, body: answer }: LogInAnswer,
	fault = '',
): Refusal {
	if (statusCode === undefined) {
		const cause = fault === '' ? '' : ` (${fault})`;
		return makeRefusal('unavailable', `the log-in got no answer${cause}`);
	}
	const body = isAnswerObject(answer) ? answer : {};
	const stated = textOf(body.message) ?? textOf(body.errorMessage);
	const reason = `log-in: ${stated ?? `HTTP ${statusCode} without a token`}`;
	const httpCode = String(statusCode);
	if (statusCode === 429) {
		const retryAfter = headers?.['retry-after'];
		return makeRefusal('rateLimit', reason, {
			httpCode,
			...(retryAfter !== undefined && { retryAfter: String(retryAfter) }),
		});
	}
	return makeRefusal(statusCode >= 500 ? 'unavailable' : 'credentials', reason, { httpCode });
}
