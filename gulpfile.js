const path = require('node:path');
const { rm } = require('node:fs/promises');
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

async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

/** One bundle per class that package.json names, and one for what only sending needs. */
async function bundle() {
	const classes = [...n8n.nodes, ...n8n.credentials].map((file) => sourceOf(file));
	await esbuild.build({
		entryPoints: [...classes, ...LAZY_CHUNKS.map((chunk) => `${chunk}.ts`)],
		outdir: DIST,
		outbase: __dirname,
		bundle: true,
		minify: true,
		keepNames: true,
		platform: 'neutral',
		mainFields: ['module', 'main'],
		conditions: ['module', 'import', 'default'],
		format: 'cjs',
		target: 'node20',
		// As `require`: in an import, Node.js would not find the names in minified CommonJS.
		supported: { 'dynamic-import': false },
		external: ['n8n-workflow', 'crypto'],
		legalComments: 'none',
		logLevel: 'warning',
		plugins: [lazyChunk],
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
