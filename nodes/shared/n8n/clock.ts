import { sleep } from 'n8n-workflow';

import type { Clock } from '../sending/requestPace';

/** The clock of the machine. */
export const systemClock: Clock = {
	now: () => performance.now(),
	date: () => Date.now(),
	random: () => Math.random(),
	async sleep(milliseconds, signal) {
		if (!signal) return await sleep(milliseconds);
		// An aborted sleep rejects and clears its timer; in older n8n it knows no signal.
		const isLong = milliseconds > LONGEST_LEFT_RUNNING_MS;
		const wait = isLong ? sleep(milliseconds, signal).catch(() => undefined) : sleep(milliseconds);
		await Promise.race([wait, whenAborted(signal)]);
	},
};

/** A shorter wait may leave its timer behind: many wait at once then, and share one listener. */
const LONGEST_LEFT_RUNNING_MS = 5000;

/** One listener per signal, however many requests wait: Node.js warns above ten. */
const abortOf = new WeakMap<AbortSignal, Promise<void>>();

async function whenAborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	let abort = abortOf.get(signal);
	if (!abort) {
		abort = new Promise((resolve) => {
			signal.addEventListener('abort', () => resolve(), { once: true });
		});
		abortOf.set(signal, abort);
	}
	await abort;
}
