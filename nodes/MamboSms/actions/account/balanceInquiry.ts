import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

import type { Refusal } from '../../../shared/gateways/gateway';
import { readBalanceAnswer, type Balance } from '../../../shared/gateways/mamboSmsBalance';
import { noAnswerOf } from '../../../shared/n8n/connectionFaults';
import { answerOf } from '../../../shared/n8n/requests';
import {
	balanceError,
	errorItem,
	errorMessageOf,
	type ItemError,
} from '../../../shared/n8n/errors';
import { unsupportedN8n } from '../../../shared/n8n/supportedN8n';

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
		return [refusedItem(context, { kind, reason: message, httpCode: null })];
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

/** In place of the routing, on an n8n that is too old. */
export async function refuseBalance(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = this.getNode();
	if (!this.continueOnFail()) throw unsupportedN8n(node, 0);
	const indexes = [...this.getInputData().keys()];
	return [indexes.map((index) => itemWithError(unsupportedN8n(node, index), index))];
}

function refusedItem(context: IExecuteSingleFunctions, refusal: Refusal): INodeExecutionData {
	const itemIndex = context.getItemIndex();
	return itemWithError(balanceError(context.getNode(), itemIndex, refusal), itemIndex);
}

function itemWithError(error: ItemError, itemIndex: number): INodeExecutionData {
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
