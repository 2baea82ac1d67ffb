import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { stopAll } from '../../../playground/childProcesses';
import { createCredentials, demoOwner } from '../../../playground/demoContents';
import { N8nClient } from '../../../playground/n8nClient';
import { startN8n } from '../../../playground/n8nProcess';
import { installPackage } from '../../../playground/packedPackage';
import { startSandbox, type Sandbox } from '../../../sandbox/server';
import { n8nUnderTest } from './n8nUnderTest';

export const running: { sandbox?: Sandbox; folder?: string } = {};

/** One sandbox and one n8n, with the packed package, an account and credentials, for all tests. */
export default async function startAll(): Promise<void> {
	const underTest = await n8nUnderTest();
	running.folder = mkdtempSync(path.join(tmpdir(), 'sms-e2e-'));
	const userFolder = path.join(running.folder, 'main');
	installPackage(userFolder);
	try {
		running.sandbox = await startSandbox();
		const env = { ...underTest.env, N8N_METRICS: 'true' };
		const n8n = await startN8n({ ...underTest, env, userFolder });
		const client = new N8nClient(n8n.url);
		await client.signIn(demoOwner);
		await createCredentials(client, running.sandbox.url);
		process.env.E2E_N8N_URL = n8n.url;
		process.env.E2E_SANDBOX_URL = running.sandbox.url;
		process.env.E2E_FOLDER = running.folder;
	} catch (error) {
		await stopAll();
		throw error;
	}
}
