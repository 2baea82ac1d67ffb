import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { letOthersRun } from '../n8n/nodeRuns';
import type { GatewayNode } from '../n8n/gatewayNode';
import type { RecipientFile, RejectedRow } from '../recipientFile/recipientCollector';
import { rejectsCsvOf } from '../recipientFile/recipientFile';
import { SETTLED_STATUSES } from '../sending/outcomes';
import { measureText } from '../text/messageText';
import { estimatedCostOf, reasonNotSent } from './itemOutput';
import type { ItemResult } from './plannedItem';
import { skippedCountOf } from './send';
import type { SendSettings } from './settings';

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

/** The output fields of Send Bulk; `read` is null where no file could be read. */
export function bulkJson(
	{ provider }: GatewayNode,
	read: ReadFile | null,
	result: ItemResult,
): IDataObject {
	const { status, outcome, shares } = result;
	const file = read?.file;
	const settings = read?.settings;
	const requestCount = shares.filter(isAnswered).length;
	const rejectedRows = file ? [...file.rejectedRows, ...rowsNotSent(file, result)] : [];
	const estimatedCost = estimatedCostOf(file?.segments ?? 0, settings?.pricePerSegment ?? 0);
	return {
		status,
		sentCount: outcome.sentCount,
		invalidCount: file?.rejectedRows.length ?? 0,
		duplicateCount: file?.duplicateCount ?? 0,
		failedCount: outcome.failedCount,
		rejectedRows: rejectedRows
			.sort((one, other) => one.row - other.row)
			.slice(0, MAX_LISTED_ROWS)
			.map(({ row, recipient, reason }) => ({ row, recipient, reason })),
		...(settings?.doNotText && { excludedCount: file?.excludedCount ?? 0 }),
		...(settings?.deduplicationKey && { skippedCount: skippedCountOf(shares) }),
		rowCount: file?.rowCount ?? 0,
		recipientCount: file?.recipients.length ?? 0,
		fileName: read?.fileName ?? null,
		phoneColumn: file?.phoneColumn ?? null,
		messageColumn: file?.messageColumn ?? null,
		segments: file?.segments ?? 0,
		requestCount,
		...(estimatedCost !== null && { estimatedCost }),
		cost: outcome.cost,
		balance: outcome.balance,
		jobId: outcome.jobId,
		providerMessage: outcome.providerMessage,
		...(status === 'dryRun' && { preview: previewOf(file) }),
		...(settings?.includeResponse && { response: outcome.response ?? null }),
		provider,
		operation: 'sendBulk',
	};
}

const PREVIEWED_MESSAGES = 5;

function previewOf(file: RecipientFile | undefined): IDataObject[] {
	return (file?.recipients ?? []).slice(0, PREVIEWED_MESSAGES).map(({ phoneNumber, text }) => {
		const { encoding, segments } = measureText(text);
		return { recipient: phoneNumber, message: text, encoding, segments };
	});
}

/** Rows that were good, and certainly are without a message all the same. */
function rowsNotSent(
	file: RecipientFile,
	{ outcome, shares, inputError }: ItemResult,
): RejectedRow[] {
	if (inputError) {
		return file.recipients.map(({ row, writtenAs }) => ({
			row,
			recipient: writtenAs,
			reason: `Not sent, because the run was refused: ${inputError.message}`,
		}));
	}
	return shares.flatMap((share) => {
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
