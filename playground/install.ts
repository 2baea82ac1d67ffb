import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ManagedProcess } from './childProcesses';
import type { Installation } from './n8nProcess';
import { npmCommand } from './packedPackage';

const PROGRESS_EVERY_MS = 15_000;

/** What n8n and npm's own copies of it take on the disk. */
const INSTALLED_GB = 2.9;

type Say = (text: string) => void;

export const playground: Installation = {
	folder: __dirname,
	nodePath: path.join(__dirname, 'node_modules/node/bin/node'),
};

/** Packages that are not ready without their install scripts. */
const BUILT = ['sqlite3', 'node'];

/** Installs what the playground's lockfile names, once: n8n and the Node.js that it needs. */
export async function installN8n(say: Say): Promise<void> {
	if (isInstalled(playground)) return;
	say(
		[
			'Installing n8n into playground/node_modules, only this time: 2.9 GB, 4 to 6 minutes.',
			"Meanwhile, in another window: 'npm run demo' shows what the nodes do, and README.md tells what for.",
		].join('\n'),
	);
	await runNpm(__dirname, ['ci'], say);
	say('Preparing Node.js and the database driver, up to two minutes more …');
	await runNpm(__dirname, ['rebuild', ...BUILT, '--ignore-scripts=false'], say);
	if (!isInstalled(playground)) {
		throw new Error("n8n is not complete. Delete 'playground/node_modules' and start again");
	}
	say('n8n is installed.');
}

/** Installs another version of n8n beside it, to be run by the Node.js that runs this. */
export async function installVersion(version: string, say: Say): Promise<Installation> {
	const folder = path.join(__dirname, '.n8n/versions', version);
	const installation = { folder, nodePath: process.execPath };
	if (isInstalled(installation)) return installation;
	say(`Installing n8n ${version} into ${folder}: 2 to 3 GB, 4 to 6 minutes …`);
	mkdirSync(folder, { recursive: true });
	const manifest = {
		name: 'n8n-version',
		private: true,
		dependencies: { n8n: version },
		overrides: { linkedom: '0.18.12', xlsx: 'npm:@e965/xlsx@0.20.3' },
	};
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	await runNpm(folder, ['install', '--ignore-scripts'], say);
	await runNpm(folder, ['rebuild', 'sqlite3', '--ignore-scripts=false'], say);
	return installation;
}

/** npm writes its own lockfile last; the other two are what the install scripts make. */
function isInstalled({ folder, nodePath }: Installation): boolean {
	const modules = path.join(folder, 'node_modules');
	const made = [
		path.join(modules, '.package-lock.json'),
		path.join(modules, 'sqlite3/build/Release/node_sqlite3.node'),
		nodePath,
	];
	if (!made.every((file) => existsSync(file))) return false;
	const wanted = readJson<{ dependencies: { n8n: string } }>(path.join(folder, 'package.json'));
	const present = readJson<{ version: string }>(path.join(modules, 'n8n/package.json'));
	return present.version === wanted.dependencies.n8n;
}

function readJson<Content>(file: string): Content {
	return JSON.parse(readFileSync(file, 'utf8')) as Content;
}

/** Of the disk: to walk through 200,000 files would slow down what it measures. */
function freeBytes(folder: string): number {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
}

async function runNpm(cwd: string, args: string[], say: Say): Promise<void> {
	const npm = npmCommand(args);
	const startedAt = Date.now();
	const freeBefore = freeBytes(cwd);
	const timer = setInterval(() => {
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		const gigabytes = Math.max(0, freeBefore - freeBytes(cwd)) / 1e9;
		say(
			`  ${Math.floor(seconds / 60)} min ${seconds % 60} s: ${gigabytes.toFixed(1)} of about ${INSTALLED_GB} GB`,
		);
	}, PROGRESS_EVERY_MS);
	const options = { cwd, env: process.env, onLine: say };
	const managed = new ManagedProcess(`npm ${args[0]}`, npm.command, npm.args, options);
	await managed.ended;
	clearInterval(timer);
	if (managed.endedBy !== 'code 0') throw new Error(`"${managed.name}" ended: ${managed.endedBy}`);
}
