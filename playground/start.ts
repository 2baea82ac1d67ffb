/** `npm start`: the nodes in a real n8n, beside a sandbox that stands in for both gateways. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { startSandbox, type Sandbox } from '../sandbox/server';
import { stopAll } from './childProcesses';
import {
	createCredentials,
	createDataTables,
	credentialsFor,
	demoOwner,
	importExamples,
} from './demoContents';
import { installN8n, playground } from './install';
import { N8nClient, type StoredCredential } from './n8nClient';
import { startN8n } from './n8nProcess';
import { installPackage } from './packedPackage';

const SANDBOX_PORT = 4010;
const N8N_PORT = 5678;

const userFolder = path.join(__dirname, '.n8n');
const credentialsFile = path.join(userFolder, 'demo-credentials.json');

let sandbox: Sandbox | null = null;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { port: { type: 'string' } } });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => void stop(0));
	}
	await installN8n(say);
	mkdirSync(userFolder, { recursive: true });
	installPackage(userFolder);
	sandbox = await startSandbox({ port: SANDBOX_PORT });
	say('Starting n8n …');
	const n8n = await startN8n({
		installation: playground,
		userFolder,
		port: Number(values.port ?? N8N_PORT),
	});
	const client = new N8nClient(n8n.url);
	const { isNew } = await client.signIn(demoOwner);
	if (isNew) await fill(client, sandbox.url);
	else await pointCredentialsAt(client, sandbox.url);
	say(
		[
			'',
			`n8n      ${n8n.url}`,
			`         log in with ${demoOwner.email}, password ${demoOwner.password}`,
			`Sandbox  ${sandbox.url}  (the phones: what would have been sent)`,
			'',
			'The credentials and example workflows are ready. Nothing leaves this computer.',
			'Ctrl+C stops everything.',
		].join('\n'),
	);
	const ended = setInterval(() => {
		if (n8n.process.endedBy === null) return;
		clearInterval(ended);
		say(`n8n ended (${n8n.process.endedBy}):\n${n8n.process.log.slice(-2_000)}`);
		void stop(1);
	}, 1_000);
}

async function fill(client: N8nClient, sandboxUrl: string): Promise<void> {
	const credentials = await createCredentials(client, sandboxUrl);
	writeFileSync(
		credentialsFile,
		JSON.stringify(credentials.map(({ id, name, type }) => ({ id, name, type }))),
	);
	const tables = await createDataTables(client);
	const examples = await importExamples(client, userFolder, credentials);
	say(
		`Made an account, ${credentials.length} credentials, ${tables.size} data tables and ${examples.length} workflows.`,
	);
}

/** The sandbox may have another port than last time. */
async function pointCredentialsAt(client: N8nClient, sandboxUrl: string): Promise<void> {
	if (!existsSync(credentialsFile)) return;
	const known = JSON.parse(readFileSync(credentialsFile, 'utf8')) as StoredCredential[];
	const present = await client.get<StoredCredential[]>('/rest/credentials');
	for (const { name, type, data } of credentialsFor(sandboxUrl)) {
		const id = known.find((each) => each.name === name)?.id;
		if (!present.some((each) => each.id === id)) continue;
		await client.patch(`/rest/credentials/${id}`, { name, type, data });
	}
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

let isStopping = false;

async function stop(code: number): Promise<void> {
	if (isStopping) return;
	isStopping = true;
	say('Stopping …');
	await stopAll();
	await sandbox?.close();
	process.exit(code);
}

main().catch((failure: unknown) => {
	say(failure instanceof Error ? failure.message : String(failure));
	void stop(1);
});
