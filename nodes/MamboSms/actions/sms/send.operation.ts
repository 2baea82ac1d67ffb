import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import {
	messageField,
	recipientsField,
	senderFields,
	smsFields,
} from '../../../shared/fields/fields';
import { optionsField, sendOptions } from '../../../shared/fields/options';
import { mamboSms } from '../gateway';

export const description: INodeProperties[] = smsFields('send', [
	{ ...recipientsField, placeholder: 'e.g. 0772123456, +256756123456' },
	{ ...messageField, placeholder: 'e.g. Dear parent, school opens on Monday.' },
	...senderFields,
	optionsField(sendOptions(mamboSms)),
]);

/** A custom operation beside the declarative routing: n8n's routing sends all items at once. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSend } = await import('../../../shared/operations/sending');
	return await executeSend(this, mamboSms);
}
