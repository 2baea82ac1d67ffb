import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { fileLayoutOptions } from '../fields/fields';
import { sendBulkOptions } from '../fields/options';
import { isExpression, shownValue, writtenText } from '../fields/optionKinds';
import { letOthersRun } from '../n8n/clock';
import { inputError, type ItemError } from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { isTool } from '../n8n/nodeRuns';
import type { RecipientFile } from '../recipientFile/recipientCollector';
import { readRecipientFile } from '../recipientFile/recipientFile';
import { UnreadableFile } from '../table/unreadableFile';
import { bulkJson, rejectsBinary, type ReadFile } from './bulkOutput';
import {
	asWritten,
	deduplicationKeyOf,
	readCollection,
	sendSettings,
	type ItemInput,
	type SendSettings,
} from './settings';
import {
	NO_NOTES,
	NOTHING_SENT,
	outgoingMessages,
	planItems,
	type PlannedItem,
} from './plannedItem';
import { DUPLICATE, EXCLUDED } from './send';
import { sendItems } from './sendItems';

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
		() => bulkJson(gatewayNode, null, NOTHING_SENT),
	);
	return await sendItems(context, gatewayNode, planned);
}

async function planBulk(item: ItemInput, options: SendBulkOptions): Promise<PlannedItem> {
	const { context, gatewayNode, itemIndex } = item;
	if (isTool(context)) throw notForAgents(item);
	const { onInvalidRows, rejectedRowsField, ...values } = readCollection(item, 'options', options);
	const settings = sendSettings(item, values, { canShare: false, isFile: true });
	const found = findFile(item);
	const message = defaultMessageOf(item);
	const deduplicationKey = deduplicationKeyOf(item);
	const file = await readRecipientFile(
		await context.helpers.getBinaryDataBuffer(itemIndex, found.binaryName),
		{
			...readCollection(item, 'fileLayout', fileLayoutOptions),
			...settings,
			excluded: settings.doNotText?.numbers ?? new Set(),
			listsEveryone: settings.output === 'recipients',
			defaultMessage: message.evaluated,
			missingFields: missingFieldsOf(item, message.written),
			deduplicationKey,
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
	const hasKey = deduplicationKey !== '';
	const read: ReadFile = { ...found, file, settings, hasKey };
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
				written: ownText ?? message.written,
				row,
				deduplicationKey,
			})),
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
	const asked = writtenText(stored) ?? '';
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

/** The text for rows without their own, before and after its expressions were evaluated. */
function defaultMessageOf(item: ItemInput): { written: string; evaluated: string } {
	const { context, itemIndex } = item;
	const stored: unknown = context.getNodeParameter('message', itemIndex, '');
	const written = asWritten(context, itemIndex, 'message');
	const isNothing = stored === undefined || stored === null || stored === '';
	if (!isNothing && typeof stored !== 'string' && typeof stored !== 'number') {
		throw inputError(item, {
			message: "'Message' is no text",
			description: `Nothing was sent. The expression gives ${shownValue(stored)}. Let it give a text`,
		});
	}
	const evaluated = isNothing ? '' : String(stored);
	if (!isExpression(written) && /\{\{[^{}]{0,500}\$[^{}]{0,500}\}\}/.test(evaluated)) {
		throw inputError(item, {
			message: "'Message' holds an expression, but the field is not switched to Expression",
			description:
				"Nothing was sent, because the braces would go out as they are written. Switch the field 'Message' to Expression, or write the name of a column in single braces",
		});
	}
	return { evaluated, written: typeof written === 'string' ? written : evaluated };
}

/** `$json.Nom` and `$json['Nom']` in an expression. */
const FIELD_OF_ITEM = /\$json(?:\.([\p{L}_$][\p{L}\p{N}_$]*)|\[\s*['"]([^'"]{1,60})['"]\s*\])/gu;

/** Fields that the expression of the message asks the input item for, and that it does not have. */
function missingFieldsOf({ context, itemIndex }: ItemInput, written: string): string[] {
	if (!isExpression(written)) return [];
	const json = context.getInputData()[itemIndex]?.json ?? {};
	const names = [...written.matchAll(FIELD_OF_ITEM)].map((match) => match[1] ?? match[2] ?? '');
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
