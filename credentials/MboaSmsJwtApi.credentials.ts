import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { logInRefusal, tokenOf } from '../nodes/shared/gateways/mboaSmsLogIn';
import { sendTest } from '../nodes/shared/n8n/credentialTests';

export class MboaSmsJwtApi implements ICredentialType {
	name = 'mboaSmsJwtApi';

	displayName = 'MboaSMS JWT API';

	icon: Icon = { light: 'file:../icons/mboasms.svg', dark: 'file:../icons/mboasms.dark.svg' };

	documentationUrl = 'https://github.com/mboa-mambo-sms/n8n-nodes-mboa-mambo-sms#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Method',
			name: 'method',
			type: 'options',
			options: [
				{
					name: 'API Key',
					value: 'apiKey',
					description: 'Use a key from the MboaSMS dashboard. It does not expire',
				},
				{
					name: 'Log In',
					value: 'login',
					description: 'Fetch a token with email and password, and a new one when it has expired',
				},
				{
					name: 'Token',
					value: 'token',
					description: 'Use a token from the MboaSMS dashboard. It stops working when it expires',
				},
			],
			default: 'token',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { method: ['token'] } },
			description: 'The JWT from the MboaSMS dashboard, without the word Bearer',
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			placeholder: 'name@example.com',
			required: true,
			default: '',
			displayOptions: { show: { method: ['login'] } },
			description: 'The email address that you log in to MboaSMS with',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { method: ['login'] } },
			description: 'The password that you log in to MboaSMS with',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { method: ['apiKey'] } },
			description:
				"The key that the MboaSMS dashboard shows once, when it is made. Seen at the vendor's dashboard, not in the public document",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.mboasms.com',
			description: 'Address of the MboaSMS API. Change it only if MboaSMS gave you another',
		},
		{
			displayName: 'Log-In Path',
			name: 'loginPath',
			type: 'string',
			default: '/api/v1/auth/login',
			displayOptions: { show: { method: ['login'] } },
			description: 'Path of the log-in below the base URL',
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	/** Logs in; n8n calls this when there is no session token yet, and after a 401. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<{ sessionToken?: string }> {
		if (credentials.method !== 'login') return {};
		const answer = await logIn(this, credentials);
		const token = tokenOf(answer.body);
		if (token === null) throw logInError(answer.statusCode, answer.body);
		return { sessionToken: token };
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, ...signatureOf(credentials) },
		};
	}

	test: ICredentialTestRequest = sendTest('MboaSMS', '/api/v1/developer/sms/send', {
		phoneNumbers: [],
	});
}

/** The header that signs a request. */
function signatureOf(credentials: ICredentialDataDecryptedObject): Record<string, string> {
	if (credentials.method === 'apiKey') return { 'X-API-Key': pasted(credentials.apiKey) };
	const stored = credentials.method === 'login' ? credentials.sessionToken : credentials.token;
	return { Authorization: `Bearer ${pasted(stored)}` };
}

/** People paste tokens and keys with the scheme word, line breaks or quotes. */
function pasted(secret: unknown): string {
	return String(secret ?? '').replace(/^\s*bearer\s+|[\s"']/gi, '');
}

interface LogInAnswer {
	statusCode?: number;
	body?: unknown;
}

async function logIn(
	helper: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<LogInAnswer> {
	const baseUrl = String(credentials.baseUrl).trim().replace(/\/+$/, '');
	const path = String(credentials.loginPath || '/api/v1/auth/login').trim();
	try {
		return (await helper.helpers.httpRequest({
			method: 'POST',
			url: `${baseUrl}${path.startsWith('/') ? '' : '/'}${path}`,
			body: { email: credentials.email, password: credentials.password },
			json: true,
			timeout: 30_000,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as LogInAnswer;
	} catch (error) {
		throw noLogInAnswer(error);
	}
}

/** An error whose `logInRefusal` says that the request that needed the log-in has not left. */
function logInError(
	statusCode: number | undefined,
	body: unknown,
	faultWords?: string,
	cause?: unknown,
): Error {
	const refusal = logInRefusal(statusCode, body, faultWords);
	return Object.assign(new Error(`MboaSMS did not log in: ${refusal.reason}`, { cause }), {
		logInRefusal: refusal,
	});
}

function noLogInAnswer(cause: unknown): Error {
	const words = cause instanceof Error ? cause.message : String(cause);
	const error = logInError(undefined, undefined, words, cause);
	error.message = `MboaSMS could not be reached to log in: ${words}`;
	return error;
}
