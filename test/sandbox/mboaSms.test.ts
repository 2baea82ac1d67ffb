import { demoCredentials } from '../../sandbox/demoCredentials';
import {
	bearer,
	hello,
	loginPath,
	sendBulkPath,
	sendPath,
	sendWithAuthPath,
	useSandbox,
} from './sandboxClient';

const { sandbox, call, post, messages, clock } = useSandbox();

const refusal = (message: string, code: string, details: string) => ({
	success: false,
	message,
	error: { code, details },
});
const badRequest = (details: string) => refusal('Invalid request', 'INVALID_REQUEST', details);
const unauthorized = refusal(
	'Unauthorized',
	'UNAUTHORIZED',
	'Invalid or missing JWT token / Basic Auth credentials',
);

function basic(userPass: string, encoding: BufferEncoding = 'utf8'): Record<string, string> {
	return { authorization: `Basic ${Buffer.from(userPass, encoding).toString('base64')}` };
}

describe('Send', () => {
	it('answers the documented example with the documented totals', async () => {
		const answer = await post(
			sendPath,
			{
				phoneNumbers: ['+237670000000', '+33612345678'],
				message: 'Bonjour! Votre code de verification est: 1234',
				senderId: 'MboaSMS',
			},
			bearer,
		);
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({
			success: true,
			message: 'SMS sent successfully',
			data: { totalSent: 2, totalFailed: 0, creditsUsed: 2 },
		});
	});

	it('records each message with everything a phone shows', async () => {
		await post(sendPath, { ...hello, message: 'Prêt', senderId: 'MyApp' }, bearer);
		const requestId = sandbox().state.requests[0]?.id;
		expect(sandbox().state.messages).toEqual([
			{
				id: expect.any(Number),
				at: clock.now,
				gateway: 'mboasms',
				sender: 'MyApp',
				recipient: '+237670000000',
				text: 'Prêt',
				segments: 1,
				encoding: 'UCS-2',
				requestId,
			},
		]);
	});

	it('takes local numbers and uses the company sender ID when there is none', async () => {
		await post(sendPath, { phoneNumbers: ['670000000'], message: 'Hello' }, bearer);
		expect(messages()).toEqual([{ recipient: '+237670000000', text: 'Hello' }]);
		expect(sandbox().state.messages[0]?.sender).toBe('MboaSMS');
	});

	it('sends a number twice when the request names it twice', async () => {
		await post(sendPath, { ...hello, phoneNumbers: ['670000000', '+237670000000'] }, bearer);
		expect(messages()).toHaveLength(2);
	});

	it('charges segments times recipients, and counts bad numbers as failed', async () => {
		const phoneNumbers = ['+237670000000', '+33612345678', '12', '237670000001', '+0123456789'];
		const answer = await post(sendPath, { phoneNumbers, message: 'a'.repeat(161) }, bearer);
		expect(answer.json).toMatchObject({
			data: { totalSent: 2, totalFailed: 3, creditsUsed: 4 },
		});
		expect(sandbox().state.balances.mboasms).toBe(250_000 - 4);
	});

	it.each([
		['a'.repeat(160), 1, 'GSM-7'],
		['a'.repeat(161), 2, 'GSM-7'],
		['a'.repeat(306), 2, 'GSM-7'],
		['a'.repeat(307), 3, 'GSM-7'],
		['€'.repeat(80), 1, 'GSM-7'],
		['€'.repeat(81), 2, 'GSM-7'],
		['ê'.repeat(70), 1, 'UCS-2'],
		['ê'.repeat(71), 2, 'UCS-2'],
		['🇨🇲'.repeat(17), 1, 'UCS-2'],
	])('counts the segments of %j as %d in %s', async (message, segments, encoding) => {
		await post(sendPath, { ...hello, message }, bearer);
		expect(sandbox().state.messages[0]).toMatchObject({ segments, encoding });
	});

	it('refuses with INVALID_PHONE_NUMBER when no number is valid', async () => {
		const answer = await post(sendPath, { ...hello, phoneNumbers: ['12', 'abc'] }, bearer);
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(
			refusal('Invalid request', 'INVALID_PHONE_NUMBER', 'One or more phone numbers are invalid'),
		);
		expect(messages()).toEqual([]);
	});

	it.each([
		[{ message: 'Hello' }, 'phoneNumbers must be a non-empty array'],
		[{ phoneNumbers: [], message: 'Hello' }, 'phoneNumbers must be a non-empty array'],
		[{ phoneNumbers: '+237670000000', message: 'a' }, 'phoneNumbers must be a non-empty array'],
		[{ phoneNumbers: [237670000000], message: 'a' }, 'phoneNumbers must contain strings only'],
		[{ phoneNumbers: ['+237670000000'] }, 'message is required'],
		[{ ...hello, message: '' }, 'message is required'],
		[{ ...hello, message: 5 }, 'message is required'],
		[{ ...hello, senderId: '' }, 'senderId must be a non-empty string where it is given'],
		[{ ...hello, senderId: null }, 'senderId must be a non-empty string where it is given'],
		[[], 'The body must be a JSON object'],
		[null, 'The body must be a JSON object'],
	])('refuses %j: %s', async (body, details) => {
		const answer = await post(sendPath, body, bearer);
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(badRequest(details));
		expect(messages()).toEqual([]);
	});

	it.each([
		['text/plain', '{}', 'Content-Type must be application/json'],
		['application/x-www-form-urlencoded', 'a=b', 'Content-Type must be application/json'],
		['application/json', '{"message":', 'The body is not readable as JSON in UTF-8'],
		['application/json', '', 'The body is not readable as JSON in UTF-8'],
		[
			'application/json',
			Buffer.from('{"message":"é"}', 'latin1'),
			'The body is not readable as JSON in UTF-8',
		],
	])('refuses %s with %j: %s', async (contentType, body, details) => {
		const headers = { ...bearer, 'content-type': contentType };
		const answer = await call(
			'POST',
			sendPath,
			headers,
			typeof body === 'string' ? body : new Uint8Array(body),
		);
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(badRequest(details));
	});

	it.each([
		[{}],
		[{ authorization: 'Bearer wrong' }],
		[{ authorization: demoCredentials.mboaSms.token }],
		[basic(`${demoCredentials.mboaSms.username}:${demoCredentials.mboaSms.basicPassword}`)],
	])('answers 401 to %j, before it looks at the body', async (headers) => {
		const answer = await post(sendPath, { nothing: true }, headers);
		expect(answer.status).toBe(401);
		expect(answer.json).toEqual(unauthorized);
	});

	it('answers 402 and sends to nobody when the credits are too few', async () => {
		sandbox().state.setBalance('mboasms', 1);
		const answer = await post(
			sendPath,
			{ ...hello, phoneNumbers: ['670000000', '670000001'] },
			bearer,
		);
		expect(answer.status).toBe(402);
		expect(answer.json).toEqual(
			refusal(
				'Payment required',
				'INSUFFICIENT_CREDITS',
				'Recharge your account to continue sending',
			),
		);
		expect(messages()).toEqual([]);
		expect(sandbox().state.balances.mboasms).toBe(1);
	});

	it('sends with the last credit', async () => {
		sandbox().state.setBalance('mboasms', 1);
		expect((await post(sendPath, hello, bearer)).status).toBe(200);
		expect(sandbox().state.balances.mboasms).toBe(0);
	});
});

