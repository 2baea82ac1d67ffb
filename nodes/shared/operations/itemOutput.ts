import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { letOthersRun } from '../n8n/nodeRuns';
import {
	errorItem,
	errorMessageOf,
	outcomeError,
	type ItemError,
	type RunProgress,
} from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { ERROR_STATUSES, type ItemShare, type SendStatus } from '../sending/outcomes';
import type { ResumedShare } from '../sending/sentLedger';
import type { ItemResult, LeftOut, PlannedItem } from './plannedItem';
import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import { measureText, type TextMeasure } from '../text/messageText';
import type { PhoneNumber } from '../phone/phoneNumber';

/** A run that has ended. */
export interface EndedRun {
	context: IExecuteFunctions;
	gatewayNode: GatewayNode;
	planned: readonly PlannedItem[];
	/** In the order of `planned`. */
	results: readonly ItemResult[];
	resumed: readonly ResumedShare[];
	/** Whether a retry of the execution finds what was sent. */
	isRetryable: boolean;
}

interface EndedItem {
	item: PlannedItem;
	result: ItemResult;
	error: ItemError | null;
}

/** Items written between two pauses, so that the event loop stays free. */
const ITEMS_PER_PAUSE = 500;

/**
 * One output item per input item, or per person. Items that went wrong are raised as an error when the node
 * stops on errors, and become error items otherwise.
 */
export async function outputItems(run: EndedRun): Promise<INodeExecutionData[]> {
	const { context, planned, results, resumed } = run;
	const isContinuing = context.continueOnFail();
	const progress = progressOf(run);
	const ended = planned.map((item, place): EndedItem => {
		const result = results[place] as ItemResult;
		return { item, result, error: errorOf(run, item, { result, progress }) };
	});
	if (!isContinuing) {
		const acknowledged = new Set(
			resumed.filter((share) => share.isRetriedByPerson).map((share) => share.itemIndex),
		);
		// Whoever retries a failed execution has seen its error; the result then is output like others.
		const raised = ended.filter(
			({ item, result, error }) =>
				error && !(result.status === 'unknown' && acknowledged.has(item.itemIndex)),
		);
		const cause = raised.find(({ result }) => result.status !== 'notAttempted') ?? raised[0];
		if (cause?.error) throw cause.error;
	}
	const items: INodeExecutionData[] = [];
	let untilPause = ITEMS_PER_PAUSE;
	for (const one of ended) {
		for (const item of await itemsOf(run, one, isContinuing)) items.push(item);
		untilPause -= 1 + one.item.messages.length;
		if (untilPause > 0) continue;
		untilPause = ITEMS_PER_PAUSE;
		await letOthersRun();
	}
	return items;
}

/** Under Continue each item speaks for itself only. */
function progressOf({ planned, results, isRetryable }: EndedRun): RunProgress {
	const base = { isRetryable, itemCount: planned.length };
	const sent = results.filter(
		({ outcome, status }) => status === 'accepted' || (outcome.sentCount ?? 0) > 0,
	);
	const doubtful = results.filter(({ status }) => status === 'unknown');
	return { ...base, sentItemCount: sent.length, doubtfulItemCount: doubtful.length };
}

async function itemsOf(
	{ gatewayNode }: EndedRun,
	{ item, result, error }: EndedItem,
	isContinuing: boolean,
): Promise<INodeExecutionData[]> {
	const pairedItem = { item: item.itemIndex };
	if (item.settings?.output === 'recipients') {
		return await peopleOf(gatewayNode.provider, item, {
			result,
			error: isContinuing ? error : null,
		});
	}
	const { status, ...json } = item.writeJson(result);
	const whole = error
		? { status, errorMessage: errorMessageOf(error), ...json }
		: { status, ...json };
	const output: INodeExecutionData =
		error && isContinuing ? errorItem(whole, error, item.itemIndex) : { json: whole, pairedItem };
	if (!item.writeBinary) return [output];
	try {
		output.binary = await item.writeBinary(result);
	} catch (fault) {
		// From the first request on, nothing may stand in place of the account of what was sent.
		const words = fault instanceof Error ? fault.message : String(fault);
		const note = `The file of the rows that were not sent could not be made (${words})`;
		const { providerMessage } = whole as { providerMessage?: unknown };
		(whole as { providerMessage?: unknown }).providerMessage =
			typeof providerMessage === 'string' ? `${providerMessage}; ${note}` : note;
	}
	return [output];
}

function errorOf(
	{ context, gatewayNode }: EndedRun,
	item: PlannedItem,
	{ result, progress }: { result: ItemResult; progress: RunProgress },
): ItemError | null {
	if (item.inputError) return item.inputError;
	if (!ERROR_STATUSES.has(result.status)) return null;
	if (result.status === 'unknown' && item.acceptsDoubt) return null;
	const { displayName } = gatewayNode;
	const subject = { node: context.getNode(), displayName, itemIndex: item.itemIndex };
	const recipients = result.shares
		.filter(({ outcome }) => outcome.status === result.status)
		.flatMap(({ messages }) => messages.map((message) => message.recipient));
	return outcomeError(subject, { outcome: result.outcome, recipients }, progress);
}

interface Person {
	recipient: string | null;
	status: SendStatus | LeftOut['status'];
	reason: string | null;
	row: number | null;
	message: string | null;
	writtenAs: string | null;
	jobId: string | null;
}

/** People between two pauses, so that the event loop stays free. */
const PEOPLE_PER_PAUSE = 1_000;

