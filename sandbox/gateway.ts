export type GatewayName = 'mboasms' | 'mambosms';

/** The endpoints of both gateways; `send` exists in both, the others in one. */
export type EndpointName = (typeof endpointNames)[number];

export const gatewayNames = ['mboasms', 'mambosms'] as const;
export const endpointNames = [
	'send',
	'send-with-auth',
	'send-bulk',
	'job',
	'login',
	'balance',
] as const;

export interface UploadedPart {
	name: string;
	/** Null for a field that is not a file. */
	fileName: string | null;
	contentType: string;
	bytes: Buffer;
}

/** A request as it arrived, before anything was made of it. */
export interface GatewayRequest {
	id: number;
	headers: Readonly<Record<string, string | string[] | undefined>>;
	/** What stands for `:name` in the path of the endpoint. */
	pathParameters: Readonly<Record<string, string>>;
	query: URLSearchParams;
	body: Buffer;
	/** Null when the request was not readable as multipart/form-data. */
	parts: UploadedPart[] | null;
}

export interface Answer {
	status: number;
	json: unknown;
	headers?: Record<string, string>;
}

/** How many recipients the gateway takes; the rest is refused. Undefined: all of them. */
export interface Acceptance {
	acceptOnly?: number;
}

/** What a gateway answers when it refuses, in its own words and shape. */
export interface GatewayAnswers {
	name: GatewayName;
	/** The documented answer with that HTTP status. */
	refusal(status: number): Answer;
	/** HTTP 200, and only the body says that it did not work. */
	refusalWithHttp200(refusal: {
		words: string;
		/** Mambo's field in the body. */
		statusCode?: number | string;
		/** Where MboaSMS puts the words; seen in the wild both ways. */
		field?: 'message' | 'errorMessage';
	}): Answer;
}

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
