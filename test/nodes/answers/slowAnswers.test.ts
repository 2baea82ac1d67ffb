import type { IDataObject } from 'n8n-workflow';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { gatewayCases, itemPerNumber, numbersOf } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
let server: Server;
let trickle: (response: ServerResponse) => () => void;
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Never silent for long: a piece of the answer every 50 ms, 20 s in all. */
beforeAll(async () => {
	server = createServer((request, response) => {
		request.resume();
		request.on('end', () => {
			const write = trickle(response);
			let left = 400;
			const timer = setInterval(() => {
				left -= 1;
				if (left > 0 && !response.destroyed) return write();
				clearInterval(timer);
				response.end('"}');
			}, 50);
		});
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterAll(async () => {
	server.closeAllConnections();
	await new Promise((end) => server.close(end));
});

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const send = (baseUrl: string, options: IDataObject) =>
		itemPerNumber(gateway, baseUrl, numbersOf(gateway, 1), options, {
			onError: 'continueRegularOutput',
		});

	test.each([
		[
			'whose body trickles',
			(response: ServerResponse) => {
				response.writeHead(200, { 'Content-Type': 'application/json' });
				response.write('{"success":true,"message":"');
				return () => void response.write('x');
			},
		],
		[
			'whose headers trickle',
			({ socket }: ServerResponse) => {
				socket?.write('HTTP/1.1 200 OK\r\nX-Waiting: ');
				return () => void socket?.write('x');
			},
		],
	])('an answer %s ends with the time-out, in doubt', async (_what, begin) => {
		trickle = begin;
		// As in a busy n8n: Node.js 20 then forgot the end of the time.
		const collecting = setInterval(collectGarbage, 100);
		const startedAt = performance.now();
		const { json } = await bench.engine.run(send(url(), { timeoutSeconds: 1 }));
		clearInterval(collecting);
		// Less than a tenth of what the answer would take.
		expect(performance.now() - startedAt).toBeLessThan(10_000);
		expect(json).toMatchObject([{ status: 'unknown' }]);
		expect(json[0]?.errorMessage).toMatch(/No answer came in time/);
	});

	test.each([1e10, 3_000_000])('a time-out of %d s is a long one', async (timeoutSeconds) => {
		const { json } = await bench.engine.run(send(bench.sandbox.url, { timeoutSeconds }));
		expect(json).toMatchObject([{ status: 'sent' }]);
	});
});
