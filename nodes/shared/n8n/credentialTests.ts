import type { ICredentialTestRequest } from 'n8n-workflow';

type Rules = NonNullable<ICredentialTestRequest['rules']>;
type Rule = Rules[number];

/** Statuses that say something about the address or the credential; every other one is an answer. */
const RAISED_STATUSES = [301, 302, 307, 308, 401, 403, 404, 405, 500, 502, 503, 504];

/** How refused credentials are named in bodies. n8n 1 shows a test only the body, whatever the status. */
const UNAUTHORIZED_WORDS = [
	'Unauthorized',
	'Invalid API key',
	'Invalid credentials',
	'Invalid token',
	'Token expired',
];
const UNAUTHORIZED_CODES = [
	'UNAUTHORIZED',
	'INVALID_TOKEN',
	'TOKEN_EXPIRED',
	'INVALID_CREDENTIALS',
];

/**
 * A credential test that can never send an SMS: a send without recipients. The gateway refuses it as
 * incomplete, which it only does once it has accepted the credential; 401 means it has not.
 * Rules of the type `responseSuccessBody` raise their message when the value matches.
 */
export function sendTest(
	displayName: string,
	path: string,
	body: Record<string, string | string[]>,
): ICredentialTestRequest {
	const refused = `${displayName} does not accept this credential. Check it for typing slips and copy it again`;
	return {
		request: testRequest(path, body),
		rules: mixed([
			...answerRules(displayName),
			// Mambo SMS also states its status inside an answer that came with HTTP 200.
			bodyRule('statusCode', 401, refused),
			bodyRule('statusCode', '401', refused),
			...UNAUTHORIZED_WORDS.flatMap((words) => [
				bodyRule('messages[0]', words, refused),
				bodyRule('message', words, refused),
			]),
			...UNAUTHORIZED_CODES.map((code) => bodyRule('error.code', code, refused)),
		]),
	};
}

/** The balance inquiry asks for nothing but the credential, so it is its own test. */
export const balanceTest: ICredentialTestRequest = {
	request: testRequest('/v1/accounts/balance', {}),
	rules: mixed([
		...answerRules('Mambo SMS'),
		...[
			'Invalid credentials',
			'Account suspended due to too many failed attempts. Contact support.',
			'Account is inactive or suspended. Contact support on +256 775 508171.',
		].map((words) => bodyRule('messages[0]', words, `Mambo SMS answers: ${words}`)),
		bodyRule(
			'success',
			false,
			'Mambo SMS does not accept this user name and password, or the account is closed',
		),
	]),
};

function testRequest(
	path: string,
	body: Record<string, string | string[]>,
): ICredentialTestRequest['request'] {
	return {
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
		url: path,
		headers: { 'Content-Type': 'application/json' },
		body,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: { ignore: true, except: RAISED_STATUSES },
	};
}

/** n8n's type has lists of one kind of rule; its tester reads every rule on its own. */
function mixed(rules: Rule[]): Rules {
	return rules as Rules;
}

function answerRules(displayName: string): Rule[] {
	const elsewhere = `There is no ${displayName} API at this address. Check the 'Base URL'`;
	const statusRule = (value: number, message: string): Rule => ({
		type: 'responseCode',
		properties: { value, message },
	});
	return [
		statusRule(
			401,
			`${displayName} does not accept this credential. Check it for typing slips and copy it again`,
		),
		statusRule(403, `${displayName} refuses access with this credential`),
		...[301, 302, 307, 308, 404, 405].map((status) => statusRule(status, elsewhere)),
		...[500, 502, 503, 504].map((status) =>
			statusRule(
				status,
				`${displayName} cannot answer at the moment (HTTP ${status}). Try again later`,
			),
		),
		bodyRule('success', undefined, elsewhere),
	];
}

function bodyRule(
	key: string,
	value: string | number | boolean | undefined,
	message: string,
): Rule {
	return { type: 'responseSuccessBody', properties: { key, value, message } };
}
