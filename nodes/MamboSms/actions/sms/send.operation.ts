import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { sendOptions } from '../../../shared/fields/options';
import { messageField, recipientsField } from '../../../shared/fields/fields';
import { mamboSms, senderFields } from '../gateway';

const showOnlyForSend = { show: { resource: ['sms'], operation: ['send'] } };

export const description: INodeProperties[] = [
	{
		...recipientsField,
		placeholder: 'e.g. 0772123456, +256756123456',
		displayOptions: showOnlyForSend,
	},
	{
		...messageField,
		placeholder: 'e.g. Dear parent, school opens on Monday.',
		displayOptions: showOnlyForSend,
	},
	...senderFields.map((field) => ({ ...field, displayOptions: showOnlyForSend })),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showOnlyForSend,
		options: sendOptions(mamboSms),
	},
];

/** A custom operation beside the declarative routing: n8n's routing sends all items at once. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSend } = await import('../../../shared/operations/sending');
	return await executeSend(this, mamboSms);
}
