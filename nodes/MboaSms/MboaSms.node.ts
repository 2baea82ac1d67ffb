import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { bulkHint } from '../shared/fields/fields';
import { sendAndWaitWebhooks, waitingNodeTooltip } from '../shared/fields/sendAndWait';
import { MAIN } from '../shared/n8n/supportedN8n';
import * as bulkJob from './actions/bulkJob/BulkJob.resource';
import * as sms from './actions/sms/Sms.resource';

export class MboaSms implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MboaSMS',
		name: 'mboaSms',
		icon: { light: 'file:../../icons/mboasms.svg', dark: 'file:../../icons/mboasms.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ ({ send: "Send SMS", sendBulk: "Send Bulk SMS", sendAndWait: "Ask by SMS", get: "Get Bulk Job" })[$parameter["operation"]] + ($parameter["options"]?.dryRun === true ? " (dry run)" : "") }}',
		description: 'Send SMS in Cameroon and abroad with MboaSMS, one by one or from a file',
		defaults: { name: 'MboaSMS' },
		usableAsTool: true,
		inputs: [MAIN],
		outputs: [MAIN],
		webhooks: sendAndWaitWebhooks,
		waitingNodeTooltip,
		hints: [bulkHint],
		credentials: [
			{
				name: 'mboaSmsJwtApi',
				required: true,
				displayOptions: { show: { authentication: ['jwt'] } },
			},
			{
				name: 'mboaSmsBasicApi',
				required: true,
				displayOptions: { show: { authentication: ['basic'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'SMS', value: 'sms' },
					{ name: 'Bulk Job', value: 'bulkJob' },
				],
				default: 'sms',
			},
			...sms.description,
			...bulkJob.description,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0);
		if (operation === 'send') return await sms.operations.send(this);
		if (operation === 'sendBulk') return await sms.operations.sendBulk(this);
		if (operation === 'sendAndWait') return await sms.operations.sendAndWait(this);
		if (operation === 'get') return await bulkJob.operations.get(this);
		throw new NodeOperationError(this.getNode(), 'MboaSMS has no operation of this name', {
			description: `Nothing was sent. It is '${operation}': choose one that is on the list of the field 'Operation'`,
		});
	}

	/** Where the link of a question leads. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { answerQuestion } = await import('../shared/approval/approval');
		return await answerQuestion(this);
	}
}
