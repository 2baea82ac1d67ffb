import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { messageField, recipientsField, smsFields } from '../../../shared/fields/fields';
import { optionsField, sendOptions } from '../../../shared/fields/options';
import { mboaSms } from '../gateway';

export const description: INodeProperties[] = smsFields('send', [
	{ ...recipientsField, placeholder: 'e.g. +237670000000, 699 12 34 56' },
	{ ...messageField, placeholder: 'e.g. Bonjour Jean, votre commande est prête.' },
	optionsField(sendOptions(mboaSms)),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSend } = await import('../../../shared/operations/sending');
	return await executeSend(context, mboaSms);
}
