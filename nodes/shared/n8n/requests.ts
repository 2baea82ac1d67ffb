import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { GatewayAnswer, GatewayRequest, SendRequest } from '../gateways/gateway';
import { noAnswerOf, thrownResponseOf } from './connectionFaults';

export interface RequestCredential {
	type: string;
	baseUrl: string;
	/** Whether n8n can renew the credential after a 401 and may then repeat the request once. */
	isRenewable: boolean;
}

/**
 * Requests made by n8n with a credential. Statuses are raised only where a log-in can follow a 401:
 * n8n repeats every request whose 401 was raised, also for credentials that it cannot renew. (It can
 * raise the 401 alone, but n8n 1 takes that setting for "raise nothing".)
 */
export function requestsWithCredential(
	context: IExecuteFunctions,
	credential: RequestCredential,
): SendRequest {
	return async (request) => {
		const options = requestOptions(request, credential);
		try {
			const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				credential.type,
				options,
			);
			return answerOf(answer);
		} catch (error) {
			const response = thrownResponseOf(error);
			if (!response) throw noAnswerOf(error);
			const { status: statusCode, headers, data: body } = response;
			return answerOf({ statusCode, headers, body });
		}
	};
}

/** The base URL without slashes at its end, so that paths can be put behind it. */
export function trimBaseUrl(baseUrl: string): string {
	return baseUrl.trim().replace(/\/+$/, '');
}

function requestOptions(
	request: GatewayRequest,
	{ baseUrl, isRenewable }: RequestCredential,
): IHttpRequestOptions {
	return {
		method: request.method,
		url: `${trimBaseUrl(baseUrl)}${request.path}${queryOf(request.query ?? {})}`,
		...bodyOptions(request.body),
		timeout: request.timeoutSeconds * 1000,
		returnFullResponse: true,
		// A redirected POST would be sent again, or sent on as a GET without its body.
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: !isRenewable,
	};
}

function bodyOptions(body: GatewayRequest['body']): Partial<IHttpRequestOptions> {
	if (body === undefined || body instanceof FormData) return { body };
	return { body, headers: { 'Content-Type': 'application/json' } };
}

/** RFC 3986 encoding, as in the vendors' examples: a space is %20. */
function queryOf(query: Record<string, string>): string {
	const pairs = Object.entries(query).map(
		([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
	);
	return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** The answer in the words of the port: header names in lower case. */
export function answerOf(answer: unknown): GatewayAnswer {
	const { statusCode, headers, body } = answer as IN8nHttpFullResponse;
	const texts = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		value === undefined ? undefined : String(value),
	]);
	return { statusCode, headers: Object.fromEntries(texts), body };
}
