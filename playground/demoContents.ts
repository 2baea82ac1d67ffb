import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { demoCredentials } from '../sandbox/demoCredentials';
import type { N8nClient, Owner, StoredCredential, StoredWorkflow, Workflow } from './n8nClient';
import { filesFolder } from './n8nProcess';
import { rootFolder } from './packedPackage';

export const demoOwner: Owner = {
	email: 'owner@example.com',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'Playground1',
};

interface NamedCredential {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** Credentials of each type that the sandbox lets in. A new node takes the last one of its types. */
export function credentialsFor(sandboxUrl: string): NamedCredential[] {
	const { mboaSms, mamboSms, mamboAccount } = demoCredentials;
	const baseUrl = sandboxUrl;
	return [
		{
			name: 'MboaSMS Basic (sandbox)',
			type: 'mboaSmsBasicApi',
			data: { username: mboaSms.username, password: mboaSms.basicPassword, baseUrl },
		},
		{
			name: 'MboaSMS log-in (sandbox)',
			type: 'mboaSmsJwtApi',
			data: { method: 'login', email: mboaSms.email, password: mboaSms.password, baseUrl },
		},
		{
			name: 'MboaSMS (sandbox)',
			type: 'mboaSmsJwtApi',
			data: { method: 'token', token: mboaSms.token, baseUrl },
		},
		{
			name: 'Mambo SMS (sandbox)',
			type: 'mamboSmsApi',
			data: { apiKey: mamboSms.apiKey, baseUrl },
		},
		{
			name: 'Mambo SMS account (sandbox)',
			type: 'mamboSmsAccountApi',
			data: { username: mamboAccount.username, password: mamboAccount.password, baseUrl },
		},
	];
}

export async function createCredentials(
	client: N8nClient,
	sandboxUrl: string,
): Promise<StoredCredential[]> {
	const created: StoredCredential[] = [];
	for (const { name, type, data } of credentialsFor(sandboxUrl)) {
		created.push(await client.createCredential(name, type, data));
	}
	return created;
}

/** The workflows in `examples/`, by file name without its ending. */
export function exampleWorkflows(): Map<string, Workflow> {
	const folder = path.join(rootFolder, 'examples');
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	return new Map(
		files.sort().map((file) => {
			const text = readFileSync(path.join(folder, file), 'utf8');
			return [path.basename(file, '.json'), JSON.parse(text) as Workflow];
		}),
	);
}

/** Fills every empty credential slot with the last stored credential of its type. */
export function withCredentials(
	workflow: Workflow,
	credentials: readonly StoredCredential[],
): Workflow {
	const nodes = workflow.nodes.map((node) => {
		if (!node.credentials) return node;
		const slots = Object.entries(node.credentials).map(([type, slot]) => {
			const found = credentials.findLast((credential) => credential.type === type);
			return [type, slot.id || !found ? slot : { id: found.id, name: found.name }];
		});
		return { ...node, credentials: Object.fromEntries(slots) };
	});
	return { ...workflow, nodes };
}

/** Where the examples expect files: the folder of n8n's Docker image. */
const EXAMPLE_FILES = '/home/node/.n8n-files';

/** What stands in pinned data until somebody writes a number there: as it is, nobody can be texted. */
const OWN_NUMBER = 'YOUR OWN NUMBER';
const SANDBOX_NUMBER = '+237699000001';

/** The examples as they are when imported into the n8n of that user folder. */
export function examplesFor(
	userFolder: string,
	credentials: readonly StoredCredential[],
): Map<string, Workflow> {
	const files = filesFolder(userFolder);
	return new Map(
		[...exampleWorkflows()].map(([name, workflow]) => {
			const text = JSON.stringify(workflow);
			const moved = text.replaceAll(EXAMPLE_FILES, JSON.stringify(files).slice(1, -1));
			const tried = moved.replaceAll(OWN_NUMBER, SANDBOX_NUMBER);
			return [name, withCredentials(JSON.parse(tried) as Workflow, credentials)];
		}),
	);
}

const CUSTOMERS = `name,phone
Amina,0756 000 001
Brian,+256 772 000 002
Carol,0756000003
Nobody,12
`;

interface DataTable {
	name: string;
	columns: Array<{ name: string; type: 'string' | 'number' | 'boolean' | 'date' }>;
	rows: Array<Record<string, string>>;
}

const strings = (...names: string[]) => names.map((name) => ({ name, type: 'string' as const }));

/** What the examples keep in n8n's Data Tables. */
const dataTables: DataTable[] = [
	{
		name: 'codes',
		columns: [
			...strings('phone', 'code'),
			{ name: 'tries', type: 'number' },
			{ name: 'validUntil', type: 'date' },
			{ name: 'isUsed', type: 'boolean' },
		],
		rows: [],
	},
	{
		name: 'customers',
		columns: strings('name', 'phone'),
		rows: [
			{ name: 'Amina', phone: '699 00 00 01' },
			{ name: 'Bello', phone: '+237699000002' },
		],
	},
	{
		name: 'invoices',
		columns: strings('name', 'phone', 'amount', 'status', 'reason'),
		rows: [
			{ name: 'Amina', phone: '699 00 00 01', amount: '12 500', status: '', reason: '' },
			{ name: 'Bello', phone: '+237699000002', amount: '3 000', status: '', reason: '' },
			{ name: 'Nobody', phone: '12', amount: '1', status: '', reason: '' },
			{ name: 'Paul', phone: '699000003', amount: '700', status: 'sent', reason: '' },
		],
	},
	{ name: 'opt-outs', columns: strings('phone'), rows: [] },
];

/** Makes the Data Tables of the examples; answers their addresses by name. n8n has them since 1.113. */
export async function createDataTables(client: N8nClient): Promise<Map<string, string>> {
	const { id: projectId } = await client.get<{ id: string }>('/rest/projects/personal');
	const route = `/rest/projects/${projectId}/data-tables`;
	const addresses = new Map<string, string>();
	for (const { name, columns, rows } of dataTables) {
		const { id } = await client.post<{ id: string }>(route, { name, columns });
		addresses.set(name, `${route}/${id}`);
		if (rows.length > 0) await client.post(`${route}/${id}/insert`, { data: rows });
	}
	return addresses;
}

/** Imports the examples, with the file that one of them reads. */
export async function importExamples(
	client: N8nClient,
	userFolder: string,
	credentials: readonly StoredCredential[],
): Promise<StoredWorkflow[]> {
	writeFileSync(path.join(filesFolder(userFolder), 'customers.csv'), CUSTOMERS);
	const imported: StoredWorkflow[] = [];
	for (const workflow of examplesFor(userFolder, credentials).values()) {
		imported.push(await client.createWorkflow(workflow));
	}
	return imported;
}
