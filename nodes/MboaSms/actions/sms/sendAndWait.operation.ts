import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { messageField, recipientsField, smsFields } from '../../../shared/fields/fields';
import { questionOptionsField, responseFields } from '../../../shared/fields/sendAndWait';
import { mboaSms } from '../gateway';

export const description: INodeProperties[] = smsFields('sendAndWait', [
	{ ...recipientsField, placeholder: 'e.g. +237670000000' },
	{
		...messageField,
		placeholder: 'e.g. Payer 800 000 FCFA à Martin SARL ?',
		description:
			'The question. A link to a page with the answers is put behind it, about 157 characters long, so that every such SMS counts as two at least.',
	},
	...responseFields,
	questionOptionsField(mboaSms),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendAndWait } = await import('../../../shared/approval/approval');
	return await executeSendAndWait(context, mboaSms);
}
