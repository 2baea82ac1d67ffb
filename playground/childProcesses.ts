import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Enough of a log to see why a process ended. */
const LOG_KEPT_CHARACTERS = 200_000;

const STOP_PATIENCE_MS = 8_000;

const running = new Set<ManagedProcess>();

export interface ProcessOptions {
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** Called with each line that the process writes. */
	onLine?: (line: string) => void;
}

/** A process that never outlives this one, with all the processes that it started itself. */
export class ManagedProcess {
	log = '';

	/** Null while it runs; afterwards why it ended, such as `code 1` or `SIGKILL`. */
	endedBy: string | null = null;

	private readonly child: ChildProcess;

	/** Resolves when it has ended, however that came. */
	readonly ended: Promise<void>;

	constructor(
		readonly name: string,
		command: string,
		args: readonly string[],
		{ cwd, env, onLine }: ProcessOptions,
	) {
		// A group of its own, so that whatever it starts can be ended with it.
		this.child = spawn(command, args, {
			cwd,
			env,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		running.add(this);
		this.ended = new Promise((resolve) => {
			const end = (reason: string) => {
				this.endedBy ??= reason;
				running.delete(this);
				resolve();
			};
			this.child.once('error', (error) => end(error.message));
			this.child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
		});
		const read = (chunk: Buffer) => {
			const text = chunk.toString('utf8');
			this.log = (this.log + text).slice(-LOG_KEPT_CHARACTERS);
			if (onLine) text.split(/\r?\n/).filter(Boolean).forEach(onLine);
		};
		this.child.stdout?.on('data', read);
		this.child.stderr?.on('data', read);
	}

	/** Ends it and what it started: politely first, then for certain. */
	async stop(): Promise<void> {
		this.signal('SIGTERM');
		const patience = new AbortController();
		await Promise.race([
			this.ended,
			sleep(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
		]);
		patience.abort();
		await this.kill();
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		this.signal('SIGKILL');
		await this.ended;
	}

	/** To the whole group; a group that is gone needs no signal. */
	signal(signal: NodeJS.Signals): void {
		if (this.child.pid === undefined) return;
		try {
			process.kill(-this.child.pid, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}

/** Ends what is still running, the newest first. */
export async function stopAll(): Promise<void> {
	for (const child of [...running].reverse()) await child.stop();
}

process.once('exit', () => {
	for (const child of running) child.signal('SIGKILL');
});
