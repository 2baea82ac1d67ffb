import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import type { Gateway } from '../../shared/gateways/gateway';
import { mboaSmsGateway } from '../../shared/gateways/mboaSms';
import { requestsWithCredential } from '../../shared/n8n/requests';
import type { OptionWording } from '../../shared/fields/options';
import type { GatewayProfile } from '../../shared/operations/settings';

export const profile: GatewayProfile = {
	provider: 'mboasms',
	displayName: 'MboaSMS',
	defaultCountry: 'CM',
	requestsPerMinute: 100,
	rowsPerRequest: 1000,
	hasCategory: false,
	hasUpload: true,
};

export const optionWording: OptionWording = {
	defaultCountry: 'CM',
	senderIdDescription:
		'The name or number that the message comes from, as registered with MboaSMS. If empty, MboaSMS uses the one of your company',
	requestsPerMinute: profile.requestsPerMinute,
	requestsPerMinuteDescription:
		'How many requests are sent per minute at most: 100 in the Standard plan, 500 in Premium. 0 means no limit',
	rowsPerRequest: profile.rowsPerRequest,
	rowsPerRequestDescription: 'How many rows of the file go into one upload at most',
};

/** The gateway with the credential that the node is set to. Throws for Send Bulk without JWT. */
export async function gatewayOf(context: IExecuteFunctions): Promise<Gateway> {
	const isBasic = context.getNodeParameter('authentication', 0, 'jwt') === 'basic';
	if (isBasic && context.getNodeParameter('operation', 0) === 'sendBulk') {
		throw new NodeOperationError(context.getNode(), 'MboaSMS offers Send Bulk with JWT only', {
			description: "Nothing was sent. Set 'Authentication' to JWT and choose a JWT credential",
		});
	}
	const type = isBasic ? 'mboaSmsBasicApi' : 'mboaSmsJwtApi';
	const { baseUrl, method } = await context.getCredentials(type);
	const sendRequest = requestsWithCredential(context, {
		type,
		baseUrl: String(baseUrl),
		isRenewable: method === 'login',
	});
	return mboaSmsGateway(sendRequest, isBasic ? 'basic' : 'jwt');
}
