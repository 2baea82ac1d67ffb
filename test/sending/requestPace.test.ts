import fc from 'fast-check';

import {
	isRepeatable,
	RequestPace,
	RequestWindow,
	windowOf,
} from '../../nodes/shared/sending/requestPace';
import { busiestMinute } from '../helpers/scriptedGateway';
import { VirtualClock } from '../helpers/virtualClock';

function paceOf(requestsPerMinute: number) {
	const clock = new VirtualClock();
	const controller = new AbortController();
	const pace = new RequestPace(requestsPerMinute, new RequestWindow(), {
		clock,
		signal: controller.signal,
	});
	return { clock, controller, pace };
}

/** Acquires so many places as fast as they come, and gives the times. */
async function startsOf(requestsPerMinute: number, requestCount: number) {
	const { clock, pace } = paceOf(requestsPerMinute);
	const begin = clock.now();
	const starts: number[] = [];
	const all = Array.from({ length: requestCount }, async () => {
		await pace.acquire();
		starts.push(clock.now() - begin);
	});
	await clock.run(Promise.all(all));
	return { starts, pace, clock };
}

describe('the pace', () => {
	test.each([
		[1, 5],
		[100, 1_000],
		[500, 2_000],
	])('of %i requests a minute holds in every 60 s of %i requests', async (limit, count) => {
		const { starts } = await startsOf(limit, count);
		expect(starts).toHaveLength(count);
		expect(busiestMinute(starts)).toBe(limit);
		const leastPossible = (Math.ceil(count / limit) - 1) * 60_000;
		expect(starts.at(-1)).toBeLessThanOrEqual(leastPossible * 1.02);
	});

	test('does not hold back requests below the limit', async () => {
		const { starts, pace, clock } = await startsOf(100, 100);
		expect(starts).toEqual(Array.from({ length: 100 }, () => 0));
		expect(pace.throttledMs).toBe(0);
		expect(clock.slept).toEqual([]);
	});

	test('of none does not hold back anything', async () => {
		const { starts, clock } = await startsOf(0, 5_000);
		expect(starts.at(-1)).toBe(0);
		expect(clock.slept).toEqual([]);
	});

	test('lets requests go in the order in which they asked', async () => {
		const { clock, pace } = paceOf(1);
		const order: number[] = [];
		const all = [0, 1, 2].map(async (index) => {
			await pace.acquire();
			order.push(index);
		});
		await clock.run(Promise.all(all));
		expect(order).toEqual([0, 1, 2]);
	});

	test('counts how long it held requests back', async () => {
		const { pace, starts } = await startsOf(10, 21);
		expect(starts.at(-1)).toBe(pace.throttledMs);
	});

	test('has room again for a request that was not made', async () => {
		const { clock, pace } = paceOf(1);
		const begin = clock.now();
		const slot = await pace.acquire();
		pace.giveBack(slot!);
		await clock.run(pace.acquire());
		expect(clock.now()).toBe(begin);
	});

	test('does not count a place twice that is given back twice', async () => {
		const { clock, pace } = paceOf(1);
		const begin = clock.now();
		const slot = await pace.acquire();
		pace.giveBack(slot!);
		await clock.run(pace.acquire());
		pace.giveBack(slot!);
		await clock.run(pace.acquire());
		expect(clock.now() - begin).toBeGreaterThanOrEqual(60_000);
	});

	test.each([0, 100])('of %i stands still when the gateway asks to wait', async (limit) => {
		const { clock, pace } = paceOf(limit);
		const begin = clock.now();
		pace.pauseFor(30_000);
		pace.pauseFor(10_000);
		await clock.run(pace.acquire());
		expect(clock.now() - begin).toBe(30_000);
	});

	test('waits on when the gateway asks again in the middle of a wait', async () => {
		const { clock, pace } = paceOf(100);
		const begin = clock.now();
		pace.pauseFor(30_000);
		clock.at(20_000, () => pace.pauseFor(25_000));
		await clock.run(pace.acquire());
		expect(clock.now() - begin).toBe(45_000);
	});

	test('ends all waits at once when the run is stopped', async () => {
		const { clock, controller, pace } = paceOf(1);
		const begin = clock.now();
		await pace.acquire();
		clock.at(1_234, () => controller.abort());
		const waiting = await clock.run(Promise.all([pace.acquire(), pace.acquire()]));
		expect(waiting).toEqual([null, null]);
		expect(clock.now() - begin).toBe(1_234);
	});

	test('gives no place after the stop', async () => {
		const { controller, pace } = paceOf(0);
		controller.abort();
		expect(await pace.acquire()).toBeNull();
	});

	test('holds whatever the requests and pauses are', async () => {
		const event = fc.record({
			afterMs: fc.nat(30_000),
			pauseMs: fc.option(fc.nat(40_000), { nil: 0, freq: 5 }),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 6 }),
				fc.array(event, { maxLength: 40 }),
				async (limit, events) => {
					const { clock, pace } = paceOf(limit);
					const starts: number[] = [];
					const pauses: Array<{ from: number; until: number }> = [];
					const all = events.map(async ({ afterMs, pauseMs }) => {
						await clock.sleep(afterMs);
						await pace.acquire();
						starts.push(clock.now());
						if (pauseMs === 0) return;
						pauses.push({ from: clock.now(), until: clock.now() + pauseMs });
						pace.pauseFor(pauseMs);
					});
					await clock.run(Promise.all(all));
					expect(starts).toHaveLength(events.length);
					expect(busiestMinute(starts)).toBeLessThanOrEqual(limit);
					for (const { from, until } of pauses) {
						expect(starts.filter((start) => start > from && start < until)).toEqual([]);
					}
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('the requests of an account', () => {
	test('are one window for all runs of the process, and another one for another account', () => {
		const window = windowOf('an account of this test');
		window.take(0);
		expect(windowOf('an account of this test')).toBe(window);
		expect(windowOf('another account of this test')).not.toBe(window);
		expect(windowOf('another account of this test').waitMs(1, 0)).toBeLessThanOrEqual(0);
	});

	test('count until they are older than a minute and its margin', () => {
		const window = new RequestWindow();
		window.take(0);
		expect(window.waitMs(1, 60_499)).toBe(1);
		expect(window.waitMs(1, 60_500)).toBeLessThanOrEqual(0);
		window.take(60_500);
		expect(window.waitMs(2, 60_501)).toBeLessThanOrEqual(0);
	});

	test('without a limit wait for a pause only', () => {
		const window = new RequestWindow();
		for (let at = 0; at < 10; at += 1) window.take(at);
		expect(window.waitMs(0, 10)).toBeLessThanOrEqual(0);
		window.pausedUntil = 500;
		expect(window.waitMs(0, 10)).toBe(490);
	});
});

test.each([
	['rateLimit', true],
	['unavailable', true],
	['credentials', false],
	['balance', false],
	['address', false],
	['input', false],
	['unknownOutcome', false],
] as const)('a request that was refused for %s may be repeated: %s', (kind, isSo) => {
	expect(isRepeatable(kind)).toBe(isSo);
});
