import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { bulkFields, fileLayoutField, smsFields } from '../../../shared/fields/fields';
import { optionsField, sendBulkOptions } from '../../../shared/fields/options';
import { mboaSms } from '../gateway';

export const description: INodeProperties[] = smsFields('sendBulk', [
	...bulkFields,
	fileLayoutField,
	optionsField(sendBulkOptions(mboaSms)),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendBulk } = await import('../../../shared/operations/sending');
	return await executeSendBulk(context, mboaSms);
}
