import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { sendBulkOptions } from '../../../shared/fields/options';
import { bulkFields } from '../../../shared/fields/fields';
import { mamboSms, senderFields } from '../gateway';

const showOnlyForSendBulk = { show: { resource: ['sms'], operation: ['sendBulk'] } };

export const description: INodeProperties[] = [
	...[...bulkFields, ...senderFields].map((field) => ({
		...field,
		displayOptions: showOnlyForSendBulk,
	})),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showOnlyForSendBulk,
		options: sendBulkOptions(mamboSms),
	},
];

/** A custom operation beside the declarative routing: n8n's routing sends all items at once. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendBulk } = await import('../../../shared/operations/sending');
	return await executeSendBulk(this, mamboSms);
}
