import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import {
	errorItem,
	errorMessageOf,
	outcomeError,
	type ItemError,
	type RunProgress,
} from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { letOthersRun } from '../n8n/nodeRuns';
import type {
	FileRecipient,
	RecipientFile,
	RejectedRow,
} from '../recipientFile/recipientCollector';
import { rejectsCsvOf } from '../recipientFile/recipientFile';
import { ERROR_STATUSES, reasonNotSent, SETTLED_STATUSES } from '../sending/outcomes';
import type { ResumedShare } from '../sending/sentLedger';
import { peopleOf, previewOf } from './peopleOutput';
import type { ItemResult, PlannedItem } from './plannedItem';
import type { SendSettings } from './settings';

/** A run that has ended. */
interface EndedRun {
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

/** How many rejected rows the output lists. */
const MAX_LISTED_ROWS = 100;

/** The file of one item, read. */
export interface ReadFile {
	fileName: string | null;
	file: RecipientFile;
	/** The field of the input that holds the file. */
	binaryName: string;
	settings: SendSettings;
}

/** The rows without a message as a CSV, ready to mend and send again. */
export async function rejectsBinary(
	context: IExecuteFunctions,
	{ file, fileName, binaryName, ...source }: ReadFile & { itemIndex: number; field: string },
	result: ItemResult,
): Promise<IBinaryKeyData> {
	const reasons = new Map<number, string>();
	for (const { row, reason } of file.rejectedRows) reasons.set(row, reason);
	for (const { row, reason } of rowsNotSent(file, result)) reasons.set(row, reason);
	const bytes = await context.helpers.getBinaryDataBuffer(source.itemIndex, binaryName);
	const csv = await rejectsCsvOf(bytes, { format: file.rejectsFormat, reasons }, letOthersRun);
	const stem = (fileName ?? 'recipients').replace(/\.[^.]*$/, '');
	const binary = await context.helpers.prepareBinaryData(
		Buffer.from(csv.buffer),
		`${stem}-rejected.csv`,
		'text/csv',
	);
	return { [source.field]: binary };
}

/** What the output tells of a file. */
interface ShownFile {
	rowCount: number;
	recipients: readonly FileRecipient[];
	rejectedRows: readonly RejectedRow[];
	duplicateCount: number;
	excludedCount: number;
	segments: number;
	phoneColumn: string | null;
	messageColumn: string | null;
}

/** Of a file that could not be read. */
const NO_FILE: ShownFile = {
	rowCount: 0,
	recipients: [],
	rejectedRows: [],
	duplicateCount: 0,
	excludedCount: 0,
	segments: 0,
	phoneColumn: null,
	messageColumn: null,
};

/** The output fields of Send Bulk; `read` is null where no file could be read. */
export function bulkJson(
	{ provider }: GatewayNode,
	read: ReadFile | null,
	result: ItemResult,
): IDataObject {
	const { status, outcome, shares } = result;
	const file: ShownFile = read?.file ?? NO_FILE;
	const settings = read?.settings;
	const requestCount = shares.filter(isAnswered).length;
	const rejectedRows = [...file.rejectedRows, ...rowsNotSent(file, result)];
	const estimatedCost = estimatedCostOf(file.segments, settings?.pricePerSegment ?? 0);
	return {
		status,
		sentCount: outcome.sentCount,
		invalidCount: file.rejectedRows.length,
		duplicateCount: file.duplicateCount,
		failedCount: outcome.failedCount,
		rejectedRows: rejectedRows
			.sort((one, other) => one.row - other.row)
			.slice(0, MAX_LISTED_ROWS)
			.map(({ row, recipient, reason }) => ({ row, recipient, reason })),
		...(settings?.doNotText && { excludedCount: file.excludedCount }),
		...(settings?.deduplicationKey && { skippedCount: skippedCountOf(shares) }),
		rowCount: file.rowCount,
		recipientCount: file.recipients.length,
		fileName: read?.fileName ?? null,
		phoneColumn: file.phoneColumn,
		messageColumn: file.messageColumn,
		segments: file.segments,
		requestCount,
		...(estimatedCost !== null && { estimatedCost }),
		cost: outcome.cost,
		balance: outcome.balance,
		jobId: outcome.jobId,
		providerMessage: outcome.providerMessage,
		...(status === 'dryRun' && {
			preview: previewOf(
				file.recipients.map(({ phoneNumber, text }) => ({ recipient: phoneNumber, text })),
			),
		}),
		...(settings?.includeResponse && { response: outcome.response ?? null }),
		provider,
		operation: 'sendBulk',
	};
}

/** Rows that were good, and certainly are without a message all the same. */
function rowsNotSent(file: ShownFile, { outcome, shares, inputError }: ItemResult): RejectedRow[] {
	if (inputError) {
		return file.recipients.map(({ row, writtenAs }) => ({
			row,
			recipient: writtenAs,
			reason: `Not sent, because the run was refused: ${inputError.message}`,
		}));
	}
	return shares.flatMap((share) => {
		if (share.outcome.status === 'sent') return [];
		const named = new Map(
			share.outcome.rejectedRecipients.map(({ recipient, reason }) => [recipient, reason]),
		);
		const ofAll = reasonNotSent(share.outcome);
		if (ofAll === undefined && named.size === 0) return [];
		const isUnnamedPart = share.outcome.status === 'partial' && named.size !== outcome.failedCount;
		return share.messages.flatMap(({ row, recipient }) => {
			const reason = ofAll ?? (isUnnamedPart ? undefined : named.get(recipient));
			return row === undefined || reason === undefined ? [] : [{ row, recipient, reason }];
		});
	});
}

/** Whether the share stands for a request, answered or not. */
function isAnswered({ outcome }: ItemResult['shares'][number]): boolean {
	return (
		SETTLED_STATUSES.has(outcome.status) ||
		(outcome.status === 'failed' && outcome.refusal?.httpCode != null)
	);
}

/** People who got the message before, under the same key. */
export function skippedCountOf(shares: ItemResult['shares']): number {
	return shares
		.filter(({ outcome }) => outcome.status === 'skipped')
		.reduce((sum, { outcome }) => sum + outcome.recipientCount, 0);
}

/** About what so many segments cost, in the user's own unit; null where no price is known. */
export function estimatedCostOf(segments: number, pricePerSegment: number): number | null {
	// Products of decimal prices otherwise end in …0000001.
	return pricePerSegment > 0 ? Math.round(segments * pricePerSegment * 1e6) / 1e6 : null;
}
