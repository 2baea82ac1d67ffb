import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodePropertyOptions,
} from 'n8n-workflow';

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
			encoding: 'stream',
			ignoreHttpStatusErrors: true,
		},
		send: { paginate: true },
		// Not for pages: the only place where routing lets a node word a request that got no answer.
		operations: { pagination: requestBalance },
		output: { postReceive: [readBalance] },
	},
};

async function requestBalance(
	this: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const { requestBalance } = await import('../../../shared/operations/sending');
	return await requestBalance(this, request);
}

async function readBalance(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	answer: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const { readBalance } = await import('../../../shared/operations/sending');
	return await readBalance(this, answer);
}
