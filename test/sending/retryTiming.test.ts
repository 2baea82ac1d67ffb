import fc from 'fast-check';

import {
	backoffMs,
	LONGEST_WAIT_MS,
	MAX_RATE_LIMIT_PAUSES,
	MAX_UNREACHABLE,
	retryAfterMs,
} from '../../nodes/shared/sending/requestPace';

const NOW = Date.UTC(2025, 9, 21, 7, 28, 0);

describe('Retry-After', () => {
	test.each<[string, number]>([
		['0', 0],
		['1', 1_000],
		['120', 120_000],
		[' 30 ', 30_000],
		['1.5', 1_500],
		['0.0001', 1],
		['86400', 86_400_000],
	])('of "%s" is a time in seconds', (header, milliseconds) => {
		expect(retryAfterMs(header, NOW)).toBe(milliseconds);
	});

	// RFC 9110, 5.6.7: the preferred format and the two obsolete ones that recipients must accept.
	test.each<[string, number]>([
		['Tue, 21 Oct 2025 07:28:30 GMT', 30_000],
		['Tuesday, 21-Oct-25 07:28:30 GMT', 30_000],
		['Tue, 21 Oct 2025 08:28:00 GMT', 3_600_000],
		['Tue, 21 Oct 2025 07:28:00 GMT', 0],
		['Tue, 21 Oct 2025 07:27:00 GMT', 0],
		['Wed, 21 Oct 2015 07:28:00 GMT', 0],
		['Tue Oct 21 07:28:30 2025', 30_000],
	])('of "%s" is the time until that date', (header, milliseconds) => {
		expect(retryAfterMs(header, NOW)).toBe(milliseconds);
	});

	test.each<[string | undefined]>([
		[undefined],
		[''],
		['   '],
		['-5'],
		['+5'],
		['soon'],
		['5s'],
		['in 5 seconds'],
		['after 5'],
		['NaN'],
		['Infinity'],
		['1e3'],
		['0x10'],
		['1,5'],
		['10, 20'],
		['null'],
		['Tue, 99 Oct 2025 07:28:00 GMT'],
	])('of %j says nothing usable', (header) => {
		expect(retryAfterMs(header, NOW)).toBeNull();
	});

	test('never asks for a negative wait, and never for no number at all', () => {
		fc.assert(
			fc.property(fc.string(), fc.nat(), (header, now) => {
				const milliseconds = retryAfterMs(header, now);
				expect(milliseconds === null || milliseconds >= 0).toBe(true);
			}),
		);
	});
});

describe('backoff', () => {
	test.each<[number, number, number]>([
		[0, 500, 1_000],
		[1, 1_000, 2_000],
		[2, 2_000, 4_000],
		[3, 4_000, 8_000],
		[4, 8_000, 16_000],
		[5, 16_000, 32_000],
		[6, 30_000, 60_000],
		[7, 30_000, 60_000],
		[2_000, 30_000, 60_000],
	])('number %i is between %i and %i ms', (attempt, least, most) => {
		expect(backoffMs(attempt, 0)).toBe(least);
		expect(backoffMs(attempt, 0.5)).toBe((least + most) / 2);
		expect(backoffMs(attempt, 1 - Number.EPSILON)).toBe(most);
	});

	test('is a whole number of milliseconds inside its bounds', () => {
		const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
		fc.assert(
			fc.property(fc.nat(50), random, (attempt, drawn) => {
				const milliseconds = backoffMs(attempt, drawn);
				expect(Number.isInteger(milliseconds)).toBe(true);
				expect(milliseconds).toBeGreaterThanOrEqual(500);
				expect(milliseconds).toBeLessThanOrEqual(60_000);
			}),
		);
	});
});

test('the limits are those of the contract and of a patient execution', () => {
	expect({ MAX_RATE_LIMIT_PAUSES, MAX_UNREACHABLE, LONGEST_WAIT_MS }).toEqual({
		MAX_RATE_LIMIT_PAUSES: 5,
		MAX_UNREACHABLE: 3,
		LONGEST_WAIT_MS: 3_600_000,
	});
});
