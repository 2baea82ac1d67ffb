import { dependencies } from '../../playground/package.json';
import { Editor, jsonOf, mboaSend, n8nUrl, PACKAGE } from './helpers/editor';

interface NodeType {
	name: string;
	displayName: string;
	iconUrl?: string | { light: string; dark: string };
	codex?: { alias?: string[]; categories?: string[] };
}

let editor: Editor;
let nodeTypes: NodeType[];
let credentialTypes: NodeType[];

beforeAll(async () => {
	editor = await Editor.open();
	nodeTypes = (await (await editor.client.fetch('/types/nodes.json')).json()) as NodeType[];
	credentialTypes = (await (
		await editor.client.fetch('/types/credentials.json')
	).json()) as NodeType[];
});

describe('n8n with the installed package', () => {
	test('is the version that is to be tested', async () => {
		const { versionCli } = await editor.client.get<{ versionCli: string }>('/rest/settings');
		expect(versionCli).toBe(process.env.E2E_N8N_VERSION ?? dependencies.n8n);
	});

	test('knows its nodes and their twins for agents', () => {
		const own = nodeTypes.filter(
			({ name }) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('HitlTool'),
		);
		expect(own.map(({ name, displayName }) => [name, displayName]).sort()).toEqual([
			[`${PACKAGE}.mamboSms`, 'Mambo SMS'],
			[`${PACKAGE}.mamboSmsTool`, 'Mambo SMS Tool'],
			[`${PACKAGE}.mamboSmsTrigger`, 'Mambo SMS Trigger'],
			[`${PACKAGE}.mboaSms`, 'MboaSMS'],
			[`${PACKAGE}.mboaSmsTool`, 'MboaSMS Tool'],
		]);
	});

	test('knows its four credentials', () => {
		const own = credentialTypes.filter(({ name }) => /^(mboa|mambo)Sms/.test(name));
		expect(own.map(({ name, displayName }) => [name, displayName]).sort()).toEqual([
			['mamboSmsAccountApi', 'Mambo SMS Account API'],
			['mamboSmsApi', 'Mambo SMS API'],
			['mboaSmsBasicApi', 'MboaSMS Basic API'],
			['mboaSmsJwtApi', 'MboaSMS JWT API'],
		]);
	});

	test('serves an icon for light and dark themes of every node and credential', async () => {
		const own = [...nodeTypes, ...credentialTypes].filter(({ name }) =>
			/^(n8n-nodes-mboa-mambo-sms\.|mboaSms|mamboSms)/.test(name),
		);
		for (const { name, iconUrl } of own) {
			expect([name, typeof iconUrl]).toEqual([name, 'object']);
			for (const url of Object.values(iconUrl ?? {})) {
				const answer = await editor.client.fetch(`/${String(url)}`);
				expect([url, answer.status, answer.headers.get('content-type')]).toEqual([
					url,
					200,
					expect.stringContaining('image/svg+xml'),
				]);
				expect(await answer.text()).toContain('<svg');
			}
		}
	});

	test.each([
		['mboaSms', 'sms', 'send'],
		['mboaSms', 'sms', 'sendBulk'],
		['mamboSms', 'sms', 'send'],
		['mamboSms', 'sms', 'sendBulk'],
		['mamboSms', 'account', 'getBalance'],
	])('shows the output of %s, %s, %s before the first run', async (type, resource, operation) => {
		const url = `/schemas/${PACKAGE}.${type}/1.0.0/${resource}/${operation}.json`;
		const answer = await editor.client.fetch(url);
		expect(answer.status).toBe(200);
		const schema = (await answer.json()) as { properties: object };
		expect(Object.keys(schema.properties)).toContain('providerMessage');
	});

	test('offers aliases that people search for', () => {
		const aliases = nodeTypes.find(({ name }) => name === `${PACKAGE}.mboaSms`)?.codex?.alias;
		expect(aliases).toEqual(expect.arrayContaining(['bulk sms', 'cameroon', 'mtn', 'orange']));
	});

	test('listens on this computer only', () => {
		expect(new URL(n8nUrl).hostname).toBe('127.0.0.1');
	});

	test('runs the node with the output that the preview promised', async () => {
		const credentials = editor.credential('MboaSMS (sandbox)');
		const execution = await editor.run(
			[mboaSend(credentials, { options: { dryRun: true } })],
			[{ to: '+237670000001', text: 'Hello' }],
		);
		const answer = await editor.client.fetch(`/schemas/${PACKAGE}.mboaSms/1.0.0/sms/send.json`);
		const { properties } = (await answer.json()) as { properties: object };
		const { preview, ...json } = jsonOf(execution, 'MboaSMS')[0] ?? {};
		expect(preview).toHaveLength(1);
		expect(Object.keys(json)).toEqual(Object.keys(properties));
	});
});
