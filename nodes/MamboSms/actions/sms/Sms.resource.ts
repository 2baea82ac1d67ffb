import type { INodeProperties } from 'n8n-workflow';

import { agentNotice, smsOperationField } from '../../../shared/fields/fields';
import * as send from './send.operation';
import * as sendAndWait from './sendAndWait.operation';
import * as sendBulk from './sendBulk.operation';

export const description: INodeProperties[] = [
	smsOperationField,
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
