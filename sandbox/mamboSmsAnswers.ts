import type { Answer } from './gateway';

const documented: Record<number, string> = {
	400: 'Missing or invalid parameters.',
	401: 'Unauthorized. Invalid or missing API key.',
	402: 'Insufficient balance.',
	403: 'Forbidden.',
	404: 'Not found.',
	405: 'Method not allowed.',
	408: 'Request timeout.',
	413: 'Payload too large.',
	429: 'Too many requests.',
	500: 'Server error. Contact support if this persists.',
};

/** The documented shape with `success: false` and an empty array as `data`. */
export function mamboSmsRefusal(status: number, ...messages: string[]): Answer {
	const words = messages.length > 0 ? messages : [documented[status] ?? `HTTP ${status}.`];
	return { status, json: { statusCode: status, success: false, messages: words, data: [] } };
}

/** Documented for the balance inquiry: HTTP 200, and only the body says that it did not work. */
export const mamboSmsRefusalWithHttp200 = (message: string): Answer =>
	mamboSmsRefusal(200, message);

export function mamboSmsSuccess(statusCode: 200 | 201, message: string, data: object): Answer {
	return { status: 200, json: { statusCode, success: true, messages: [message], data } };
}
