/** Time as the run sees it; the tests drive their own. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Resolves after the time, or as soon as the signal is aborted. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
}

const WINDOW_MS = 60_000;

/** Requests can arrive closer together than they left; this much keeps the gateway's count whole. */
const WINDOW_MARGIN_MS = 500;

/** How often to look again when all places are held by requests that have not started. */
const RECHECK_MS = 100;

/** A place in the window: one request. */
export interface Slot {
	/** Milliseconds since the epoch; Infinity while the request is being prepared, so that it keeps its place. */
	startedAt: number;
}

/**
 * At most `requestsPerMinute` requests in any 60 seconds (a sliding window of their starts), and
 * none while the gateway asked to wait. 0 means no limit of our own.
 */
export class RequestPace {
	/** Milliseconds for which requests were held back, for the hint. */
	throttledMs = 0;

	private slots: Slot[] = [];

	private pausedUntil = 0;

	private turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly requestsPerMinute: number,
		private readonly clock: Clock,
		private readonly signal: AbortSignal,
	) {}

	/** Waits for a place; null when the run was stopped meanwhile. */
	async acquire(): Promise<Slot | null> {
		const turn = this.turn.then(async () => await this.waitForPlace());
		this.turn = turn.then(() => undefined);
		return await turn;
	}

	/** The place of a request that was not made after all. */
	giveBack(slot: Slot): void {
		const index = this.slots.indexOf(slot);
		if (index !== -1) this.slots.splice(index, 1);
	}

	/** No request starts for this long. */
	pauseFor(milliseconds: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + milliseconds);
	}

	private async waitForPlace(): Promise<Slot | null> {
		for (;;) {
			if (this.signal.aborted) return null;
			const waitMs = this.waitMs();
			if (waitMs <= 0) break;
			this.throttledMs += waitMs;
			await this.clock.sleep(waitMs, this.signal);
		}
		const slot = { startedAt: this.clock.now() };
		if (this.requestsPerMinute > 0) this.slots.push(slot);
		return slot;
	}

	private waitMs(): number {
		const now = this.clock.now();
		const windowStart = now - WINDOW_MS - WINDOW_MARGIN_MS;
		this.slots = this.slots.filter((slot) => slot.startedAt > windowStart);
		const pauseMs = this.pausedUntil - now;
		if (this.requestsPerMinute === 0 || this.slots.length < this.requestsPerMinute) return pauseMs;
		const oldest = Math.min(...this.slots.map((slot) => slot.startedAt));
		return Math.max(oldest === Infinity ? RECHECK_MS : oldest - windowStart, pauseMs);
	}
}