/** One Item per Recipient: everyone of an input item, whatever became of them, in the order of the rows. */
export async function peopleOf(
	provider: string,
	item: PlannedItem,
	{ result, error }: { result: ItemResult; error: ItemError | null },
): Promise<INodeExecutionData[]> {
	const people = [...messagesOf(item, result), ...item.leftOut.map(ofLeftOut)];
	// In Send nobody has a row: those of whom a message was made come first there.
	people.sort((one, other) => (one.row ?? 0) - (other.row ?? 0));
	if (people.length === 0) people.push(nobody(result));
	const measures = new Map<string, TextMeasure>();
	const items: INodeExecutionData[] = [];
	for (const [index, person] of people.entries()) {
		if (index % PEOPLE_PER_PAUSE === PEOPLE_PER_PAUSE - 1) await letOthersRun();
		const json = jsonOf(provider, item, { person, measures });
		const isError = error !== null && ERROR_STATUSES.has(person.status);
		items.push(
			isError
				? errorItem({ ...json, errorMessage: errorMessageOf(error) }, error, item.itemIndex)
				: { json, pairedItem: { item: item.itemIndex } },
		);
	}
	return items;
}

function jsonOf(
	provider: string,
	{ settings }: PlannedItem,
	{ person, measures }: { person: Person; measures: Map<string, TextMeasure> },
): IDataObject {
	const { recipient, status, reason, row, message, writtenAs, jobId } = person;
	const measure = message === null ? null : (measures.get(message) ?? measureText(message));
	if (message !== null && measure) measures.set(message, measure);
	return {
		recipient,
		status,
		reason,
		row,
		message,
		writtenAs,
		encoding: measure?.encoding ?? null,
		segments: measure?.segments ?? null,
		jobId,
		provider,
		operation: settings?.rules.isFile ? 'sendBulk' : 'send',
	};
}

function messagesOf({ messages }: PlannedItem, result: ItemResult): Person[] {
	const outcomes = new Map<OutgoingMessage, Outcome>();
	for (const share of result.shares) {
		for (const message of share.messages) outcomes.set(message, share.outcome);
	}
	return messages.map((message) => {
		const { recipient, row, text, writtenAs } = message;
		const outcome = outcomes.get(message);
		const { status, reason } = outcome ? fateOf(message, outcome) : withoutRequest(result);
		const jobId = outcome?.jobId ?? null;
		return { recipient, status, reason, row: row ?? null, message: text, writtenAs, jobId };
	});
}

/** What became of one person of a request. Nothing is guessed of whom the gateway does not name. */
function fateOf(
	{ recipient }: OutgoingMessage,
	outcome: Outcome,
): Pick<Person, 'status' | 'reason'> {
	const { status, rejectedRecipients, failedCount } = outcome;
	const named = rejectedRecipients.find((one) => one.recipient === recipient);
	if (named) return { status: 'failed', reason: `Not sent: ${named.reason}` };
	const isEveryoneNamed =
		rejectedRecipients.length > 0 && rejectedRecipients.length === failedCount;
	if (status === 'partial' && isEveryoneNamed) return { status: 'sent', reason: null };
	if (status === 'partial') {
		return {
			status,
			reason: 'The gateway took only some of this request and does not say which',
		};
	}
	if (status === 'skipped') {
		return { status, reason: "Already sent under this 'Deduplication Key'" };
	}
	return { status, reason: reasonNotSent(outcome) ?? reasonInDoubt(outcome) ?? null };
}

/** Of people for whom no request was made: a dry run, or a run that was refused. */
function withoutRequest({ status, inputError }: ItemResult): Pick<Person, 'status' | 'reason'> {
	return { status, reason: inputError ? `Not sent: ${errorMessageOf(inputError)}` : null };
}

function ofLeftOut({ status, row, recipient, writtenAs, reason }: LeftOut): Person {
	return { recipient, status, reason, row, message: null, writtenAs, jobId: null };
}

/** An item without anybody in it still says what became of it. */
function nobody(result: ItemResult): Person {
	const fate = withoutRequest(result);
	return { ...fate, recipient: null, row: null, message: null, writtenAs: null, jobId: null };
}

interface NotSent {
	recipient: PhoneNumber;
	reason: string;
}

/**
 * Recipients that one request of an item left without a message while another request of the same
 * item went through, each with the reason. An item that fails as a whole says it in its error.
 */
export function recipientsNotSent(status: SendStatus, shares: readonly ItemShare[]): NotSent[] {
	const isMixed = new Set(shares.map((share) => share.outcome.status)).size > 1;
	if (!isMixed || (status !== 'partial' && status !== 'unknown')) return [];
	return shares.flatMap(({ messages, outcome }) => {
		const reason = reasonNotSent(outcome) ?? reasonInDoubt(outcome);
		return reason === undefined ? [] : messages.map(({ recipient }) => ({ recipient, reason }));
	});
}

/** Why recipients of a request certainly got nothing; undefined where they may have got something. */
export function reasonNotSent({ status, refusal }: Outcome): string | undefined {
	const words = refusal?.reason ?? 'no reason given';
	if (status === 'failed') return `Not sent: ${words}`;
	if (status === 'notAttempted') return `Not attempted, because the run was stopped: ${words}`;
	return undefined;
}

/** Why it is not known whether recipients of a request got something; undefined where it is. */
export function reasonInDoubt({ status, refusal }: Outcome): string | undefined {
	if (status !== 'unknown') return undefined;
	return `May have been sent, no trustworthy answer came: ${refusal?.reason ?? 'no reason given'}`;
}

/** About what so many segments cost, in the user's own unit; null where no price is known. */
export function estimatedCostOf(segments: number, pricePerSegment: number): number | null {
	// Products of decimal prices otherwise end in …0000001.
	return pricePerSegment > 0 ? Math.round(segments * pricePerSegment * 1e6) / 1e6 : null;
}
