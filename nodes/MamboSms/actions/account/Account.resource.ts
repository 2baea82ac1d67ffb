import type { INodeProperties } from 'n8n-workflow';

import { balanceNotice } from '../../../shared/fields/fields';
import * as getBalance from './getBalance.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [getBalance.option],
		default: 'getBalance',
	},
	{ ...balanceNotice, displayOptions: { show: { resource: ['account'] } } },
	{
		// Nothing to choose: with two credentials, n8n's routing finds its own by this parameter. Without
		// displayOptions, because the editor hides the fields that they name.
		displayName: 'Authentication',
		name: 'authentication',
		type: 'hidden',
		default: 'account',
	},
];
