import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

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
