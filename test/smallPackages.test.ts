import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { smallPackages } from '../scripts/packages/smallPackages';
import { Engine } from './helpers/engine';
import { PACKED_FILES, scan } from './helpers/packedPackages';
import { builtTrees, type BuiltTree } from './helpers/smallTrees';

let trees: BuiltTree[];
let remove: () => void;

beforeAll(() => {
	({ trees, remove } = builtTrees());
}, 120_000);
afterAll(() => remove());

const names = smallPackages.map(({ name }) => name);
const treeOf = (name: string) => trees.find(({ small }) => small.name === name) as BuiltTree;

const filesOf = (folder: string) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
		(file) => !file.startsWith('node_modules') && !file.startsWith('dist'),
	);
const textOf = ({ folder }: BuiltTree, file: string) =>
	readFileSync(path.join(folder, file), 'utf8');

/** What n8n has to find in each, and nothing else of the other gateway. */
const contents = {
	'n8n-nodes-mboasms': {
		nodes: ['mboaSms'],
		credentials: ['mboaSmsBasicApi', 'mboaSmsJwtApi'],
		icons: ['mboasms.dark.svg', 'mboasms.svg'],
		other: /mambo/i,
	},
	'n8n-nodes-mambosms': {
		nodes: ['mamboSms', 'mamboSmsTrigger'],
		credentials: ['mamboSmsAccountApi', 'mamboSmsApi'],
		icons: ['mambosms.dark.svg', 'mambosms.svg'],
		other: /mboa/i,
	},
};

describe.each(names)('%s', (name) => {
	const wanted = contents[name as keyof typeof contents];

	test("is loaded by n8n's loader, and has its own nodes, credentials and icons only", async () => {
		const tree = treeOf(name);
		const { loader } = await Engine.start(tree.folder);
		expect(Object.keys(loader.nodeTypes).sort()).toEqual(wanted.nodes);
		expect(Object.keys(loader.credentialTypes).sort()).toEqual(wanted.credentials);
		expect(readdirSync(path.join(tree.folder, 'icons')).sort()).toEqual(wanted.icons);
		expect(filesOf(tree.folder).filter((file) => wanted.other.test(file))).toEqual([]);
	});

	test('shows nothing of the other gateway in its nodes and credentials', async () => {
		const { loader } = await Engine.start(treeOf(name).folder);
		const described = JSON.stringify([loader.types.nodes, loader.types.credentials]);
		const shown = described.replaceAll('mboa-mambo-sms/', '');
		expect(shown.match(new RegExp(`.{40}(?:${wanted.other.source}).{20}`, 'gi'))).toBeNull();
	});

	test("passes n8n's scanner, sources and packed", () => {
		const { folder } = treeOf(name);
		expect(scan(folder, 'source')).toEqual({ passed: true });
		execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=error'], { cwd: folder });
		const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
		execFileSync('tar', ['-xzf', tarball], { cwd: folder });
		expect(scan(path.join(folder, 'package'), 'package')).toEqual({ passed: true });
		rmSync(path.join(folder, 'package'), { recursive: true });
	});

	test('stands alone: types, stock configuration, pages with their pictures and links', () => {
		const tree = treeOf(name);
		const tsc = path.join(tree.folder, 'node_modules/typescript/bin/tsc');
		execFileSync(process.execPath, [tsc], { cwd: tree.folder, stdio: 'pipe' });
		expect(textOf(tree, 'eslint.config.mjs').replace(/\s+/g, ' ').trim()).toBe(
			"import { config } from '@n8n/node-cli/eslint'; export default config;",
		);
		for (const page of ['README.md', tree.small.page]) {
			const links = [...textOf(tree, page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)];
			for (const [, link = ''] of links.filter(([, to = '']) => !/^https?:/.test(to))) {
				const target = path.join(tree.folder, path.dirname(page), link);
				expect([page, link, existsSync(target)]).toEqual([page, link, true]);
			}
		}
	});

	test('names in the manifest what it is and nothing that it does not have', () => {
		const tree = treeOf(name);
		const manifest = JSON.parse(textOf(tree, 'package.json')) as {
			name: string;
			dependencies?: object;
			n8n: { strict: boolean; nodes: string[]; credentials: string[] };
			repository: { url: string; directory?: string };
			devDependencies: Record<string, string>;
		};
		expect(manifest.name).toBe(name);
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.n8n.strict).toBe(true);
		for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
			expect([file, existsSync(path.join(tree.folder, file))]).toEqual([file, true]);
		}
		expect(manifest.repository.directory).toBeUndefined();
		expect(Object.keys(manifest.devDependencies)).toContain('@n8n/node-cli');
	});

	test('has a codex as n8n wants it, under its own name', () => {
		const tree = treeOf(name);
		const codices = filesOf(tree.folder).filter((file) => file.endsWith('.node.json'));
		expect(codices).toHaveLength(wanted.nodes.length);
		for (const file of codices) {
			const codex = JSON.parse(textOf(tree, file)) as Record<string, unknown>;
			expect(codex.node).toBe(
				`${name}.${wanted.nodes.find((node) => String(codex.node).endsWith(`.${node}`))}`,
			);
			expect(codex.categories).toEqual(['Communication', 'Marketing & Content']);
			expect(codex).not.toHaveProperty('subcategories');
		}
	});

	test('brings the example workflows of its gateway, with its own node types', () => {
		const tree = treeOf(name);
		const examples = readdirSync(path.join(tree.folder, 'examples'));
		expect(examples).toContain('test-sms.json');
		const types = examples.flatMap((file) => {
			const workflow = JSON.parse(textOf(tree, `examples/${file}`)) as {
				nodes: Array<{ type: string }>;
			};
			return workflow.nodes.map(({ type }) => type);
		});
		const own = types.filter((type) => /mboa|mambo/i.test(type));
		expect(own.filter((type) => !type.startsWith(`${name}.`))).toEqual([]);
	});

	test('brings every file that its README promises to publish', () => {
		const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: treeOf(name).folder,
			encoding: 'utf8',
		});
		const [{ files }] = JSON.parse(packed) as [{ files: Array<{ path: string }> }];
		const roots = new Set(files.map(({ path: file }) => file.split('/')[0]));
		expect([...roots].sort()).toEqual(PACKED_FILES);
	});
});

