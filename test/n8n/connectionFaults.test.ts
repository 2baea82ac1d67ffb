import 'reflect-metadata';

import { OutboundHttp } from '@n8n/backend-network';
import { Container } from '@n8n/di';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { NoAnswer, type Refusal } from '../../nodes/shared/gateways/gateway';
import { noAnswerOf, thrownResponseOf } from '../../nodes/shared/n8n/connectionFaults';
import { asRaisedByN8n } from '../helpers/testNode';

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	sockets.clear();
	await Promise.all(servers.splice(0).map((server) => new Promise((end) => server.close(end))));
});

/** Listens on a free port of this machine. */
async function portOf(server: Server): Promise<number> {
	servers.push(server);
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
	const server = createServer();
	const port = await portOf(server);
	await new Promise((end) => server.close(end));
	return port;
}

/** What n8n throws when it makes the request with a credential and gets no answer. */
async function thrownBy(url: string, rest: Partial<IHttpRequestOptions> = {}): Promise<unknown> {
	try {
		await Container.get(OutboundHttp)
			.requests()
			.request({
				method: 'POST',
				url,
				body: { phoneNumbers: ['+237670000000'] },
				timeout: 5_000,
				returnFullResponse: true,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				...rest,
			});
	} catch (error) {
		return asRaisedByN8n(error);
	}
	throw new Error(`${url} gave an answer`);
}

function shown({ message, canHaveLeft, refusal }: NoAnswer) {
	return { message, canHaveLeft, refusal };
}

describe('a request through the client of n8n', () => {
	test('to a closed port has not left', async () => {
		const error = await thrownBy(`http://127.0.0.1:${await closedPort()}/`);
		expect(shown(noAnswerOf(error))).toEqual({
			message: 'the connection was refused (ECONNREFUSED)',
			canHaveLeft: false,
		});
	});

	test('to a host name that does not exist has not left', async () => {
		const { message, canHaveLeft } = noAnswerOf(await thrownBy('http://nowhere.invalid/'));
		expect(canHaveLeft).toBe(false);
		expect(message).toMatch(/^the host name (was not found|could not be looked up) \(E[A-Z_]+\)$/);
	});

	test('to all addresses of a name, each of them closed, has not left', async () => {
		const { canHaveLeft } = noAnswerOf(await thrownBy(`http://localhost:${await closedPort()}/`));
		expect(canHaveLeft).toBe(false);
	});

	test.each(['no address', 'http://', 'ftp://127.0.0.1/'])(
		'to "%s", which is no address of the web, has not left',
		async (url) => {
			expect(noAnswerOf(await thrownBy(url)).canHaveLeft).toBe(false);
		},
	);

	test('with TLS to a server without TLS has not left', async () => {
		let isReceived = false;
		const server = createHttpServer((_request, response) => {
			isReceived = true;
			response.end('{}');
		});
		const error = await thrownBy(`https://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(false);
		expect(isReceived).toBe(false);
	});

	test('with TLS to a server that hangs up before the handshake has not left', async () => {
		const server = createServer((socket) => socket.once('data', () => socket.destroy()));
		const error = await thrownBy(`https://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(false);
	});

	test('to a server with a certificate of its own has not left', async () => {
		let isReceived = false;
		const server = createHttpsServer(selfSigned(), (_request, response) => {
			isReceived = true;
			response.end('{}');
		});
		const error = await thrownBy(`https://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(false);
		expect(isReceived).toBe(false);
	});

	test('that is reset after it arrived may have left', async () => {
		const server = createServer((socket) =>
			socket.once('data', () => {
				socket.resetAndDestroy();
			}),
		);
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`);
		expect(shown(noAnswerOf(error))).toEqual({
			message: 'the connection was reset (ECONNRESET)',
			canHaveLeft: true,
		});
	});

	test('that is hung up on after it arrived may have left', async () => {
		const server = createServer((socket) => socket.once('data', () => socket.end()));
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(true);
	});

	test('that is reset in the middle of the answer may have left', async () => {
		const server = createHttpServer((_request, response) => {
			response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
			response.write('{"success":', () => response.socket?.resetAndDestroy());
		});
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(true);
	});

	test('that gets no answer in time may have left', async () => {
		const server = createServer(() => undefined);
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`, { timeout: 100 });
		const { message, canHaveLeft } = noAnswerOf(error);
		expect(canHaveLeft).toBe(true);
		expect(message).toMatch(/^no answer came in time/);
	});

	test('that is stopped by the user may have left', async () => {
		const controller = new AbortController();
		const server = createServer((socket) => socket.once('data', () => controller.abort()));
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`, {
			abortSignal: controller.signal,
		});
		expect(shown(noAnswerOf(error, { isCanceled: true }))).toEqual({
			message: 'the execution was canceled while the request was under way',
			canHaveLeft: true,
		});
	});

	test('whose answer is no HTTP may have left', async () => {
		const server = createServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
		const error = await thrownBy(`http://127.0.0.1:${await portOf(server)}/`);
		expect(noAnswerOf(error).canHaveLeft).toBe(true);
	});

	function selfSigned() {
		const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
		const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
		execFileSync(
			'openssl',
			[
				'req',
				'-x509',
				'-newkey',
				'rsa:2048',
				'-nodes',
				'-subj',
				'/CN=localhost',
				'-days',
				'1',
			].concat(['-keyout', key, '-out', cert]),
			{ stdio: 'pipe' },
		);
		const pair = { key: readFileSync(key), cert: readFileSync(cert) };
		rmSync(folder, { recursive: true });
		return pair;
	}
});

