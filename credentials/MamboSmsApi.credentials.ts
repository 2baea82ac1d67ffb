import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { sendTest } from '../nodes/shared/n8n/credentialTests';
import { refuseUnusableAddress } from '../nodes/shared/n8n/requests';

export class MamboSmsApi implements ICredentialType {
	name = 'mamboSmsApi';

	displayName = 'Mambo SMS API';

	icon: Icon = { light: 'file:../icons/mambosms.svg', dark: 'file:../icons/mambosms.dark.svg' };

	documentationUrl =
		'https://github.com/mboa-mambo-sms/n8n-nodes-mboa-mambo-sms/blob/main/docs/mambo-sms.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "For sending only. Reading the balance takes the credential 'Mambo SMS Account API'",
			description: 'The key from the page API Settings of your Mambo SMS account',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api-mongolia.mambosms.com',
			description: 'Address of the Mambo SMS API. Change it only if Mambo SMS gave you another',
		},
	];

	/** The key alone: the document knows no scheme word. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		refuseUnusableAddress(credentials);
		const key = String(credentials.apiKey ?? '').trim();
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, Authorization: key },
		};
	}

	test: ICredentialTestRequest = sendTest('Mambo SMS', '/v1/send-sms', {
		message: '',
		recipients: '',
		message_category: '',
		sender_id: '',
	});
}
