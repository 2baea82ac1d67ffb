import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { demoCredentials } from '../../sandbox/demoCredentials';
import type { NodeRun } from './engine';

type Credentials = Record<string, ICredentialDataDecryptedObject>;

/** Credentials that the sandbox accepts, one set per way to sign in. */
export const goodCredentials = {
	mboaSmsToken: (baseUrl: string): Credentials => ({
		mboaSmsJwtApi: { method: 'token', token: demoCredentials.mboaSms.token, baseUrl },
	}),
	mboaSmsApiKey: (baseUrl: string): Credentials => ({
		mboaSmsJwtApi: { method: 'apiKey', apiKey: demoCredentials.mboaSms.apiKey, baseUrl },
	}),
	mboaSmsLogIn: (baseUrl: string): Credentials => ({
		mboaSmsJwtApi: {
			method: 'login',
			email: demoCredentials.mboaSms.email,
			password: demoCredentials.mboaSms.password,
			baseUrl,
			sessionToken: '',
		},
	}),
	mboaSmsBasic: (baseUrl: string): Credentials => ({
		mboaSmsBasicApi: {
			username: demoCredentials.mboaSms.username,
			password: demoCredentials.mboaSms.basicPassword,
			baseUrl,
		},
	}),
	mamboSms: (baseUrl: string): Credentials => ({
		mamboSmsApi: { apiKey: demoCredentials.mamboSms.apiKey, baseUrl },
	}),
	mamboAccount: (baseUrl: string): Credentials => ({
		mamboSmsAccountApi: {
			username: demoCredentials.mamboAccount.username,
			password: demoCredentials.mamboAccount.password,
			baseUrl,
		},
	}),
};

/** A run of MboaSMS Send or Send Bulk with a pasted token. */
export function mboaSmsRun(
	baseUrl: string,
	parameters: IDataObject,
	rest: Partial<NodeRun> = {},
): NodeRun {
	return {
		type: 'mboaSms',
		parameters: { resource: 'sms', operation: 'send', authentication: 'jwt', ...parameters },
		credentials: goodCredentials.mboaSmsToken(baseUrl),
		...rest,
	};
}

/** A run of Mambo SMS Send or Send Bulk. */
export function mamboSmsRun(
	baseUrl: string,
	parameters: IDataObject,
	rest: Partial<NodeRun> = {},
): NodeRun {
	return {
		type: 'mamboSms',
		parameters: { resource: 'sms', operation: 'send', senderId: 'MamboSMS', ...parameters },
		credentials: goodCredentials.mamboSms(baseUrl),
		...rest,
	};
}

/** An input item with a file in the binary field `data`. */
export function fileItem(
	content: string | Uint8Array,
	fileName = 'list.csv',
	json: IDataObject = {},
): INodeExecutionData {
	return {
		json,
		binary: {
			data: {
				data: Buffer.from(content).toString('base64'),
				mimeType: 'application/octet-stream',
				fileName,
			},
		},
	};
}
