import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { demoCredentials } from '../../../sandbox/demoCredentials';
import { testCredential } from '../../helpers/credentialTester';
import { goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const OK = { status: 'OK', message: 'Connection successful!' };

type Fields = Record<string, string>;

interface Tested {
	name: string;
	type: string;
	good: () => Record<string, ICredentialDataDecryptedObject>;
	wrong: Fields;
}

const credentials: Tested[] = [
	{
		name: 'MboaSMS JWT by token',
		type: 'mboaSmsJwtApi',
		good: () => goodCredentials.mboaSmsToken(bench.sandbox.url),
		wrong: { token: 'wrong-token' },
	},
	{
		name: 'MboaSMS JWT by log-in',
		type: 'mboaSmsJwtApi',
		good: () => goodCredentials.mboaSmsLogIn(bench.sandbox.url),
		wrong: { password: 'wrong-password' },
	},
	{
		name: 'MboaSMS JWT by API key',
		type: 'mboaSmsJwtApi',
		good: () => goodCredentials.mboaSmsApiKey(bench.sandbox.url),
		wrong: { apiKey: 'wrong-key' },
	},
	{
		name: 'MboaSMS Basic',
		type: 'mboaSmsBasicApi',
		good: () => goodCredentials.mboaSmsBasic(bench.sandbox.url),
		wrong: { password: 'wrong-password' },
	},
	{
		name: 'Mambo SMS',
		type: 'mamboSmsApi',
		good: () => goodCredentials.mamboSms(bench.sandbox.url),
		wrong: { apiKey: 'wrong-key' },
	},
	{
		name: 'Mambo SMS account',
		type: 'mamboSmsAccountApi',
		good: () => goodCredentials.mamboAccount(bench.sandbox.url),
		wrong: { password: 'wrong-password' },
	},
];

let elsewhere: Server;
let elsewhereUrl: string;
let answerStatus = 404;

beforeAll(async () => {
	elsewhere = createServer((_request, response) => {
		response.writeHead(answerStatus, { 'content-type': 'text/html', location: '/login' });
		response.end('<html><title>Welcome</title><body>A shop</body></html>');
	});
	await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
	elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});

afterAll(() => elsewhere.close());

describe.each(credentials)('the test of $name', ({ type, good, wrong }) => {
	const check = async (differences: Fields = {}) =>
		await testCredential(bench.engine, type, { ...good()[type], ...differences });

	afterEach(() => expect(bench.sandbox.state.messages).toEqual([]));

	test('says OK for a credential that works', async () => {
		expect(await check()).toEqual(OK);
		expect(bench.sandbox.state.requests.length).toBeGreaterThan(0);
	});

	test('says OK with blanks and slashes around the base URL', async () => {
		expect(await check({ baseUrl: ` ${bench.sandbox.url}// ` })).toEqual(OK);
	});

	test('says in plain words that a wrong one is not accepted', async () => {
		const { status, message } = await check(wrong);
		expect(status).toBe('Error');
		expect(message).toMatch(
			/does not accept this credential|did not log in|Mambo SMS answers: Invalid credentials/,
		);
		expect(message).not.toContain(Object.values(wrong)[0]);
	});

	test('does not say OK for empty fields', async () => {
		const empty = Object.fromEntries(Object.keys(wrong).map((name) => [name, '']));
		expect((await check(empty)).status).toBe('Error');
	});

	test('names the connection when the host cannot be reached', async () => {
		const refused = await check({ baseUrl: 'http://127.0.0.1:1' });
		expect(refused.status).toBe('Error');
		expect(refused.message).toMatch(/ECONNREFUSED|refused/i);
		const unknown = await check({ baseUrl: 'http://gateway.invalid' });
		expect(unknown.message).toMatch(/ENOTFOUND|EAI_AGAIN|incorrect host/);
	});

	test.each([404, 405, 200, 302])(
		'is not deceived by another host that answers %s',
		async (code) => {
			answerStatus = code;
			const { status, message } = await check({ baseUrl: elsewhereUrl });
			expect(status).toBe('Error');
			expect(message).toMatch(
				/There is no .* API at this address|did not log in: .*without a token/,
			);
		},
	);

	test('does not say OK while the gateway is out of order', async () => {
		answerStatus = 503;
		const { status, message } = await check({ baseUrl: elsewhereUrl });
		expect(status).toBe('Error');
		expect(message).toMatch(/cannot answer at the moment \(HTTP 503\)|HTTP 503/);
	});
});

describe('the tests of Mambo SMS', () => {
	const { suspendedUsername, inactiveUsername, password } = demoCredentials.mamboAccount;

	test.each([
		[suspendedUsername, 'Account suspended due to too many failed attempts. Contact support.'],
		[inactiveUsername, 'Account is inactive or suspended. Contact support on +256 775 508171.'],
	])('give the words of the gateway for %s', async (username, words) => {
		expect(
			await testCredential(bench.engine, 'mamboSmsAccountApi', {
				username,
				password,
				baseUrl: bench.sandbox.url,
			}),
		).toEqual({ status: 'Error', message: `Mambo SMS answers: ${words}` });
	});

	test.each([401, '401'])(
		'see a refused key in an answer of HTTP 200 with statusCode %p',
		async (statusCode) => {
			bench.sandbox.state.armFault({
				gateway: 'mambosms',
				count: 1,
				fault: { kind: 'refusal', words: 'Unauthorized', statusCode },
			});
			const verdict = await testCredential(
				bench.engine,
				'mamboSmsApi',
				goodCredentials.mamboSms(bench.sandbox.url).mamboSmsApi ?? {},
			);
			expect(verdict.status).toBe('Error');
			expect(verdict.message).toMatch(/^Mambo SMS does not accept this credential/);
		},
	);
});
