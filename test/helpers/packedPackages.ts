import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** What stands at the top of every packed package: what is run and read, and nothing else. */
export const PACKED_FILES = [
	'CHANGELOG.md',
	'LICENSE.md',
	'README.md',
	'THIRD_PARTY_LICENSES.md',
	'dist',
	'index.js',
	'package.json',
];

/** What n8n's scanner says of the sources or of the built package. It is an ES module, so it runs in a process of its own. */
export function scan(directory: string, leg: 'source' | 'package'): unknown {
	const script = `
		import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
		const patterns = process.argv[2] === 'source' ? SOURCE_FILE_PATTERNS : undefined;
		console.log('RESULT' + JSON.stringify(await analyzePackage(process.argv[1], patterns)));
	`;
	const output = execFileSync(
		process.execPath,
		['--input-type=module', '-e', script, directory, leg],
		// Under NODE_ENV=test n8n's rules take every file for a node.
		{ cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
	);
	return JSON.parse(output.slice(output.indexOf('RESULT') + 'RESULT'.length));
}
