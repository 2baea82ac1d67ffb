/** Makes a fresh clone ready: installs what package-lock.json names, once, and builds the package. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	stop(
		`Node.js 20.19 or later is needed, this is ${process.versions.node}. Install a newer one from your package manager`,
	);
}

if (!isInstalled()) {
	say('Installing the development packages (about two minutes, only the first time) …');
	run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
say('Building the package …');
run(process.execPath, [path.join(root, 'node_modules/gulp/bin/gulp.js'), 'build', '--silent']);

/** npm writes a copy of the lockfile into node_modules when it has installed all of it. */
function isInstalled() {
	const installed = path.join(root, 'node_modules/.package-lock.json');
	if (!existsSync(installed)) return false;
	const wanted = packagesIn(path.join(root, 'package-lock.json'));
	const present = packagesIn(installed);
	return [...wanted].every(
		([name, { version, optional }]) => optional || present.get(name)?.version === version,
	);
}

function packagesIn(file) {
	const { packages } = JSON.parse(readFileSync(file, 'utf8'));
	return new Map(Object.entries(packages).filter(([name]) => name !== ''));
}

function run(command, args) {
	const isNpm = command === 'npm' && process.env.npm_execpath;
	const { status } = isNpm
		? spawnSync(process.execPath, [process.env.npm_execpath, ...args], {
				cwd: root,
				stdio: 'inherit',
			})
		: spawnSync(command, args, { cwd: root, stdio: 'inherit' });
	if (status !== 0) stop(`"${command} ${args[0]}" ended with status ${status}`);
}

function say(text) {
	process.stdout.write(`${text}\n`);
}

function stop(text) {
	process.stderr.write(`${text}\n`);
	process.exit(1);
}
