import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { sendOptions } from '../fields/options';
import type { GatewayNode } from '../n8n/gatewayNode';
import { inTurn } from '../n8n/nodeRuns';
import type { PlannedItem } from './plannedItem';
import { planSend, unreadJson } from './send';
import { planItems, sendItems } from './sendItems';
import { readCollection } from './settings';

/** What a question does not offer. */
const ALWAYS = { combineItems: false, dryRun: false, output: 'summary' } as const;

/** What was asked, and whom. */
interface SentQuestion {
	/** As sent, without the links. */
	text: string;
	recipients: string[];
	status: string;
}

/**
 * Sends the text of the first item with a link of their own to each recipient, by the way that every text goes.
 * `linkFor` is given the recipient's place. The question is null where the item could not be read.
 */
export async function sendQuestion(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	linkFor: (place: number) => string,
): Promise<{ items: INodeExecutionData[]; question: SentQuestion | null }> {
	const options = sendOptions(gatewayNode);
	let question: SentQuestion | null = null;
	const planned = await planItems(
		context,
		(itemIndex) => {
			const item = { context, gatewayNode, itemIndex };
			const values = readCollection(item, 'options', options);
			const plan = planSend(item, { ...values, ...ALWAYS });
			const text = plan.messages[0]?.text ?? '';
			const recipients = plan.messages.map(({ recipient }) => recipient);
			question = { text, recipients, status: '' };
			return withLinks(plan, linkFor);
		},
		() => unreadJson(gatewayNode),
	);
	const send = async () => await sendItems(context, gatewayNode, planned);
	const [items = []] = await inTurn(context, send);
	const status = String(items[0]?.json.status ?? '');
	return { items, question: question && { ...(question as SentQuestion), status } };
}

/** Each text with its link on a line of its own; what it is known by stays that of the text. */
function withLinks(plan: PlannedItem, linkFor: (place: number) => string): PlannedItem {
	const messages = plan.messages.map((message, place) => ({
		...message,
		text: `${message.text}\n${linkFor(place)}`,
	}));
	return { ...plan, messages, acceptsDoubt: true };
}
