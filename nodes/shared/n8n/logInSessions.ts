import { fingerprint } from './sentKeys';

/** The latest token of each account, and the log-in that is under way: many requests need one log-in. */
const latestTokens = new Map<string, string>();
const logIns = new Map<string, Promise<string>>();

/** Tokens that the gateway did not accept any more; the oldest are forgotten. */
const refusedTokens = new Set<string>();
const MAX_REFUSED = 1_000;

/** Stands for what a token was made from: a changed password or address makes it another account's. */
export function accountFingerprint({
	email,
	password,
	baseUrl,
	loginPath,
}: Record<string, unknown>): string {
	return fingerprint([email, password, baseUrl, loginPath]);
}

/** The stored token, if it was made for this account and was not refused yet; null when a log-in must come first. */
export function usableToken(account: string, stored: unknown): string | null {
	const token = boundToken(account, stored);
	return token === null || refusedTokens.has(token) ? null : token;
}

/**
 * Opens a session in place of the one that is stored, unless another request has done so already. The text to
 * store, bound to its account.
 */
export async function renewedSession(
	account: string,
	stored: unknown,
	logIn: () => Promise<string>,
): Promise<string> {
	const refused = boundToken(account, stored);
	if (refused !== null) {
		rememberRefused(refused);
		const latest = latestTokens.get(account);
		if (latest !== undefined && !refusedTokens.has(latest)) return `${account}|${latest}`;
	}
	const underWay = logIns.get(account) ?? logIn();
	logIns.set(account, underWay);
	try {
		const token = await underWay;
		latestTokens.set(account, token);
		return `${account}|${token}`;
	} finally {
		logIns.delete(account);
	}
}

function rememberRefused(token: string): void {
	refusedTokens.add(token);
	const [oldest] = refusedTokens;
	if (refusedTokens.size > MAX_REFUSED && oldest !== undefined) refusedTokens.delete(oldest);
}

function boundToken(account: string, stored: unknown): string | null {
	const text = typeof stored === 'string' ? stored : '';
	return text.startsWith(`${account}|`) ? text.slice(account.length + 1) : null;
}
