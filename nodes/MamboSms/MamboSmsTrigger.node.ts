import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

import type { Refusal } from '../shared/gateways/gateway';
import { readBalanceAnswer, type Balance } from '../shared/gateways/mamboSmsBalance';
import { noAnswerOf } from '../shared/n8n/connectionFaults';
import { answerOf, trimBaseUrl } from '../shared/n8n/requests';
import { balanceError } from '../shared/n8n/errors';
import { isSupportedN8n, MAIN, unsupportedN8n } from '../shared/n8n/supportedN8n';

const CREDENTIAL = 'mamboSmsAccountApi';

const TIMEOUT_MS = 30_000;

/** What the trigger remembers between polls and restarts, in n8n's workflow static data. */
interface Memory {
	/** Whether the last poll found the balance below the threshold. */
	isBelow?: boolean;
}

export class MamboSmsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mambo SMS Trigger',
		name: 'mamboSmsTrigger',
		icon: { light: 'file:../../icons/mambosms.svg', dark: 'file:../../icons/mambosms.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "balance below " + $parameter["threshold"] }}',
		description: 'Starts the workflow when the balance of your Mambo SMS account falls too low',
		defaults: { name: 'Mambo SMS Trigger' },
		polling: true,
		inputs: [],
		outputs: [MAIN],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName:
					'The workflow starts once when the balance falls below the threshold, and again only after you have topped up to at least the threshold',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Threshold',
				name: 'threshold',
				type: 'number',
				typeOptions: { minValue: 0 },
				required: true,
				default: 5000,
				placeholder: 'e.g. 5000',
				description:
					'The balance that is still enough, in the currency of the account: any lower one starts the workflow',
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		if (!isSupportedN8n) throw unsupportedN8n(this.getNode());
		const threshold = Number(this.getNodeParameter('threshold'));
		const balance = await balanceOf(this);
		const output = [[{ json: { provider: 'mambosms', ...balance, threshold } }]];
		// A person who tries the node wants to see an item, and the memory is not to change by it.
		if (this.getMode() === 'manual') return output;

		// n8n stores a change when the workflow starts and when it is activated. So a rise that is seen
		// just before n8n stops counts only if the balance is still up when n8n is back.
		const memory: Memory = this.getWorkflowStaticData('node');
		const wasBelow = memory.isBelow === true;
		const isBelow = balance.balance < threshold;
		if (isBelow !== wasBelow) memory.isBelow = isBelow;
		return isBelow && !wasBelow ? output : null;
	}
}

/** Throws what n8n shows as a failed poll when the balance cannot be told. */
async function balanceOf(context: IPollFunctions): Promise<Balance> {
	const { baseUrl } = await context.getCredentials(CREDENTIAL);
	let refusal: Refusal;
	try {
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL,
			{
				method: 'POST',
				url: `${trimBaseUrl(String(baseUrl))}/v1/accounts/balance`,
				headers: { 'Content-Type': 'application/json' },
				body: {},
				timeout: TIMEOUT_MS,
				returnFullResponse: true,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
			},
		);
		const read = readBalanceAnswer(answerOf(answer));
		if (!read.refused) return read.balance;
		refusal = read.refusal;
	} catch (error) {
		refusal = { kind: 'unavailable', reason: noAnswerOf(error).message, httpCode: null };
	}
	throw balanceError(context.getNode(), 0, refusal);
}
