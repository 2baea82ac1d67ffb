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

export class MboaSmsBasicApi implements ICredentialType {
	name = 'mboaSmsBasicApi';

	displayName = 'MboaSMS Basic API';

	icon: Icon = { light: 'file:../icons/mboasms.svg', dark: 'file:../icons/mboasms.dark.svg' };

	documentationUrl =
		'https://github.com/mboa-mambo-sms/n8n-nodes-mboa-mambo-sms/blob/main/docs/mboasms.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			description: 'The user name of your MboaSMS account. A colon in it is not possible',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The password of your MboaSMS account',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.mboasms.com',
			description: 'Address of the MboaSMS API. Change it only if MboaSMS gave you another',
		},
	];

	/** RFC 7617 with UTF-8. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		refuseUnusableAddress(credentials);
		const pair = `${String(credentials.username ?? '')}:${String(credentials.password ?? '')}`;
		const encoded = Buffer.from(pair, 'utf8').toString('base64');
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, Authorization: `Basic ${encoded}` },
		};
	}

	test: ICredentialTestRequest = sendTest('MboaSMS', '/api/v1/developer/sms/send-with-auth', {
		phoneNumbers: [],
	});
}
