import fastify from 'fastify';
import { registerControl } from './control';
import { registerGateways } from './gatewayRoutes';
import { isObject } from './gateway';
import { registerInbox, registerLiveEvents } from './inboxPage';
import { mamboSms } from './mamboSms';
import { mboaSms } from './mboaSms';
import { SandboxState } from './state';

export interface Sandbox {
	/** Without a slash at the end, such as `http://127.0.0.1:4010`. */
	url: string;
	port: number;
	state: SandboxState;
	reset(): void;
	/** Ends every connection, also those that wait for an answer that never comes. */
	close(): Promise<void>;
}

/**
 * Starts a stand-in for both gateways on 127.0.0.1. Without a port, or with one that is taken, it picks a free one.
 * `now` (milliseconds since 1970) stamps messages and drives rate limits and session lifetimes.
 */
export async function startSandbox(
	options: { port?: number; now?: () => number } = {},
): Promise<Sandbox> {
	const state = new SandboxState(options.now ?? Date.now);
	const app = fastify({
		forceCloseConnections: true,
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, discriminator: true } },
	});
	await app.register(
		async (scope) => {
			registerControl(scope, state);
			registerLiveEvents(scope, state);
		},
		{ prefix: '/sandbox' },
	);
	await app.register(async (scope) => registerGateways(scope, state, [mboaSms, mamboSms]));
	registerInbox(app);
	const port = await listen(options.port ?? 0);
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		state,
		reset: () => state.reset(),
		close: () => app.close(),
	};

	async function listen(wanted: number): Promise<number> {
		try {
			await app.listen({ port: wanted, host: '127.0.0.1' });
		} catch (failure) {
			if (wanted === 0 || !isPortTaken(failure)) throw failure;
			await app.listen({ port: 0, host: '127.0.0.1' });
		}
		const address = app.server.address();
		if (address === null || typeof address === 'string') throw new Error('No TCP port was given');
		return address.port;
	}
}

function isPortTaken(failure: unknown): boolean {
	return isObject(failure) && failure.code === 'EADDRINUSE';
}
