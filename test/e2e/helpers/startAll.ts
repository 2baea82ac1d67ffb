import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { stopAll } from '../../../playground/childProcesses';
import { createCredentials, demoOwner } from '../../../playground/demoContents';
import { installN8n, installVersion, playground } from '../../../playground/install';
import { N8nClient } from '../../../playground/n8nClient';
import { startN8n, type Installation } from '../../../playground/n8nProcess';
import { installPackage } from '../../../playground/packedPackage';
import { startSandbox, type Sandbox } from '../../../sandbox/server';

export const running: { sandbox?: Sandbox; folder?: string } = {};

/** n8n 1 knows no modules to switch off, and its expression engine may not be built for this Node.js. */
const OTHER_VERSION = { N8N_DISABLED_MODULES: '', N8N_EXPRESSION_ENGINE: 'legacy' };

/** One sandbox and one n8n, with the packed package, an account and credentials, for all tests. */
export default async function startAll(): Promise<void> {
	const version = process.env.E2E_N8N_VERSION;
	const installation = await installed(version);
	running.folder = mkdtempSync(path.join(tmpdir(), 'sms-e2e-'));
	const userFolder = path.join(running.folder, 'main');
	installPackage(userFolder);
	try {
		running.sandbox = await startSandbox();
		const env = version ? OTHER_VERSION : {};
		const n8n = await startN8n({ installation, userFolder, env });
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

/** The n8n of the playground, or the one that `E2E_N8N_VERSION` names. */
async function installed(version: string | undefined): Promise<Installation> {
	const say = (text: string) => process.stdout.write(`${text}\n`);
	if (version) return await installVersion(version, say);
	await installN8n(say);
	return playground;
}
