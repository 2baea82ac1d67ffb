import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { makeRefusal, type Outcome, type Refusal } from '../gateways/gateway';

/** The error of an item: what n8n shows, or what the error branch carries. */
export type ItemError = NodeApiError | NodeOperationError;

/**
 * What happened, and what to do. Words of others (the gateway's, a cell, a file name) stand in the description
 * only: n8n replaces messages that hold the letters of codes such as those of Node.js for networks.
 */
export interface Sentences {
	message: string;
	description: string;
}

/** How far the run had come, for the sentences that say what was already sent. */
export interface RunProgress {
	itemCount: number;
	/** Items that the gateway took, whole or in part. */
	sentItemCount: number;
	/** Items that may have been sent. */
	doubtfulItemCount: number;
	/** Whether a retry of this execution knows what was sent; not so in a sub-workflow. */
	isRetryable: boolean;
}

/** Wrong input: nothing was sent for this item. */
export function inputError(
	{ context, itemIndex }: { context: Pick<IExecuteFunctions, 'getNode'>; itemIndex: number },
	sentences: Sentences,
): NodeOperationError {
	const node = context.getNode();
	const { description } = sentences;
	return new NodeOperationError(node, messageFor(node, sentences), { itemIndex, description });
}

/** The error that an item's outcome stands for. `recipients`: whom it is about. */
export function outcomeError(
	{ node, displayName, itemIndex }: { node: INode; displayName: string; itemIndex: number },
	{ outcome, recipients }: { outcome: Outcome; recipients: readonly string[] },
	progress: RunProgress,
): NodeApiError {
	const refusal = outcome.refusal ?? makeRefusal('input', 'no reason given');
	const sentences = sentencesOf(refusal, { displayName, recipients, progress });
	const isNotAttempted = outcome.status === 'notAttempted';
	// n8n knows by the word "canceled" that it ended an execution itself.
	const isCanceled = refusal.httpCode === null && refusal.reason.includes('canceled');
	const why = isCanceled ? 'the execution was canceled' : 'the run was stopped';
	const happened = isCanceled
		? `${sentences.message}: the execution was canceled`
		: sentences.message;
	const message = isNotAttempted ? `Not attempted, because ${why}` : happened;
	const description = isNotAttempted
		? `Nothing was sent for this item. ${sentences.message}: ${sentences.description}`
		: sentences.description;
	return apiError({ node, itemIndex }, refusal, {
		message: `${message}${progressSentence(progress)}`,
		description,
	});
}

function apiError(
	{ node, itemIndex }: { node: INode; itemIndex: number },
	{ httpCode }: Refusal,
	sentences: Sentences,
): NodeApiError {
	const { description } = sentences;
	const message = messageFor(node, sentences);
	return new NodeApiError(
		node,
		{ message },
		{ message, description, itemIndex, ...(httpCode !== null && { httpCode }) },
	);
}

/** The codes for which n8n puts a sentence of its own in place of a message, wherever in it they stand. */
const CODES_OF_N8N =
	/ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ERRADDRINUSE|EADDRNOTAVAIL|ECONNABORTED|EHOSTUNREACH|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|GETADDRINFO/i;

/** A model is told the message of a tool's error only, so there it holds all that can be said safely. */
function messageFor({ type }: INode, { message, description }: Sentences): string {
	const whole = `${message}. ${description}`;
	return type.endsWith('Tool') && !CODES_OF_N8N.test(whole) ? whole : message;
}

function progressSentence({ itemCount, sentItemCount, doubtfulItemCount }: RunProgress): string {
	if (itemCount < 2 || sentItemCount + doubtfulItemCount === 0) return '';
	const verb = sentItemCount === 1 ? 'was' : 'were';
	const sent = `${sentItemCount} of ${itemCount} items ${verb} already sent`;
	if (doubtfulItemCount === 0) return ` [${sent}]`;
	const doubtful = `${doubtfulItemCount} of ${itemCount} items may have been sent`;
	return sentItemCount === 0 ? ` [${doubtful}]` : ` [${sent}, ${doubtful}]`;
}

interface Situation {
	displayName: string;
	recipients: readonly string[];
	progress: RunProgress;
}

/** Of each kind of refusal: what happened, and what to do. */
function sentencesOf(refusal: Refusal, situation: Situation): Sentences {
	const { kind, reason, advice } = refusal;
	const { displayName } = situation;
	const because = sentence(reason);
	const goOn = whatToDoThen(situation);
	if (advice !== undefined) {
		return { message: reason, description: advice };
	}
	switch (kind) {
		case 'credentials':
			return {
				message: `${displayName} did not accept the credential`,
				description: `${because}${refusedSignature(refusal)} No further request was made. Open the credential with the pencil beside its name, correct it and press Save: n8n tests it at once. ${goOn}`,
			};
		case 'balance':
			return {
				message: `The ${displayName} account has too little credit`,
				description: `${because} Top up the ${displayName} account. ${goOn}`,
			};
		case 'address':
			return {
				message: `${displayName} does not take SMS at this address, or not from this account`,
				description: `${because} Nothing was sent for this item. Check the 'Base URL' of the credential and what the account may do. ${goOn}`,
			};
		case 'input':
			return {
				message: `${displayName} refused the message`,
				description: `${because} Nothing was sent for this item. Correct what the gateway names. ${goOn}`,
			};
		case 'rateLimit':
			return {
				message: `${displayName} still answers that there are too many requests`,
				description: `${because} Nothing was sent for this item. Wait a while, or lower the option 'Requests per Minute'. ${goOn}`,
			};
		case 'unavailable':
			return {
				message: `${displayName} could not be reached`,
				description: `${because} Nothing was sent for this item. Check the 'Base URL' of the credential and the network. ${goOn}`,
			};
		case 'unknownOutcome':
			return {
				message: `It is not known whether ${displayName} sent the message${toWhom(situation)}`,
				description: `${because} It may have been sent. ${lookItUp(situation)}`,
			};
	}
}

