import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { sendBulkOptions } from '../../../shared/fields/options';
import { bulkFields } from '../../../shared/fields/fields';
import { mboaSms } from '../gateway';

const showOnlyForSendBulk = { show: { resource: ['sms'], operation: ['sendBulk'] } };

export const description: INodeProperties[] = [
	...bulkFields.map((field) => ({ ...field, displayOptions: showOnlyForSendBulk })),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showOnlyForSendBulk,
		options: sendBulkOptions(mboaSms),
	},
];

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendBulk } = await import('../../../shared/operations/sending');
	return await executeSendBulk(context, mboaSms);
}
