import { demoCredentials } from '../../../sandbox/demoCredentials';
import {
	arrivals,
	bulkRun,
	itemPerNumber,
	mboaSms,
	numbersOf,
	sendRequests,
	sentJson,
	unsentJson,
} from '../../helpers/gatewayCases';
import { goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const [first, second] = numbersOf(mboaSms, 2) as [string, string];

function logInCredentials(differences: Record<string, string> = {}) {
	const { mboaSmsJwtApi } = goodCredentials.mboaSmsLogIn(bench.sandbox.url);
	return { mboaSmsJwtApi: { ...mboaSmsJwtApi, ...differences } };
}

const endpoints = () => bench.sandbox.state.requests.map(({ endpoint }) => endpoint);
const send = (credentials: ReturnType<typeof logInCredentials>, numbers = [first]) =>
	itemPerNumber(mboaSms, bench.sandbox.url, numbers, {}, { credentials });

describe('MboaSMS with log-in', () => {
	test('fetches one token for the whole run and sends with it', async () => {
		const result = await bench.engine.run(send(logInCredentials(), [first, second]));
		expect(result.json).toEqual([sentJson(mboaSms, [first]), sentJson(mboaSms, [second])]);
		expect(endpoints()).toEqual(['login', 'send', 'send']);
		const [logIn, sent] = bench.sandbox.state.requests;
		const { email, password } = demoCredentials.mboaSms;
		expect(JSON.parse(logIn?.bodyText ?? '')).toEqual({ email, password });
		expect(sent?.headers.authorization).toMatch(/^Bearer [\w-]{32}$/);
	});

	test('renews an expired token and repeats the request once', async () => {
		const { credentials } = await bench.engine.run(send(logInCredentials()));
		bench.sandbox.state.expireSessions();
		const stored = await credentials.getDecrypted(
			{} as Parameters<typeof credentials.getDecrypted>[0],
			{} as Parameters<typeof credentials.getDecrypted>[1],
			'mboaSmsJwtApi',
		);
		expect(stored.sessionToken).not.toBe('');
		const result = await bench.engine.run(send({ mboaSmsJwtApi: stored }, [second]));
		expect(result.json).toEqual([sentJson(mboaSms, [second])]);
		expect(endpoints()).toEqual(['login', 'send', 'send', 'login', 'send']);
		expect(arrivals(bench.sandbox)).toEqual([first, second]);
	});

	test('renews an expired token for an upload too, which arrives whole and once', async () => {
		const numbers = numbersOf(mboaSms, 300);
		const file = numbers.map((number, index) => `${number},Hello "${index}"; à bientôt`).join('\n');
		const result = await bench.engine.run(
			bulkRun(
				mboaSms,
				bench.sandbox.url,
				`phone,text\n${file.replace(/,(.*)$/gm, (_m, text: string) => `,"${text.replace(/"/g, '""')}"`)}`,
				{},
				{
					credentials: logInCredentials({ sessionToken: 'expired-token' }),
				},
			),
		);
		expect(result.json).toMatchObject([{ status: 'sent', sentCount: 300, failedCount: 0 }]);
		expect(endpoints()).toEqual(['login', 'send-bulk']);
		expect(bench.sandbox.state.messages.map(({ recipient, text }) => [recipient, text])).toEqual(
			numbers.map((number, index) => [number, `Hello "${index}"; à bientôt`]),
		);
	});

	test('waits as the gateway asks before it logs in again', async () => {
		bench.sandbox.state.armFault({
			gateway: 'mboasms',
			path: 'login',
			count: 1,
			fault: { kind: 'status', status: 429, retryAfter: { seconds: 1, as: 'seconds' } },
		});
		const numbers = numbersOf(mboaSms, 22);
		const result = await bench.engine.run(send(logInCredentials(), numbers));
		expect(result.json.map(({ status }) => status)).toEqual(numbers.map(() => 'sent'));
		expect(endpoints()).toEqual(['login', 'login', ...numbers.map(() => 'send')]);
		const [refused, accepted] = bench.sandbox.state.requests;
		const waitedMs = accepted!.at - refused!.at;
		expect(waitedMs).toBeGreaterThanOrEqual(1_000);
	});

	test('logs in once for all requests that meet the expired token', async () => {
		const { state } = bench.sandbox;
		state.setRateLimit('mboasms', null);
		state.armFault({
			gateway: 'mboasms',
			path: 'send',
			count: 500,
			fault: { kind: 'delay', delayMs: 400 },
		});
		const numbers = numbersOf(mboaSms, 150);
		const run = bench.engine.run(
			itemPerNumber(
				mboaSms,
				bench.sandbox.url,
				numbers,
				{ requestsPerMinute: 0 },
				{
					credentials: logInCredentials(),
				},
			),
		);
		const sent = () => endpoints().filter((endpoint) => endpoint === 'send').length;
		while (sent() < 60) await new Promise((resolve) => setTimeout(resolve, 20));
		state.expireSessions();
		const result = await run;
		expect(result.json.map(({ status }) => status)).toEqual(numbers.map(() => 'sent'));
		expect(endpoints().filter((endpoint) => endpoint === 'login')).toHaveLength(2);
		// Many met it: it was no run of one request after the other.
		expect(sent()).toBeGreaterThan(numbers.length + 10);
		expect(arrivals(bench.sandbox).sort()).toEqual([...numbers].sort());
	}, 30_000);

	test('with a wrong password ends in one clear error, and no send request leaves', async () => {
		const result = await bench.engine.run(
			send(logInCredentials({ password: 'wrong' }), numbersOf(mboaSms, 3)),
		);
		expect(result.error?.name).toBe('NodeApiError');
		expect(result.error?.message).toBe('MboaSMS did not accept the credential');
		expect(result.error?.httpCode).toBe('401');
		expect(result.error?.description).toMatch(
			/^Log-in: Unauthorized.*Open the credential with the pencil/,
		);
		expect(endpoints()).toEqual(['login']);
	});

	test('with a wrong password under Continue attempts nothing more', async () => {
		const result = await bench.engine.run({
			...send(logInCredentials({ password: 'wrong' }), [first, second]),
			onError: 'continueRegularOutput',
		});
		expect(result.json).toEqual([
			unsentJson(mboaSms, [first], {
				providerMessage: expect.stringContaining('Unauthorized'),
				errorMessage: expect.stringMatching(/did not accept the credential. Log-in: Unauthorized/),
			}),
			unsentJson(mboaSms, [second], {
				status: 'notAttempted',
				errorMessage: expect.stringMatching(/^Not attempted, because the run was stopped/),
			}),
		]);
		expect(endpoints()).toEqual(['login']);
	});

	test.each([
		['/v2/sign-in', '/v2/sign-in'],
		['v2/sign-in', '/v2/sign-in'],
		['', '/api/v1/auth/login'],
	])('logs in at the path "%s" of the credential', async (loginPath, path) => {
		await bench.engine.run(send(logInCredentials({ loginPath })));
		expect(bench.sandbox.state.requests[0]?.path).toBe(path);
	});

	test('says that nothing was sent when the log-in cannot be reached', async () => {
		const baseUrl = 'http://127.0.0.1:1';
		const result = await bench.engine.run({
			...send(logInCredentials({ baseUrl })),
			onError: 'continueRegularOutput',
		});
		expect(result.json).toEqual([
			unsentJson(mboaSms, [first], {
				providerMessage: expect.any(String),
				errorMessage: expect.stringMatching(/could not be reached\. .*log-in.*Nothing was sent/),
			}),
		]);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test.each([
		['a log-in that breaks off', { kind: 'resetBeforeAnswer' }],
		['a log-in that never answers in words', { kind: 'unreadableBody' }],
		['a log-in that answers 500', { kind: 'status', status: 500 }],
	] as const)('%s leaves nothing in doubt: nothing was sent', async (_name, fault) => {
		bench.sandbox.state.armFault({ gateway: 'mboasms', path: 'login', count: 9, fault });
		const result = await bench.engine.run({
			...send(logInCredentials()),
			onError: 'continueRegularOutput',
		});
		expect(result.json[0]?.status).toBe('failed');
		expect(sendRequests(bench.sandbox)).toEqual([]);
	});
});

describe('MboaSMS with a pasted token', () => {
	test.each([
		['the word Bearer in front', (token: string) => `Bearer ${token}`],
		['blanks and a line break around', (token: string) => ` ${token}\n`],
		['quotes around', (token: string) => `"${token}"`],
	])('sends with %s', async (_name, written) => {
		const result = await bench.engine.run(
			send({
				mboaSmsJwtApi: {
					method: 'token',
					token: written(demoCredentials.mboaSms.token),
					baseUrl: bench.sandbox.url,
				},
			}),
		);
		expect(result.json[0]?.status).toBe('sent');
	});

	test('does not try to log in when the token is refused', async () => {
		const result = await bench.engine.run(
			send({
				mboaSmsJwtApi: { method: 'token', token: 'expired', baseUrl: bench.sandbox.url },
			}),
		);
		expect(result.error?.httpCode).toBe('401');
		expect(endpoints()).toEqual(['send']);
	});
});
