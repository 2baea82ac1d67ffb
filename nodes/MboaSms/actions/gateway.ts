import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import type { Gateway, SendRequest } from '../../shared/gateways/gateway';
import { mboaSmsGateway } from '../../shared/gateways/mboaSms';
import { requestsWithCredential } from '../../shared/n8n/requests';
import type { GatewayNode } from '../../shared/operations/settings';

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
	batch: {
		default: 1000,
		description: 'How many rows of the file go into one upload at most',
	},
	hasUpload: true,
	connect,
};

/** With the credential that the node is set to. Throws for Send Bulk without JWT. */
async function connect(context: IExecuteFunctions): Promise<Gateway> {
	const isBasic = context.getNodeParameter('authentication', 0, 'jwt') === 'basic';
	if (isBasic && context.getNodeParameter('operation', 0) === 'sendBulk') {
		throw new NodeOperationError(context.getNode(), 'MboaSMS offers Send Bulk with JWT only', {
			description: "Nothing was sent. Set 'Authentication' to JWT and choose a JWT credential",
		});
	}
	const type = isBasic ? 'mboaSmsBasicApi' : 'mboaSmsJwtApi';
	return mboaSmsGateway(await requestsWith(context, type), isBasic ? 'basic' : 'jwt');
}

/** Requests to MboaSMS that are signed by a credential of the node. */
export async function requestsWith(
	context: IExecuteFunctions,
	type: 'mboaSmsJwtApi' | 'mboaSmsBasicApi',
): Promise<SendRequest> {
	const { baseUrl, method } = await context.getCredentials(type);
	return requestsWithCredential(context, {
		type,
		baseUrl: String(baseUrl),
		isRenewable: method === 'login',
	});
}
