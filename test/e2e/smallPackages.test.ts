import { readFileSync } from 'node:fs';
import path from 'node:path';

import { createCredentials, demoOwner } from '../../playground/demoContents';
import { N8nClient, type Workflow } from '../../playground/n8nClient';
import { startN8n, type RunningN8n } from '../../playground/n8nProcess';
import { installPackage } from '../../playground/packedPackage';
import { builtTrees } from '../helpers/smallTrees';
import { chain, Editor, folder, jsonOf, node, sandbox, TRIGGER } from './helpers/editor';
import { n8nUnderTest } from './helpers/n8nUnderTest';

const { trees, remove } = builtTrees();
let n8n: RunningN8n;
let editor: Editor;

beforeAll(async () => {
	const userFolder = path.join(folder, 'small-packages');
	installPackage(
		userFolder,
		trees.map((tree) => tree.folder),
	);
	n8n = await startN8n({ ...(await n8nUnderTest()), userFolder });
	const client = new N8nClient(n8n.url);
	await client.signIn(demoOwner);
	await createCredentials(client, process.env.E2E_SANDBOX_URL ?? '');
	editor = await Editor.open(n8n.url);
}, 240_000);

beforeEach(async () => sandbox.reset());

afterAll(async () => {
	await n8n?.stop();
	remove();
});

/** What each sends by itself, of the two that n8n can verify. */
const sends = {
	'n8n-nodes-mboasms': {
		type: 'mboaSms',
		credential: 'MboaSMS (sandbox)',
		parameters: { recipients: '+237699000001', message: 'Bonjour' },
	},
	'n8n-nodes-mambosms': {
		type: 'mamboSms',
		credential: 'Mambo SMS (sandbox)',
		parameters: { recipients: '+256756000001', message: 'Hello', senderId: 'MamboSMS' },
	},
};

describe.each(trees)('$small.name in a real n8n', ({ small, folder: tree }) => {
	const { type, credential, parameters } = sends[small.name as keyof typeof sends];

	test('sends one SMS', async () => {
		const send = node(
			'Send',
			`${small.name}.${type}`,
			{ resource: 'sms', operation: 'send', ...parameters },
			{ credentials: editor.credential(credential) },
		);
		const execution = await editor.run([send]);
		expect(jsonOf(execution, 'Send')).toMatchObject([{ status: 'sent', sentCount: 1 }]);
		expect(await sandbox.messages()).toMatchObject([
			{ recipient: parameters.recipients, text: parameters.message },
		]);
	});

	test('runs its first example as it is', async () => {
		const text = readFileSync(path.join(tree, 'examples/test-sms.json'), 'utf8');
		const workflow = await editor.save(JSON.parse(text) as Workflow);
		const trigger = workflow.nodes.find((each) => each.type.endsWith('manualTrigger'));
		const execution = await editor.client.runWorkflow(workflow, trigger?.name ?? TRIGGER);
		expect(execution.status).toBe('success');
		expect(await sandbox.messages()).toHaveLength(1);
	});
});

test('a workflow of the whole package is told what is missing', async () => {
	const trigger = node(TRIGGER, 'n8n-nodes-base.manualTrigger', {});
	const send = node('Send', 'n8n-nodes-mboa-mambo-sms.mboaSms', { operation: 'send' });
	const workflow = await editor.save(chain('Not moved', [trigger, send]));
	await expect(editor.client.runWorkflow(workflow, TRIGGER)).rejects.toThrow(
		/Unrecognized node type/,
	);
	expect(await sandbox.requests()).toEqual([]);
});
