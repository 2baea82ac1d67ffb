import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { credentialsFor } from '../../playground/demoContents';
import { freePort } from '../../playground/waiting';
import { Editor, sandbox } from './helpers/editor';

let editor: Editor;
let otherHost: Server;
let otherUrl: string;
let closedUrl: string;

beforeAll(async () => {
	editor = await Editor.open();
	otherHost = createServer((request, answer) => {
		request.resume();
		answer.setHeader('content-type', 'text/html');
		answer.statusCode = request.url === '/' ? 200 : 404;
		answer.end('<html><title>Some shop</title></html>');
	});
	await new Promise<void>((resolve) => otherHost.listen(0, '127.0.0.1', resolve));
	otherUrl = `http://127.0.0.1:${(otherHost.address() as AddressInfo).port}`;
	closedUrl = `http://127.0.0.1:${await freePort()}`;
});

beforeEach(async () => sandbox.reset());

afterEach(async () => {
	// Whatever was tested: no SMS arrives from a test.
	expect(await sandbox.messages()).toEqual([]);
});

afterAll(() => {
	otherHost.closeAllConnections();
	otherHost.close();
});

const wrongSecret: Record<string, Record<string, unknown>> = {
	'MboaSMS (sandbox)': { token: 'wrong' },
	'MboaSMS log-in (sandbox)': { password: 'wrong' },
	'MboaSMS Basic (sandbox)': { password: 'wrong' },
	'Mambo SMS (sandbox)': { apiKey: 'wrong' },
	'Mambo SMS account (sandbox)': { password: 'wrong' },
};

describe.each(Object.keys(wrongSecret))('the test of the credential %s', (name) => {
	/** As the editor does it: saved first, then tested. */
	async function verdict(change: Record<string, unknown>) {
		const known = credentialsFor(sandbox.url).find((each) => each.name === name);
		if (!known) throw new Error(`There is no credential named ${name}`);
		const data = { ...known.data, ...change };
		const { id } = await editor.client.createCredential(`Test of ${name}`, known.type, data);
		return await editor.client.testCredential(known.type, data, id);
	}

	test('is OK for a good one', async () => {
		expect(await verdict({})).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	test('says in plain words that a wrong one is refused', async () => {
		const { status, message } = await verdict(wrongSecret[name] ?? {});
		expect([status, message]).toEqual(['Error', expect.stringMatching(/accept|invalid|log in/i)]);
	});

	test('says so when nothing answers at the address', async () => {
		const { status, message } = await verdict({ baseUrl: closedUrl });
		expect([status, message]).toEqual(['Error', expect.stringMatching(/ECONNREFUSED|refused/)]);
	});

	test('says in words that a base URL is none, and asks nobody', async () => {
		const { status, message } = await verdict({ baseUrl: `${sandbox.url}/?to=` });
		expect([status, message]).toEqual(['Error', expect.stringMatching(/'Base URL'/)]);
		expect(await sandbox.requests()).toEqual([]);
	});

	test('says so when something else is at the address', async () => {
		const { status, message } = await verdict({ baseUrl: otherUrl });
		expect([status, message]).toEqual([
			'Error',
			expect.stringMatching(/no (MboaSMS|Mambo SMS) API at this address|log in/),
		]);
	});
});
