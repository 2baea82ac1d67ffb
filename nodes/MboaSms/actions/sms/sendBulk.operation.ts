import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { sendBulkOptions } from '../../../shared/n8n/optionFields';
import { bulkFields } from '../../../shared/n8n/sendFields';
import { gatewayOf, optionWording, profile } from '../../mboaSmsProfile';

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
		options: sendBulkOptions(optionWording),
	},
];

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendBulk } = await import('../../../shared/n8n/sending');
	return await executeSendBulk(context, profile, gatewayOf);
}
