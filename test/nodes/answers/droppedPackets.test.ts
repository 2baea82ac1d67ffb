import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

import {
	arrivals,
	gatewayCases,
	itemPerNumber,
	mamboSms,
	mboaSms,
	numbersOf,
	type GatewayCase,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** A server that listens, and takes nobody from its queue, which holds two. */
const LISTENER = `
	const server = require('node:net').createServer();
	server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
		process.stdout.write(String(server.address().port));
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
	});`;

let listener: ChildProcess;
let silent: Server;
const waiting: Socket[] = [];
const urls = { hole: '', silent: '' };

/** Whether Linux still puts somebody into the queue. */
async function isQueued(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => undefined);
	waiting.push(socket);
	return await new Promise((resolve) => {
		socket.once('connect', () => resolve(true));
		setTimeout(() => resolve(false), 300);
	});
}

beforeAll(async () => {
	listener = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
	const port = await new Promise<number>((resolve) =>
		listener.stdout?.once('data', (printed) => resolve(Number(printed))),
	);
	while (await isQueued(port));
	urls.hole = `http://127.0.0.1:${port}`;
	silent = createServer((socket) => waiting.push(socket));
	await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
	urls.silent = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});

afterAll(() => {
	listener.kill('SIGKILL');
	for (const socket of waiting) socket.destroy();
	silent.close();
});

const overTls = (url: string) => url.replace('http:', 'https:');

let executionCount = 0;

async function run(gateway: GatewayCase, url: string, key: string) {
	executionCount += 1;
	return await bench.engine.run(
		itemPerNumber(
			gateway,
			url,
			numbersOf(gateway, 1),
			{ timeoutSeconds: 1, deduplicationKey: key },
			{ executionId: String(executionCount), onError: 'continueRegularOutput' },
		),
	);
}

// What fills a queue differs between systems; what n8n tells of it does not.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a network', () => {
	test.each([
		['drops all packets', mboaSms, () => urls.hole],
		['drops all packets', mamboSms, () => urls.hole],
		['drops all packets, with TLS', mboaSms, () => overTls(urls.hole)],
		['connects and never ends the handshake of TLS', mamboSms, () => overTls(urls.silent)],
	])(
		'that %s: certainly not sent, and the next run sends under the same key',
		async (_what, gateway, url) => {
			const key = `bill of ${url()}`;
			const { json } = await run(gateway, url(), key);
			expect(json).toMatchObject([{ status: 'failed', sentCount: 0, failedCount: 1 }]);
			expect(json[0]?.errorMessage).toMatch(/could not be reached.*Nothing was sent for this item/);
			expect((await run(gateway, bench.sandbox.url, key)).json).toMatchObject([{ status: 'sent' }]);
			expect(arrivals(bench.sandbox)).toEqual(numbersOf(gateway, 1));
		},
	);

	test.each(gatewayCases)(
		'that connects and then is silent: not known, and the key is not given away, %s',
		async (_name, gateway) => {
			const { json } = await run(gateway, urls.silent, 'bill-8');
			expect(json).toMatchObject([{ status: 'unknown', sentCount: null, failedCount: null }]);
			const { json: next } = await run(gateway, bench.sandbox.url, 'bill-8');
			expect(next).toMatchObject([{ status: 'skipped' }]);
			expect(arrivals(bench.sandbox)).toEqual([]);
		},
	);
});
