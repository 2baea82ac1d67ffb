/**
 * Runs the e2e tests on every n8n that docs/n8n-versions.md names, or on those given as arguments. The first
 * run installs each of them: 2 to 3 GB and 4 to 6 minutes.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const works = ['package', 'credentials', 'sending', 'retries', 'trigger', 'examples'];
const isTooOld = ['tooOld'];

const testsOf = new Map([
	['2.8.4', works],
	['1.123.81', works],
	['1.85.4', works],
	['1.82.3', isTooOld],
	['1.72.1', isTooOld],
]);

const chosen = process.argv.slice(2);
const versions = chosen.length > 0 ? chosen : [...testsOf.keys()];
const failed = versions.filter((version) => !passes(version));
process.stdout.write(
	`\nn8n ${versions.join(', ')}: ${failed.length > 0 ? `FAILED on ${failed.join(', ')}` : 'passed'}\n`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

function passes(version) {
	process.stdout.write(`\n== n8n ${version}\n`);
	const jest = path.join(root, 'node_modules/jest/bin/jest.js');
	const args = [jest, '-c', 'test/e2e/jest.config.js', ...(testsOf.get(version) ?? works)];
	const env = { ...process.env, E2E_N8N_VERSION: version };
	return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status === 0;
}