describe('Send with Basic authentication', () => {
	const { username, basicPassword } = demoCredentials.mboaSms;

	it('takes a password with a colon and letters outside ASCII, in UTF-8', async () => {
		expect(basicPassword).toMatch(/:.*[^\x20-\x7e]/);
		const answer = await post(sendWithAuthPath, hello, basic(`${username}:${basicPassword}`));
		expect(answer.status).toBe(200);
		expect(messages()).toEqual([{ recipient: '+237670000000', text: 'Hello' }]);
	});

	it.each([
		['Latin-1', basic(`${username}:${basicPassword}`, 'latin1')],
		['a password cut at its colon', basic(`${username}:${basicPassword.split(':')[0]}`)],
		['a wrong password', basic(`${username}:wrong`)],
		['a wrong user', basic(`someone:${basicPassword}`)],
		['a token', bearer],
		['nothing', {}],
	])('answers 401 to %s', async (_name, headers) => {
		const answer = await post(sendWithAuthPath, hello, headers);
		expect(answer.status).toBe(401);
		expect(answer.json).toEqual(unauthorized);
	});

	it('answers 400 to an incomplete body and 402 to an empty account', async () => {
		const headers = basic(`${username}:${basicPassword}`);
		expect((await post(sendWithAuthPath, {}, headers)).status).toBe(400);
		sandbox().state.setBalance('mboasms', 0);
		expect((await post(sendWithAuthPath, hello, headers)).status).toBe(402);
	});
});

