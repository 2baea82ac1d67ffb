import {
	NodeApiError,
	NodeOperationError,
	type INode,
	type INodeExecutionData,
	type IDataObject,
} from 'n8n-workflow';

import type { Outcome, Refusal } from '../gateways/gateway';

/** The error of an item: what n8n shows, or what the error branch carries. */
export type ItemError = NodeApiError | NodeOperationError;

/** How far the run had come, for the sentence that says what was already sent. */
export interface RunProgress {
	sentItemCount: number;
	itemCount: number;
}

/** Wrong input: nothing was sent for this item. */
export function inputError(
	node: INode,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError {
	return new NodeOperationError(node, message, { itemIndex, description });
}

/** The error that an item's outcome stands for. */
export function outcomeError(
	node: INode,
	displayName: string,
	itemIndex: number,
	outcome: Outcome,
	progress?: RunProgress,
): NodeApiError {
	const refusal = outcome.refusal ?? { kind: 'input', reason: 'no reason given', httpCode: null };
	const isNotAttempted = outcome.status === 'notAttempted';
	const happened = whatHappened(displayName, refusal);
	const message = isNotAttempted
		? `Not attempted, because the run was stopped: ${happened}`
		: happened;
	const advice = isNotAttempted
		? `Nothing was sent for this item. ${whatToDo(displayName, refusal)}`
		: whatToDo(displayName, refusal);
	return apiError(node, itemIndex, refusal, `${message}${progressOf(progress)}`, advice);
}

function apiError(
	node: INode,
	itemIndex: number,
	{ reason, httpCode }: Refusal,
	message: string,
	description: string,
): NodeApiError {
	const error = new NodeApiError(
		node,
		{ message: reason },
		{ message, description, itemIndex, ...(httpCode !== null && { httpCode }) },
	);
	// n8n puts its own sentence in place of messages in which it finds a code such as ECONNREFUSED.
	error.message = message;
	return error;
}

function progressOf(progress?: RunProgress): string {
	if (!progress || progress.itemCount < 2) return '';
	const { sentItemCount, itemCount } = progress;
	return ` [${sentItemCount} of ${itemCount} items were already sent]`;
}

function whatHappened(displayName: string, { kind, reason, advice }: Refusal): string {
	if (advice !== undefined) return reason;
	switch (kind) {
		case 'credentials':
			return `${displayName} did not accept the credential: ${reason}`;
		case 'balance':
			return `The ${displayName} account has too little credit: ${reason}`;
		case 'input':
			return `${displayName} refused the message: ${reason}`;
		case 'rateLimit':
			return `${displayName} still answers that there are too many requests: ${reason}`;
		case 'unavailable':
			return `${displayName} could not be reached: ${reason}`;
		case 'unknownOutcome':
			return `It is not known whether ${displayName} sent the message: ${reason}`;
	}
}

function whatToDo(displayName: string, { kind, advice }: Refusal): string {
	if (advice !== undefined) return advice;
	switch (kind) {
		case 'credentials':
			return (
				'Open the credential in n8n, correct it and press Test. No further request was made; ' +
				'what was already sent is not sent again when this execution is retried'
			);
		case 'balance':
			return (
				`Top up the ${displayName} account, then retry this execution: ` +
				'what was already sent is not sent again'
			);
		case 'input':
			return 'Nothing was sent. Correct what the gateway names, then run again';
		case 'rateLimit':
			return "Nothing was sent. Try again later, or lower the option 'Requests per Minute'";
		case 'unavailable':
			return "Nothing was sent. Check the 'Base URL' of the credential and the network, then run again";
		case 'unknownOutcome':
			return (
				'It may have arrived. It is not repeated by itself: check the history at ' +
				`${displayName} before you send it again`
			);
	}
}

/** The error of a balance inquiry that was refused or got no answer. Nothing is at stake but the answer. */
export function balanceError(node: INode, itemIndex: number, refusal: Refusal): NodeApiError {
	const isAnswered = refusal.httpCode !== null;
	const description =
		refusal.kind === 'credentials' || refusal.kind === 'input'
			? 'Check the user name and password in the credential and press Test, or ask Mambo SMS'
			: 'Check the base URL of the credential and the network, or try again later';
	const happened = isAnswered ? 'did not tell the balance' : 'could not be reached';
	return apiError(
		node,
		itemIndex,
		refusal,
		`Mambo SMS ${happened}: ${refusal.reason}`,
		description,
	);
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
	return apiError(node, itemIndex, refusal, message, `${sentence(refusal.reason)} ${advice}`);
}

function sentence(words: string): string {
	const text = words.charAt(0).toUpperCase() + words.slice(1);
	return /[.!?]$/.test(text) ? text : `${text}.`;
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
