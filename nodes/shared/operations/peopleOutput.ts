import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Outcome, OutgoingMessage } from '../gateways/gateway';
import { errorItem, errorMessageOf, type ItemError } from '../n8n/errors';
import { letOthersRun } from '../n8n/nodeRuns';
import type { PhoneNumber } from '../phone/phoneResult';
import {
	ERROR_STATUSES,
	reasonInDoubt,
	reasonNotSent,
	type ItemShare,
	type SendStatus,
} from '../sending/outcomes';
import { measureText, type TextMeasure } from '../text/messageText';
import type { ItemResult, LeftOut, PlannedItem } from './plannedItem';

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
	const people = [...peopleTexted(item, result), ...item.leftOut.map(ofLeftOut)];
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

function peopleTexted({ messages }: PlannedItem, result: ItemResult): Person[] {
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

const PREVIEWED_MESSAGES = 5;

/** The first messages, as a dry run shows them. */
export function previewOf(
	messages: ReadonlyArray<{ recipient: string; text: string }>,
): IDataObject[] {
	return messages.slice(0, PREVIEWED_MESSAGES).map(({ recipient, text }) => {
		const { encoding, segments } = measureText(text);
		return { recipient, message: text, encoding, segments };
	});
}
