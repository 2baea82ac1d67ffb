import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { INodeType } from 'n8n-workflow';

import { MamboSms } from '../nodes/MamboSms/MamboSms.node';
import { MboaSms } from '../nodes/MboaSms/MboaSms.node';
import { Engine, PACKAGE_NAME } from './helpers/engine';
import { PACKED_FILES, scan } from './helpers/packedPackages';

const root = path.join(__dirname, '..');
const npm = process.env.npm_execpath ?? null;

/** The packed package, installed into an empty folder as n8n installs community packages. */
let folder: string;
let installed: string;

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'mboa-mambo-'));
	runNpm(['pack', '--pack-destination', folder, '--loglevel=error'], root);
	const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
	writeFileSync(path.join(folder, 'package.json'), '{"name":"empty","private":true}');
	runNpm(
		['install', '--omit=peer', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`],
		folder,
	);
	installed = path.join(folder, 'node_modules', PACKAGE_NAME);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runNpm(args: string[], cwd: string): void {
	const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
	execFileSync(command, [...first, ...args], { cwd, stdio: 'pipe' });
}

function builtFiles(): string[] {
	return readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
}

type NodeFile = Record<string, new () => INodeType>;

/** Functions are made anew in the build, so only that there is one counts. */
function comparable(description: unknown): unknown {
	return JSON.parse(
		JSON.stringify(description, (_key, value: unknown) =>
			typeof value === 'function' ? 'a function' : value,
		),
	);
}

describe('the packed package', () => {
	test('brings no other package', () => {
		const packages = readdirSync(path.join(folder, 'node_modules')).filter(
			(name) => !name.startsWith('.'),
		);
		expect(packages).toEqual([PACKAGE_NAME]);
	});

	test('holds what is run and read, and nothing else', () => {
		expect(readdirSync(installed).sort()).toEqual(PACKED_FILES);
	});

	test.each<[string, INodeType]>([
		['MboaSms/MboaSms', new MboaSms()],
		['MamboSms/MamboSms', new MamboSms()],
	])('shows the fields that the source of %s describes', (file, { description }) => {
		const builtFile = path.join(installed, `dist/nodes/${file}.node.js`);
		const built = jest.requireActual<NodeFile>(builtFile);
		const [Built] = Object.values(built);
		expect(comparable(Built ? new Built().description : null)).toEqual(comparable(description));
	});

	test('loads no more than the node file itself when n8n starts', () => {
		const nodes = builtFiles().filter((file) => file.endsWith('.node.js'));
		expect(nodes).toHaveLength(3);
		for (const file of nodes) {
			const script = `
				for (const Class of Object.values(require(process.argv[1]))) new Class();
				const loaded = Object.keys(require.cache).filter((file) => !file.includes('n8n-workflow'));
				process.stdout.write(JSON.stringify(loaded));`;
			const nodeFile = path.join(installed, 'dist', file);
			const printed = execFileSync(process.execPath, ['-e', script, nodeFile], {
				env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
				encoding: 'utf8',
			});
			const ofPackage = (JSON.parse(printed) as string[]).filter((each) =>
				each.includes(PACKAGE_NAME),
			);
			expect(ofPackage).toEqual([nodeFile]);
		}
	});

	test('is loaded by n8n with three nodes and four credentials', async () => {
		const { loader } = await Engine.start(installed);
		expect(Object.keys(loader.nodeTypes).sort()).toEqual([
			'mamboSms',
			'mamboSmsTrigger',
			'mboaSms',
		]);
		expect(Object.keys(loader.credentialTypes).sort()).toEqual([
			'mamboSmsAccountApi',
			'mamboSmsApi',
			'mboaSmsBasicApi',
			'mboaSmsJwtApi',
		]);
	});

	test('shows both nodes to agents and all icons, light and dark', async () => {
		const { loader } = await Engine.start(installed);
		for (const { description } of loader.types.nodes.map((node) => ({ description: node }))) {
			const isTrigger = description.group.includes('trigger');
			expect(Boolean(description.usableAsTool)).toBe(!isTrigger);
			expectIcons(description.iconUrl);
		}
		for (const credential of loader.types.credentials) expectIcons(credential.iconUrl);
	});

	test('requires nothing but n8n-workflow, crypto and its own files', () => {
		const required = builtFiles()
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => {
				const source = readFileSync(path.join(installed, 'dist', file), 'utf8');
				return [...source.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map((match) => match[1]);
			});
		expect([...new Set(required)].filter((name) => !name?.startsWith('.')).sort()).toEqual([
			'crypto',
			'n8n-workflow',
		]);
	});

	test('exports its classes to whoever requires it', () => {
		const requireFromRoot = createRequire(path.join(root, 'package.json'));
		expect(Object.keys(requireFromRoot('./index.js')).sort()).toEqual([
			'MamboSms',
			'MamboSmsAccountApi',
			'MamboSmsApi',
			'MamboSmsTrigger',
			'MboaSms',
			'MboaSmsBasicApi',
			'MboaSmsJwtApi',
		]);
	});

	function expectIcons(iconUrl: unknown): void {
		const urls = Object.values(iconUrl as Record<string, string>);
		expect(urls).toHaveLength(2);
		for (const url of urls) {
			expect(existsSync(path.join(installed, url.replace(`icons/${PACKAGE_NAME}/`, '')))).toBe(
				true,
			);
		}
	}
});

describe("n8n's scanner", () => {
	test('passes the source', () => {
		expect(scan(root, 'source')).toEqual({ passed: true });
	});

	test('passes the packed package', () => {
		expect(scan(installed, 'package')).toEqual({ passed: true });
	});
});
