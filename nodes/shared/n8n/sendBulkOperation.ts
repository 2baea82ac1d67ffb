import {
	sleep,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import {
	readRecipientFile,
	UnreadableFile,
	type RecipientFile,
	type RejectedRow,
} from '../core/recipientFile';
import { isSettled } from '../core/outcome';
import type { Gateway } from '../gateways/gateway';
import { inputError, type ItemError } from './itemErrors';
import { recipientsNotSent } from './notSentReason';
import { planItems } from './planItems';
import type { ItemResult, PlannedItem } from './plannedItem';
import { sendItems } from './sendItems';
import { sendSettings, textOption, type GatewayProfile, type SendSettings } from './sendSettings';

const MAX_LISTED_ROWS = 100;

/** What was read for one item. */
interface ReadFile {
	fileName: string | null;
	file: RecipientFile | null;
	includeResponse: boolean;
}

/** The operation Send Bulk: every input item brings a file of recipients. */
export async function executeSendBulk(
	context: IExecuteFunctions,
	profile: GatewayProfile,
	gateway: Gateway,
): Promise<INodeExecutionData[][]> {
	const planned = await planItems(
		context,
		async (itemIndex) => await planBulk(context, itemIndex, profile),
		() => bulkJson(profile, nothingRead, { status: 'failed', shares: [] }),
	);
	return await sendItems(context, gateway, planned);
}

async function planBulk(
	context: IExecuteFunctions,
	itemIndex: number,
	profile: GatewayProfile,
): Promise<PlannedItem> {
	const settings = sendSettings(context, itemIndex, profile, 'sendBulk');
	const read: ReadFile = {
		...nothingRead,
		includeResponse: settings.includeResponse,
	};
	try {
		await readFileInto(read, context, itemIndex, settings);
	} catch (error) {
		return plannedBulk(
			context,
			itemIndex,
			profile,
			settings,
			read,
			fileError(context, itemIndex, error),
		);
	}
	const unusable = unusableRows(context, itemIndex, settings, read.file);
	return plannedBulk(context, itemIndex, profile, settings, read, unusable);
}

async function readFileInto(
	read: ReadFile,
	context: IExecuteFunctions,
	itemIndex: number,
	settings: SendSettings,
): Promise<void> {
	const { options } = settings;
	const binaryName = textOption(context.getNodeParameter('binaryPropertyName', itemIndex), 'data');
	read.fileName = context.helpers.assertBinaryData(itemIndex, binaryName).fileName ?? null;
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, binaryName);
	read.file = await readRecipientFile(
		bytes,
		{
			defaultCountry: settings.defaultCountry,
			smartEncoding: settings.smartEncoding,
			removeDuplicates: settings.removeDuplicates,
			defaultMessage: String(context.getNodeParameter('message', itemIndex, '') ?? ''),
			hasHeaderRow: headerChoice(options.hasHeaderRow),
			phoneColumn: textOption(options.phoneColumn, ''),
			messageColumn: textOption(options.messageColumn, ''),
			sheetName: textOption(options.sheetName, ''),
		},
		async () => await sleep(0),
	);
}

function headerChoice(value: unknown): 'auto' | 'yes' | 'no' {
	const text = textOption(value, 'auto');
	return text === 'yes' || text === 'no' ? text : 'auto';
}

function fileError(context: IExecuteFunctions, itemIndex: number, error: unknown): ItemError {
	if (error instanceof UnreadableFile) {
		return inputError(context.getNode(), itemIndex, error.message, error.description);
	}
	throw error;
}

function unusableRows(
	context: IExecuteFunctions,
	itemIndex: number,
	settings: SendSettings,
	file: RecipientFile | null,
): ItemError | undefined {
	if (!file || settings.isDryRun) return undefined;
	const [first] = file.rejectedRows;
	if (!first) return undefined;
	const isStopping = textOption(settings.options.onInvalidRows, 'skip') === 'stop';
	if (!isStopping && file.recipients.length > 0) return undefined;
	const rows = `${file.rejectedRows.length} of ${file.rowCount} rows cannot be used`;
	return inputError(
		context.getNode(),
		itemIndex,
		`${rows}; the first is row ${first.row}: ${first.recipient || 'empty'} (${first.reason})`,
		'Nothing was sent. Correct the rows listed in the output, or choose the columns in the options' +
			(isStopping ? "; with 'On Invalid Rows' set to skip, the good rows are sent" : ''),
	);
}

