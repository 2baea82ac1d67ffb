import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { startSandbox } from '../sandbox/server';
import type { PageLink } from '../sandbox/state';
import {
	createCredentials,
	createDataTables,
	credentialsFor,
	demoOwner,
	examplesFor,
	importExamples,
} from './demoContents';
import { openFrontDoor } from './frontDoor';
import { installN8n, playground } from './install';
import { N8nClient, type StoredCredential, type StoredWorkflow } from './n8nClient';
import { type RunningN8n, startN8n } from './n8nProcess';
import { installPackage } from './packedPackage';

export interface PlaygroundOptions {
	/** Holds n8n's database and settings. */
	userFolder: string;
	n8nPort?: number;
	sandboxPort?: number;
	say(text: string): void;
}

export interface Playground {
	/** Opens the test workflow, signed in. */
	link: string;
	n8n: RunningN8n;
	/** Without n8n, which ends with all other processes. */
	close(): Promise<void>;
}

/** The workflow that the link opens: one click from the first SMS. */
const FIRST_WORKFLOW = 'test-sms';

/** A complete n8n with the nodes, credentials and examples, beside a sandbox that stands in for both gateways. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
	const { userFolder, say } = options;
	await installN8n(say);
	mkdirSync(userFolder, { recursive: true });
	installPackage(userFolder);
	const sandbox = await startSandbox({ port: options.sandboxPort });
	say('Starting n8n …');
	const n8n = await startN8n({ installation: playground, userFolder, port: options.n8nPort });
	const client = new N8nClient(n8n.url);
	const { isNew } = await client.signIn(demoOwner);
	if (isNew) say(await fill(client, userFolder, sandbox.url));
	else await pointCredentialsAt(client, userFolder, sandbox.url);
	const workflows = await exampleLinks(client, userFolder);
	sandbox.state.setLinks([...workflows.values()]);
	const firstPage = workflows.get(FIRST_WORKFLOW)?.url ?? `${n8n.url}/home/workflows`;
	const door = await openFrontDoor(client, firstPage);
	say(
		[
			'',
			`Open     ${door.link}`,
			'         a test workflow, signed in: click Execute workflow',
			`Phones   ${sandbox.url}`,
			'         what would have been sent',
			'',
			`n8n itself is at ${n8n.url}; log in with ${demoOwner.email}, password ${demoOwner.password}.`,
			'The credentials and example workflows are ready. Nothing leaves this computer.',
			'Ctrl+C stops everything.',
		].join('\n'),
	);
	return {
		link: door.link,
		n8n,
		close: async () => {
			await door.close();
			await sandbox.close();
		},
	};
}

async function fill(client: N8nClient, userFolder: string, sandboxUrl: string): Promise<string> {
	const credentials = await createCredentials(client, sandboxUrl);
	writeFileSync(
		credentialsFile(userFolder),
		JSON.stringify(credentials.map(({ id, name, type }) => ({ id, name, type }))),
	);
	const tables = await createDataTables(client);
	const examples = await importExamples(client, userFolder, credentials);
	return `Made an account, ${credentials.length} credentials, ${tables.size} data tables and ${examples.length} workflows.`;
}

function credentialsFile(userFolder: string): string {
	return path.join(userFolder, 'demo-credentials.json');
}

/** The sandbox may have another port than last time. */
async function pointCredentialsAt(
	client: N8nClient,
	userFolder: string,
	sandboxUrl: string,
): Promise<void> {
	const file = credentialsFile(userFolder);
	if (!existsSync(file)) return;
	const known = JSON.parse(readFileSync(file, 'utf8')) as StoredCredential[];
	const present = await client.get<StoredCredential[]>('/rest/credentials');
	for (const { name, type, data } of credentialsFor(sandboxUrl)) {
		const id = known.find((each) => each.name === name)?.id;
		if (!present.some((each) => each.id === id)) continue;
		await client.patch(`/rest/credentials/${id}`, { name, type, data });
	}
}

/** The examples that are still there, by the name of their file. */
async function exampleLinks(client: N8nClient, userFolder: string): Promise<Map<string, PageLink>> {
	const stored = await client.get<StoredWorkflow[]>('/rest/workflows');
	const links = new Map<string, PageLink>();
	for (const [file, { name }] of examplesFor(userFolder, [])) {
		const found = stored.find((workflow) => workflow.name === name);
		if (found) links.set(file, { title: name, url: `${client.url}/workflow/${found.id}` });
	}
	return links;
}
