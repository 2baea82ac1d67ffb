import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { GatewayAnswer } from '../gateways/gateway';

/** The fields of our credentials that nobody may read. */
const SECRET_FIELDS = ['token', 'apiKey', 'password', 'sessionToken'];
/** What is shorter stands in ordinary words as well. */
const SHORTEST_SECRET = 4;
const BLACKED_OUT = '***';

/** The answer without what signed its request, in every form in which that was sent. */
export function withoutSecrets(
	answer: GatewayAnswer,
	credential: ICredentialDataDecryptedObject,
): GatewayAnswer {
	const secrets = writingsOf(credential);
	if (secrets.length === 0) return answer;
	return { ...answer, body: cleared(answer.body, secrets) };
}

function writingsOf(credential: ICredentialDataDecryptedObject): string[] {
	const secrets = SECRET_FIELDS.flatMap((name) => {
		const value = credential[name];
		if (typeof value !== 'string') return [];
		// A session token is stored with the account that it belongs to in front.
		return [value, value.slice(value.indexOf('|') + 1)];
	});
	const { username, password } = credential;
	if (typeof username === 'string' && typeof password === 'string') {
		secrets.push(`${username}:${password}`);
	}
	const writings = secrets
		.map((secret) => secret.trim())
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.flatMap((secret) => [
			secret,
			encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd')),
			Buffer.from(secret).toString('base64'),
			JSON.stringify(secret).slice(1, -1),
		]);
	// The longest first: a short one may be a part of it.
	return [...new Set(writings)].sort((one, other) => other.length - one.length);
}

function cleared(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === 'string') {
		return secrets.reduce((text, secret) => text.replaceAll(secret, BLACKED_OUT), value);
	}
	if (Array.isArray(value)) return value.map((entry) => cleared(entry, secrets));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			String(cleared(key, secrets)),
			cleared(entry, secrets),
		]),
	);
}
