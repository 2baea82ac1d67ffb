import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

import { balanceNotice } from '../shared/fields/fields';
import { MAIN } from '../shared/n8n/supportedN8n';

export class MamboSmsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mambo SMS Trigger',
		name: 'mamboSmsTrigger',
		icon: { light: 'file:../../icons/mambosms.svg', dark: 'file:../../icons/mambosms.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "Balance below " + $parameter["threshold"] }}',
		// n8n's list of nodes shows the description of the trigger for both.
		description:
			'Send SMS in Uganda with Mambo SMS, one by one or from a file, or start a workflow when the balance falls too low',
		defaults: { name: 'Mambo SMS Trigger' },
		polling: true,
		inputs: [],
		outputs: [MAIN],
		credentials: [{ name: 'mamboSmsAccountApi', required: true }],
		properties: [
			balanceNotice,
			{
				displayName: 'Threshold',
				name: 'threshold',
				type: 'number',
				typeOptions: { minValue: 0 },
				required: true,
				default: 5000,
				placeholder: 'e.g. 5000',
				description:
					'The balance that is still enough, in the currency of the account (UGX): any lower one starts the workflow. To ask every hour is often enough.',
			},
			{
				displayName:
					'The workflow starts once when the balance falls below the threshold, and again only after you have topped up to at least the threshold. A test shows the balance as it is, also a high one',
				name: 'notice',
				type: 'notice',
				default: '',
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { pollBalance } = await import('../shared/operations/sending');
		return await pollBalance(this);
	}
}