function plannedBulk(
	context: IExecuteFunctions,
	itemIndex: number,
	profile: GatewayProfile,
	settings: SendSettings,
	read: ReadFile,
	unusable: ItemError | undefined,
): PlannedItem {
	const { file } = read;
	const rejectsField = textOption(settings.options.rejectedRowsField, '');
	return {
		itemIndex,
		messages: (file?.recipients ?? []).map(({ row, phoneNumber, text }) => ({
			itemIndex,
			recipient: phoneNumber,
			text,
			row,
		})),
		leftOutCount: file?.rejectedRows.length ?? 0,
		settings,
		inputError: unusable,
		notes: {
			duplicateCount: file?.duplicateCount ?? 0,
			leftOutCount: file?.rejectedRows.length ?? 0,
			titleRowCount: file?.titleRowCount ?? 0,
			ucs2Characters: file?.ucs2Characters ?? [],
			segmentsToSave: file?.segmentsSavedBySmartEncoding ?? 0,
		},
		writeJson: (result) => bulkJson(profile, read, result),
		...(file &&
			rejectsField !== '' && {
				writeBinary: async (result) =>
					await rejectsBinary(context, rejectsField, read, file, result),
			}),
	};
}

async function rejectsBinary(
	context: IExecuteFunctions,
	field: string,
	read: ReadFile,
	file: RecipientFile,
	result: ItemResult,
): Promise<IBinaryKeyData> {
	// Rows that may have arrived stay out: sending them again is for a person to decide.
	const again = rowsNotSent(result).filter((row) => !row.mayHaveArrived);
	const csv = file.rejectsCsv(again);
	const stem = (read.fileName ?? 'recipients').replace(/\.[^.]*$/, '');
	const binary = await context.helpers.prepareBinaryData(
		Buffer.from(csv),
		`${stem}-rejected.csv`,
		'text/csv',
	);
	return { [field]: binary };
}

const nothingRead: ReadFile = { fileName: null, file: null, includeResponse: false };

function bulkJson(
	profile: GatewayProfile,
	{ fileName, file, includeResponse }: ReadFile,
	result: Pick<ItemResult, 'status' | 'shares'> & Partial<ItemResult>,
): IDataObject {
	const { status, receipt, shares } = result;
	const rejectedRows = [...(file?.rejectedRows ?? []), ...rowsNotSent(result)]
		.slice(0, MAX_LISTED_ROWS)
		.map(({ row, recipient, reason }) => ({ row, recipient, reason }));
	return {
		provider: profile.provider,
		operation: 'sendBulk',
		status,
		fileName,
		rowCount: file?.rowCount ?? 0,
		recipientCount: file?.recipients.length ?? 0,
		sentCount: receipt ? receipt.sentCount : 0,
		failedCount: receipt ? receipt.failedCount : 0,
		duplicateCount: file?.duplicateCount ?? 0,
		invalidCount: file?.rejectedRows.length ?? 0,
		rejectedRows,
		segments: file?.segments ?? 0,
		requestCount: shares.filter(isAnswered).length,
		cost: receipt?.cost ?? null,
		balance: receipt?.balance ?? null,
		jobId: receipt?.jobId ?? null,
		providerMessage: receipt?.providerMessage ?? null,
		...(includeResponse && { response: receipt?.response ?? null }),
	};
}

/** Rows that were good, and are without a message all the same. */
function rowsNotSent({
	status,
	receipt,
	shares,
}: Pick<ItemResult, 'status' | 'shares'> & Partial<ItemResult>): Array<
	RejectedRow & { mayHaveArrived: boolean }
> {
	const rowOf = new Map<string, number>();
	for (const { messages } of shares) {
		for (const { recipient, row } of messages) if (row) rowOf.set(recipient, row);
	}
	const refusedByName = (receipt?.rejectedRecipients ?? []).map(({ recipient, reason }) => ({
		row: rowOf.get(recipient) ?? 0,
		recipient,
		reason,
		mayHaveArrived: false,
	}));
	const notSent = recipientsNotSent(status, shares).map((one) => ({ ...one, row: one.row ?? 0 }));
	return [...refusedByName, ...notSent].sort((one, other) => one.row - other.row);
}

/** Whether the share stands for a request, answered or not. */
function isAnswered({ receipt }: ItemResult['shares'][number]): boolean {
	return (
		isSettled(receipt.status) || (receipt.status === 'failed' && receipt.refusal?.httpCode != null)
	);
}
