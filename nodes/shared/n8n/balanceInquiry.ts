import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

import type { Refusal } from '../core/outcome';
import { readBalanceAnswer, type Balance } from '../gateways/mamboSmsBalance';
import { noAnswerOf } from './connectionFaults';
import { answerOf } from './credentialRequests';
import { balanceError, errorItem, errorMessageOf } from './itemErrors';

/** Makes the request of Get Balance, words it when no answer comes, and raises what was refused. */
export async function requestBalance(
	this: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const items = await requestedItems(this, request);
	const refused = items.find((item) => item.error)?.error;
	if (refused && !this.continueOnFail()) throw refused;
	return items;
}

async function requestedItems(
	context: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	try {
		return await context.makeRoutingRequest(request);
	} catch (error) {
		const { message, canHaveLeft } = noAnswerOf(error);
		const kind = canHaveLeft ? 'unknownOutcome' : 'unavailable';
		return [refusedItem(context, { kind, words: message, httpCode: null })];
	}
}

/** Turns the answer of Get Balance into the output item, or into an error item. */
export async function readBalance(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const read = readBalanceAnswer(answerOf(response));
	if (read.refused) return [refusedItem(this, read.refusal)];
	return [{ json: balanceJson(read.balance), pairedItem: { item: this.getItemIndex() } }];
}

function refusedItem(context: IExecuteSingleFunctions, refusal: Refusal): INodeExecutionData {
	const itemIndex = context.getItemIndex();
	const error = balanceError(context.getNode(), itemIndex, refusal);
	const json = { ...balanceJson(null), status: 'failed', errorMessage: errorMessageOf(error) };
	return errorItem(json, error, itemIndex);
}

function balanceJson(balance: Balance | null): IDataObject {
	return {
		provider: 'mambosms',
		operation: 'getBalance',
		balance: balance?.balance ?? null,
		accountId: balance?.accountId ?? null,
		accountName: balance?.accountName ?? null,
		phoneNumber: balance?.phoneNumber ?? null,
		email: balance?.email ?? null,
		providerMessage: balance?.providerMessage ?? null,
	};
}