/** An error as Node.js and axios make them. */
function fault(rest: Record<string, unknown>, message = 'something'): Error {
	return Object.assign(new Error(message), rest);
}

describe('a fault', () => {
	// Node.js: `errors.html`, "Common system errors"; `dns.html`, "Error codes"; `tls.html`,
	// "X509 certificate error codes". axios: `AxiosError`.
	test.each<[string, Record<string, unknown>, boolean]>([
		['ECONNREFUSED', {}, false],
		['ENOTFOUND', { syscall: 'getaddrinfo' }, false],
		['EAI_AGAIN', { syscall: 'getaddrinfo' }, false],
		['ERR_INVALID_URL', {}, false],
		['ETIMEDOUT', { syscall: 'connect' }, false],
		['EHOSTUNREACH', { syscall: 'connect' }, false],
		['ENETUNREACH', { syscall: 'connect' }, false],
		['EADDRNOTAVAIL', { syscall: 'connect' }, false],
		['ECONNRESET', { syscall: 'connect' }, false],
		['CERT_HAS_EXPIRED', {}, false],
		['CERT_NOT_YET_VALID', {}, false],
		['DEPTH_ZERO_SELF_SIGNED_CERT', {}, false],
		['SELF_SIGNED_CERT_IN_CHAIN', {}, false],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, false],
		['UNABLE_TO_GET_ISSUER_CERT', {}, false],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {}, false],
		['ERR_TLS_CERT_ALTNAME_INVALID', {}, false],
		['HOSTNAME_MISMATCH', {}, false],
		['ETIMEDOUT', {}, true],
		['ETIMEDOUT', { syscall: 'read' }, true],
		['EHOSTUNREACH', { syscall: 'read' }, true],
		['ENETUNREACH', { syscall: 'write' }, true],
		['ECONNRESET', {}, true],
		['ECONNRESET', { syscall: 'read' }, true],
		['EPIPE', { syscall: 'write' }, true],
		['ECONNABORTED', {}, true],
		['ERR_CANCELED', {}, true],
		['ERR_NETWORK', {}, true],
		['ERR_BAD_RESPONSE', {}, true],
		['EPROTO', {}, true],
		['HPE_INVALID_CONSTANT', {}, true],
		['ERR_STREAM_PREMATURE_CLOSE', {}, true],
		['ESOMETHINGNEW', {}, true],
		['', {}, true],
	])('%s %j can mean that the request has left: %s', (code, rest, canHaveLeft) => {
		for (const wrapped of [
			fault({ code, ...rest }),
			fault({ cause: fault({ code, ...rest }) }),
			asRaisedByN8n(fault({ code, ...rest })),
		]) {
			expect(noAnswerOf(wrapped).canHaveLeft).toBe(canHaveLeft);
		}
	});

	test.each<[string, boolean]>([
		['Client network socket disconnected before secure TLS connection was established', false],
		['write EPROTO 0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', false],
		['ssl3_read_bytes:sslv3 alert handshake failure', false],
		['tls_process_server_hello:unsupported protocol', false],
		['socket hang up', true],
		['timeout of 30000ms exceeded', true],
	])('that says "%s" can mean that the request has left: %s', (message, canHaveLeft) => {
		expect(noAnswerOf(fault({}, message)).canHaveLeft).toBe(canHaveLeft);
	});

	test('of several addresses has not left only when none of them was reached', () => {
		const refused = fault({ code: 'ECONNREFUSED' });
		const unreachable = fault({ code: 'ENETUNREACH', syscall: 'connect' });
		const reset = fault({ code: 'ECONNRESET' });
		const leftAfter = (...errors: Error[]) =>
			noAnswerOf(Object.assign(new AggregateError(errors), { code: 'EMANY' })).canHaveLeft;
		expect([leftAfter(refused, unreachable), leftAfter(refused, reset), leftAfter()]).toEqual([
			false,
			true,
			true,
		]);
	});

	test.each<[unknown, string]>([
		[fault({ code: 'ECONNABORTED' }, 'timeout of 30000ms exceeded'), 'no answer came in time'],
		[fault({ code: 'ECONNABORTED' }), 'no answer came in time (ECONNABORTED)'],
		[fault({ code: 'ESOMETHINGNEW' }, 'it broke'), 'it broke (ESOMETHINGNEW)'],
		[fault({ code: 'EPIPE' }, 'write EPIPE'), 'write EPIPE'],
		[fault({}, 'socket hang up'), 'socket hang up'],
		[fault({ code: 'EODD' }, ''), 'EODD'],
		[fault({}, ''), 'the connection ended'],
		[undefined, 'the connection ended'],
		['a text', 'the connection ended'],
		[null, 'the connection ended'],
	])('is told in words: %p', (error, words) => {
		const noAnswer = noAnswerOf(error);
		expect(noAnswer).toBeInstanceOf(NoAnswer);
		expect(noAnswer.message).toBe(words);
	});

	test('of the log-in has not left, whatever it was, and keeps its refusal', () => {
		const refusal: Refusal = { kind: 'credentials', reason: 'log-in: No', httpCode: '401' };
		const error = asRaisedByN8n(
			fault({ logInRefusal: refusal, cause: fault({ code: 'ECONNRESET' }) }),
		);
		expect(shown(noAnswerOf(error))).toEqual({
			message: 'log-in: No',
			canHaveLeft: false,
			refusal,
		});
	});

	test('whose causes go in a circle is read to an end', () => {
		const error = fault({});
		error.cause = error;
		expect(noAnswerOf(error).canHaveLeft).toBe(true);
	});
});

describe('the status of a raised answer', () => {
	test.each<[unknown, number | undefined]>([
		[fault({ response: { status: 401, data: {} } }), 401],
		[fault({ cause: fault({ response: { status: 401 } }) }), 401],
		[asRaisedByN8n(fault({ response: { status: 401 } })), 401],
		[fault({ code: 'ECONNRESET' }), undefined],
		[fault({ response: {} }), undefined],
		[undefined, undefined],
		['401', undefined],
	])('is found in %p', (error, status) => {
		expect(thrownResponseOf(error)?.status).toBe(status);
	});
});
