import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { fileLayoutOptions } from '../fields/fields';
import { shownValue, type Evaluated } from '../fields/optionKinds';
import { sendBulkOptions } from '../fields/options';
import { inputError, type ItemError } from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { isTool, letOthersRun } from '../n8n/nodeRuns';
import { fingerprint } from '../n8n/sentKeys';
import type { RecipientFile } from '../recipientFile/recipientCollector';
import { readRecipientFile } from '../recipientFile/recipientFile';
import { outgoingMessages } from '../sending/sentLedger';
import { UnreadableFile } from '../table/unreadableFile';
import { bulkJson, rejectsBinary, type ReadFile } from './itemOutput';
import { NO_NOTES, nothingSent, type PlannedItem } from './plannedItem';
import { DUPLICATE, EXCLUDED, N8N_BRACES } from './send';
import { planItems, sendItems } from './sendItems';
import {
	readCollection,
	readParameter,
	sendSettings,
	type ItemInput,
	type SendSettings,
} from './settings';

/** How many wrong rows a refusal names. */
const NAMED_ROWS = 10;
const NAMED_REASONS = 5;

type SendBulkOptions = ReturnType<typeof sendBulkOptions>;

/** The operation Send Bulk: every input item brings a file of recipients. */
export async function executeSendBulk(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
): Promise<INodeExecutionData[][]> {
	const options = sendBulkOptions(gatewayNode);
	const planned = await planItems(
		context,
		async (itemIndex) => await planBulk({ context, gatewayNode, itemIndex }, options),
		() => bulkJson(gatewayNode, null, nothingSent()),
	);
	return await sendItems(context, gatewayNode, planned);
}

async function planBulk(item: ItemInput, options: SendBulkOptions): Promise<PlannedItem> {
	const { context, gatewayNode, itemIndex } = item;
	if (isTool(context)) throw notForAgents(item);
	const { onInvalidRows, rejectedRowsField, ...values } = readCollection(item, 'options', options);
	const fileLayout = readCollection(item, 'fileLayout', fileLayoutOptions);
	const { value, expression } = readParameter(item, 'message');
	const settings = sendSettings(item, values, { canShare: false, isFile: true });
	const found = findFile(item);
	const defaultMessage = defaultMessageOf(item, { value, expression });
	const file = await readRecipientFile(
		await context.helpers.getBinaryDataBuffer(itemIndex, found.binaryName),
		{
			...fileLayout,
			...settings,
			excluded: settings.doNotText?.numbers ?? new Set(),
			listsEveryone: settings.output === 'recipients',
			defaultMessage,
			missingFields: expression === null ? [] : missingFieldsOf(item, expression),
		},
		letOthersRun,
	);
	if (file instanceof UnreadableFile) {
		const { message: what, description } = file;
		return {
			...EMPTY_PLAN,
			itemIndex,
			settings,
			inputError: inputError(item, {
				message: what,
				description: `Nothing was sent. ${description}`,
			}),
			writeJson: (result) => ({
				...bulkJson(gatewayNode, null, result),
				fileName: found.fileName,
			}),
		};
	}
	const read: ReadFile = { ...found, file, settings };
	const isStopping = onInvalidRows === 'stop';
	return {
		inputError: unusableRows(item, { file, settings, isStopping }),
		itemIndex,
		messages: outgoingMessages(
			itemIndex,
			file.recipients.map(({ phoneNumber, writtenAs, text, ownText, row, deduplicationKey }) => ({
				recipient: phoneNumber,
				writtenAs,
				text,
				written: ownText ?? expression ?? defaultMessage,
				row,
				deduplicationKey,
			})),
			fingerprint,
		),
		leftOutCount: file.rejectedRows.length,
		leftOut: [
			...file.rejectedRows.map(({ row, recipient, reason }) => ({
				status: 'invalid' as const,
				row,
				recipient,
				writtenAs: recipient,
				reason,
			})),
			...file.leftOutRows.map((left) => ({
				...left,
				reason: left.status === 'duplicate' ? DUPLICATE : EXCLUDED,
			})),
		],
		settings,
		notes: {
			duplicateCount: file.duplicateCount,
			excludedCount: file.excludedCount,
			leftOutCount: file.rejectedRows.length,
			ucs2Characters: file.ucs2Characters,
			segmentsToSave: file.segmentsSavedBySmartEncoding,
			aboutFile: [...found.notes, ...file.notes],
			unusableDoNotTextCount: settings.doNotText?.unusableCount ?? 0,
		},
		writeJson: (result) => bulkJson(gatewayNode, read, result),
		...(rejectedRowsField !== '' && {
			writeBinary: async (result) =>
				await rejectsBinary(context, { ...read, itemIndex, field: rejectedRowsField }, result),
		}),
	};
}

const EMPTY_PLAN = { messages: [], leftOutCount: 0, leftOut: [], notes: NO_NOTES };

/** The editor does not offer Send Bulk to agents, but a workflow may have it from elsewhere. */
function notForAgents(item: ItemInput): ItemError {
	return inputError(item, {
		message: 'Send Bulk is not for agents: n8n gives the tools of an agent no file',
		description: "Nothing was sent. Choose 'Send' in the field 'Operation'",
	});
}

interface FoundFile {
	binaryName: string;
	fileName: string | null;
	notes: string[];
}

const DEFAULT_BINARY_FIELD = 'data';