describe('Log-in', () => {
	const { email, password } = demoCredentials.mboaSms;

	async function sessionToken(): Promise<string> {
		const { json } = await post(loginPath, { email, password });
		return /"token":"([^"]+)"/.exec(JSON.stringify(json))?.[1] ?? 'none';
	}

	it('gives a token that sends', async () => {
		const answer = await post(loginPath, { email, password });
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({
			token: expect.stringMatching(/^\S{20,}$/),
			refreshToken: expect.stringMatching(/^\S{20,}$/),
			expirationTime: 3_600_000,
		});
		const token = await sessionToken();
		expect((await post(sendPath, hello, { authorization: `Bearer ${token}` })).status).toBe(200);
	});

	it('gives tokens that end after an hour, or on demand; the pasted one stays good', async () => {
		const first = { authorization: `Bearer ${await sessionToken()}` };
		clock.now += 3_600_000;
		expect((await post(sendPath, hello, first)).status).toBe(401);
		const second = { authorization: `Bearer ${await sessionToken()}` };
		expect((await post(sendPath, hello, second)).status).toBe(200);
		await post('/sandbox/expire-tokens', {});
		expect((await post(sendPath, hello, second)).status).toBe(401);
		expect((await post(sendPath, hello, bearer)).status).toBe(200);
	});

	it('refuses wrong values with 401 and missing ones with 400', async () => {
		expect((await post(loginPath, { email, password: 'wrong' })).json).toEqual(
			refusal('Unauthorized', 'UNAUTHORIZED', 'Invalid email or password'),
		);
		expect((await post(loginPath, { email })).json).toEqual(
			badRequest('email and password are required'),
		);
		expect((await call('POST', loginPath, {}, 'x')).status).toBe(400);
	});
});

describe('Paths and methods', () => {
	it.each([
		['GET', sendPath],
		['PUT', sendWithAuthPath],
		['DELETE', sendBulkPath],
		['PATCH', loginPath],
	])('answers %s %s with 405 and names the right method', async (method, path) => {
		const answer = await call(method, path, bearer);
		expect(answer.status).toBe(405);
		expect(answer.headers.get('allow')).toBe('POST');
		expect(answer.json).toEqual(refusal('Method not allowed', 'METHOD_NOT_ALLOWED', 'Use POST'));
	});

	it.each(['/api/v1/developer/sms', `${sendPath}/`, '/api/v2/developer/sms/send'])(
		'answers %s with 404 in JSON',
		async (path) => {
			const answer = await post(path, hello, bearer);
			expect(answer.status).toBe(404);
			expect(answer.json).toEqual(refusal('Not found', 'NOT_FOUND', 'There is no such endpoint'));
		},
	);
});
