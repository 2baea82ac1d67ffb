import type { INodeProperties } from 'n8n-workflow';

import { smsOperationField } from '../../../shared/fields/fields';
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
			{ name: 'Basic', value: 'basic' },
			{ name: 'JWT', value: 'jwt' },
		],
		default: 'jwt',
		// Without displayOptions: the editor hides the fields that those of this field name.
		description: 'How to sign in at MboaSMS. Send Bulk works with JWT only.',
	},
	{
		displayName:
			"MboaSMS offers Send Bulk with JWT only. Set 'Authentication' to JWT in the credential",
		name: 'jwtNotice',
		type: 'notice',
		displayOptions: { show: { operation: ['sendBulk'], authentication: ['basic'] } },
		default: '',
	},
	...send.description,
	...sendBulk.description,
	...sendAndWait.description,
];

export const operations = {
	send: send.execute,
	sendBulk: sendBulk.execute,
	sendAndWait: sendAndWait.execute,
};
