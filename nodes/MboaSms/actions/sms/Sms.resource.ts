import type { INodeProperties } from 'n8n-workflow';

import { agentNotice, smsOperationField } from '../../../shared/fields/fields';
import * as send from './send.operation';
import * as sendAndWait from './sendAndWait.operation';
import * as sendBulk from './sendBulk.operation';

export const description: INodeProperties[] = [
	smsOperationField,
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{
				name: 'Token or Log-In (JWT)',
				value: 'jwt',
				description: 'Works for everything, Send Bulk included',
			},
			{ name: 'User Name and Password (Basic)', value: 'basic', description: 'Send only' },
		],
		default: 'jwt',
		// Without displayOptions: the editor hides the fields that those of this field name.
		description: 'How to sign in at MboaSMS',
	},
	{
		displayName:
			"Send Bulk does not work with a Basic credential. Set 'Authentication' to 'Token or Log-In (JWT)'",
		name: 'jwtNotice',
		type: 'notice',
		displayOptions: { show: { operation: ['sendBulk'], authentication: ['basic'] } },
		default: '',
	},
	agentNotice,
	...send.description,
	...sendBulk.description,
	...sendAndWait.description,
];

export const operations = {
	send: send.execute,
	sendBulk: sendBulk.execute,
	sendAndWait: sendAndWait.execute,
};
