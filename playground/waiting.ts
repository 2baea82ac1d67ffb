import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
	timeoutMs: number;
	pollMs?: number;
}

/** Asks until the answer is not undefined. Throws after `timeoutMs`, naming what was waited for. */
export async function waitFor<Answer>(
	what: string,
	ask: () => Answer | undefined | Promise<Answer | undefined>,
	{ timeoutMs, pollMs = 100 }: WaitOptions,
): Promise<Answer> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() >= end) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`);
		await sleep(pollMs);
	}
}

/** A TCP port on 127.0.0.1 that nobody uses at the moment: `wanted`, if that is one. */
export async function freePort(wanted = 0): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error) => {
			if (wanted === 0) reject(error);
			else resolve(freePort());
		});
		server.listen(wanted, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}
