const windowMs = 60_000;

/** A sliding window of 60 s: what was let through counts, what was refused does not. */
export class RateLimit {
	private readonly passedAt: number[] = [];

	/** @param requestsPerMinute null switches the limit off */
	constructor(public requestsPerMinute: number | null) {}

	/** Counts the request and returns null, or returns the seconds until the next one may pass. */
	secondsToWait(now: number): number | null {
		while (this.passedAt[0] !== undefined && this.passedAt[0] <= now - windowMs) {
			this.passedAt.shift();
		}
		if (this.requestsPerMinute === null || this.passedAt.length < this.requestsPerMinute) {
			this.passedAt.push(now);
			return null;
		}
		const blocking = this.passedAt[this.passedAt.length - this.requestsPerMinute] ?? now;
		return Math.max(1, Math.ceil((blocking + windowMs - now) / 1000));
	}
}
