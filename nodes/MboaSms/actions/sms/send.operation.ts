import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { sendOptions } from '../../../shared/fields/options';
import { messageField, recipientsField } from '../../../shared/fields/fields';
import { mboaSms } from '../gateway';

const showOnlyForSend = { show: { resource: ['sms'], operation: ['send'] } };

export const description: INodeProperties[] = [
	{
		...recipientsField,
		placeholder: 'e.g. +237670000000, 699 12 34 56',
		displayOptions: showOnlyForSend,
	},
	{
		...messageField,
		placeholder: 'e.g. Bonjour Jean, votre commande est prête.',
		displayOptions: showOnlyForSend,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showOnlyForSend,
		options: sendOptions(mboaSms),
	},
];

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSend } = await import('../../../shared/operations/sending');
	return await executeSend(context, mboaSms);
}
