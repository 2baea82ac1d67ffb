import { demoCredentials } from '../../sandbox/demoCredentials';
import { faultCatalogue } from '../../sandbox/faults';
import {
	balancePath,
	bearer,
	hello,
	loginPath,
	mamboHello,
	mamboKey,
	mamboSendPath,
	sendPath,
	sendWithAuthPath,
	useSandbox,
} from './sandboxClient';

const { sandbox, call, post, upload, clock } = useSandbox();

const freshState = {
	revision: expect.any(Number),
	messageCount: 0,
	requestCount: 0,
	balances: { mboasms: 250_000, mambosms: 10_000_000 },
	requestsPerMinute: { mboasms: 100, mambosms: null },
	jobDurationMs: null,
	faults: [],
};

describe('State', () => {
	it('counts what happened and is as new after a reset', async () => {
		await post(sendPath, hello, bearer);
		await post('/sandbox/balance', { gateway: 'mambosms', balance: 12.5 });
		await post('/sandbox/rate-limit', { gateway: 'mboasms', requestsPerMinute: null });
		await post('/sandbox/jobs', { durationMs: 5_000 });
		await post('/sandbox/faults', { gateway: 'mboasms', count: 2, preset: 'serverError' });
		expect((await call('GET', '/sandbox/state')).json).toEqual({
			revision: expect.any(Number),
			messageCount: 1,
			requestCount: 1,
			balances: { mboasms: 249_999, mambosms: 12.5 },
			requestsPerMinute: { mboasms: null, mambosms: null },
			jobDurationMs: 5_000,
			faults: [
				{
					id: expect.any(Number),
					gateway: 'mboasms',
					path: null,
					skipsLeft: 0,
					countLeft: 2,
					fault: { kind: 'status', status: 500 },
				},
			],
		});
		expect((await call('POST', '/sandbox/reset')).json).toEqual(freshState);
	});

	it('holds no credential and no token', async () => {
		const { email, password } = demoCredentials.mboaSms;
		const login = await post(loginPath, { email, password });
		await post(sendPath, hello, bearer);
		await post(mamboSendPath, mamboHello, mamboKey);
		const { username, password: accountPassword } = demoCredentials.mamboAccount;
		await post(balancePath, { username, password: accountPassword });
		const { text } = await call('GET', '/sandbox/state');
		const token = /"token":"([^"]+)"/.exec(login.text)?.[1];
		const { mboaSms, mamboSms } = demoCredentials;
		const secrets = [
			token,
			password,
			accountPassword,
			mboaSms.token,
			mboaSms.basicPassword,
			mamboSms.apiKey,
		];
		for (const secret of secrets) {
			expect(secret).toEqual(expect.any(String));
			expect(text).not.toContain(secret);
		}
	});

	it('lists messages oldest first, all of them or the newest few', async () => {
		await post(
			sendPath,
			{ ...hello, phoneNumbers: ['670000000', '670000001', '670000002'] },
			bearer,
		);
		const all = await call('GET', '/sandbox/messages');
		expect(all.json).toEqual({ total: 3, messages: sandbox().state.messages });
		const newest = await call('GET', '/sandbox/messages?limit=2');
		expect(newest.json).toMatchObject({
			total: 3,
			messages: [{ recipient: '+237670000001' }, { recipient: '+237670000002' }],
		});
	});
});

