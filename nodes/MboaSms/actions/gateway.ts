import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import type { Account, GatewayNode } from '../../shared/n8n/gatewayNode';

export const mboaSms: GatewayNode = {
	provider: 'mboasms',
	displayName: 'MboaSMS',
	defaultCountry: 'CM',
	senderIdDescription:
		'The name or number that the message comes from, as registered with MboaSMS. If empty, MboaSMS uses the one of your company',
	pace: {
		default: 100,
		description:
			'How many requests are sent per minute at most: 100 in the Standard plan, 500 in Premium. 0 means no limit',
	},
	combineDescription:
		'Whether items with the same sender share requests. Equal texts go to lists of numbers; with a JWT credential, texts that no other item shares go together in bulk uploads. Adding this option switches it on',
	connect,
};

/** With the credential that the item is set to. Throws for Send Bulk without JWT. */
async function connect(context: IExecuteFunctions, itemIndex: number): Promise<Account> {
	const isBasic = context.getNodeParameter('authentication', itemIndex, 'jwt') === 'basic';
	if (isBasic && context.getNodeParameter('operation', itemIndex) === 'sendBulk') {
		const message = 'Send Bulk does not work with a Basic credential';
		throw new NodeOperationError(context.getNode(), message, {
			itemIndex,
			description:
				"Nothing was sent. Set 'Authentication' to 'Token or Log-In (JWT)', and choose a credential of the type MboaSMS JWT API",
		});
	}
	const type = isBasic ? 'mboaSmsBasicApi' : 'mboaSmsJwtApi';
	const { mboaSmsGateway, signedRequests } = await import('../../shared/operations/sending');
	const { accountId, method, sendRequest } = await signedRequests(context, type, itemIndex);
	return { id: accountId, gateway: mboaSmsGateway(sendRequest, isBasic ? 'basic' : 'jwt', method) };
}
