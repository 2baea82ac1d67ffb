import type { GatewayRequest } from './gateway';

export type JsonObject = Record<string, unknown>;

/** The JSON object of a request, or what is wrong with it. */
export function jsonObjectOf({ headers, body }: GatewayRequest): JsonObject | string {
	const contentType = String(headers['content-type'] ?? '');
	if (!/^application\/json\s*(;|$)/i.test(contentType))
		return 'Content-Type must be application/json';
	try {
		const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
		return isObject(value) ? value : 'The body must be a JSON object';
	} catch {
		return 'The body is not readable as JSON in UTF-8';
	}
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFilledString(value: unknown): value is string {
	return typeof value === 'string' && value.trim() !== '';
}
