import type {
	IExecuteFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { bulkHint } from '../shared/fields/fields';
import { sendAndWaitWebhooks, waitingNodeTooltip } from '../shared/fields/sendAndWait';
import { isSupportedN8n, MAIN } from '../shared/n8n/supportedN8n';

import * as account from './actions/account/Account.resource';
import * as sms from './actions/sms/Sms.resource';

export class MamboSms implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mambo SMS',
		name: 'mamboSms',
		icon: { light: 'file:../../icons/mambosms.svg', dark: 'file:../../icons/mambosms.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ ({ send: "Send SMS", sendBulk: "Send Bulk SMS", sendAndWait: "Ask by SMS", getBalance: "Get Balance" })[$parameter["operation"]] + ($parameter["options"]?.dryRun === true ? " (dry run)" : "") }}',
		description:
			'Send SMS in Uganda with Mambo SMS, one by one or from a file, or start a workflow when the balance falls too low',
		defaults: { name: 'Mambo SMS' },
		// To start, n8n 1.82 clones what is a tool, and ends at the functions of a routing.
		usableAsTool: isSupportedN8n || undefined,
		inputs: [MAIN],
		outputs: [MAIN],
		webhooks: sendAndWaitWebhooks,
		waitingNodeTooltip,
		hints: [bulkHint],
		credentials: [
			{
				name: 'mamboSmsApi',
				required: true,
				displayOptions: { show: { resource: ['sms'] } },
			},
			{
				name: 'mamboSmsAccountApi',
				required: true,
				displayOptions: { show: { resource: ['account'], authentication: ['account'] } },
			},
		],
		requestDefaults: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
			headers: { 'Content-Type': 'application/json' },
		},
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'SMS', value: 'sms' },
					{ name: 'Account', value: 'account' },
				],
				default: 'sms',
			},
			...account.description,
			...sms.description,
		],
	};

	/** An n8n that is too old gets an `execute` instead, and some of those do not accept both. */
	customOperations = isSupportedN8n ? { sms: sms.operations } : undefined;

	private routing: INodeType['execute'];

	/**
	 * n8n gives a node like this one an `execute` that runs the routing, and agents call that directly,
	 * without looking for custom operations first. A send must not become a routed request there.
	 */
	get execute(): INodeType['execute'] {
		const { routing } = this;
		if (isSupportedN8n && !routing) return undefined;
		return async function (this: IExecuteFunctions) {
			const isSms = this.getNodeParameter('resource', 0) === 'sms';
			const operation = this.getNodeParameter('operation', 0);
			if (isSms && operation === 'send') return await sms.operations.send.call(this);
			if (isSms && operation === 'sendBulk') return await sms.operations.sendBulk.call(this);
			if (isSms && operation === 'sendAndWait') return await sms.operations.sendAndWait.call(this);
			const { forgetBalance, refuseBalance } = await import('../shared/operations/sending');
			if (!isSupportedN8n || !routing) return refuseBalance(this);
			forgetBalance(this);
			return await routing.call(this);
		};
	}

	set execute(routing: INodeType['execute']) {
		this.routing = routing;
	}

	/** Where the link of a question leads. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { answerQuestion } = await import('../shared/approval/approval');
		return await answerQuestion(this);
	}
}