function refusedSignature({ signature }: Refusal): string {
	return signature === undefined ? '' : ` What was refused is the ${signature}.`;
}

/** How to go on without texting anyone twice. */
function whatToDoThen({ progress }: Situation): string {
	const { sentItemCount, doubtfulItemCount, isRetryable } = progress;
	if (!isRetryable) return IN_SUB_WORKFLOW;
	if (sentItemCount + doubtfulItemCount === 0) return 'Then run the workflow again';
	return "Then press 'Retry execution' in the tab 'Executions': it goes on with what was not sent, and what was already sent is not sent again. 'Execute step' would start again with everybody";
}

function lookItUp({ displayName, recipients, progress }: Situation): string {
	const place =
		displayName === 'MboaSMS'
			? 'in the History of the MboaSMS dashboard'
			: `in your ${displayName} account`;
	const what = recipients.length === 1 ? 'this number' : 'these numbers';
	const look = `Look for ${what} ${place} before you send it again.`;
	if (!progress.isRetryable) return `${look} ${IN_SUB_WORKFLOW}`;
	const left =
		progress.itemCount > 1
			? "Then press 'Retry execution' in the tab 'Executions': it goes on with the items that were not attempted and leaves this one alone. "
			: '';
	return `${look} ${left}If the SMS is not there, send it to ${what} alone. 'Execute step' would start again with everybody`;
}

/** Why a retry does not help there, and what does. */
export const IN_SUB_WORKFLOW =
	"This workflow was called by another one, and a retry of that one starts here anew: only the option 'Deduplication Key' keeps it from texting people twice";

/** Numbers are the user's own and hold no letters. */
function toWhom({ recipients: [first, ...others] }: Situation): string {
	if (first === undefined) return '';
	return others.length === 0 ? ` to ${first}` : ` to ${first} and ${others.length} others`;
}

/** The error of a balance inquiry that was refused or got no answer. Nothing is at stake but the answer. */
export function balanceError(node: INode, itemIndex: number, refusal: Refusal): NodeApiError {
	const isAnswered = refusal.httpCode !== null;
	const advice =
		refusal.kind === 'credentials' || refusal.kind === 'input'
			? 'Open the credential with the pencil beside its name, check user name and password and press Save, or ask Mambo SMS'
			: "Check the 'Base URL' of the credential and the network, or try again later";
	const message = isAnswered
		? 'Mambo SMS did not tell the balance'
		: 'Mambo SMS could not be reached';
	const description = `${sentence(refusal.reason)} ${advice}`;
	return apiError({ node, itemIndex }, refusal, { message, description });
}

/** The error of a question for a bulk job. Nothing is at stake but the answer. */
export function jobError(node: INode, itemIndex: number, refusal: Refusal): NodeApiError {
	const isUnanswered = refusal.kind === 'unavailable' || refusal.httpCode === null;
	const advice = isUnanswered
		? "Check the 'Base URL' of the credential and the network, or try again later"
		: "Check the credential and the 'Job ID', or look into the History of the MboaSMS dashboard";
	const message = isUnanswered
		? 'MboaSMS could not be asked for the bulk job'
		: 'MboaSMS does not tell what became of the bulk job';
	const description = `${sentence(refusal.reason)}${refusedSignature(refusal)} ${advice}`;
	return apiError({ node, itemIndex }, refusal, { message, description });
}

function sentence(words: string): string {
	const text = words.charAt(0).toUpperCase() + words.slice(1);
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What happened and what to do, in one text for places that show no description. */
export function errorMessageOf(error: ItemError): string {
	return error.description ? `${error.message}. ${error.description}` : error.message;
}

/**
 * An error item that keeps its `json`. n8n replaces the `json` of every item that has an own `error`
 * by `{error: message}`, in this node and again in each node that passes the item on
 * (normalizeNodeErrors in n8n-core). So `json` here cannot be replaced, and `error` is not copied
 * along; `toJSON` keeps it in what n8n stores. Can go once n8n leaves `json` alone.
 */
export function errorItem(
	json: IDataObject,
	error: ItemError,
	itemIndex: number,
): INodeExecutionData {
	const pairedItem = { item: itemIndex };
	const item: INodeExecutionData = { json, pairedItem };
	Object.defineProperties(item, {
		json: { get: () => json, set: () => undefined, enumerable: true, configurable: true },
		error: { value: error, writable: true, configurable: true },
		toJSON: { value: () => ({ json, error, pairedItem }), configurable: true },
	});
	return item;
}
