import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isSettled } from '../sending/outcomes';
import { letOthersRun } from '../n8n/clock';
import type { RecipientFile, RejectedRow } from '../recipientFile/recipientCollector';
import { rejectsCsvOf } from '../recipientFile/recipientFile';
import { recipientsNotSent } from './notSentReason';
import type { ItemResult } from './plannedItem';
import type { GatewayNode } from './settings';

/** How many rejected rows the output lists. */
const MAX_LISTED_ROWS = 100;

/** What was read for one item. */
export interface ReadFile {
	fileName: string | null;
	file: RecipientFile | null;
	/** The field of the input that holds the file. */
	binaryName: string;
	includeResponse: boolean;
}

export const nothingRead: ReadFile = {
	fileName: null,
	file: null,
	binaryName: '',
	includeResponse: false,
};

/** The rows without a message as a CSV, ready to mend and send again. */
export async function rejectsBinary(
	context: IExecuteFunctions,
	source: {
		itemIndex: number;
		binaryName: string;
		fileName: string | null;
		file: RecipientFile;
		field: string;
	},
	result: ItemResult,
): Promise<IBinaryKeyData> {
	const { file, itemIndex, binaryName } = source;
	// Rows that may have arrived stay out: sending them again is for a person to decide.
	const notSent = rowsNotSent(result).filter((row) => !row.mayHaveArrived);
	const reasons = new Map<number, string>();
	for (const { row, reason } of file.rejectedRows) reasons.set(row, reason);
	for (const { row, reason } of notSent) reasons.set(row, reason);
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, binaryName);
	const csv = await rejectsCsvOf(bytes, { format: file.rejectsFormat, reasons }, letOthersRun);
	const stem = (source.fileName ?? 'recipients').replace(/\.[^.]*$/, '');
	const binary = await context.helpers.prepareBinaryData(
		Buffer.from(csv.buffer),
		`${stem}-rejected.csv`,
		'text/csv',
	);
	return { [source.field]: binary };
}

/** The output fields of Send Bulk. */
export function bulkJson(
	gatewayNode: GatewayNode,
	{ fileName, file, includeResponse }: ReadFile,
	result: ItemResult,
): IDataObject {
	const { status, outcome, shares } = result;
	const rejectedRows = [...(file?.rejectedRows ?? []), ...rowsNotSent(result)]
		.slice(0, MAX_LISTED_ROWS)
		.map(({ row, recipient, reason }) => ({ row, recipient, reason }));
	return {
		provider: gatewayNode.provider,
		operation: 'sendBulk',
		status,
		fileName,
		rowCount: file?.rowCount ?? 0,
		recipientCount: file?.recipients.length ?? 0,
		sentCount: outcome.sentCount,
		failedCount: outcome.failedCount,
		duplicateCount: file?.duplicateCount ?? 0,
		invalidCount: file?.rejectedRows.length ?? 0,
		rejectedRows,
		segments: file?.segments ?? 0,
		requestCount: shares.filter(isAnswered).length,
		cost: outcome.cost,
		balance: outcome.balance,
		jobId: outcome.jobId,
		providerMessage: outcome.providerMessage,
		...(includeResponse && { response: outcome.response ?? null }),
	};
}

/** Rows that were good, and are without a message all the same. */
function rowsNotSent({
	status,
	outcome,
	shares,
}: ItemResult): Array<RejectedRow & { mayHaveArrived: boolean }> {
	const rowOf = new Map<string, number>();
	for (const { messages } of shares) {
		for (const { recipient, row } of messages) if (row) rowOf.set(recipient, row);
	}
	const refusedByName = outcome.rejectedRecipients.map(({ recipient, reason }) => ({
		row: rowOf.get(recipient) ?? 0,
		recipient,
		reason,
		mayHaveArrived: false,
	}));
	const notSent = recipientsNotSent(status, shares).map((one) => ({ ...one, row: one.row ?? 0 }));
	return [...refusedByName, ...notSent].sort((one, other) => one.row - other.row);
}

/** Whether the share stands for a request, answered or not. */
function isAnswered({ outcome }: ItemResult['shares'][number]): boolean {
	return (
		isSettled(outcome.status) || (outcome.status === 'failed' && outcome.refusal?.httpCode != null)
	);
}
