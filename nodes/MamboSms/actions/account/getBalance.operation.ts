import type { INodePropertyOptions } from 'n8n-workflow';

import { readBalance, requestBalance } from './balanceInquiry';

/** Declarative: the credential fills the body, the engine makes the request. */
export const option: INodePropertyOptions = {
	name: 'Get Balance',
	value: 'getBalance',
	action: 'Get account balance',
	description: 'Read how much credit the Mambo SMS account has left',
	routing: {
		request: {
			method: 'POST',
			url: '/v1/accounts/balance',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
		},
		send: { paginate: true },
		// Not for pages: the only place where routing lets a node word a request that got no answer.
		operations: { pagination: requestBalance },
		output: { postReceive: [readBalance] },
	},
};
