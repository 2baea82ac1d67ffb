const path = require('node:path');
const { createRequire } = require('node:module');
const { readFile, rm } = require('node:fs/promises');
const { isDeepStrictEqual } = require('node:util');
const esbuild = require('esbuild');
const { series, src, dest } = require('gulp');

const { n8n } = require('./package.json');

const DIST = path.join(__dirname, 'dist');

/** Read on demand, so that starting n8n does not pay for them; the first two by the nodes, the others by the first. */
const LAZY_CHUNKS = [
	'nodes/shared/operations/sending',
	'nodes/shared/approval/approval',
	'nodes/shared/xlsx/shownNumber',
];

const CHUNK_NAME = new RegExp(`/(${LAZY_CHUNKS.map((chunk) => path.basename(chunk)).join('|')})$`);

/** How everything is bundled: n8n has these two packages, and reads CommonJS. */
const BUNDLED = {
	bundle: true,
	platform: 'neutral',
	format: 'cjs',
	external: ['n8n-workflow', 'crypto'],
};

async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

/** One bundle per class that package.json names, and one for each chunk. */
async function bundle() {
	const classes = [...n8n.nodes, ...n8n.credentials].map((file) => sourceOf(file));
	await esbuild.build({
		entryPoints: [...classes, ...LAZY_CHUNKS.map((chunk) => `${chunk}.ts`)],
		outdir: DIST,
		outbase: __dirname,
		...BUNDLED,
		minify: true,
		mainFields: ['module', 'main'],
		conditions: ['module', 'import', 'default'],
		target: 'node20',
		// As `require`: in an import, Node.js would not find the names in minified CommonJS.
		supported: { 'dynamic-import': false },
		legalComments: 'none',
		logLevel: 'warning',
		plugins: [lazyChunk, fieldsAsData],
		// Called for what they give only, so what is not used of them is left out.
		pure: ['choiceOption', 'collectionField', 'defaultsOf', 'fieldOf', 'textOption', 'yesNoOption'],
	});
}

/** Keeps imports of the lazy chunks imports of the built files: from nodes, and of one chunk by the other. */
const lazyChunk = {
	name: 'lazy-chunk',
	setup(build) {
		build.onResolve({ filter: CHUNK_NAME }, ({ kind, resolveDir, path: request }) => {
			const target = path.join(resolveDir, request);
			const isChunk = LAZY_CHUNKS.some((chunk) => target === path.join(__dirname, chunk));
			if (!isChunk || kind === 'entry-point') return undefined;
			// Every bundle that loads a chunk lies two folders below dist, a chunk itself three.
			const up = resolveDir.startsWith(path.join(__dirname, 'nodes/shared')) ? '../..' : '..';
			return {
				path: `${up}/${path.relative(path.join(__dirname, 'nodes'), target)}.js`,
				external: true,
			};
		});
	},
};

/**
 * The fields of operations are the same at every start of n8n. Made here, and read there as JSON, they take a third of
 * the time that the code takes which makes them. Fields with functions in them stay code.
 */
const fieldsAsData = {
	name: 'fields-as-data',
	setup(build) {
		build.onLoad({ filter: /\.(operation|resource)\.ts$/ }, async ({ path: file }) => {
			const source = await readFile(file, 'utf8');
			const { description } = await evaluated(file);
			const json = JSON.stringify(description);
			const contents = source.replace(
				/^(export const description: INodeProperties\[\] =) [^]*?^\]\)?;$/m,
				(statement, start) =>
					isDeepStrictEqual(JSON.parse(json), description)
						? `${start} /* @__PURE__ */ JSON.parse(${JSON.stringify(json)});`
						: statement,
			);
			return { contents, loader: 'ts' };
		});
	},
};

/** What a file exports. */
async function evaluated(file) {
	const { outputFiles } = await esbuild.build({
		...BUNDLED,
		entryPoints: [file],
		write: false,
		plugins: [lazyChunk],
	});
	const module = { exports: {} };
	new Function('module', 'require', outputFiles[0].text)(module, createRequire(__filename));
	return module.exports;
}

function sourceOf(builtFile) {
	return path.relative('dist', builtFile).replace(/\.js$/, '.ts');
}

/** Icons, codex files and output schemas, which n8n reads beside the built files. */
function assets() {
	return src(['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.build = series(clean, bundle, assets);
exports.default = exports.build;
