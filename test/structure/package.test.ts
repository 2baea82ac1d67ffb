import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import packageJson from '../../package.json';
import { nodes, credentials, allNodes } from '../helpers/descriptions';
import { packageSources, ROOT } from '../helpers/sourceFiles';

describe('the package', () => {
	const listed = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials];

	test('names every node and credential that there is', () => {
		const files = packageSources()
			.map(({ file }) => file)
			.filter((file) => /\.(node|credentials)\.ts$/.test(file));
		const built = files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
		expect([...listed].sort()).toEqual(built.sort());
	});

	test('gives every class the name of its file and type', () => {
		const typeNames = [
			...allNodes.map((type) => [type.constructor.name, type.description.name]),
			...credentials.map((type) => [type.constructor.name, type.name]),
		];
		for (const [className = '', name = ''] of typeNames) {
			expect(className).toBe(name.charAt(0).toUpperCase() + name.slice(1));
		}
	});

	test.each(allNodes.map((type) => [type.description.name, type] as const))(
		'has a codex file for %s, with categories and other names',
		(name, type) => {
			const folder = name.startsWith('mboa') ? 'MboaSms' : 'MamboSms';
			const file = path.join(ROOT, 'nodes', folder, `${type.constructor.name}.node.json`);
			const codex = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
			expect(codex).toMatchObject({
				node: `${packageJson.name}.${name}`,
				nodeVersion: '1.0',
				codexVersion: '1.0',
				categories: expect.arrayContaining(['Communication']),
				alias: expect.arrayContaining(['sms']),
				resources: {
					credentialDocumentation: [{ url: expect.stringMatching(/^https:\/\//) }],
					primaryDocumentation: [{ url: expect.stringMatching(/^https:\/\//) }],
				},
			});
			const alias = codex.alias as string[];
			expect(new Set(alias).size).toBe(alias.length);
		},
	);

	test.each([
		...allNodes.map(({ description }) => ({
			name: description.name,
			icon: description.icon,
			folder: 'nodes/MboaSms',
		})),
		...credentials.map(({ name, icon }) => ({ name, icon, folder: 'credentials' })),
	])('has a light and a dark icon of a few kB for $name', ({ icon, folder }) => {
		if (typeof icon !== 'object') throw new Error('There is one icon only');
		const files = [icon.light, icon.dark].map((file) =>
			path.join(ROOT, folder, file.replace(/^file:/, '')),
		);
		expect(new Set(files).size).toBe(2);
		for (const file of files) {
			expect(existsSync(file)).toBe(true);
			expect(statSync(file).size).toBeLessThan(8_000);
			expect(readFileSync(file, 'utf8')).toMatch(/^\s*(<\?xml[^>]*>\s*)?<svg /);
		}
	});

	test.each(nodes.map(({ type }) => [type.description.name, type] as const))(
		'shows %s to agents, with a subtitle, by its own name',
		(_, { description }) => {
			expect([description.usableAsTool, description.defaults.name]).toEqual([
				true,
				description.displayName,
			]);
			expect(description.subtitle).toBeTruthy();
		},
	);

	test.each(credentials.map((type) => [type.name, type] as const))(
		'can test the credential %s, and says where it is explained',
		(_, type) => {
			expect(type.test).toBeDefined();
			expect(type.authenticate).toBeDefined();
			expect(type.documentationUrl).toMatch(/^https:\/\/.*\/docs\/[\w-]+\.md$/);
		},
	);

	test('tests no credential with a request that could send an SMS', () => {
		const bodies = credentials.map(({ test: { request } = { request: {} } }) => request.body);
		const hasRecipient = JSON.stringify(bodies).match(/\d{6,}|\+\d/);
		expect(hasRecipient).toBeNull();
		expect(bodies).toEqual([
			{ phoneNumbers: [] },
			{ phoneNumbers: [] },
			{ message: '', recipients: '', message_category: '', sender_id: '' },
			{},
		]);
	});
});
