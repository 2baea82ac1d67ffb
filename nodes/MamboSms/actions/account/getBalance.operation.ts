import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodePropertyOptions,
} from 'n8n-workflow';

import { makeRefusal, type Refusal } from '../../../shared/gateways/gateway';
import { type Balance, readBalanceAnswer } from '../../../shared/gateways/mamboSmsBalance';
import { noAnswerOf } from '../../../shared/n8n/connectionFaults';
import { earlierRefusal, rememberAnswer } from '../../../shared/gateways/refusedCredentials';
import { fingerprint } from '../../../shared/n8n/sentKeys';
import { plainBaseUrl } from '../../../shared/n8n/credentialTests';
import { answerOf, withoutSecrets } from '../../../shared/n8n/requests';
import {
	balanceError,
	errorItem,
	errorMessageOf,
	type ItemError,
} from '../../../shared/n8n/errors';
import { unsupportedN8n } from '../../../shared/n8n/supportedN8n';

/** As long as n8n waits for the answer to begin. */
const LONGEST_ANSWER_MS = 300_000;

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

/** The question of each run: all of its items share one account, and so one answer. */
const asked = new WeakMap<object, Promise<INodeExecutionData[]>>();

/** A new try asks anew, although n8n gives it the same data. */
export function forgetBalance(context: IExecuteFunctions): void {
	asked.delete(context.getExecuteData());
}

/** Makes the request of Get Balance once for all items, words it when no answer comes, and raises what was refused. */
export async function requestBalance(
	this: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const run = this.getExecuteData();
	const question = asked.get(run) ?? requestedItems(this, request);
	asked.set(run, question);
	const itemIndex = this.getItemIndex();
	const items = (await question).map(({ json, error }) =>
		error
			? errorItem(json, error as ItemError, itemIndex)
			: { json: { ...json }, pairedItem: { item: itemIndex } },
	);
	const refused = items.find((item) => item.error)?.error;
	if (refused && !this.continueOnFail()) throw refused;
	return items;
}

async function requestedItems(
	context: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const credential = await context.getCredentials('mamboSmsAccountApi');
	if (plainBaseUrl(credential.baseUrl) === null) {
		const reason = "the 'Base URL' of the credential is no usable address";
		return [refusedItem(context, makeRefusal('unavailable', reason))];
	}
	const earlier = earlierRefusal(context.getExecutionId(), fingerprint([credential]));
	if (earlier) return [refusedItem(context, earlier)];
	try {
		return await context.makeRoutingRequest(request);
	} catch (error) {
		const { message, canHaveLeft } = noAnswerOf(error);
		return [
			refusedItem(context, makeRefusal(canHaveLeft ? 'unknownOutcome' : 'unavailable', message)),
		];
	}
}

/** Turns the answer of Get Balance into the output item, or into an error item. */
export async function readBalance(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const credential = await this.getCredentials('mamboSmsAccountApi');
	const answer = await answerOf(response, AbortSignal.timeout(LONGEST_ANSWER_MS));
	const read = readBalanceAnswer(withoutSecrets(answer, credential));
	const refusal = read.refused ? read.refusal : null;
	rememberAnswer(this.getExecutionId(), fingerprint([credential]), refusal);
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
