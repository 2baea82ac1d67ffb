import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
	type INode,
} from 'n8n-workflow';

import type { GatewayAnswer, GatewayRequest, SendRequest } from '../gateways/gateway';
import { noAnswerOf, thrownResponseOf } from './connectionFaults';

/** What a base URL looks like, for people. */
const ADDRESS_FORM = 'it begins with https:// and has no ?, no # and no user name in it';

/** The base URL without slashes at its end, so that paths can be put behind it. Null where it is none. */
export function plainBaseUrl(written: unknown): string | null {
	const text = String(written ?? '').trim();
	if (/[?#\s]/.test(text) || !URL.canParse(text)) return null;
	const { protocol, username, password } = new URL(text);
	if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return null;
	let end = text.length;
	while (text[end - 1] === '/') end -= 1;
	return text.slice(0, end);
}

/**
 * Before anything is signed, so that no secret goes to an address that is read otherwise than it looks. The test of
 * a credential shows the message as it is.
 */
export function refuseUnusableAddress({ baseUrl }: ICredentialDataDecryptedObject): void {
	if (plainBaseUrl(baseUrl) !== null) return;
	throw new Error(`The 'Base URL' is no usable address: ${ADDRESS_FORM}`);
}

/** Longest time that Node.js can wait, in milliseconds. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** What signs the requests of an item: its credential of that type, by the id and the name that n8n has for it. */
interface Signer {
	context: IExecuteFunctions;
	itemIndex: number;
	type: string;
	id: string | null;
	name: string;
}

/**
 * Requests to the gateway at that base URL. Their credential is read again for each: a session token may have been
 * renewed meanwhile. Throws when the base URL is none.
 */
export function requestSender(signer: Signer, baseUrl: unknown): SendRequest {
	const { context, itemIndex, type, id, name } = signer;
	const plain = plainBaseUrl(baseUrl);
	if (plain === null) throw unusableAddress(context.getNode(), itemIndex);
	return async (request) => {
		const data = await context.getCredentials(type, itemIndex);
		const credential = { id: id ?? '', name, type, data };
		return await answerTo(request, { context, credential, baseUrl: plain });
	};
}

function unusableAddress(node: INode, itemIndex: number): NodeOperationError {
	return new NodeOperationError(node, "The 'Base URL' of the credential is no usable address", {
		itemIndex,
		description: `Nothing was sent. Open the credential with the pencil beside its name and correct 'Base URL': ${ADDRESS_FORM}`,
	});
}

interface Sender {
	context: IExecuteFunctions;
	credential: { id: string; name: string; type: string; data: ICredentialDataDecryptedObject };
	baseUrl: string;
}

/**
 * Statuses are raised only where a log-in can follow a 401: n8n repeats every request whose 401 was raised,
 * also for credentials that it cannot renew. (It can raise the 401 alone, but n8n 1 takes that setting for
 * "raise nothing".) The time limit is one for the whole exchange: n8n's own only counts silence once the
 * headers have come.
 */
async function answerTo(request: GatewayRequest, sender: Sender): Promise<GatewayAnswer> {
	const { context, credential } = sender;
	const timeoutMs = Math.min(Math.floor(request.timeoutSeconds * 1000), LONGEST_TIMEOUT_MS);
	const isRenewable = credential.data.method === 'login';
	const options = { ...requestOptions(request, sender), timeout: timeoutMs };
	const deadline = deadlineOf(context, timeoutMs);
	let isAnswering = false;
	try {
		const answer = await evenIfRaised(
			context.helpers.httpRequestWithAuthentication.call(
				withSignal(context, deadline.signal),
				credential.type,
				{ ...options, ignoreHttpStatusErrors: !isRenewable },
				{ credentialsDecrypted: credential },
			),
		);
		isAnswering = true;
		return withoutSecrets(await gatewayAnswerOf(answer, deadline.signal), credential.data);
	} catch (error) {
		const isCanceled = context.getExecutionCancelSignal?.()?.aborted === true;
		throw noAnswerOf(error, { timeoutMs, isCanceled, isAnswering });
	} finally {
		deadline.release();
	}
}

/** The answer of a request, also where n8n raised its status. The body may still be on its way. */
async function evenIfRaised(request: Promise<unknown>): Promise<unknown> {
	return await request.catch(async (error: unknown) => {
		const response = thrownResponseOf(error);
		if (!response) return await Promise.reject(error);
		return { statusCode: response.status, headers: response.headers, body: response.data };
	});
}

/** Goes off at the end of the time, or when the execution is canceled; to be released when the exchange is over. */
function deadlineOf(context: IExecuteFunctions, timeoutMs: number) {
	const time = AbortSignal.timeout(timeoutMs);
	const cancel = context.getExecutionCancelSignal?.();
	// Node.js 20 lets go of a time that only AbortSignal.any refers to, and it never ends; it keeps what is listened to.
	const keep = () => undefined;
	time.addEventListener('abort', keep);
	return {
		signal: AbortSignal.any([time, ...(cancel ? [cancel] : [])]),
		release: () => time.removeEventListener('abort', keep),
	};
}

/** A context with another cancel signal. n8n derives contexts the same way. */
function withSignal(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as IExecuteFunctions;
}

function requestOptions(request: GatewayRequest, { baseUrl }: Sender): IHttpRequestOptions {
	return {
		method: request.method,
		url: `${baseUrl}${request.path}${queryOf(request.query ?? {})}`,
		...bodyOptions(request.body),
		returnFullResponse: true,
		// The only way to an answer with a bound: see readBody.
		encoding: 'stream',
		// A redirected POST would be sent again, or sent on as a GET without its body.
		disableFollowRedirect: true,
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

/** The whole answer in the words of the port: header names in lower case. Rejects as `readBody` does. */
export async function gatewayAnswerOf(
	answer: unknown,
	deadline: AbortSignal,
): Promise<GatewayAnswer> {
	const { statusCode, headers, body } = answer as IN8nHttpFullResponse;
	const texts = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		value === undefined ? undefined : String(value),
	]);
	return {
		statusCode,
		headers: Object.fromEntries(texts),
		body: await readBody(body, deadline),
	};
}

/** The fields of our credentials that nobody may read. */
const SECRET_FIELDS = ['token', 'apiKey', 'password', 'sessionToken'];
/** What is shorter stands in ordinary words as well. */
const SHORTEST_SECRET = 4;
const BLACKED_OUT = '***';

/** The answer without what signed its request, in every form in which that was sent. */
export function withoutSecrets<Answer extends { body?: unknown }>(
	answer: Answer,
	credential: ICredentialDataDecryptedObject,
): Answer {
	const secrets = secretWritings(credential);
	if (secrets.length === 0) return answer;
	return { ...answer, body: cleared(answer.body, secrets) };
}

function secretWritings(credential: ICredentialDataDecryptedObject): string[] {
	const secrets = SECRET_FIELDS.flatMap((name) => {
		const value = credential[name];
		if (typeof value !== 'string') return [];
		// A session token is stored with the account that it belongs to in front.
		return [value, value.slice(value.indexOf('|') + 1)];
	});
	const { username, password } = credential;
	if (typeof username === 'string' && typeof password === 'string') {
		secrets.push(`${username}:${password}`);
	}
	const writings = secrets
		.map((secret) => secret.trim())
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.flatMap((secret) => [
			secret,
			encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd')),
			Buffer.from(secret).toString('base64'),
			JSON.stringify(secret).slice(1, -1),
		]);
	// The longest first: a short one may be a part of it.
	return [...new Set(writings)].sort((one, other) => other.length - one.length);
}

function cleared(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === 'string') {
		return secrets.reduce((text, secret) => text.replaceAll(secret, BLACKED_OUT), value);
	}
	if (Array.isArray(value)) return value.map((entry) => cleared(entry, secrets));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			String(cleared(key, secrets)),
			cleared(entry, secrets),
		]),
	);
}

