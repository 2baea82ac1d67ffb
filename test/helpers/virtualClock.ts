import type { Clock } from '../../nodes/shared/sending/requestPace';

interface Timer {
	at: number;
	wake: () => void;
}

/**
 * Time that stands still while anything can happen, and then jumps to the next timer. Whoever uses
 * it awaits nothing but promises and its `sleep`.
 */
export class VirtualClock implements Clock {
	/** What was slept, in ms, in the order in which it began. */
	readonly slept: number[] = [];

	private readonly timers: Timer[] = [];

	private draw = 0;

	/** `draws`: what `random` gives, over and over. */
	constructor(
		private time = Date.UTC(2025, 9, 21, 7, 28, 0),
		private readonly draws: readonly number[] = [0.5],
	) {}

	now(): number {
		return this.time;
	}

	date(): number {
		return this.time;
	}

	random(): number {
		return this.draws[this.draw++ % this.draws.length] ?? 0;
	}

	async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		this.slept.push(milliseconds);
		await new Promise<void>((resolve) => {
			const timer: Timer = { at: this.time + Math.max(0, milliseconds), wake: () => undefined };
			const end = () => {
				signal?.removeEventListener('abort', end);
				const index = this.timers.indexOf(timer);
				if (index !== -1) this.timers.splice(index, 1);
				resolve();
			};
			timer.wake = end;
			signal?.addEventListener('abort', end);
			this.insert(timer);
		});
	}

	/** Calls at a moment of the run. */
	at(milliseconds: number, call: () => void): void {
		this.insert({ at: this.time + milliseconds, wake: call });
	}

	/** Lets time pass until the promise is settled. Throws when it waits for what never comes. */
	async run<Result>(promise: Promise<Result>): Promise<Result> {
		const ended = promise.then(
			() => true,
			() => true,
		);
		for (;;) {
			const isEnded = await Promise.race([ended, nothingElse()]);
			if (isEnded) return await promise;
			const next = this.timers.shift();
			if (!next) throw new Error('Everything waits, and no timer is set');
			this.time = Math.max(this.time, next.at);
			next.wake();
		}
	}

	private insert(timer: Timer): void {
		const later = this.timers.findIndex((other) => other.at > timer.at);
		this.timers.splice(later === -1 ? this.timers.length : later, 0, timer);
	}
}

/** Resolves once every promise that can go on has gone on. */
async function nothingElse(): Promise<false> {
	await new Promise((resolve) => setImmediate(resolve));
	return false;
}
