import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { gatewayCases, itemPerNumber, numbersOf } from '../../helpers/gatewayCases';
import { goodCredentials, mboaSmsRun } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';
import type { NodeRun } from '../../helpers/engine';

const bench = useTestBench();
const MB = 1_048_576;

let server: Server;
let answer: (response: ServerResponse, request: IncomingMessage) => void;
/** Bytes that the gateway got rid of before the node left. */
let written: number;
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
	server = createServer((request, response) => {
		request.resume();
		request.on('end', () => answer(response, request));
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

beforeEach(() => {
	written = 0;
});

afterAll(async () => {
	server.closeAllConnections();
	await new Promise((end) => server.close(end));
});

/** An answer of 100 MB, begun as JSON, in pieces as fast as they are taken. */
function endless(status: number) {
	return (response: ServerResponse) => {
		response.writeHead(status, { 'Content-Type': 'application/json' });
		response.write('{"success":true,"message":"');
		const piece = 'x'.repeat(64 * 1024);
		const more = () => {
			while (written < 100 * MB && !response.destroyed) {
				written += piece.length;
				if (!response.write(piece)) return void response.once('drain', more);
			}
			response.end('"}');
		};
		more();
	};
}

describe.each(gatewayCases)('%s', (_name, gateway) => {
	const send = (rest: Partial<NodeRun> = {}, options = {}) =>
		itemPerNumber(gateway, url(), numbersOf(gateway, 1), options, {
			onError: 'continueRegularOutput',
			...rest,
		});

	test.each([200, 500])('an answer of 100 MB with status %d is unreadable', async (status) => {
		answer = endless(status);
		const result = await bench.engine.run(send({}, { includeResponse: true }));
		expect(result.json).toMatchObject([{ status: 'unknown' }]);
		expect(result.json[0]?.errorMessage).toMatch(/without a readable answer/);
		expect(JSON.stringify(result.runExecutionData).length).toBeLessThan(60_000);
		expect(written).toBeLessThan(20 * MB);
	});

	test('an answer that says yes and goes on for more than 1 MB is unreadable', async () => {
		const body = '{"success":true,"data":{"totalSent":1,"recipients_count":1}}';
		answer = (response) => response.writeHead(200).end(body.padEnd(2 * MB));
		expect((await bench.engine.run(send())).json).toMatchObject([{ status: 'unknown' }]);
	});

	test('an answer of almost 1 MB is read', async () => {
		const padding = ' '.repeat(MB - 2_000);
		const body = JSON.stringify({
			success: true,
			statusCode: 200,
			message: ['SMS successfully sent to 1 recipients.'],
			data: { totalSent: 1, totalFailed: 0, sms_sent: 1 },
		});
		answer = (response) =>
			response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${padding}${body}`);
		expect((await bench.engine.run(send())).json).toMatchObject([{ status: 'sent' }]);
	});

	test('JSON is read whatever type it says it has', async () => {
		answer = (response) =>
			response
				.writeHead(400, { 'Content-Type': 'text/html' })
				.end('\ufeff{"success":false,"message":"Numéro refusé"}');
		const [json] = (await bench.engine.run(send())).json;
		expect(json).toMatchObject({ status: 'failed' });
		expect(json?.errorMessage).toMatch(/Numéro refusé/);
	});
});

test('a token that expired is renewed, though every answer is read in pieces', async () => {
	const seen: string[] = [];
	answer = (response, request) => {
		seen.push(`${request.url} ${request.headers.authorization ?? ''}`);
		response.setHeader('Content-Type', 'application/json');
		if (request.url === '/api/v1/auth/login') {
			return void response.end(`{"success":true,"data":{"token":"token-${seen.length}"}}`);
		}
		const isFresh = request.headers.authorization === 'Bearer token-3';
		response.statusCode = isFresh ? 200 : 401;
		response.end(
			isFresh
				? '{"success":true,"data":{"totalSent":1}}'
				: '{"success":false,"error":"Token expired"}',
		);
	};
	const run = mboaSmsRun(
		url(),
		{ recipients: '+237677123456', message: 'Hello' },
		{ credentials: goodCredentials.mboaSmsLogIn(url()) },
	);
	expect((await bench.engine.run(run)).json).toMatchObject([{ status: 'sent' }]);
	expect(seen.map((line) => line.split(' ')[0])).toEqual([
		'/api/v1/auth/login',
		'/api/v1/developer/sms/send',
		'/api/v1/auth/login',
		'/api/v1/developer/sms/send',
	]);
});

test('a log-in and a balance with an answer of 100 MB are refused without reading it', async () => {
	answer = endless(200);
	const logIn = mboaSmsRun(
		url(),
		{ recipients: '+237677123456', message: 'Hello' },
		{ credentials: goodCredentials.mboaSmsLogIn(url()) },
	);
	expect((await bench.engine.run(logIn)).error?.message).toMatch(/./);
	expect(written).toBeLessThan(20 * MB);
	written = 0;
	const balance = await bench.engine.run({
		type: 'mamboSms',
		parameters: { resource: 'account', operation: 'getBalance' },
		credentials: goodCredentials.mamboAccount(url()),
	});
	expect(balance.error?.description ?? balance.error?.message).toMatch(/without a readable answer/);
	expect(written).toBeLessThan(20 * MB);
});
