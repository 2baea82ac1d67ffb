import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

import manifest from '../../package.json';
import type { SmallPackage } from './smallPackages';

export const root = path.dirname(path.dirname(__dirname));

const WHOLE = manifest.name;

/** n8n's own configuration, letter by letter: with another one, a package is not eligible. */
const STOCK_ESLINT_CONFIG = `import { config } from '@n8n/node-cli/eslint';

export default config;
`;

/** Writes the source tree of the package, which stands alone: `npm ci` wants a lockfile besides. */
export function writeTree(small: SmallPackage, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	const write = (file: string, text: string) => {
		mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
		writeFileSync(path.join(folder, file), text);
	};
	const renamed = (file: string) =>
		readFileSync(path.join(root, file), 'utf8').replaceAll(WHOLE, small.name);
	for (const file of [...sourcesOf(small), ...besideTheNodes(small)]) write(file, renamed(file));
	write(LAZY_ENTRY, withoutExports(renamed(LAZY_ENTRY), small.leftOut));
	for (const file of ['gulpfile.js', 'index.js', 'LICENSE.md', 'THIRD_PARTY_LICENSES.md', '.npmrc'])
		cpSync(path.join(root, file), path.join(folder, file));
	for (const [file, text] of Object.entries(examplesOf(small))) write(file, text);
	writePages(small, folder, write);
	write('package.json', `${JSON.stringify(manifestOf(small), null, 2)}\n`);
	write('tsconfig.json', `${JSON.stringify(TS_CONFIG, null, '\t')}\n`);
	write('eslint.config.mjs', STOCK_ESLINT_CONFIG);
	write('.gitignore', 'node_modules/\ndist/\n*.tgz\n');
	write(
		'.github/workflows/publish.yml',
		renamed('.github/workflows/publish.yml').replace('npm test', 'npm run lint && npm run build'),
	);
}

/** What the classes of the package import, types and lazy imports included, in the order of their names. */
function sourcesOf({ nodes, credentials, leftOut }: SmallPackage): string[] {
	const entries = [...nodes, ...credentials].map((file) => path.join(root, file));
	const program = ts.createProgram(entries, {
		module: ts.ModuleKind.CommonJS,
		moduleResolution: ts.ModuleResolutionKind.Node10,
		target: ts.ScriptTarget.ES2022,
		types: ['node'],
		typeRoots: [path.join(root, 'node_modules/@types')],
		skipLibCheck: true,
	});
	const imported = program
		.getSourceFiles()
		.map(({ fileName }) => path.relative(root, fileName))
		.filter((file) => /^(?:nodes|credentials)\//.test(file) && !leftOut.test(file.slice(0, -3)));
	return [...new Set([...imported, 'nodes/shared/xlsx/saxen.d.ts'])].sort();
}

/** The one file that names what both nodes do. */
const LAZY_ENTRY = 'nodes/shared/operations/sending.ts';

function withoutExports(text: string, leftOut: RegExp): string {
	return text.replace(/^export \{[^}]*\} from '(.*)';\n/gm, (line, from: string) =>
		leftOut.test(from) ? '' : line,
	);
}

/** Codex files, output schemas and icons. */
function besideTheNodes({ nodes, iconPrefix }: SmallPackage): string[] {
	const folder = path.dirname(nodes[0] ?? '');
	const json = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json'))
		.map((file) => path.join(folder, file));
	const icons = readdirSync(path.join(root, 'icons'))
		.filter((file) => file.startsWith(`${iconPrefix}.`))
		.map((file) => `icons/${file}`);
	return [...json, ...icons];
}

interface Workflow {
	name: string;
	nodes: Array<{ name: string; type: string }>;
	connections: Record<string, Record<string, Array<Array<{ node: string }> | null>>>;
}

type Mover = (workflow: Workflow, packageName: string) => { workflow: Workflow; left: string[] };

const { moved } = createRequire(__filename)('../../docs/move-workflow.cjs') as { moved: Mover };

