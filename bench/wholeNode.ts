import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { stopAll } from '../playground/childProcesses';
import { createCredentials, demoOwner } from '../playground/demoContents';
import { installN8n, playground } from '../playground/install';
import { N8nClient, type StoredCredential, type WorkflowNode } from '../playground/n8nClient';
import { filesFolder, startN8n } from '../playground/n8nProcess';
import { installPackage } from '../playground/packedPackage';
import type { Sandbox } from '../sandbox/server';
import { type Extent, type Figure, ratioFigure, scaled, secondsSideBySide } from './figures';
import { sendParameters } from './n8nNodes';

const OWN_ROWS = 10_000;
const LOOP_ROWS = 1_000;
const LONGEST_RUN_MS = 600_000;

const node = (
	name: string,
	type: string,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode => ({ name, type, typeVersion: 1, position: [0, 0], parameters, ...settings });

const trigger = node('Start', 'n8n-nodes-base.manualTrigger', {});

const readList = (file: string) =>
	node('Read', 'n8n-nodes-base.readWriteFile', { fileSelector: file, options: {} });

function sendBulk(credential: StoredCredential): WorkflowNode {
	const parameters = {
		operation: 'sendBulk',
		message: 'Bonjour {Nom}, la reunion est samedi.',
		options: { requestsPerMinute: 0 },
	};
	const { id, name, type } = credential;
	const credentials = { [type]: { id, name } };
	return node('SMS', 'n8n-nodes-mboa-mambo-sms.mboaSms', parameters, { credentials });
}

/** What tutorials show: a list is read, and a loop makes a request for each row. */
function loopNodes(url: string): WorkflowNode[] {
	return [
		node('Extract', 'n8n-nodes-base.extractFromFile', { operation: 'csv', options: {} }),
		node('Loop', 'n8n-nodes-base.splitInBatches', { options: {} }, { typeVersion: 3 }),
		node(
			'Request',
			'n8n-nodes-base.httpRequest',
			sendParameters(url, '$json.Telephone', '"Bonjour " + $json.Nom'),
			{ typeVersion: 4.2 },
		),
	];
}

function listOf(count: number): string {
	const rows = Array.from(
		{ length: count },
		(_, index) => `+23767${String(index).padStart(7, '0')},Nom ${index}`,
	);
	return ['Telephone,Nom', ...rows].join('\n');
}

/** Send Bulk in a real n8n, beside the loop that it replaces. */
export async function wholeNodeFigures(sandbox: Sandbox, extent: Extent): Promise<Figure[]> {
	await installN8n(console.log);
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-n8n-'));
	try {
		installPackage(folder);
		const n8n = await startN8n({ installation: playground, userFolder: folder });
		const client = new N8nClient(n8n.url);
		await client.signIn(demoOwner);
		const credentials = await createCredentials(client, sandbox.url);
		const credential = credentials.find(({ name }) => name === 'MboaSMS (sandbox)');
		if (!credential) throw new Error('The playground has no credential for MboaSMS');
		const ownRows = scaled(OWN_ROWS, extent);
		const loopRows = scaled(LOOP_ROWS, extent);
		const files = [ownRows, loopRows].map((count) => {
			const file = path.join(filesFolder(folder), `list-${count}.csv`);
			writeFileSync(file, listOf(count));
			return file;
		});
		const [ownFile = '', loopFile = ''] = files;
		const main = (name: string) => ({ node: name, type: 'main', index: 0 });
		const own = await client.createWorkflow({
			name: 'Send Bulk',
			nodes: [trigger, readList(ownFile), sendBulk(credential)],
			connections: { Start: { main: [[main('Read')]] }, Read: { main: [[main('SMS')]] } },
		});
		const loop = await client.createWorkflow({
			name: 'Loop',
			nodes: [trigger, readList(loopFile), ...loopNodes(sandbox.url)],
			connections: {
				Start: { main: [[main('Read')]] },
				Read: { main: [[main('Extract')]] },
				Extract: { main: [[main('Loop')]] },
				Loop: { main: [[], [main('Request')]] },
				Request: { main: [[main('Loop')]] },
			},
		});
		const run = (workflow: typeof own, expected: number) => async () => {
			sandbox.reset();
			sandbox.state.setRateLimit('mboasms', null);
			const { status, error } = await client.runWorkflow(workflow, 'Start', LONGEST_RUN_MS);
			if (status !== 'success') throw new Error(`${workflow.name}: ${error?.message ?? status}`);
			const arrived = sandbox.state.messages.length;
			if (arrived !== expected)
				throw new Error(`${workflow.name}: ${arrived} of ${expected} arrived`);
		};
		const [ownSeconds = NaN] = await secondsSideBySide(extent.rounds, [run(own, ownRows)]);
		const [loopSeconds = NaN] = await secondsSideBySide(1, [run(loop, loopRows)]);
		return [
			ratioFigure(
				{
					measure: `Send Bulk of ${ownRows} rows in a real n8n`,
					against: `Extract From File, Loop, HTTP Request: ${loopRows} rows, scaled`,
					goal: 0.05,
				},
				ownSeconds,
				loopSeconds * (ownRows / loopRows),
			),
		];
	} finally {
		await stopAll();
		rmSync(folder, { recursive: true, force: true });
	}
}
