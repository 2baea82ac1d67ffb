import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import type { GatewayAnswer, GatewayRequest } from '../../nodes/shared/gateways/gateway';
import { plainBaseUrl } from '../../nodes/shared/n8n/requests';
import { jsonOrText } from '../../nodes/shared/n8n/requests';

const TIMEOUT_MS = 60_000;

/** Sends requests that are signed by the same code that signs them in n8n. */
export class AccountRequests {
	private constructor(
		private readonly type: ICredentialType,
		private readonly data: ICredentialDataDecryptedObject,
	) {}

	/** Logs in, where the credential is one that does. Throws with the gateway's words when it is refused. */
	static async open(
		type: ICredentialType,
		data: ICredentialDataDecryptedObject,
	): Promise<AccountRequests> {
		const session = (await type.preAuthentication?.call(helper, data)) ?? {};
		return new AccountRequests(type, Object.assign({}, data, session));
	}

	async send({ method, path, body }: GatewayRequest): Promise<GatewayAnswer> {
		const baseUrl = plainBaseUrl(this.data.baseUrl);
		if (baseUrl === null) throw new Error('The Base URL is no usable address');
		const options: IHttpRequestOptions = { method, url: `${baseUrl}${path}`, headers: {}, body };
		return await answerTo(await this.signed(options));
	}

	private async signed(options: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		const { authenticate } = this.type;
		if (typeof authenticate === 'function') {
			return await authenticate.call(this.type, this.data, options);
		}
		// The account log-in of Mambo SMS: n8n puts both into the body.
		const { username, password } = this.data;
		return { ...options, body: { username, password } };
	}
}

const helper = {
	helpers: { httpRequest: answerTo },
} as unknown as IHttpRequestHelper;

/** Never follows a redirect, like the nodes. */
async function answerTo({
	method,
	url,
	headers,
	body,
}: IHttpRequestOptions): Promise<GatewayAnswer> {
	const isForm = body instanceof FormData;
	const answer = await fetch(url, {
		method,
		redirect: 'manual',
		signal: AbortSignal.timeout(TIMEOUT_MS),
		headers: {
			...(headers as Record<string, string>),
			...(!isForm && body !== undefined && { 'Content-Type': 'application/json' }),
		},
		...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
	});
	const text = await answer.text();
	return {
		statusCode: answer.status,
		headers: Object.fromEntries(answer.headers),
		body: jsonOrText(text),
	};
}
