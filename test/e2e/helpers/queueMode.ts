import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { ManagedProcess } from '../../../playground/childProcesses';
import { createCredentials, demoOwner } from '../../../playground/demoContents';
import { playground } from '../../../playground/install';
import { N8nClient } from '../../../playground/n8nClient';
import { startN8n, type RunningN8n } from '../../../playground/n8nProcess';
import { installPackage } from '../../../playground/packedPackage';
import { freePort, waitFor } from '../../../playground/waiting';
import { folder, sandbox } from './editor';
import { Postgres } from './postgres';

/** Executions that one worker runs at once. */
const WORKER_CONCURRENCY = 20;

const ENCRYPTION_KEY = 'only-for-tests';

/** As people scale out: a main process that takes requests, workers that do the work, Redis for the queue, and PostgreSQL. */
export class QueueMode {
	readonly workers: RunningN8n[] = [];

	private constructor(
		readonly main: RunningN8n,
		private readonly redis: ManagedProcess,
		private readonly postgres: Postgres,
		private readonly userFolder: string,
		private readonly env: Record<string, string>,
	) {}

	static async start(): Promise<QueueMode> {
		const redisPort = await freePort();
		const redisFolder = path.join(folder, 'redis');
		mkdirSync(redisFolder, { recursive: true });
		const bound = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', redisFolder];
		const redis = new ManagedProcess(
			'redis-server',
			'redis-server',
			[...bound, '--save', '', '--appendonly', 'no'],
			{ cwd: redisFolder, env: process.env },
		);
		await waitFor(
			'redis-server (apt-get install redis-server)',
			() => {
				if (redis.endedBy !== null) throw new Error(`redis-server ended: ${redis.endedBy}`);
				return redis.log.includes('Ready to accept connections') ? true : undefined;
			},
			{ timeoutMs: 15_000 },
		);
		const postgres = await Postgres.start();
		const port = await freePort();
		const env = {
			// Workers write the links of Send and Wait.
			WEBHOOK_URL: `http://127.0.0.1:${port}/`,
			...postgres.env,
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			// A job of a killed worker is found out in seconds instead of a minute.
			QUEUE_WORKER_LOCK_DURATION: '6000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
			QUEUE_WORKER_STALLED_INTERVAL: '3000',
			N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		};
		const userFolder = path.join(folder, 'queue');
		installPackage(userFolder);
		const main = await startN8n({ installation: playground, userFolder, port, env });
		const client = new N8nClient(main.url);
		await client.signIn(demoOwner);
		await createCredentials(client, sandbox.url);
		return new QueueMode(main, redis, postgres, userFolder, env);
	}

	async addWorker(): Promise<RunningN8n> {
		const { userFolder, env } = this;
		const worker = await startN8n({
			installation: playground,
			userFolder,
			env,
			command: 'worker',
			concurrency: WORKER_CONCURRENCY,
		});
		this.workers.push(worker);
		return worker;
	}

	async stop(): Promise<void> {
		for (const worker of this.workers) await worker.stop();
		await this.main.stop();
		await this.redis.stop();
		await this.postgres.stop();
	}
}

/** The executions that a worker has begun, from its log. */
export function executionsOf(worker: RunningN8n): string[] {
	return [...worker.process.log.matchAll(/Worker started execution (\d+)/g)].map(
		(match) => match[1] ?? '',
	);
}
