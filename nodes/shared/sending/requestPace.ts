import type { RefusalKind } from '../gateways/gateway';

/** Time as the run sees it; the tests drive their own. */
export interface Clock {
	/** Milliseconds since some moment; goes on evenly, also when somebody sets the clock of the machine. */
	now(): number;
	/** Milliseconds since the epoch, only to be held against a date that somebody else wrote. */
	date(): number;
	/** Resolves after the time, or as soon as the signal is aborted. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
}

const WINDOW_MS = 60_000;

/** Requests can arrive closer together than they left; this much keeps the gateway's count whole. */
const WINDOW_MARGIN_MS = 500;

/** A busy machine takes its time before a request leaves: so much later it may have arrived. */
const LONGEST_WAY_MS = 2_000;

/** How often to look again when all places are held by requests that have not started. */
const RECHECK_MS = 100;

/** A place in the window: one request. */
export interface Slot {
	/** By `Clock.now`; Infinity while the request is being prepared, so that it keeps its place. */
	startedAt: number;
}

/** The requests of one account in the last 60 seconds, whichever run made them, and the pause that it asked for. */
export class RequestWindow {
	pausedUntil = 0;

	/** In the order in which they were taken. */
	private readonly slots: Slot[] = [];

	take(now: number): Slot {
		const slot = { startedAt: now };
		this.slots.push(slot);
		return slot;
	}

	/** The gateway counted the request at some time before its answer: the latest one keeps its count whole. */
	answered(slot: Slot, now: number): void {
		slot.startedAt = Math.min(now, slot.startedAt + LONGEST_WAY_MS);
	}

	/** The place of a request that was not made after all. */
	giveBack(slot: Slot): void {
		const index = this.slots.lastIndexOf(slot);
		if (index !== -1) this.slots.splice(index, 1);
	}

	/** Milliseconds until one more request may start; `requestsPerMinute` 0 knows no limit but a pause. */
	waitMs(requestsPerMinute: number, now: number): number {
		const windowStart = now - WINDOW_MS - WINDOW_MARGIN_MS;
		const firstInside = this.slots.findIndex((slot) => slot.startedAt > windowStart);
		this.slots.splice(0, firstInside === -1 ? this.slots.length : firstInside);
		const pauseMs = this.pausedUntil - now;
		const blocking = this.slots[this.slots.length - requestsPerMinute];
		if (requestsPerMinute === 0 || blocking === undefined) return pauseMs;
		const isStarted = blocking.startedAt !== Infinity;
		return Math.max(isStarted ? blocking.startedAt - windowStart : RECHECK_MS, pauseMs);
	}
}

/** Of the accounts that this process has used. Loop rounds and executions share them. */
const windows = new Map<string, RequestWindow>();

/** The window of an account; the same for all runs in this process. */
export function windowOf(accountId: string): RequestWindow {
	const window = windows.get(accountId) ?? new RequestWindow();
	windows.set(accountId, window);
	return window;
}

/**
 * At most `requestsPerMinute` requests in any 60 seconds (a sliding window of their starts), counted with
 * those that other runs make with the account, and none while the gateway asked to wait. 0 means no limit
 * of our own.
 */
export class RequestPace {
	/** Milliseconds for which requests were held back, for the hint. */
	throttledMs = 0;

	private turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly requestsPerMinute: number,
		private readonly window: RequestWindow,
		private readonly world: { clock: Clock; signal: AbortSignal },
	) {}

	/** Waits for a place; null when the run was stopped meanwhile. */
	async acquire(): Promise<Slot | null> {
		const turn = this.turn.then(async () => await this.waitForPlace());
		this.turn = turn.then(() => undefined);
		return await turn;
	}

	giveBack(slot: Slot): void {
		this.window.giveBack(slot);
	}

	answered(slot: Slot): void {
		this.window.answered(slot, this.world.clock.now());
	}

	/** No request starts for this long. Whether that begins a pause, rather than going on with one. */
	pauseFor(milliseconds: number): boolean {
		const now = this.world.clock.now();
		const isNew = this.window.pausedUntil <= now;
		this.window.pausedUntil = Math.max(this.window.pausedUntil, now + milliseconds);
		return isNew;
	}

	private async waitForPlace(): Promise<Slot | null> {
		const { clock, signal } = this.world;
		for (;;) {
			if (signal.aborted) return null;
			const waitMs = this.window.waitMs(this.requestsPerMinute, clock.now());
			if (waitMs <= 0) return this.window.take(clock.now());
			this.throttledMs += waitMs;
			await clock.sleep(waitMs, signal);
		}
	}
}

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

/** Whether the same request may go again after a refusal of this kind. */
export function isRepeatable(kind: RefusalKind): boolean {
	switch (kind) {
		case 'rateLimit':
		case 'unavailable':
			return true;
		case 'credentials':
		case 'balance':
		case 'address':
		case 'input':
		case 'unknownOutcome':
			return false;
	}
}
