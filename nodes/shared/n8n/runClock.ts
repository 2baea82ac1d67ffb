import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from './requestPace';

/** The clock of the machine. */
export const systemClock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	sleep: async (milliseconds, signal) =>
		await Promise.race([sleep(milliseconds), ...(signal ? [whenAborted(signal)] : [])]),
};

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

/** A signal that goes off when the user stops the execution, or the run itself has to stop. */
export function stopSwitch(context: IExecuteFunctions) {
	const controller = new AbortController();
	const stop = () => controller.abort();
	const cancelSignal = context.getExecutionCancelSignal?.();
	if (cancelSignal?.aborted) stop();
	cancelSignal?.addEventListener('abort', stop);
	return {
		signal: controller.signal,
		stop,
		release: () => cancelSignal?.removeEventListener('abort', stop),
	};
}
