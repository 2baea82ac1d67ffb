import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isSettled } from '../sending/outcomes';
import type { RecipientFile, RejectedRow } from '../recipientFile/recipientFile';
import { recipientsNotSent } from './notSentReason';
import type { ItemResult } from './plannedItem';
import type { GatewayNode } from './settings';

/** How many rejected rows the output lists. */
const MAX_LISTED_ROWS = 100;

/** What was read for one item. */
export interface ReadFile {
	fileName: string | null;
	file: RecipientFile | null;
	/** Reads the file again, with more rows rejected. */
	readFile?: (alsoRejected?: ReadonlyMap<number, string>) => Promise<RecipientFile>;
	includeResponse: boolean;
}

export const nothingRead: ReadFile = { fileName: null, file: null, includeResponse: false };

/** The rows without a message as a CSV, ready to mend and send again. */
export async function rejectsBinary(
	context: IExecuteFunctions,
	field: string,
	read: ReadFile,
	file: RecipientFile,
	result: ItemResult,
): Promise<IBinaryKeyData> {
	// Rows that may have arrived stay out: sending them again is for a person to decide.
	const again = rowsNotSent(result).filter((row) => !row.mayHaveArrived);
	const reasonOf = new Map(again.map(({ row, reason }) => [row, reason]));
	const rejects = reasonOf.size > 0 && read.readFile ? await read.readFile(reasonOf) : file;
	const csv = rejects.rejectsCsv();
	const stem = (read.fileName ?? 'recipients').replace(/\.[^.]*$/, '');
	const binary = await context.helpers.prepareBinaryData(
		Buffer.from(csv),
		`${stem}-rejected.csv`,
		'text/csv',
	);
	return { [field]: binary };
}

/** The output fields of Send Bulk. */
export function bulkJson(
	gatewayNode: GatewayNode,
	{ fileName, file, includeResponse }: ReadFile,
	result: Pick<ItemResult, 'status' | 'shares'> & Partial<ItemResult>,
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
		sentCount: outcome ? outcome.sentCount : 0,
		failedCount: outcome ? outcome.failedCount : 0,
		duplicateCount: file?.duplicateCount ?? 0,
		invalidCount: file?.rejectedRows.length ?? 0,
		rejectedRows,
		segments: file?.segments ?? 0,
		requestCount: shares.filter(isAnswered).length,
		cost: outcome?.cost ?? null,
		balance: outcome?.balance ?? null,
		jobId: outcome?.jobId ?? null,
		providerMessage: outcome?.providerMessage ?? null,
		...(includeResponse && { response: outcome?.response ?? null }),
	};
}

/** Rows that were good, and are without a message all the same. */
function rowsNotSent({
	status,
	outcome,
	shares,
}: Pick<ItemResult, 'status' | 'shares'> & Partial<ItemResult>): Array<
	RejectedRow & { mayHaveArrived: boolean }
> {
	const rowOf = new Map<string, number>();
	for (const { messages } of shares) {
		for (const { recipient, row } of messages) if (row) rowOf.set(recipient, row);
	}
	const refusedByName = (outcome?.rejectedRecipients ?? []).map(({ recipient, reason }) => ({
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
