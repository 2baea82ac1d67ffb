import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { balanceTest } from '../nodes/shared/n8n/credentialTests';
import { refuseUnusableAddress } from '../nodes/shared/n8n/requests';

export class MamboSmsAccountApi implements ICredentialType {
	name = 'mamboSmsAccountApi';

	displayName = 'Mambo SMS Account API';

	icon: Icon = { light: 'file:../icons/mambosms.svg', dark: 'file:../icons/mambosms.dark.svg' };

	documentationUrl =
		'https://github.com/mboa-mambo-sms/n8n-nodes-mboa-mambo-sms/blob/main/docs/mambo-sms.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			placeholder: 'e.g. 0756123456',
			required: true,
			default: '',
			description:
				'The phone number or email address that your Mambo SMS account is registered with',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The password of your Mambo SMS account',
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

	/** The document has no header for it: user name and password stand in the body. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		refuseUnusableAddress(credentials);
		const { username, password } = credentials;
		return {
			...requestOptions,
			body: { ...(requestOptions.body as IDataObject | undefined), username, password },
		};
	}

	test: ICredentialTestRequest = balanceTest;
}
