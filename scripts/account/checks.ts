import { isAnswerObject } from '../../nodes/shared/gateways/answers';
import type { GatewayAnswer } from '../../nodes/shared/gateways/gateway';

/** What an answer should look like, by the vendor's document or the field notes. */
export interface Check {
	says: string;
	holds(answer: GatewayAnswer): boolean;
}

/** The value at a path such as `data.totalSent`. */
export function valueAt(body: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (isAnswerObject(value) ? value[key] : undefined), body);
}

export function hasStatus(...statuses: number[]): Check {
	return {
		says: `HTTP status ${statuses.join(' or ')}`,
		holds: ({ statusCode }) => statuses.includes(statusCode),
	};
}

export function hasType(path: string, type: 'number' | 'string' | 'boolean' | 'array'): Check {
	return {
		says: `'${path}' is of the type ${type}`,
		holds: ({ body }) => {
			const value = valueAt(body, path);
			return type === 'array' ? Array.isArray(value) : typeof value === type;
		},
	};
}

export function hasValue(path: string, expected: unknown): Check {
	return {
		says: `'${path}' is ${JSON.stringify(expected)}`,
		holds: ({ body }) => valueAt(body, path) === expected,
	};
}

/** The answer says no, by its status or in its body. */
export const refuses: Check = {
	says: 'the request is refused, by HTTP status 4xx or by success: false',
	holds: ({ statusCode, body }) =>
		(statusCode >= 400 && statusCode < 500) || valueAt(body, 'success') === false,
};

/** The credential was accepted: whatever is refused, it is not that. */
export const acceptsCredential: Check = {
	says: 'the credential is accepted: no 401, neither as HTTP status nor in the body',
	holds: ({ statusCode, body }) =>
		statusCode !== 401 && String(valueAt(body, 'statusCode') ?? '') !== '401',
};

/** Which fields an answer has and of which types, without a number, a text or a name from it. */
export function shapeOf(value: unknown): unknown {
	if (value === null || typeof value === 'boolean') return value;
	if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
	if (!isAnswerObject(value)) return typeof value;
	// A key can be data too, such as a number as the key of its result.
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			/^[A-Za-z_][\w-]{0,40}$/.test(key) ? key : '(a key)',
			shapeOf(entry),
		]),
	);
}