/** The file of the item: in the field that the user named, or the only one where nothing was chosen. */
function findFile(item: ItemInput): FoundFile {
	const { context, itemIndex } = item;
	const stored: unknown = context.getNodeParameter('binaryPropertyName', itemIndex);
	const asked = String(stored ?? '').trim();
	const binary = context.getInputData()[itemIndex]?.binary ?? {};
	const names = Object.keys(binary);
	const [only] = names;
	const found = (binaryName: string, notes: string[]): FoundFile => ({
		binaryName,
		fileName: context.helpers.assertBinaryData(itemIndex, binaryName).fileName ?? null,
		notes,
	});
	if (asked !== '' && hasFile(item, asked)) {
		const others = names.filter((name) => name !== asked).map((name) => `'${name}'`);
		const note = `The file in '${asked}' was read. The item also has ${others.join(', ')}: that was not read.`;
		return found(asked, others.length > 0 ? [note] : []);
	}
	const isUntouched = asked === DEFAULT_BINARY_FIELD;
	if (isUntouched && only !== undefined && names.length === 1) {
		return found(only, [`There is no file in 'data', so the one in '${only}' was read.`]);
	}
	throw noFile(item, asked, names);
}

function hasFile({ context, itemIndex }: ItemInput, field: string): boolean {
	try {
		return context.helpers.assertBinaryData(itemIndex, field) !== undefined;
	} catch {
		// n8n's own words for it do not say what to do.
		return false;
	}
}

function noFile({ context, itemIndex, ...item }: ItemInput, asked: string, names: string[]) {
	const input = { ...item, context, itemIndex };
	if (names.length > 0) {
		const listed = names.map((name) => `'${name}'`).join(', ');
		return inputError(input, {
			message: "There is no file in the field that 'Input Binary Field' names",
			description: `Nothing was sent. It names '${asked}', and the input has ${names.length === 1 ? 'the file' : 'the files'} ${listed}: write that name into 'Input Binary Field'`,
		});
	}
	const items = context.getInputData();
	const fields = Object.keys(items[itemIndex]?.json ?? {}).slice(0, 10);
	if (fields.length === 0) {
		return inputError(input, {
			message: 'There is no file here',
			description:
				"Nothing was sent. Put a node that reads a file before this one, and write the name of its file field into 'Input Binary Field'",
		});
	}
	return inputError(input, {
		message: `There is no file here, but ${items.length === 1 ? '1 item' : `${items.length} items`} with fields`,
		description: `Nothing was sent. The fields are ${fields.map((name) => `'${name}'`).join(', ')}. Choose the operation 'Send', and drag the field with the number into 'Recipients'`,
	});
}

/** The text for rows without their own; '' for none. */
function defaultMessageOf(item: ItemInput, { value, expression }: Evaluated): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw inputError(item, {
			message: "'Message' is no text",
			description: `Nothing was sent. The expression gives ${shownValue(value)}. Let it give a text`,
		});
	}
	const message = String(value);
	if (expression === null && N8N_BRACES.test(message)) {
		throw inputError(item, {
			message: "'Message' holds an expression, but the field is not switched to Expression",
			description:
				"Nothing was sent, because the braces would go out as they are written. Switch the field 'Message' to Expression, or write the name of a column in single braces",
		});
	}
	return message;
}

/** `$json.Nom` and `$json['Nom']` in an expression. */
const FIELD_OF_ITEM = /\$json(?:\.([\p{L}_$][\p{L}\p{N}_$]*)|\[\s*['"]([^'"]{1,60})['"]\s*\])/gu;

/** Fields that the expression of the message asks the input item for, and that it does not have. */
function missingFieldsOf({ context, itemIndex }: ItemInput, expression: string): string[] {
	const json = context.getInputData()[itemIndex]?.json ?? {};
	const names = [...expression.matchAll(FIELD_OF_ITEM)].map((match) => match[1] ?? match[2] ?? '');
	return [...new Set(names)].filter((name) => !(name in json));
}

function unusableRows(
	item: ItemInput,
	{
		file,
		settings,
		isStopping,
	}: { file: RecipientFile; settings: SendSettings; isStopping: boolean },
): ItemError | undefined {
	const { rejectedRows, recipients, rowCount, excludedCount, phoneColumn } = file;
	if (settings.isDryRun || rejectedRows.length === 0) return undefined;
	if (!isStopping && (recipients.length > 0 || excludedCount > 0)) return undefined;
	const rows = rejectedRows.slice(0, NAMED_ROWS).map(({ row }) => row);
	const more = rejectedRows.length > NAMED_ROWS ? ' and more' : '';
	const reasons = new Set(
		rejectedRows.map(({ row, recipient, reason }) => `row ${row} ('${recipient}'): ${reason}`),
	);
	const named = [...reasons].slice(0, NAMED_REASONS).join('; ');
	const good = recipients.length;
	const goOn =
		isStopping && good > 0
			? `, or set 'On Invalid Rows' to 'Skip Them' to send the ${good} good ${good === 1 ? 'one' : 'ones'}`
			: '';
	return inputError(item, {
		message: `${rejectedRows.length} of ${rowCount} rows cannot be used: ${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}${more}`,
		description: `Nothing was sent. The numbers were read from the column '${phoneColumn}'. ${named}. Correct the rows, switch 'Dry Run' on and run once to see every row${goOn}`,
	});
}
