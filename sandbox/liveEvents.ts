import type { FastifyInstance } from 'fastify';
import type { SandboxState } from './phones';

/** Many messages of one request are one piece of news. */
const gatherMs = 80;
const heartbeatMs = 15_000;

/** Server-Sent Events: the revision, now and after every change. What changed is fetched from the other endpoints. */
export function registerLiveEvents(scope: FastifyInstance, state: SandboxState): void {
	scope.get('/events', (_request, reply) => {
		reply.hijack();
		const { raw } = reply;
		raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
		const tell = (): void => {
			gathering = undefined;
			raw.write(`data: ${state.revision}\n\n`);
		};
		let gathering: NodeJS.Timeout | undefined;
		const unsubscribe = state.onChange(() => {
			gathering ??= setTimeout(tell, gatherMs).unref();
		});
		const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs).unref();
		tell();
		raw.once('close', () => {
			unsubscribe();
			clearInterval(heartbeat);
			clearTimeout(gathering);
		});
	});
}
