export type GatewayName = 'mboasms' | 'mambosms';

/** The endpoints of both gateways; `send` exists in both, the others in one. */
export type EndpointName = 'send' | 'send-with-auth' | 'send-bulk' | 'login' | 'balance';

export const gatewayNames = ['mboasms', 'mambosms'] as const;
export const endpointNames = ['send', 'send-with-auth', 'send-bulk', 'login', 'balance'] as const;

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

/** Makes a refusal in the words and the shape of one gateway. */
export type RefusalFor = (status: number, words?: string) => Answer;
