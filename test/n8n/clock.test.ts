import { systemClock } from '../../nodes/shared/n8n/clock';
import { RequestPace, RequestWindow } from '../../nodes/shared/sending/requestPace';

afterEach(() => jest.restoreAllMocks());

const HOUR_MS = 3_600_000;

test.each([
	['back', -HOUR_MS],
	['forward', HOUR_MS],
])('a clock set %s by an hour changes no wait', async (_name, shiftMs) => {
	const window = new RequestWindow();
	const pace = new RequestPace(0, window, {
		clock: systemClock,
		signal: new AbortController().signal,
	});
	pace.pauseFor(300);
	const realNow = Date.now;
	jest.spyOn(Date, 'now').mockImplementation(() => realNow() + shiftMs);
	const start = performance.now();
	await pace.acquire();
	const waitedMs = performance.now() - start;
	expect(waitedMs).toBeGreaterThanOrEqual(298);
	expect(waitedMs).toBeLessThan(HOUR_MS);
	expect(pace.throttledMs).toBeLessThan(1_000);
});

test('only dates of others are held against the date', () => {
	expect(Math.abs(systemClock.date() - Date.now())).toBeLessThan(1_000);
	expect(systemClock.now()).toBeLessThan(Date.UTC(2000, 0, 1));
});
