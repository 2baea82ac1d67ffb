import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { RecipientFile } from '../recipientFile/recipientCollector';
import { readRecipientFile } from '../recipientFile/recipientFile';
import { UnreadableFile } from '../table/unreadableFile';
import { bulkJson, nothingRead, rejectsBinary, type ReadFile } from './bulkOutput';
import { inputError, type ItemError } from '../n8n/errors';
import { planItems } from './planItems';
import { NOTHING_SENT, outgoingMessages, type PlannedItem } from './plannedItem';
import { letOthersRun } from '../n8n/clock';
import { sendItems } from './sendItems';
import { sendSettings, textOption, type GatewayNode, type SendSettings } from './settings';
import { isTool } from '../n8n/toolCalls';

/** The operation Send Bulk: every input item brings a file of recipients. */
export async function executeSendBulk(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
): Promise<INodeExecutionData[][]> {
	const planned = await planItems(
		context,
		async (itemIndex) => await planBulk(context, itemIndex, gatewayNode),
		() => bulkJson(gatewayNode, nothingRead, NOTHING_SENT),
	);
	return await sendItems(context, gatewayNode, planned);
}

async function planBulk(
	context: IExecuteFunctions,
	itemIndex: number,
	gatewayNode: GatewayNode,
): Promise<PlannedItem> {
	if (isTool(context)) throw noFileError(context, itemIndex);
	const settings = sendSettings(context, itemIndex, gatewayNode, 'sendBulk');
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
			gatewayNode,
			settings,
			read,
			fileError(context, itemIndex, error),
		);
	}
	const unusable = unusableRows(context, itemIndex, settings, read.file);
	return plannedBulk(context, itemIndex, gatewayNode, settings, read, unusable);
}

/** The editor does not offer Send Bulk to agents, but a workflow may have it from elsewhere. */
function noFileError(context: IExecuteFunctions, itemIndex: number): ItemError {
	return inputError(
		context.getNode(),
		itemIndex,
		'Send Bulk is not for agents: n8n gives the tools of an agent no file',
		"Nothing was sent. Choose 'Send' in the field 'Operation'",
	);
}

async function readFileInto(
	read: ReadFile,
	context: IExecuteFunctions,
	itemIndex: number,
	settings: SendSettings,
): Promise<void> {
	const binaryName = textOption(context.getNodeParameter('binaryPropertyName', itemIndex), 'data');
	read.binaryName = binaryName;
	read.fileName = context.helpers.assertBinaryData(itemIndex, binaryName).fileName ?? null;
	const message = String(context.getNodeParameter('message', itemIndex, '') ?? '');
	const file = await readRecipientFile(
		await context.helpers.getBinaryDataBuffer(itemIndex, binaryName),
		{ ...fileOptions(settings), defaultMessage: message },
		letOthersRun,
	);
	if (file instanceof UnreadableFile) throw file;
	read.file = file;
}

function fileOptions({ defaultCountry, smartEncoding, removeDuplicates, options }: SendSettings) {
	return {
		defaultCountry,
		smartEncoding,
		removeDuplicates,
		hasHeaderRow: headerChoice(options.hasHeaderRow),
		phoneColumn: textOption(options.phoneColumn, ''),
		messageColumn: textOption(options.messageColumn, ''),
		sheetName: textOption(options.sheetName, ''),
	};
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
	gatewayNode: GatewayNode,
	settings: SendSettings,
	read: ReadFile,
	unusable: ItemError | undefined,
): PlannedItem {
	const { file } = read;
	const rejectsField = textOption(settings.options.rejectedRowsField, '');
	return {
		itemIndex,
		messages: outgoingMessages(
			{ itemIndex, provider: gatewayNode.provider, settings },
			(file?.recipients ?? []).map(({ row, phoneNumber, text }) => ({
				recipient: phoneNumber,
				text,
				row,
			})),
		),
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
		writeJson: (result) => bulkJson(gatewayNode, read, result),
		...(file &&
			rejectsField !== '' && {
				writeBinary: async (result) =>
					await rejectsBinary(context, { ...read, file, itemIndex, field: rejectsField }, result),
			}),
	};
}
