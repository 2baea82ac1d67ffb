import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const rootFolder = path.dirname(__dirname);

/** The npm that runs this script, or the one on the path, without advice that nobody asked for. */
export function npmCommand(wanted: readonly string[]): { command: string; args: string[] } {
	const args = [...wanted, '--no-audit', '--no-fund', '--loglevel=error'];
	const npm = process.env.npm_execpath;
	return npm ? { command: process.execPath, args: [npm, ...args] } : { command: 'npm', args };
}

/** Packs the built packages and installs them where n8n keeps community packages. */
export function installPackage(userFolder: string, folders: string[] = [rootFolder]): void {
	const nodes = path.join(userFolder, '.n8n/nodes');
	rmSync(nodes, { recursive: true, force: true });
	mkdirSync(nodes, { recursive: true });
	for (const folder of folders) {
		runNpm(['pack', '--ignore-scripts', '--pack-destination', nodes], folder);
	}
	const tarballs = readdirSync(nodes).filter((file) => file.endsWith('.tgz'));
	if (tarballs.length !== folders.length) throw new Error('npm did not pack every package');
	writeFileSync(
		path.join(nodes, 'package.json'),
		'{"name":"installed-nodes","private":true,"dependencies":{}}\n',
	);
	// n8n-workflow, the only peer, comes with n8n.
	const files = tarballs.map((file) => `./${file}`);
	runNpm(['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', ...files], nodes);
	for (const file of files) rmSync(path.join(nodes, file));
}

function runNpm(args: string[], cwd: string): void {
	const npm = npmCommand(args);
	execFileSync(npm.command, npm.args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}