test('a page says which package has what, and is right', () => {
	const page = readFileSync(path.join(__dirname, '../docs/packages.md'), 'utf8');
	for (const { name } of smallPackages) expect(page).toContain(`\`${name}\``);
});

describe('an exported workflow', () => {
	const workflow = {
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ name: 'Send', type: 'n8n-nodes-mboa-mambo-sms.mboaSms' },
			{ name: 'Tool', type: 'n8n-nodes-mboa-mambo-sms.mboaSmsTool' },
			{ name: 'Review', type: 'n8n-nodes-mboa-mambo-sms.mboaSmsHitlTool' },
			{ name: 'Uganda', type: 'n8n-nodes-mboa-mambo-sms.mamboSms' },
			{ name: 'Alarm', type: 'n8n-nodes-mboa-mambo-sms.mamboSmsTrigger' },
		],
		connections: { Start: { main: [[{ node: 'Send', type: 'main', index: 0 }]] } },
	};

	function move(packageName: string, moving: object) {
		const file = path.join(treeOf(names[0] ?? '').folder, 'exported.json');
		writeFileSync(file, JSON.stringify(moving));
		const script = path.join(__dirname, '../docs/move-workflow.cjs');
		const output = execFileSync(process.execPath, [script, packageName, file], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		return JSON.parse(output) as typeof workflow;
	}

	test('moves to the package of a gateway, and what that does not have stays', () => {
		const moved = move('n8n-nodes-mboasms', workflow);
		expect(moved.nodes.map(({ type }) => type)).toEqual([
			'n8n-nodes-base.manualTrigger',
			'n8n-nodes-mboasms.mboaSms',
			'n8n-nodes-mboasms.mboaSmsTool',
			'n8n-nodes-mboasms.mboaSmsHitlTool',
			'n8n-nodes-mboa-mambo-sms.mamboSms',
			'n8n-nodes-mboa-mambo-sms.mamboSmsTrigger',
		]);
		expect(moved.connections).toEqual(workflow.connections);
	});

	test('moves back', () => {
		const there = move('n8n-nodes-mambosms', workflow);
		expect(move('n8n-nodes-mboa-mambo-sms', there)).toEqual(workflow);
	});
});
