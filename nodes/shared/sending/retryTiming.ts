/** So many pauses in a row in which the gateway takes nothing are waited for. */
export const MAX_RATE_LIMIT_PAUSES = 5;

/** So many requests in a row that certainly never connected end a run. */
export const MAX_UNREACHABLE = 3;

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
	// The asctime form of RFC 9110, 5.6.7 names no zone; it is UTC like the others.
	const date = Date.parse(/GMT|UTC|Z$|[+-]\d{4}$/i.test(value) ? value : `${value} UTC`);
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
