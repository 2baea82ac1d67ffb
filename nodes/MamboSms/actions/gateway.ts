import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Gateway } from '../../shared/gateways/gateway';
import { mamboSmsGateway } from '../../shared/gateways/mamboSms';
import { requestsWithCredential } from '../../shared/n8n/requests';
import type { GatewayNode } from '../../shared/operations/settings';

export const mamboSms: GatewayNode = {
	provider: 'mambosms',
	displayName: 'Mambo SMS',
	defaultCountry: 'UG',
	senderIdDescription: null,
	pace: {
		default: 0,
		description:
			'How many requests are sent per minute at most. 0 means no limit: Mambo SMS documents none',
	},
	batch: {
		default: 100,
		description:
			'How many numbers go into one request at most. Rows with the same text share requests',
	},
	hasUpload: false,
	connect,
};

/** Message category and sender, which every message of Mambo SMS needs. */
export const senderFields: INodeProperties[] = [
	{
		displayName: 'Message Category',
		name: 'messageCategory',
		type: 'options',
		options: [
			{
				name: 'Customised',
				value: 'customised',
				description: 'From your own sender ID, once it is registered with MTN, Airtel and UTL',
			},
			{ name: 'Info', value: 'info', description: 'From the sender INFO' },
			{
				name: 'Non-Customised',
				value: 'non_customised',
				description: 'From a random number',
			},
		],
		default: 'non_customised',
		description: 'Which kind of sender the recipients see',
	},
	{
		displayName: 'Sender ID',
		name: 'senderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. MamboSMS',
		description:
			'The name that the message comes from, at most 11 characters. Mambo SMS wants it in every category, and shows it in the category Customised.',
	},
];

/** With the API key that the node is set to. */
async function connect(context: IExecuteFunctions): Promise<Gateway> {
	const type = 'mamboSmsApi';
	const { baseUrl } = await context.getCredentials(type);
	const sendRequest = requestsWithCredential(context, {
		type,
		baseUrl: String(baseUrl),
		isRenewable: false,
	});
	return mamboSmsGateway(sendRequest);
}
