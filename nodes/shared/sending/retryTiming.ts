/** A request answered 429 is waited for this many times before it is given up. */
export const MAX_RATE_LIMIT_WAITS = 5;

/** A connection that could not be made is tried this many more times. */
export const MAX_CONNECTION_RETRIES = 2;

/** Longer waits are not sat out inside an execution: the request is given up at once. */
export const LONGEST_WAIT_MS = 60 * 60 * 1000;

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Milliseconds that a Retry-After header asks for, or null when it says nothing usable.
 * RFC 9110, 10.2.3: seconds, or an HTTP date (read against `now`, in ms since the epoch).
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
	const value = header?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
	// Date.parse reads "-5" as a year and "after 5" as a month; every HTTP date has a time.
	if (!/\d:\d/.test(value)) return null;
	const date = Date.parse(value);
	return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Exponential backoff with equal jitter: between half and all of 1 s, 2 s, 4 s … (at most 60 s).
 * `random` is in [0, 1). The first attempt has number 0.
 */
export function backoffMs(attempt: number, random: number): number {
	const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
	return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