/** What a gateway says fits into a hundredth of it; the bytes are counted unpacked. */
const LONGEST_ANSWER_BYTES = 1_048_576;

/** Characters that are kept of an answer that is longer, to show what it was. */
const KEPT_OF_TOO_LONG = 2_000;

/** The part of a stream of Node.js that reading takes. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: unknown): void;
}

/**
 * The body of an answer that n8n gives as a stream: its JSON, or its text where it is none. Of one above 1 MB only
 * the beginning as a text, so nobody takes it for an answer. Rejects when the connection or the time ends.
 */
export async function readBody(body: unknown, deadline: AbortSignal): Promise<unknown> {
	if (!isStream(body)) return body;
	const end = () => body.destroy(deadline.reason);
	if (deadline.aborted) end();
	deadline.addEventListener('abort', end);
	try {
		return await contentOf(body);
	} finally {
		deadline.removeEventListener('abort', end);
	}
}

async function contentOf(body: BodyStream): Promise<unknown> {
	const decoder = new TextDecoder();
	const texts: string[] = [];
	let length = 0;
	// Leaving the loop ends the stream, and with it the request.
	for await (const bytes of body) {
		length += bytes.length;
		texts.push(decoder.decode(bytes, { stream: true }));
		if (length > LONGEST_ANSWER_BYTES) return texts.join('').slice(0, KEPT_OF_TOO_LONG);
	}
	texts.push(decoder.decode());
	return jsonOrText(texts.join(''));
}

function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Whatever type the answer says it has, as n8n's own client reads it. */
export function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
