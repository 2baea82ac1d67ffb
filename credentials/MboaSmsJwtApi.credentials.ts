import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { type LogInAnswer, logInRefusal, tokenOf } from '../nodes/shared/gateways/mboaSmsLogIn';
import { sendTest } from '../nodes/shared/n8n/credentialTests';
import { accountFingerprint, renewedSession, usableToken } from '../nodes/shared/n8n/logInSessions';
import {
	plainBaseUrl,
	readBody,
	refuseUnusableAddress,
	withoutSecrets,
} from '../nodes/shared/n8n/requests';

export class MboaSmsJwtApi implements ICredentialType {
	name = 'mboaSmsJwtApi';

	displayName = 'MboaSMS JWT API';

	icon: Icon = { light: 'file:../icons/mboasms.svg', dark: 'file:../icons/mboasms.dark.svg' };

	documentationUrl =
		'https://github.com/mboa-mambo-sms/n8n-nodes-mboa-mambo-sms/blob/main/docs/mboasms.md';

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
			hint: "A token stops working when it expires. With 'Log In', n8n fetches a new one by itself",
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
		const account = accountFingerprint(credentials);
		const sessionToken = await renewedSession(account, credentials.sessionToken, async () => {
			const answer = await logIn(this, credentials);
			const token = tokenOf(answer.body);
			if (token === null) throw logInError(answer);
			return token;
		});
		return { sessionToken };
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		refuseUnusableAddress(credentials);
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
	if (credentials.method !== 'login')
		return { Authorization: `Bearer ${pasted(credentials.token)}` };
	const token = usableToken(accountFingerprint(credentials), credentials.sessionToken);
	if (token === null) throw logInFirst();
	return { Authorization: `Bearer ${pasted(token)}` };
}

/** n8n takes it for a 401 of the gateway: it logs in with the present data, and signs again. Nothing was sent. */
function logInFirst(): Error {
	return Object.assign(new Error('MboaSMS wants a log-in first'), { response: { status: 401 } });
}

/** People paste tokens and keys with the scheme word, line breaks or quotes. */
function pasted(secret: unknown): string {
	return String(secret ?? '').replace(/^\s*bearer\s+|[\s"']/gi, '');
}

const LOG_IN_TIMEOUT_MS = 30_000;

async function logIn(
	helper: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<LogInAnswer> {
	const baseUrl = plainBaseUrl(credentials.baseUrl);
	if (baseUrl === null) throw noLogInAnswer(new Error("the 'Base URL' is no usable address"));
	const path = String(credentials.loginPath || '/api/v1/auth/login').trim();
	try {
		const answer = (await helper.helpers.httpRequest({
			method: 'POST',
			url: `${baseUrl}${path.startsWith('/') ? '' : '/'}${path}`,
			body: { email: credentials.email, password: credentials.password },
			json: true,
			timeout: LOG_IN_TIMEOUT_MS,
			encoding: 'stream',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as LogInAnswer;
		const body = await readBody(answer.body, AbortSignal.timeout(LOG_IN_TIMEOUT_MS));
		return withoutSecrets({ ...answer, body }, credentials);
	} catch (error) {
		throw noLogInAnswer(error);
	}
}

/** An error whose `logInRefusal` says that the request that needed the log-in has not left. */
function logInError(answer: LogInAnswer, fault?: { words: string; cause: unknown }): Error {
	const refusal = logInRefusal(answer, fault?.words);
	return Object.assign(
		new Error(`MboaSMS did not log in: ${refusal.reason}`, { cause: fault?.cause }),
		{ logInRefusal: refusal },
	);
}

function noLogInAnswer(cause: unknown): Error {
	const words = cause instanceof Error ? cause.message : String(cause);
	const error = logInError({}, { words, cause });
	error.message = `MboaSMS could not be reached to log in: ${words}`;
	return error;
}
