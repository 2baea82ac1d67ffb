import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from './requestPace';

/** The clock of the machine. */
export const systemClock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	async sleep(milliseconds, signal) {
		if (signal.aborted) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				signal.removeEventListener('abort', wake);
				resolve();
			};
			signal.addEventListener('abort', wake);
			void sleep(milliseconds).then(wake);
		});
	},
};

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
