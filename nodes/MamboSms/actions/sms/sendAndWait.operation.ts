import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import {
	messageField,
	recipientsField,
	senderFields,
	smsFields,
} from '../../../shared/fields/fields';
import { questionOptionsField, responseFields } from '../../../shared/fields/sendAndWait';
import { mamboSms } from '../gateway';

export const description: INodeProperties[] = smsFields('sendAndWait', [
	{ ...recipientsField, placeholder: 'e.g. 0772123456' },
	{
		...messageField,
		placeholder: 'e.g. Pay UGX 800,000 to Martin Ltd?',
		description:
			'The question. A link to a page with the answers is put behind it, about 157 characters long, so that every such SMS counts as two at least.',
	},
	...senderFields,
	...responseFields,
	questionOptionsField(mamboSms),
]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendAndWait } = await import('../../../shared/approval/approval');
	return await executeSendAndWait(this, mamboSms);
}
