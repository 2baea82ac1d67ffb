import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxState } from './state';

/** Many messages of one request are one piece of news. */
const gatherMs = 80;
const heartbeatMs = 15_000;

/** The page at `/`: what arrived on the phones. Its policy allows its own script and style and nothing else. */
export function registerInbox(app: FastifyInstance): void {
	const html = readFileSync(join(__dirname, 'inbox.html'), 'utf8');
	const policy = [
		`default-src 'none'`,
		`connect-src 'self'`,
		`img-src data:`,
		`script-src ${hashOf('script', html)}`,
		`style-src ${hashOf('style', html)}`,
		`base-uri 'none'`,
		`form-action 'none'`,
		`frame-ancestors 'none'`,
	].join('; ');
	app.get('/', async (_request, reply) =>
		reply
			.headers({
				'content-security-policy': policy,
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store',
			})
			.type('text/html; charset=utf-8')
			.send(html),
	);
}

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

/** The CSP source expression of the one inline element of that name. */
function hashOf(element: 'script' | 'style', html: string): string {
	const content = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html)?.[1];
	if (content === undefined) throw new Error(`inbox.html has no <${element}>`);
	return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
