import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { ManagedProcess } from './childProcesses';
import { freePort, waitFor } from './waiting';

const READY_TIMEOUT_MS = 180_000;

/** Where an n8n is installed, and the Node.js that it runs on. */
export interface Installation {
	/** The folder that holds `node_modules/n8n`. */
	folder: string;
	nodePath: string;
}

export interface N8nOptions {
	installation: Installation;
	/** n8n keeps its database, its settings and community packages in `.n8n` below it. */
	userFolder: string;
	/** Another free one is taken when it is not free. */
	port?: number;
	command?: 'start' | 'worker';
	/** Of a worker: how many executions it runs at once. */
	concurrency?: number;
	env?: Record<string, string>;
	onLine?: (line: string) => void;
}

export interface RunningN8n {
	url: string;
	process: ManagedProcess;
	stop(): Promise<void>;
}

/** The only folder whose files the nodes of this n8n may read and write. */
export function filesFolder(userFolder: string): string {
	return path.join(userFolder, '.n8n-files');
}

/** No request to anywhere, no banners, no files outside the user folder. */
const QUIET: Record<string, string> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_ONBOARDING_FLOW_DISABLED: 'true',
	N8N_PYTHON_ENABLED: 'false',
	// Asks n8n's servers for a list every eight hours.
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_SECURE_COOKIE: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

/** Starts n8n on 127.0.0.1 and resolves once it answers. */
export async function startN8n(options: N8nOptions): Promise<RunningN8n> {
	const { installation, userFolder, command = 'start' } = options;
	const port = await freePort(options.port);
	const url = `http://127.0.0.1:${port}`;
	mkdirSync(filesFolder(userFolder), { recursive: true });
	const managed = new ManagedProcess(
		`n8n ${command}`,
		installation.nodePath,
		[
			path.join(installation.folder, 'node_modules/n8n/bin/n8n'),
			command,
			...(options.concurrency === undefined ? [] : [`--concurrency=${options.concurrency}`]),
		],
		{
			cwd: userFolder,
			onLine: options.onLine,
			env: {
				PATH: `${path.dirname(installation.nodePath)}${path.delimiter}${process.env.PATH ?? ''}`,
				HOME: userFolder,
				TZ: process.env.TZ ?? 'UTC',
				...QUIET,
				N8N_USER_FOLDER: userFolder,
				N8N_RESTRICT_FILE_ACCESS_TO: filesFolder(userFolder),
				N8N_LISTEN_ADDRESS: '127.0.0.1',
				N8N_HOST: '127.0.0.1',
				N8N_PORT: String(port),
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				QUEUE_HEALTH_CHECK_ACTIVE: command === 'worker' ? 'true' : 'false',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				...options.env,
			},
		},
	);
	try {
		await ready(managed, url, command);
	} catch (error) {
		await managed.stop();
		throw error;
	}
	return { url, process: managed, stop: () => managed.stop() };
}

/** n8n answers its health check before older versions have their REST routes. */
async function ready(managed: ManagedProcess, url: string, command: string): Promise<void> {
	const routes =
		command === 'worker' ? ['/healthz/readiness'] : ['/healthz/readiness', '/rest/settings'];
	for (const route of routes) {
		await waitFor(
			`${managed.name} at ${url}${route}`,
			async () => {
				if (managed.endedBy !== null) {
					throw new Error(
						`${managed.name} ended with ${managed.endedBy}:\n${managed.log.slice(-3_000)}`,
					);
				}
				return (await answersJson(url + route)) ? true : undefined;
			},
			{ timeoutMs: READY_TIMEOUT_MS, pollMs: 200 },
		);
	}
}

async function answersJson(url: string): Promise<boolean> {
	try {
		const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		return answer.ok && (answer.headers.get('content-type') ?? '').includes('json');
	} catch {
		// Not listening yet.
		return false;
	}
}
