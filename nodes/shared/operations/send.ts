import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { shownValue, type Evaluated, type OptionValues } from '../fields/optionKinds';
import { sendOptions } from '../fields/options';
import { inputError, type ItemError } from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { inTurn, isTool } from '../n8n/nodeRuns';
import { fingerprint } from '../n8n/sentKeys';
import { recipientsOf, type RecipientList } from '../phone/recipients';
import { outgoingMessages } from '../sending/sentLedger';
import { measureText, preparedText, smartEncode, type PreparedText } from '../text/messageText';
import { estimatedCostOf, skippedCountOf } from './itemOutput';
import { previewOf, recipientsNotSent } from './peopleOutput';
import { nothingSent, type ItemResult, type LeftOut, type PlannedItem } from './plannedItem';
import { planItems, sendItems } from './sendItems';
import {
	readCollection,
	readParameter,
	sendSettings,
	type ItemInput,
	type SendSettings,
} from './settings';

/** What was read for one item. */
interface ReadMessage {
	list: RecipientList;
	text: PreparedText | null;
	settings: SendSettings | null;
	canCombine: boolean;
}

/** A text before and after its expressions were evaluated. */
interface MessageText {
	written: string;
	evaluated: string;
}

type SendOptions = OptionValues<ReturnType<typeof sendOptions>>;

/** What an agent may spend by one call unless the user set another limit. */
const SEGMENTS_PER_TOOL_CALL = 100;

/** The operation Send: every input item is one text for one or more recipients. */
export async function executeSend(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
): Promise<INodeExecutionData[][]> {
	const options = sendOptions(gatewayNode);
	const planned = await planItems(
		context,
		(itemIndex) => {
			const item = { context, gatewayNode, itemIndex };
			return planSend(item, readCollection(item, 'options', options));
		},
		() => unreadJson(gatewayNode),
	);
	return await inTurn(context, async () => await sendItems(context, gatewayNode, planned));
}

/** One text for its recipients, checked. */
export function planSend(item: ItemInput, options: SendOptions): PlannedItem {
	const { context, gatewayNode, itemIndex } = item;
	const { combineItems, ...values } = options;
	const segmentLimit = values.segmentLimit ?? (isTool(context) ? SEGMENTS_PER_TOOL_CALL : 0);
	const settings = sendSettings(
		item,
		{ ...values, segmentLimit },
		{ canShare: combineItems, isFile: false },
	);
	const { deduplicationKey } = settings;
	const message = messageOf(item);
	const text = preparedText(message.evaluated, settings.smartEncoding);
	const list = recipientsOf(context.getNodeParameter('recipients', itemIndex), {
		...settings,
		excluded: settings.doNotText?.numbers,
	});
	const read: ReadMessage = {
		list,
		text,
		settings,
		canCombine: combineItems,
	};
	return {
		itemIndex,
		messages: outgoingMessages(
			itemIndex,
			list.recipients.map((recipient, place) => ({
				recipient,
				writtenAs: list.writtenAs[place] ?? recipient,
				text: text.text,
				written: message.written,
				deduplicationKey,
			})),
			fingerprint,
		),
		leftOutCount: list.rejectedRecipients.length,
		leftOut: leftOutOf(list),
		settings,
		inputError: unusableInput(item, read),
		isOwnDoubt: isOwnDoubt(context.getInputData()[itemIndex]?.json),
		notes: {
			duplicateCount: list.duplicateCount,
			excludedCount: list.excludedCount,
			leftOutCount: list.rejectedRecipients.length,
			ucs2Characters: text.measure.ucs2Characters,
			segmentsToSave: savedSegmentsOf(text) * list.recipients.length,
			aboutFile: [],
			unusableDoNotTextCount: settings.doNotText?.unusableCount ?? 0,
		},
		writeJson: (result) => sendJson(gatewayNode, read, result),
	};
}

function savedSegmentsOf({ text, measure }: PreparedText): number {
	return measure.segments - measureText(smartEncode(text)).segments;
}

/** The input item of a loop that brings back what this node could not be sure of. */
function isOwnDoubt(json: IDataObject | undefined): boolean {
	return (
		json?.status === 'unknown' &&
		(json.provider === 'mboasms' || json.provider === 'mambosms') &&
		json.operation === 'send'
	);
}

/** Throws for what is no text, and for n8n's own braces in a field that is no expression. */
function messageOf(item: ItemInput): MessageText {
	const { value, expression } = readParameter(item, 'message');
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw inputError(item, {
			message: "'Message' is empty",
			description: `Nothing was sent. The field gives ${shownValue(value)} and no text. ${fieldsOfInput(item)}`,
		});
	}
	const evaluated = String(value);
	refuseForeignBraces(item, { value: evaluated, expression });
	// An agent writes its text anew in each call, always by the same expression.
	const isKnownByText = expression === null || isTool(item.context);
	return { evaluated, written: isKnownByText ? evaluated : expression };
}

