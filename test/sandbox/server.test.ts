import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/server';
import {
	bearer,
	hello,
	mamboKey,
	mamboSendPath,
	sendBulkPath,
	sendPath,
	useSandbox,
} from './sandboxClient';

const { sandbox, call, post, upload } = useSandbox();

describe('Hostile input', () => {
	const tooLarge = Buffer.alloc(31 * 1024 * 1024, 'a');

	it('answers a JSON body above 30 MB with 413 in the shape of the gateway', async () => {
		const headers = { ...mamboKey, 'content-type': 'application/json' };
		const answer = await call('POST', mamboSendPath, headers, new Uint8Array(tooLarge));
		expect(answer.status).toBe(413);
		expect(answer.json).toMatchObject({ statusCode: 413, success: false, data: [] });
	});

	it('answers a file above 30 MB with 413', async () => {
		const answer = await upload('a.csv', tooLarge);
		expect(answer.status).toBe(413);
		expect(answer.json).toMatchObject({ success: false, error: { code: 'PAYLOAD_TOO_LARGE' } });
	});

	it.each([
		['a method nobody knows', 'PROPFIND', sendPath],
		['a path that is not a path', 'POST', '/api/%zz'],
		['a body that ends early', 'POST', sendPath, 'Content-Length: 100\r\n', '{'],
		['broken chunks', 'POST', sendPath, 'Transfer-Encoding: chunked\r\n', 'zz\r\nx'],
		['two lengths', 'POST', sendPath, 'Content-Length: 1\r\nContent-Length: 2\r\n', 'ab'],
		[
			'a multipart type without a boundary',
			'POST',
			sendBulkPath,
			'Content-Type: multipart/form-data\r\nContent-Length: 2\r\n',
			'ab',
		],
		['control characters', '\u0001\u0002', '\u0003'],
	])('survives %s', async (_name, method, path, headers = '', body = '') => {
		const socket = connect(sandbox().port, '127.0.0.1');
		socket.on('error', () => socket.destroy());
		socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`);
		await Promise.race([once(socket, 'data'), once(socket, 'close'), pause(100)]);
		socket.destroy();
		expect((await post(sendPath, hello, bearer)).status).toBe(200);
	});

	it.each([
		['__proto__', '{"__proto__":{"x":1},"phoneNumbers":["670000000"],"message":"a"}', 200],
		['deep nesting', '['.repeat(200_000), 400],
		['a number that is no number', 'NaN', 400],
	])('answers JSON with %s', async (_name, body, status) => {
		const headers = { ...bearer, 'content-type': 'application/json' };
		expect((await call('POST', sendPath, headers, body)).status).toBe(status);
	});
});

describe('Starting and closing', () => {
	it('picks a free port when the one asked for is taken', async () => {
		const second = await startSandbox({ port: sandbox().port });
		expect(second.port).not.toBe(sandbox().port);
		expect((await fetch(`${second.url}/sandbox/state`)).status).toBe(200);
		await second.close();
	});

	it('listens on the loopback address only', () => {
		expect(sandbox().url).toBe(`http://127.0.0.1:${sandbox().port}`);
	});

	it('closes at once although a client waits for an answer that never comes', async () => {
		const other = await startSandbox();
		other.state.armFault({ gateway: 'mboasms', count: 1, fault: { kind: 'hang' } });
		const waiting = fetch(`${other.url}${sendPath}`, {
			method: 'POST',
			headers: { ...bearer, 'content-type': 'application/json' },
			body: JSON.stringify(hello),
		});
		const refused = expect(waiting).rejects.toThrow();
		while (other.state.requests[0]?.fault == null) await pause(5);
		await other.close();
		await refused;
	});

	it.each(['SIGINT', 'SIGTERM'] as const)(
		'prints address and credentials, and stops cleanly on %s',
		async (signal) => {
			const root = join(__dirname, '..', '..');
			const child = spawn(
				process.execPath,
				['--import', 'tsx', join(root, 'sandbox', 'main.ts'), '--port', '0'],
				{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
			);
			let printed = '';
			child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
			while (!printed.includes('Ctrl+C') && child.exitCode === null) await pause(20);
			const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '';
			expect((await fetch(`${url}/sandbox/state`)).status).toBe(200);
			expect(printed).toContain('demo:basic-é');
			child.kill(signal);
			const [exitCode]: unknown[] = await once(child, 'exit');
			expect(exitCode).toBe(0);
		},
	);
});

describe('The page', () => {
	it('is one file that its own policy allows and that loads nothing else', async () => {
		const page = await call('GET', '/');
		expect(page.status).toBe(200);
		expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
		const policy = page.headers.get('content-security-policy');
		expect(policy).toMatch(/^default-src 'none'; connect-src 'self'; /);
		expect(policy).not.toContain('unsafe');
		expect(page.text).not.toMatch(/(?:src|href)="(?!data:)/);
		expect(page.text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
	});

	it('hears of every change', async () => {
		const stream = await fetch(`${sandbox().url}/sandbox/events`);
		const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
		const revision = async () => Number((await reader?.read())?.value?.replace('data: ', ''));
		const first = await revision();
		await post(sendPath, hello, bearer);
		expect(await revision()).toBeGreaterThan(first);
		await reader?.cancel();
	});
});

async function pause(durationMs: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, durationMs));
}
