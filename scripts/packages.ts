/**
 * `npm run packages`: writes the source trees of the two packages that n8n can verify into packages/, each of one
 * gateway. With `-- --check`, each is also installed, linted, built and packed, as a reviewer would.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';

import { npmCommand } from '../playground/packedPackage';
import { smallPackages } from './packages/smallPackages';
import { root, writeTree } from './packages/tree';

function main(): void {
	const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
	for (const small of smallPackages) {
		const folder = path.join(root, 'packages', small.name);
		say(`Writing packages/${small.name} …`);
		writeTree(small, folder);
		npm(folder, 'install', '--package-lock-only', '--ignore-scripts');
		if (values.check) check(folder);
	}
}

/** What a reviewer of n8n does with the tree. */
function check(folder: string): void {
	npm(folder, 'ci', '--ignore-scripts');
	npm(folder, 'run', 'check');
	npm(folder, 'run', 'lint');
	const verdict = stripVTControlCharacters(npm(folder, 'run', 'cloud-support'));
	if (!/eligible for n8n Cloud/.test(verdict) || /NOT eligible/.test(verdict)) {
		throw new Error(`n8n-node cloud-support says:\n${verdict}`);
	}
	npm(folder, 'publish', '--dry-run', '--tag', 'next');
}

function npm(folder: string, ...wanted: string[]): string {
	say(`  npm ${wanted.join(' ')}`);
	const { command, args } = npmCommand(wanted);
	try {
		return execFileSync(command, args, {
			cwd: folder,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	} catch (failure) {
		const { stdout, stderr } = failure as { stdout?: string; stderr?: string };
		throw new Error(`npm ${wanted.join(' ')} did not end well:\n${stdout}\n${stderr}`);
	}
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

try {
	main();
} catch (failure) {
	say(failure instanceof Error ? failure.message : String(failure));
	process.exitCode = 1;
}