/** An expression in a field that is not switched to Expression. */
export const N8N_BRACES = /\{\{[^{}]{0,500}\$[^{}]{0,500}\}\}/;
const FIELD_BRACES = /\{([^{}"\r\n]{1,100})\}/g;

/** Braces that would go out as they are written, although somebody meant a value by them. */
function refuseForeignBraces(
	item: ItemInput,
	{ value: evaluated, expression }: Evaluated & { value: string },
): void {
	if (expression === null && N8N_BRACES.test(evaluated)) {
		throw inputError(item, {
			message: "'Message' holds an expression, but the field is not switched to Expression",
			description:
				"Nothing was sent, because the braces would go out as they are written. Switch the field 'Message' to Expression",
		});
	}
	const json = item.context.getInputData()[item.itemIndex]?.json ?? {};
	for (const [braces, name = ''] of evaluated.matchAll(FIELD_BRACES)) {
		if (!(name.trim() in json)) continue;
		throw inputError(item, {
			message: "A field name in braces in 'Message' would be sent as it is written",
			description: `Nothing was sent. It is '${braces}'. Drag the field '${name.trim()}' from the left into 'Message'`,
		});
	}
}

function fieldsOfInput({ context, itemIndex }: ItemInput): string {
	const names = Object.keys(context.getInputData()[itemIndex]?.json ?? {}).slice(0, 10);
	const listed = names.map((name) => `'${name.slice(0, 40)}'`).join(', ');
	const fields = names.length === 0 ? 'no fields' : `the fields ${listed}`;
	return `Check the expression: the input has ${fields}`;
}

function unusableInput(
	item: ItemInput,
	{ list, text, settings }: ReadMessage,
): ItemError | undefined {
	if (!text || !settings) return undefined;
	if (text.unusable) {
		const description = `Nothing was sent. ${text.unusable.whatToDo}`;
		return inputError(item, { message: `'Message' ${text.unusable.what}`, description });
	}
	const isAnyone = list.recipients.length > 0 || list.excludedCount > 0;
	if (isAnyone || settings.isDryRun) return undefined;
	const rejected = list.rejectedRecipients.slice(0, 3);
	if (rejected.length === 0) {
		const written: unknown = item.context.getNodeParameter('recipients', item.itemIndex);
		return inputError(item, {
			message: "'Recipients' is empty",
			description: `Nothing was sent. The field gives ${shownValue(written)}. ${fieldsOfInput(item)}`,
		});
	}
	const reasons = rejected.map(({ recipient, reason }) => `'${recipient}': ${reason}`).join('. ');
	const example = item.gatewayNode.defaultCountry === 'CM' ? '+237670000000' : '0772123456';
	return inputError(item, {
		message: "'Recipients' holds no usable phone number",
		description: `Nothing was sent. ${reasons}. Enter numbers such as ${example}, or check the expression that fills the field`,
	});
}

function leftOutOf(list: RecipientList): LeftOut[] {
	return [
		...list.rejectedRecipients.map(({ recipient, reason }) => ({
			status: 'invalid' as const,
			row: null,
			recipient,
			writtenAs: recipient,
			reason,
		})),
		...list.excluded.map((one) => ({
			...one,
			status: 'excluded' as const,
			row: null,
			reason: EXCLUDED,
		})),
		...list.duplicates.map((one) => ({
			...one,
			status: 'duplicate' as const,
			row: null,
			reason: DUPLICATE,
		})),
	];
}

/** Why somebody gets nothing although the number is good. */
export const EXCLUDED = "The number is on the list 'Do Not Text'";
export const DUPLICATE = 'The same text goes to this number already';

/** The output fields of an item that could not be read. */
export function unreadJson(gatewayNode: GatewayNode): IDataObject {
	const { defaultCountry } = gatewayNode;
	const list = recipientsOf('', { defaultCountry, removeDuplicates: true });
	const read = { list, text: null, settings: null, canCombine: false };
	return sendJson(gatewayNode, read, nothingSent());
}

function sendJson(
	{ provider }: GatewayNode,
	{ list, text, settings, canCombine }: ReadMessage,
	{ status, outcome, shares }: ItemResult,
): IDataObject {
	const notSent = recipientsNotSent(status, shares);
	const segments = text?.measure.segments ?? 0;
	const estimatedCost = estimatedCostOf(
		segments * list.recipients.length,
		settings?.pricePerSegment ?? 0,
	);
	return {
		status,
		sentCount: outcome.sentCount,
		failedCount: outcome.failedCount,
		rejectedRecipients: [
			...list.rejectedRecipients,
			...outcome.rejectedRecipients,
			...notSent.map(({ recipient, reason }) => ({ recipient, reason })),
		],
		recipients: list.recipients,
		recipientCount: list.recipients.length,
		...(settings?.doNotText && { excludedCount: list.excludedCount }),
		...(settings?.deduplicationKey && { skippedCount: skippedCountOf(shares) }),
		encoding: text && segments > 0 ? text.measure.encoding : null,
		segments: text ? segments : null,
		...(estimatedCost !== null && { estimatedCost }),
		cost: outcome.cost,
		balance: outcome.balance,
		...(canCombine && { jobId: outcome.jobId }),
		providerMessage: outcome.providerMessage,
		...(status === 'dryRun' &&
			text && {
				preview: previewOf(list.recipients.map((recipient) => ({ recipient, text: text.text }))),
			}),
		...(settings?.includeResponse && { response: outcome.response ?? null }),
		provider,
		operation: 'send',
	};
}
