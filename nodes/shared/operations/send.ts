import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { measureText, smartEncode, type TextMeasure } from '../text/messageText';
import { recipientsOf, type RecipientList } from '../phone/recipients';
import { inputError } from '../n8n/errors';
import { recipientsNotSent } from './notSentReason';
import { planItems } from './planItems';
import { NOTHING_SENT, outgoingMessages, type ItemResult, type PlannedItem } from './plannedItem';
import { sendItems } from './sendItems';
import { sendSettings, type GatewayNode, type SendSettings } from './settings';

/** What was read for one item. */
interface ReadMessage {
	list: RecipientList;
	measure: TextMeasure | null;
	includeResponse: boolean;
}

/** The operation Send: every input item is one text for one or more recipients. */
export async function executeSend(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
): Promise<INodeExecutionData[][]> {
	const planned = await planItems(
		context,
		(itemIndex) => planSend(context, itemIndex, gatewayNode),
		() => sendJson(gatewayNode, nothingRead, NOTHING_SENT),
	);
	return await sendItems(context, gatewayNode, planned);
}

function planSend(
	context: IExecuteFunctions,
	itemIndex: number,
	gatewayNode: GatewayNode,
): PlannedItem {
	const settings = sendSettings(context, itemIndex, gatewayNode, 'send');
	const written = String(context.getNodeParameter('message', itemIndex) ?? '');
	const text = settings.smartEncoding ? smartEncode(written) : written;
	const list = recipientsOf(context.getNodeParameter('recipients', itemIndex), settings);
	const measure = measureText(text);
	const read = { list, measure, includeResponse: settings.includeResponse };
	return {
		itemIndex,
		messages: outgoingMessages(
			{ itemIndex, provider: gatewayNode.provider, settings },
			list.recipients.map((recipient) => ({ recipient, text })),
		),
		leftOutCount: list.rejectedRecipients.length,
		settings,
		inputError: unusableInput(context, itemIndex, text, list, settings),
		notes: {
			duplicateCount: list.duplicateCount,
			leftOutCount: list.rejectedRecipients.length,
			titleRowCount: 0,
			ucs2Characters: measure.ucs2Characters,
			segmentsToSave:
				(measure.segments - measureText(smartEncode(text)).segments) * list.recipients.length,
		},
		writeJson: (result) => sendJson(gatewayNode, read, result),
	};
}

function unusableInput(
	context: IExecuteFunctions,
	itemIndex: number,
	text: string,
	list: RecipientList,
	settings: SendSettings,
) {
	if (text.trim() === '') {
		return inputError(
			context.getNode(),
			itemIndex,
			"'Message' is empty",
			'Enter the text to send, or check the expression that fills it',
		);
	}
	if (list.recipients.length > 0 || settings.isDryRun) return undefined;
	const first = list.rejectedRecipients[0];
	return inputError(
		context.getNode(),
		itemIndex,
		first
			? `'Recipients' holds no usable phone number: ${first.recipient} (${first.reason})`
			: "'Recipients' is empty",
		'Nothing was sent. Enter numbers such as +237670000000 or 0772123456, or check the expression that fills the field',
	);
}

const nothingRead: ReadMessage = {
	list: { recipients: [], rejectedRecipients: [], duplicateCount: 0 },
	measure: null,
	includeResponse: false,
};

function sendJson(
	gatewayNode: GatewayNode,
	{ list, measure, includeResponse }: ReadMessage,
	{ status, outcome, shares }: ItemResult,
): IDataObject {
	const notSent = recipientsNotSent(status, shares);
	return {
		provider: gatewayNode.provider,
		operation: 'send',
		status,
		recipients: list.recipients,
		recipientCount: list.recipients.length,
		sentCount: outcome.sentCount,
		failedCount: outcome.failedCount,
		rejectedRecipients: [
			...list.rejectedRecipients,
			...outcome.rejectedRecipients,
			...notSent.map(({ recipient, reason }) => ({ recipient, reason })),
		],
		encoding: measure?.encoding ?? null,
		segments: measure?.segments ?? null,
		cost: outcome.cost,
		balance: outcome.balance,
		providerMessage: outcome.providerMessage,
		...(includeResponse && { response: outcome.response ?? null }),
	};
}
