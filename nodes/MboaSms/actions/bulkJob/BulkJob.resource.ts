import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['bulkJob'] } },
		options: [get.option],
		default: 'get',
	},
	...get.description,
];

export const operations = { get: get.execute };
