import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { ManagedProcess } from '../../../playground/childProcesses';
import { freePort, waitFor } from '../../../playground/waiting';
import { folder } from './editor';

/** Where Debian and Ubuntu put the server's programs, one folder for each version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** A user of its own, because PostgreSQL refuses to run as root. */
const SERVER_USER = 'postgres';

/** A cluster of its own below the folder of the tests, on a port of its own. */
export class Postgres {
	private constructor(
		private readonly server: ManagedProcess,
		/** What n8n needs to know of it. */
		readonly env: Record<string, string>,
	) {}

	static async start(): Promise<Postgres> {
		const bin = programFolder();
		const home = path.join(folder, 'postgres');
		mkdirSync(home, { recursive: true });
		if (isRoot()) {
			const idOf = (option: string) =>
				Number(execFileSync('id', [option, SERVER_USER], { encoding: 'utf8' }));
			chownSync(home, idOf('-u'), idOf('-g'));
			chmodSync(folder, 0o711);
		}
		const data = path.join(home, 'data');
		const [initdb, ...initdbArgs] = asServerUser(path.join(bin, 'initdb'), [
			...['-D', data, '-U', SERVER_USER, '--auth', 'trust', '--encoding', 'UTF8'],
		]);
		execFileSync(initdb, initdbArgs, { cwd: home, stdio: 'ignore' });
		const port = String(await freePort());
		const [command, ...args] = asServerUser(path.join(bin, 'postgres'), [
			...['-D', data, '-p', port, '-h', '127.0.0.1', '-k', home],
			// What the server promises after a power cut is not what is tested.
			...['-c', 'fsync=off', '-c', 'max_connections=200'],
		]);
		const server = new ManagedProcess('postgres', command, args, { cwd: home, env: process.env });
		await waitFor(
			'postgres',
			() => {
				if (server.endedBy !== null) throw new Error(`postgres ended: ${server.log}`);
				return server.log.includes('ready to accept connections') ? true : undefined;
			},
			{ timeoutMs: 30_000 },
		);
		return new Postgres(server, {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: port,
			DB_POSTGRESDB_DATABASE: SERVER_USER,
			DB_POSTGRESDB_USER: SERVER_USER,
			DB_POSTGRESDB_POOL_SIZE: '10',
		});
	}

	async stop(): Promise<void> {
		// Ends the connections that are still open; SIGTERM would wait for them.
		this.server.signal('SIGINT');
		await this.server.stop();
	}
}

function programFolder(): string {
	const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
	const [newest] = versions.map(Number).sort((one, other) => other - one);
	if (newest !== undefined) return path.join(DEBIAN_FOLDER, String(newest), 'bin');
	try {
		return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
	} catch {
		throw new Error('PostgreSQL is missing: apt-get install postgresql');
	}
}

function asServerUser(command: string, args: string[]): [string, ...string[]] {
	return isRoot() ? ['runuser', '-u', SERVER_USER, '--', command, ...args] : [command, ...args];
}

function isRoot(): boolean {
	return process.getuid?.() === 0;
}
