/**
 * Requests and time for 1,000 items with the same text: this node one by one and with Combine Items,
 * beside n8n's HTTP Request node, in the same engine against the same sandbox.
 *
 *     npx tsx bench/requests.ts
 *
 * The HTTP Request node is taken from the playground's n8n (`npm start` installs it).
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { INodeType, VersionedNodeType } from 'n8n-workflow';

import { demoCredentials } from '../sandbox/demoCredentials';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { printTable } from '../scripts/table';
import { Engine, type NodeRun } from '../test/helpers/engine';
import { mboaSmsRun } from '../test/helpers/smsRuns';

const ITEMS = 1000;
const TEXT = 'Bonjour, la reunion des parents est samedi a 9h.';
const HTTP_REQUEST = path.join(
	__dirname,
	'../playground/node_modules/n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js',
);

const items = Array.from({ length: ITEMS }, (_, index) => ({
	json: { number: `+2376700${String(index).padStart(5, '0')}` },
}));

function ownRun(url: string, combineItems: boolean): NodeRun {
	return mboaSmsRun(
		url,
		{
			recipients: '={{ $json.number }}',
			message: TEXT,
			options: { requestsPerMinute: 0, combineItems },
		},
		{ items },
	);
}

function httpRequestRun(url: string, nodeType: INodeType): NodeRun {
	return {
		type: 'httpRequest',
		nodeType,
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url: `${url}/api/v1/developer/sms/send`,
			sendHeaders: true,
			headerParameters: {
				parameters: [{ name: 'Authorization', value: `Bearer ${demoCredentials.mboaSms.token}` }],
			},
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={{ JSON.stringify({ phoneNumbers: [$json.number], message: ${JSON.stringify(TEXT)} }) }}`,
			options: {},
		},
		credentials: {},
		items,
	};
}

async function measure(engine: Engine, sandbox: Sandbox, run: NodeRun, delayMs: number) {
	sandbox.reset();
	sandbox.state.setRateLimit('mboasms', null);
	if (delayMs > 0) {
		sandbox.state.armFault({ gateway: 'mboasms', count: ITEMS, fault: { kind: 'delay', delayMs } });
	}
	const start = performance.now();
	const result = await engine.run(run);
	const seconds = (performance.now() - start) / 1000;
	if (result.status !== 'success') throw result.error ?? new Error(result.status);
	if (sandbox.state.messages.length !== ITEMS) throw new Error('Not every item became a message');
	return { seconds, requests: sandbox.state.requests.length, items: result.items.length };
}

async function main(): Promise<void> {
	const sandbox = await startSandbox();
	const engine = await Engine.start();
	const httpRequest = httpRequestNode();
	if (!httpRequest)
		console.log('n8n is not installed in playground/: without the HTTP Request node.\n');
	const table = [['', 'answers in', 'requests', 'seconds', 'x HTTP Request']];
	for (const delayMs of [0, 300]) {
		const runs: Array<[string, NodeRun]> = [
			['MboaSMS, one by one', ownRun(sandbox.url, false)],
			['MboaSMS, Combine Items', ownRun(sandbox.url, true)],
		];
		if (httpRequest) runs.unshift(['HTTP Request', httpRequestRun(sandbox.url, httpRequest)]);
		let reference: number | undefined;
		for (const [name, run] of runs) {
			const { seconds, requests } = await measure(engine, sandbox, run, delayMs);
			reference ??= httpRequest ? seconds : undefined;
			const ratio = reference ? (seconds / reference).toFixed(2) : '';
			table.push([name, `${delayMs} ms`, String(requests), seconds.toFixed(2), ratio]);
		}
	}
	printTable(table);
	await sandbox.close();
}

function httpRequestNode(): INodeType | undefined {
	if (!existsSync(HTTP_REQUEST)) return undefined;
	const { HttpRequest } = createRequire(HTTP_REQUEST)(HTTP_REQUEST) as {
		HttpRequest: new () => VersionedNodeType;
	};
	return new HttpRequest().getNodeType(4.2);
}

void main();
