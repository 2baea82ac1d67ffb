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

/** Packs the built package and installs it where n8n keeps community packages. */
export function installPackage(userFolder: string): void {
	const nodes = path.join(userFolder, '.n8n/nodes');
	rmSync(nodes, { recursive: true, force: true });
	mkdirSync(nodes, { recursive: true });
	runNpm(['pack', '--ignore-scripts', '--pack-destination', nodes], rootFolder);
	const tarball = readdirSync(nodes).find((file) => file.endsWith('.tgz'));
	if (!tarball) throw new Error('npm packed no tarball');
	writeFileSync(
		path.join(nodes, 'package.json'),
		'{"name":"installed-nodes","private":true,"dependencies":{}}\n',
	);
	// n8n-workflow, the only peer, comes with n8n.
	runNpm(['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', `./${tarball}`], nodes);
	rmSync(path.join(nodes, tarball));
}

function runNpm(args: string[], cwd: string): void {
	const npm = npmCommand(args);
	execFileSync(npm.command, npm.args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}
