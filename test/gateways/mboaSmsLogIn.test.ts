import fc from 'fast-check';

import type { Refusal } from '../../nodes/shared/gateways/gateway';
import { logInRefusal, tokenOf } from '../../nodes/shared/gateways/mboaSmsLogIn';

describe('the token of a log-in', () => {
	test.each<[string, unknown]>([
		[
			'the answer that the dashboard reads',
			{ token: 'eyJ.a.b', refreshToken: 'other', expirationTime: 3600 },
		],
		['an access token', { accessToken: 'eyJ.a.b' }],
		['a token in data', { success: true, data: { token: 'eyJ.a.b' } }],
		['an access token in data', { success: true, data: { accessToken: ' eyJ.a.b ' } }],
	])('is read from %s', (_, answer) => {
		expect(tokenOf(answer)).toBe('eyJ.a.b');
	});

	test.each<[unknown]>([
		[undefined],
		[null],
		[''],
		['eyJ.a.b'],
		[[]],
		[{}],
		[{ token: '' }],
		[{ token: null }],
		[{ token: { value: 'eyJ.a.b' } }],
		[{ refreshToken: 'eyJ.a.b' }],
		[{ data: [{ token: 'eyJ.a.b' }] }],
		['<html></html>'],
	])('is not guessed from %j', (answer) => {
		expect(tokenOf(answer)).toBeNull();
	});
});

describe('a log-in without a token', () => {
	test.each<[number | undefined, unknown, Refusal]>([
		[
			401,
			{ success: false, message: 'Bad credentials' },
			{ kind: 'credentials', reason: 'log-in: Bad credentials', httpCode: '401' },
		],
		[
			400,
			{ success: false, errorMessage: 'Unknown email' },
			{ kind: 'credentials', reason: 'log-in: Unknown email', httpCode: '400' },
		],
		[
			404,
			'<html>Not Found</html>',
			{ kind: 'credentials', reason: 'log-in: HTTP 404 without a token', httpCode: '404' },
		],
		[
			200,
			{ success: true },
			{ kind: 'credentials', reason: 'log-in: HTTP 200 without a token', httpCode: '200' },
		],
		[
			429,
			{ message: 'Too many attempts' },
			{ kind: 'rateLimit', reason: 'log-in: Too many attempts', httpCode: '429' },
		],
		[
			500,
			null,
			{ kind: 'unavailable', reason: 'log-in: HTTP 500 without a token', httpCode: '500' },
		],
		[503, '', { kind: 'unavailable', reason: 'log-in: HTTP 503 without a token', httpCode: '503' }],
		[
			undefined,
			undefined,
			{ kind: 'unavailable', reason: 'the log-in got no answer', httpCode: null },
		],
	])('is a refusal that says nothing was sent: %p %j', (statusCode, answer, refusal) => {
		expect(logInRefusal({ statusCode, body: answer })).toStrictEqual(refusal);
	});

	test('never leaves a doubt, whatever is answered', () => {
		const statusCode = fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined });
		fc.assert(
			fc.property(statusCode, fc.jsonValue(), (status, answer) => {
				const { kind, reason } = logInRefusal({ statusCode: status, body: answer });
				expect(['credentials', 'unavailable', 'rateLimit']).toContain(kind);
				expect(reason).not.toBe('');
			}),
		);
	});
});

test('a log-in without an answer says why, where that is known', () => {
	const reason = 'the log-in got no answer';
	expect(logInRefusal({})).toEqual({ kind: 'unavailable', reason, httpCode: null });
	expect(logInRefusal({}, 'ECONNREFUSED')).toEqual({
		kind: 'unavailable',
		reason: `${reason} (ECONNREFUSED)`,
		httpCode: null,
	});
});

test.each([
	[{ 'retry-after': 30 }, '30'],
	[{}, undefined],
	[undefined, undefined],
])('a log-in that is asked to wait says how long: %j', (headers, retryAfter) => {
	const { kind, retryAfter: wait } = logInRefusal({ statusCode: 429, headers, body: {} });
	expect([kind, wait]).toEqual(['rateLimit', retryAfter]);
});
