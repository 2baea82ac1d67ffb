import { demoCredentials } from './demoCredentials';
import type { Answer, GatewayRequest } from './gateway';
import { isFilledString, jsonObjectOf } from './jsonBody';
import { mboaSmsRefusal } from './mboaSmsAnswers';
import { sessionLifetimeMs, type SandboxState } from './phones';

const { token, email, password, username, basicPassword } = demoCredentials.mboaSms;

/** `Authorization: Bearer` with the pasted token or one that a log-in gave and that has not expired. */
export function hasBearerToken({ headers }: GatewayRequest, state: SandboxState): boolean {
	const given = /^Bearer (\S+)$/.exec(headers.authorization?.toString() ?? '')?.[1];
	return given !== undefined && (given === token || state.isSession(given));
}

/** RFC 7617: base64 of UTF-8; the first colon ends the user name, further ones belong to the password. */
export function hasBasicCredentials({ headers }: GatewayRequest): boolean {
	const encoded = /^Basic (\S+)$/.exec(headers.authorization?.toString() ?? '')?.[1] ?? '';
	const [name, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return name === username && rest.join(':') === basicPassword;
}

/** Not in the vendor's document, which only says "by logging in": as its own dashboard does it. */
export function logIn(request: GatewayRequest, state: SandboxState): Answer {
	const body = jsonObjectOf(request);
	if (typeof body === 'string') return mboaSmsRefusal(400, body);
	if (!isFilledString(body.email) || !isFilledString(body.password)) {
		return mboaSmsRefusal(400, 'email and password are required');
	}
	if (body.email !== email || body.password !== password) {
		return mboaSmsRefusal(401, 'Invalid email or password');
	}
	const json = {
		token: state.openSession(),
		refreshToken: state.openSession(),
		expirationTime: sessionLifetimeMs,
	};
	return { status: 200, json };
}