/** The example workflows of this gateway; that of the first test without the node of the other one. */
function examplesOf({ name }: SmallPackage): Record<string, string> {
	const examples: Record<string, string> = {};
	for (const file of readdirSync(path.join(root, 'examples'))) {
		const text = readFileSync(path.join(root, 'examples', file), 'utf8');
		const { workflow, left } = moved(JSON.parse(text) as Workflow, name);
		const isOwn = workflow.nodes.some(({ type }) => type.startsWith(`${name}.`));
		if (!isOwn || (left.length > 0 && file !== 'test-sms.json')) continue;
		examples[`examples/${file}`] = `${JSON.stringify(without(workflow, left), null, 2)}\n`;
	}
	return examples;
}

function without(workflow: Workflow, names: readonly string[]): Workflow {
	const isLeft = ({ node }: { node: string }) => !names.includes(node);
	const connections = Object.entries(workflow.connections)
		.filter(([from]) => !names.includes(from))
		.map(([from, outputs]) => [
			from,
			Object.fromEntries(
				Object.entries(outputs).map(([type, ends]) => [
					type,
					ends.map((targets) => targets?.filter(isLeft) ?? null),
				]),
			),
		]);
	return {
		...workflow,
		nodes: workflow.nodes.filter(({ name }) => !names.includes(name)),
		connections: Object.fromEntries(connections) as Workflow['connections'],
	};
}

/** README, the page of the gateway and the pictures that they show. */
function writePages(
	{ name, page }: SmallPackage,
	folder: string,
	write: (file: string, text: string) => void,
): void {
	const readme = readFileSync(path.join(root, `docs/packages/${name}.md`), 'utf8');
	const guide = readFileSync(path.join(root, page), 'utf8');
	write('README.md', readme);
	write(page, guide);
	write(
		'CHANGELOG.md',
		`# Changelog\n\n## ${manifest.version}\n\nMade from the sources of [${WHOLE}](https://github.com/mboa-mambo-sms/${WHOLE}) ${manifest.version}; what is new in it is in [its changelog](https://github.com/mboa-mambo-sms/${WHOLE}/blob/main/CHANGELOG.md).\n`,
	);
	const images = [...`${readme}${guide}`.matchAll(/\((?:docs\/)?images\/([\w-]+\.png)\)/g)];
	for (const [, image = ''] of images) {
		const file = `docs/images/${image}`;
		if (!existsSync(path.join(root, file))) throw new Error(`There is no picture ${file}`);
		cpSync(path.join(root, file), path.join(folder, file));
	}
}

const TS_CONFIG = {
	compilerOptions: {
		strict: true,
		noUncheckedIndexedAccess: true,
		module: 'commonjs',
		moduleResolution: 'node',
		target: 'es2022',
		lib: ['es2023'],
		types: ['node'],
		esModuleInterop: true,
		resolveJsonModule: true,
		isolatedModules: true,
		skipLibCheck: true,
		noEmit: true,
	},
	include: ['credentials', 'nodes'],
};

const DEV_DEPENDENCIES = [
	'@types/node',
	'esbuild',
	'eslint',
	'gulp',
	'libphonenumber-js',
	'n8n-workflow',
	'numfmt',
	'saxen',
	'typescript',
] as const;

/** The newest that installs beside the scanner of the whole package. */
const NODE_CLI_VERSION = '0.48.3';

function manifestOf({ name, description, keywords, nodes, credentials }: SmallPackage): object {
	const { version, license, author, engines, main, files, peerDependencies, devDependencies } =
		manifest;
	const repository = `https://github.com/mboa-mambo-sms/${name}`;
	const built = (file: string) => `dist/${file.replace(/\.ts$/, '.js')}`;
	return {
		name,
		version,
		description,
		license,
		homepage: repository,
		repository: { type: 'git', url: `git+${repository}.git` },
		bugs: { url: `${repository}/issues` },
		author,
		keywords,
		engines,
		main,
		files,
		scripts: {
			build: 'gulp build',
			check: 'tsc',
			lint: 'n8n-node lint',
			'cloud-support': 'n8n-node cloud-support',
			prepack: 'npm run build',
		},
		n8n: {
			n8nNodesApiVersion: 1,
			strict: true,
			credentials: credentials.map(built),
			nodes: nodes.map(built),
		},
		peerDependencies,
		devDependencies: {
			'@n8n/node-cli': NODE_CLI_VERSION,
			...Object.fromEntries(DEV_DEPENDENCIES.map((each) => [each, devDependencies[each]])),
		},
	};
}
