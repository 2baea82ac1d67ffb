import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { IDataObject, INodeExecutionData, INodeType, VersionedNodeType } from 'n8n-workflow';

import { demoCredentials } from '../sandbox/demoCredentials';
import type { NodeRun } from '../test/helpers/engine';

const NODES = path.join(__dirname, '../playground/node_modules/n8n-nodes-base/dist/nodes');

/** A node of n8n itself. The playground has them. */
function nodeOfN8n(file: string, name: string, version: number): INodeType {
	const whole = path.join(NODES, file);
	if (!existsSync(whole)) throw new Error('n8n is not in playground/: npm start installs it');
	const exported = createRequire(whole)(whole) as Record<string, new () => VersionedNodeType>;
	const Node = exported[name];
	if (!Node) throw new Error(`${file} has no ${name}`);
	return new Node().getNodeType(version);
}

/** What a person builds without our node: one request for each item. */
export function httpRequestRun(
	url: string,
	{ items, text, batching }: { items: INodeExecutionData[]; text: string; batching?: IDataObject },
): NodeRun {
	return {
		type: 'httpRequest',
		nodeType: nodeOfN8n('HttpRequest/HttpRequest.node.js', 'HttpRequest', 4.2),
		typeVersion: 4.2,
		parameters: {
			...sendParameters(url, '$json.number', text),
			options: batching ? { batching: { batch: batching } } : {},
		},
		credentials: {},
		items,
	};
}

/** Of the HTTP Request node, for one SMS; `number` and `text` are expressions. */
export function sendParameters(url: string, number: string, text: string): IDataObject {
	return {
		method: 'POST',
		url: `${url}/api/v1/developer/sms/send`,
		sendHeaders: true,
		headerParameters: {
			parameters: [{ name: 'Authorization', value: `Bearer ${demoCredentials.mboaSms.token}` }],
		},
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify({ phoneNumbers: [${number}], message: ${text} }) }}`,
		options: {},
	};
}

/** One field more on each item. */
export function editFieldsRun(items: INodeExecutionData[]): NodeRun {
	return {
		type: 'set',
		nodeType: nodeOfN8n('Set/Set.node.js', 'Set', 3.4),
		typeVersion: 3.4,
		parameters: {
			mode: 'manual',
			assignments: {
				assignments: [
					{ id: 'one', name: 'text', value: 'Bonjour {{ $json.name }}', type: 'string' },
				],
			},
			includeOtherFields: true,
			options: {},
		},
		credentials: {},
		items,
	};
}
