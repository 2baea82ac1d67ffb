import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { N8nClient } from './n8nClient';

export interface FrontDoor {
	/** Signs a browser in and leads it to the page. */
	link: string;
	close(): Promise<void>;
}

/**
 * One link in place of address, email and password. Browsers keep cookies for a host and not for a port, so a
 * server beside n8n can hand over what n8n's log-in gave. The link has a secret in it, for other pages of the browser.
 */
export async function openFrontDoor(client: N8nClient, pageUrl: string): Promise<FrontDoor> {
	const path = `/${randomBytes(12).toString('hex')}`;
	const server = createServer((request, response) => {
		if (request.url !== path) return void response.writeHead(404).end();
		response.writeHead(302, {
			'Set-Cookie': `${client.logInCookie}; Path=/; HttpOnly; SameSite=Lax`,
			'Cache-Control': 'no-store',
			Location: pageUrl,
		});
		response.end();
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const { port } = server.address() as AddressInfo;
	return {
		link: `http://127.0.0.1:${port}${path}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}
