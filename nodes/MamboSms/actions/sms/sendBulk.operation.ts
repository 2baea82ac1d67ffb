import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import {
	bulkFields,
	fileLayoutField,
	senderFields,
	smsFields,
} from '../../../shared/fields/fields';
import { optionsField, sendBulkOptions } from '../../../shared/fields/options';
import { mamboSms } from '../gateway';

export const description: INodeProperties[] = smsFields('sendBulk', [
	...bulkFields,
	...senderFields,
	fileLayoutField,
	optionsField(sendBulkOptions(mamboSms)),
]);

/** A custom operation beside the declarative routing: n8n's routing sends all items at once. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeSendBulk } = await import('../../../shared/operations/sending');
	return await executeSendBulk(this, mamboSms);
}