describe('Requests', () => {
	it('are kept raw: method, path with query, headers, body and status', async () => {
		const path = `${sendPath}?x=1&y=%C3%A9`;
		await post(path, { message: 'é' }, { ...bearer, 'X-Trace': 'one' });
		expect((await call('GET', '/sandbox/requests')).json).toEqual({
			total: 1,
			requests: [
				{
					id: expect.any(Number),
					at: clock.now,
					gateway: 'mboasms',
					endpoint: 'send',
					method: 'POST',
					path,
					headers: expect.objectContaining({
						...bearer,
						'x-trace': 'one',
						'content-type': 'application/json',
					}),
					bodyText: '{"message":"é"}',
					parts: null,
					fault: null,
					statusCode: 400,
					answerText: expect.stringMatching(/^\{.*"success":false/),
					ended: 'answered',
				},
			],
		});
	});

	it('show the parts of an upload as text and as base64', async () => {
		await upload('a.csv', '670000000,é');
		expect((await call('GET', '/sandbox/requests')).json).toMatchObject({
			requests: [
				{
					parts: [
						{
							name: 'file',
							fileName: 'a.csv',
							contentType: 'text/csv',
							text: '670000000,é',
							base64: Buffer.from('670000000,é').toString('base64'),
						},
					],
				},
			],
		});
	});

	it('include those to unknown paths, but neither the control endpoints nor the page', async () => {
		await call('GET', '/');
		await call('GET', '/sandbox/state');
		await call('GET', '/v1/unknown');
		expect(sandbox().state.requests).toMatchObject([
			{ path: '/v1/unknown', gateway: null, endpoint: null, statusCode: 404 },
		]);
	});
});

describe('Rate limit', () => {
	const limit = async (gateway: string, requestsPerMinute: number | null) =>
		await post('/sandbox/rate-limit', { gateway, requestsPerMinute });

	it('lets 100 requests a minute through to MboaSMS and any number to Mambo SMS', async () => {
		for (let sent = 0; sent < 100; sent++) {
			expect((await post(sendPath, hello, bearer)).status).toBe(200);
		}
		const refused = await post(sendPath, hello, bearer);
		expect(refused.status).toBe(429);
		expect(refused.headers.get('retry-after')).toBe('60');
		expect(refused.json).toEqual({
			success: false,
			message: 'Too many requests',
			error: { code: 'RATE_LIMIT_EXCEEDED', details: 'Rate limit exceeded, wait before retrying' },
		});
		for (let sent = 0; sent < 101; sent++) {
			expect((await post(mamboSendPath, mamboHello, mamboKey)).status).toBe(200);
		}
	});

	it('slides: each request is forgotten 60 seconds after it, and refused ones do not count', async () => {
		await limit('mambosms', 2);
		const status = async () => (await post(mamboSendPath, mamboHello, mamboKey)).status;
		expect(await status()).toBe(200);
		clock.now += 20_000;
		expect(await status()).toBe(200);
		const refused = await post(mamboSendPath, mamboHello, mamboKey);
		expect(refused.headers.get('retry-after')).toBe('40');
		expect(refused.json).toMatchObject({ statusCode: 429, messages: ['Too many requests.'] });
		clock.now += 39_999;
		expect(await status()).toBe(429);
		clock.now += 1;
		expect(await status()).toBe(200);
		expect(await status()).toBe(429);
		clock.now += 20_000;
		expect(await status()).toBe(200);
	});

	it('can be switched off, and does not count log-ins', async () => {
		await limit('mboasms', 1);
		const { email, password } = demoCredentials.mboaSms;
		for (let round = 0; round < 3; round++) {
			expect((await post(loginPath, { email, password })).status).toBe(200);
		}
		expect((await post(sendPath, hello, bearer)).status).toBe(200);
		expect((await post(sendPath, hello, bearer)).status).toBe(429);
		await limit('mboasms', null);
		expect((await post(sendPath, hello, bearer)).status).toBe(200);
	});
});

describe('Arming faults', () => {
	const statuses = async (count: number, path = sendPath) => {
		const seen: number[] = [];
		for (let sent = 0; sent < count; sent++) seen.push((await post(path, hello, bearer)).status);
		return seen;
	};

	it('skips and counts', async () => {
		const fault = { kind: 'status', status: 503 };
		const armed = await post('/sandbox/faults', { gateway: 'mboasms', count: 2, skip: 1, fault });
		expect(armed.json).toMatchObject({ gateway: 'mboasms', skipsLeft: 1, countLeft: 2, fault });
		expect(await statuses(4)).toEqual([200, 503, 503, 200]);
		expect(sandbox().state.faults).toEqual([]);
	});

	it('happens in the order of arming, and skips count from the arming', async () => {
		const arm = (status: number, skip: number) =>
			sandbox().state.armFault({
				gateway: 'mboasms',
				count: 1,
				skip,
				fault: { kind: 'status', status },
			});
		arm(503, 2);
		arm(500, 0);
		arm(502, 0);
		expect(await statuses(4)).toEqual([500, 502, 503, 200]);
	});

	it('keeps to its gateway and its endpoint', async () => {
		const order = { gateway: 'mboasms', count: 1, path: 'send-with-auth', preset: 'badGateway' };
		await post('/sandbox/faults', order);
		expect((await post(mamboSendPath, mamboHello, mamboKey)).status).toBe(200);
		expect(await statuses(1)).toEqual([200]);
		expect(await statuses(1, sendWithAuthPath)).toEqual([502]);
	});

	it('takes every preset by name, lists and disarms', async () => {
		for (const { name } of faultCatalogue) {
			const order = { gateway: 'mambosms', count: 1, preset: name };
			expect((await post('/sandbox/faults', order)).status).toBe(200);
		}
		const { json } = await call('GET', '/sandbox/faults');
		expect(json).toEqual({ armed: sandbox().state.faults, catalogue: faultCatalogue });
		expect(sandbox().state.faults).toHaveLength(faultCatalogue.length);
		expect((await call('DELETE', '/sandbox/faults')).json).toMatchObject({ faults: [] });
	});

	it('takes every preset written out as well', async () => {
		for (const { fault } of faultCatalogue) {
			const armed = await post('/sandbox/faults', { gateway: 'mboasms', count: 1, fault });
			expect(armed.json).toMatchObject({ fault });
		}
	});
});

it.each([
	['/sandbox/faults', { gateway: 'mboasms', count: 1 }],
	['/sandbox/faults', { gateway: 'mboasms', count: 1, preset: 'unheardOf' }],
	['/sandbox/faults', { gateway: 'mboasms', count: 0, preset: 'serverError' }],
	['/sandbox/faults', { gateway: 'other', count: 1, preset: 'serverError' }],
	['/sandbox/faults', { gateway: 'mboasms', count: 1, fault: { kind: 'explosion' } }],
	['/sandbox/faults', { gateway: 'mboasms', count: 1, fault: { kind: 'status' } }],
	['/sandbox/faults', { gateway: 'mboasms', count: 1, fault: { kind: 'hang', extra: 1 } }],
	['/sandbox/balance', { gateway: 'mboasms', balance: -1 }],
	['/sandbox/balance', { gateway: 'mboasms', balance: '5' }],
	['/sandbox/rate-limit', { gateway: 'mboasms', requestsPerMinute: 0 }],
])('refuses to do %s with %j', async (path, body) => {
	const answer = await post(path, body);
	expect(answer.status).toBe(400);
	expect(answer.json).toMatchObject({ message: expect.any(String) });
	expect((await call('GET', '/sandbox/state')).json).toEqual(freshState);
});

it('answers unknown control paths with 404', async () => {
	expect((await call('GET', '/sandbox/other')).json).toEqual({
		message: 'The sandbox has no GET /sandbox/other',
	});
});
