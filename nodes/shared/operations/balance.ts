import {
	type DeclarativeRestApiSettings,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type IExecutePaginationFunctions,
	type IExecuteSingleFunctions,
	type IN8nHttpFullResponse,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';

import { shownValue } from '../fields/optionKinds';
import { makeRefusal, type Refusal } from '../gateways/gateway';
import { type Balance, readBalanceAnswer } from '../gateways/mamboSms';
import { earlierRefusal, rememberAnswer } from '../n8n/gatewayNode';
import { noAnswerOf } from '../n8n/connectionFaults';
import { balanceError, errorItem, errorMessageOf, type ItemError } from '../n8n/errors';
import { gatewayAnswerOf, plainBaseUrl, withoutSecrets } from '../n8n/requests';
import { fingerprint } from '../n8n/sentKeys';
import { isSupportedN8n, unsupportedN8n } from '../n8n/supportedN8n';

const CREDENTIAL = 'mamboSmsAccountApi';

/** As long as n8n waits for the answer to begin. */
const LONGEST_ANSWER_MS = 300_000;

/** The question of each run: all of its items share one account, and so one answer. */
const asked = new WeakMap<object, Promise<INodeExecutionData[]>>();

/** A new try asks anew, although n8n gives it the same data. */
export function forgetBalance(context: IExecuteFunctions): void {
	asked.delete(context.getExecuteData());
}

/** Makes the request of Get Balance once for all items, words it when no answer comes, and raises what was refused. */
export async function requestBalance(
	context: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const run = context.getExecuteData();
	const question = asked.get(run) ?? requestedItems(context, request);
	asked.set(run, question);
	const itemIndex = context.getItemIndex();
	const items = (await question).map(({ json, error }) =>
		error
			? errorItem(json, error as ItemError, itemIndex)
			: { json: { ...json }, pairedItem: { item: itemIndex } },
	);
	const refused = items.find((item) => item.error)?.error;
	if (refused && !context.continueOnFail()) throw refused;
	return items;
}

async function requestedItems(
	context: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const credential = await context.getCredentials(CREDENTIAL);
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
	context: IExecuteSingleFunctions,
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	const credential = await context.getCredentials(CREDENTIAL);
	const read = await balanceIn(response, credential, LONGEST_ANSWER_MS);
	const refusal = read.refused ? read.refusal : null;
	rememberAnswer(context.getExecutionId(), fingerprint([credential]), refusal);
	if (read.refused) return [refusedItem(context, read.refusal)];
	return [{ json: balanceJson(read.balance), pairedItem: { item: context.getItemIndex() } }];
}

/** What an answer says, once all of it has come in the time. */
async function balanceIn(
	answer: unknown,
	credential: ICredentialDataDecryptedObject,
	timeoutMs: number,
): Promise<ReturnType<typeof readBalanceAnswer>> {
	const whole = await gatewayAnswerOf(answer, AbortSignal.timeout(timeoutMs));
	return readBalanceAnswer(withoutSecrets(whole, credential));
}

/** In place of the routing, on an n8n that is too old. */
export function refuseBalance(context: IExecuteFunctions): INodeExecutionData[][] {
	const node = context.getNode();
	if (!context.continueOnFail()) throw unsupportedN8n(node, 0);
	const indexes = [...context.getInputData().keys()];
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

/** How long the trigger waits for an answer. */
const TIMEOUT_MS = 30_000;

/** What the trigger remembers between polls and restarts, in n8n's workflow static data. */
interface Memory {
	/** Whether the last poll found the balance below the threshold. */
	isBelow?: boolean;
}

/** One poll of the trigger: an item when the balance has fallen below the threshold. */
export async function pollBalance(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (!isSupportedN8n) throw unsupportedN8n(context.getNode());
	const threshold = thresholdOf(context);
	const balance = await balanceOf(context);
	const output = [[{ json: { provider: 'mambosms', ...balance, threshold } }]];
	// A person who tries the node wants to see an item, and the memory is not to change by it.
	if (context.getMode() === 'manual') return output;

	// n8n stores a change when the workflow starts and when it is activated. So a rise that is seen
	// just before n8n stops counts only if the balance is still up when n8n is back.
	const memory: Memory = context.getWorkflowStaticData('node');
	const wasBelow = memory.isBelow === true;
	const isBelow = balance.balance < threshold;
	if (isBelow !== wasBelow) memory.isBelow = isBelow;
	return isBelow && !wasBelow ? output : null;
}

/** A threshold that is no number would never be undercut, so it fails at once. */
function thresholdOf(context: IPollFunctions): number {
	const stored: unknown = context.getNodeParameter('threshold');
	const text = typeof stored === 'number' ? String(stored) : stored;
	if (typeof text === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text);
	throw new NodeOperationError(context.getNode(), "'Threshold' is no number", {
		description: `The balance was not asked for. It is ${shownValue(stored)}: enter a number such as 5000, without blanks`,
	});
}

interface RefusedAccount {
	refusal: Refusal;
	count: number;
	/** Milliseconds since the epoch. */
	askAgainAt: number;
}

/** Accounts that were refused, by what was sent: asked again and again, they get suspended. Empty after a restart. */
const refusedAccounts = new Map<string, RefusedAccount>();
const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Throws what n8n shows as a failed poll when the balance cannot be told. */
async function balanceOf(context: IPollFunctions): Promise<Balance> {
	const credential = await context.getCredentials(CREDENTIAL);
	const account = fingerprint([credential]);
	const refused = refusedAccounts.get(account);
	if (refused && Date.now() < refused.askAgainAt && context.getMode() !== 'manual') {
		throw balanceError(context.getNode(), 0, notAskedAgain(refused));
	}
	const baseUrl = plainBaseUrl(credential.baseUrl);
	if (baseUrl === null) {
		throw new NodeOperationError(
			context.getNode(),
			"The 'Base URL' of the credential is no usable address",
			{ description: "Open the credential with the pencil beside its name and correct 'Base URL'" },
		);
	}
	let refusal: Refusal;
	try {
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL,
			{
				method: 'POST',
				url: `${baseUrl}/v1/accounts/balance`,
				headers: { 'Content-Type': 'application/json' },
				body: {},
				timeout: TIMEOUT_MS,
				returnFullResponse: true,
				encoding: 'stream',
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
			},
		);
		const read = await balanceIn(answer, credential, TIMEOUT_MS);
		if (!read.refused) {
			refusedAccounts.delete(account);
			return read.balance;
		}
		refusal = read.refusal;
		const isRefused = refusal.kind === 'credentials' || refusal.kind === 'input';
		if (isRefused && context.getMode() !== 'manual') {
			const count = (refused?.count ?? 0) + 1;
			const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1));
			refusedAccounts.set(account, { refusal, count, askAgainAt: Date.now() + waitMs });
		}
	} catch (error) {
		refusal = makeRefusal('unavailable', noAnswerOf(error).message);
	}
	throw balanceError(context.getNode(), 0, refusal);
}

/** The refusal that was remembered, with when the account is asked again. */
function notAskedAgain({ refusal, askAgainAt }: RefusedAccount): Refusal {
	const time = new Date(askAgainAt).toISOString().slice(0, 16).replace('T', ' ');
	const reason = `${refusal.reason} (not asked again before ${time} UTC, so that the account is not suspended; a corrected credential is asked at once)`;
	return { ...refusal, reason };
}
