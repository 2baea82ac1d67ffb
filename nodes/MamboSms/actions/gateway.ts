import type { IExecuteFunctions } from 'n8n-workflow';

import type { Account, GatewayNode } from '../../shared/n8n/gatewayNode';

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
	combineDescription:
		'Whether items with the same text, sender and category share requests. Adding this option switches it on',
	connect,
};

/** With the API key that the item is set to. */
async function connect(context: IExecuteFunctions, itemIndex: number): Promise<Account> {
	const { mamboSmsGateway, signedRequests } = await import('../../shared/operations/sending');
	const { accountId, sendRequest } = await signedRequests(context, 'mamboSmsApi', itemIndex);
	return { id: accountId, gateway: mamboSmsGateway(sendRequest) };
}
