import fc from 'fast-check';

import type { Batch, OutgoingMessage, Refusal } from '../../nodes/shared/gateways/gateway';
import { outcomeWithoutSend } from '../../nodes/shared/sending/outcomes';
import { envelope, messageTo } from '../helpers/outgoingMessages';
import { busiestMinute, type Step } from '../helpers/scriptedGateway';
import { keyOf, MemoryKeys, runOf, singleBatches, statusesOf } from '../helpers/sendRuns';
import { VirtualClock } from '../helpers/virtualClock';

function repeated<Value>(count: number, value: Value): Value[] {
	return Array.from({ length: count }, () => value);
}

/** The step of each request in turn; the last one over and over. */
function inTurn(...steps: Step[]): (requestIndex: number) => Step {
	return (requestIndex) => steps[Math.min(requestIndex, steps.length - 1)]!;
}

/** The gaps between the first requests, in ms. */
function gapsOf(starts: readonly number[]): number[] {
	return starts.slice(1).map((start, index) => start - starts[index]!);
}

function refusal(kind: Refusal['kind'], rest: Partial<Refusal> = {}): Refusal {
	return { kind, reason: `scripted ${kind}`, httpCode: null, ...rest };
}

/** Every claim waits, as for another request with the same key. */
function slowKeys(clock: VirtualClock, waitsMs: readonly number[]) {
	const sentKeys = new MemoryKeys();
	const claim = sentKeys.claim.bind(sentKeys);
	let claims = 0;
	sentKeys.claim = async (keys) => {
		await clock.sleep(waitsMs[claims++ % waitsMs.length]!);
		return await claim(keys);
	};
	return sentKeys;
}

describe('the speed of a run', () => {
	test.each<[number, number, number]>([
		[1_000, 100, 0],
		[1_000, 100, 200],
		[1_000, 100, 3_000],
		[1_000, 500, 3_000],
		[3_000, 500, 3_000],
		[1_000, 500, 50],
		[60, 10, 12_000],
	])(
		'of %i requests at %i a minute with answers after %i ms is the limit',
		async (count, limit, takesMs) => {
			const { gateway, shares, tookMs } = await runOf(
				singleBatches(count),
				{ result: 'sent', takesMs },
				{ requestsPerMinute: limit },
			);
			expect(statusesOf(shares)).toEqual(repeated(count, 'sent'));
			expect(gateway.requests).toHaveLength(count);
			expect(busiestMinute(gateway.starts)).toBeLessThanOrEqual(limit);
			expect(tookMs).toBeLessThanOrEqual((count / limit) * 60_000 * 1.02);
		},
	);

	test('reaches the limit for as long as there is work', async () => {
		const { tookMs } = await runOf(
			singleBatches(1_000),
			{ result: 'sent' },
			{ requestsPerMinute: 100 },
		);
		const leastPossible = 9 * 60_000;
		expect(tookMs).toBeLessThanOrEqual(leastPossible * 1.02);
	});

	test.each([0, 40, 400, 3_000])(
		'below the limit is that without a limit, with answers after %i ms',
		async (takesMs) => {
			const step: Step = { result: 'sent', takesMs };
			const limited = await runOf(singleBatches(100), step, { requestsPerMinute: 100 });
			const free = await runOf(singleBatches(100), step);
			expect(limited.tookMs).toBe(free.tookMs);
			expect(limited.gateway.starts).toEqual(free.gateway.starts);
			expect(limited.pace.throttledMs).toBe(0);
		},
	);

	test('does not depend on how slow the gateway is, up to what is bounded', async () => {
		const slow = await runOf(singleBatches(300), { result: 'sent', takesMs: 2_000 });
		expect(slow.tookMs).toBeLessThan(30_000);
		const underWay = slow.gateway.requests.map(
			({ startEvent }) =>
				slow.gateway.requests.filter(
					(other) => other.startEvent <= startEvent && (other.endEvent ?? 0) > startEvent,
				).length,
		);
		expect(Math.max(...underWay)).toBeLessThanOrEqual(50);
	});

	test('of a slow gateway is that of all places in flight, but for the first request', async () => {
		const combined = await runOf(singleBatches(10), { result: 'sent', takesMs: 300 });
		expect(combined.gateway.starts[1]).toBe(300);
		expect(combined.tookMs).toBeLessThan(1.1 * 2 * 300);
		const single = await runOf(singleBatches(1_000), { result: 'sent', takesMs: 300 });
		expect(single.tookMs).toBeLessThan(1.1 * (1_000 / 50) * 300 + 300);
	});

	test('of a slow store of keys is that of all places in flight, but for the first request', async () => {
		const clock = new VirtualClock();
		const sentKeys = slowKeys(clock, [300]);
		const { tookMs } = await runOf(singleBatches(101), { result: 'sent' }, { clock, sentKeys });
		expect(tookMs).toBeLessThan(1.5 * (300 + (100 / 50) * 300));
	});

	test('of answers that come at once is one request after the other', async () => {
		const { tookMs, gateway } = await runOf(singleBatches(200), { result: 'sent' });
		expect(tookMs).toBe(0);
		for (const [index, { startEvent, endEvent }] of gateway.requests.entries()) {
			expect([startEvent, endEvent]).toEqual([2 * index, 2 * index + 1]);
		}
	});

	test('of no batches is none', async () => {
		const { shares, gateway } = await runOf([], { result: 'sent' });
		expect([shares, gateway.requests]).toEqual([[], []]);
	});
});

describe('too many requests', () => {
	test.each<[string, string]>([
		['seconds', '30'],
		['a date', 'Tue, 21 Oct 2025 07:28:30 GMT'],
	])('pause the run for a Retry-After in %s', async (_, retryAfter) => {
		const { gateway, shares, tookMs } = await runOf(
			singleBatches(3),
			inTurn({ result: 'rateLimit', retryAfter }, { result: 'sent' }),
		);
		expect(statusesOf(shares)).toEqual(repeated(3, 'sent'));
		expect(gateway.starts).toEqual([0, 30_000, 30_000, 30_000]);
		expect(tookMs).toBe(30_000);
	});

	test('in the middle pause every request, not only the one that was told', async () => {
		const { gateway, shares } = await runOf(singleBatches(60), (index) =>
			index === 20
				? { result: 'rateLimit', retryAfter: '45', takesMs: 100 }
				: { result: 'sent', takesMs: 800 },
		);
		expect(statusesOf(shares)).toEqual(repeated(60, 'sent'));
		expect(gateway.requests).toHaveLength(61);
		const toldAt = gateway.starts[20]! + 100;
		expect(gateway.starts.filter((start) => start > toldAt && start < toldAt + 45_000)).toEqual([]);
	});

	test.each<[number, number[]]>([
		[0, [500, 1_000, 2_000, 4_000, 8_000]],
		[0.5, [750, 1_500, 3_000, 6_000, 12_000]],
		[0.999, [1_000, 1_999, 3_998, 7_996, 15_992]],
	])('without Retry-After are waited for with backoff and jitter %d', async (drawn, gaps) => {
		const { gateway, shares } = await runOf(
			singleBatches(1),
			{ result: 'rateLimit' },
			{
				clock: new VirtualClock(0, [drawn]),
			},
		);
		expect(gapsOf(gateway.starts)).toEqual(gaps);
		expect(shares).toStrictEqual([
			{
				itemIndex: 0,
				messages: singleBatches(1)[0]!.messages,
				outcome: outcomeWithoutSend('failed', 1, refusal('rateLimit')),
			},
		]);
	});

	test.each(['soon', '-3', ''])(
		'with the Retry-After "%s" are waited for with backoff',
		async (retryAfter) => {
			const { gateway } = await runOf(
				singleBatches(1),
				inTurn({ result: 'rateLimit', retryAfter }, { result: 'sent' }),
			);
			expect(gateway.starts).toEqual([0, 750]);
		},
	);

	test.each([5, 10])('at %d requests a second lose nobody of 150', async (perSecond) => {
		const taken: number[] = [];
		const clock = new VirtualClock();
		const { shares, gateway } = await runOf(
			singleBatches(150),
			() => {
				const now = clock.now();
				if (taken.filter((at) => now - at < 1_000).length >= perSecond)
					return { result: 'rateLimit', retryAfter: '1', takesMs: 40 };
				taken.push(now);
				return { result: 'sent', takesMs: 400 };
			},
			{ clock },
		);
		expect(statusesOf(shares)).toEqual(repeated(150, 'sent'));
		expect(gateway.requests.length).toBeLessThan(3 * 150);
	});

	test('are given up after five waits, and the item is failed', async () => {
		const step: Step = { result: 'rateLimit', retryAfter: '10' };
		const { gateway, shares } = await runOf(singleBatches(1), step);
		expect(gateway.starts).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
		expect(statusesOf(shares)).toEqual(['failed']);
	});

	test('that end at the fifth wait are not given up', async () => {
		const { gateway, shares } = await runOf(
			singleBatches(1),
			inTurn(...repeated<Step>(5, { result: 'rateLimit', retryAfter: '1' }), { result: 'sent' }),
		);
		expect(gateway.requests).toHaveLength(6);
		expect(statusesOf(shares)).toEqual(['sent']);
	});

	test('are given up at once when the gateway asks for more than an hour', async () => {
		const { gateway, shares, tookMs } = await runOf(singleBatches(1), {
			result: 'rateLimit',
			retryAfter: '3601',
		});
		expect(gateway.requests).toHaveLength(1);
		expect(statusesOf(shares)).toEqual(['failed']);
		expect(tookMs).toBe(0);
	});
});

describe('no connection', () => {
	test('is tried twice more, and then ends the run', async () => {
		const { gateway, shares } = await runOf(singleBatches(4), { result: 'unavailable' });
		expect(gateway.requests.map(({ batch }) => batch.messages[0]!.itemIndex)).toEqual([0, 0, 0]);
		expect(gateway.starts).toEqual([0, 750, 2_250]);
		const why = refusal('unavailable');
		expect(shares.map((share) => share.outcome)).toStrictEqual([
			outcomeWithoutSend('failed', 1, why),
			...repeated(3, outcomeWithoutSend('notAttempted', 1, why)),
		]);
	});

	test('that comes back loses nobody', async () => {
		const { gateway, shares } = await runOf(
			singleBatches(3),
			inTurn({ result: 'unavailable' }, { result: 'unavailable' }, { result: 'sent' }),
		);
		expect(gateway.requests).toHaveLength(5);
		expect(statusesOf(shares)).toEqual(repeated(3, 'sent'));
	});

	test('counts only in a row', async () => {
		const gone: Step = { result: 'unavailable' };
		const { gateway, shares } = await runOf(
			singleBatches(3),
			inTurn(gone, gone, { result: 'sent' }, gone, gone, { result: 'sent' }),
		);
		expect(gateway.requests).toHaveLength(7);
		expect(statusesOf(shares)).toEqual(repeated(3, 'sent'));
	});
});

describe('a run that cannot succeed', () => {
	test.each(['credentials', 'balance'] as const)(
		'costs exactly one request when the first is refused: %s',
		async (kind) => {
			for (const takesMs of [0, 50, 5_000]) {
				const { gateway, shares } = await runOf(singleBatches(40), { result: kind, takesMs });
				expect(gateway.requests).toHaveLength(1);
				expect(shares.map((share) => share.outcome)).toStrictEqual([
					outcomeWithoutSend('failed', 1, refusal(kind)),
					...repeated(39, outcomeWithoutSend('notAttempted', 1, refusal(kind))),
				]);
			}
		},
	);

	test.each(['credentials', 'balance'] as const)(
		'stops later, and what is under way is awaited and recorded: %s',
		async (kind) => {
			const { gateway, shares, recorded } = await runOf(singleBatches(200), (index) =>
				index === 30 ? { result: kind, takesMs: 600 } : { result: 'sent', takesMs: 2_000 },
			);
			const refused = gateway.requests[30]!;
			const later = gateway.requests.filter(
				(request) => request.startEvent > (refused.endEvent ?? 0),
			);
			expect(later).toEqual([]);
			const requested = gateway.requests.length;
			expect(requested).toBeGreaterThan(31);
			expect(statusesOf(shares)).toEqual([
				...repeated(30, 'sent'),
				'failed',
				...repeated(requested - 31, 'sent'),
				...repeated(200 - requested, 'notAttempted'),
			]);
			expect(recorded.filter((entry) => entry.outcome.status === 'sent')).toHaveLength(
				requested - 1,
			);
		},
	);

	test('says to those not attempted why', async () => {
		const { shares } = await runOf(
			singleBatches(3),
			inTurn({ result: 'sent' }, { result: 'balance' }),
		);
		expect(shares.map((share) => share.outcome.refusal)).toEqual([
			undefined,
			refusal('balance'),
			refusal('balance'),
		]);
	});
});

describe('an address that is wrong', () => {
	test('ends the run like a credential when nothing was accepted before', async () => {
		const { gateway, shares } = await runOf(singleBatches(5), { result: 'address' });
		expect(gateway.requests).toHaveLength(1);
		expect(statusesOf(shares)).toEqual(['failed', ...repeated(4, 'notAttempted')]);
	});

	test('fails its item alone once a request was accepted', async () => {
		const { gateway, shares } = await runOf(
			singleBatches(4),
			inTurn({ result: 'sent' }, { result: 'address' }, { result: 'sent' }),
		);
		expect(gateway.requests).toHaveLength(4);
		expect(statusesOf(shares)).toEqual(['sent', 'failed', 'sent', 'sent']);
	});
});

describe('a run with several accounts', () => {
	/** Item by item the one account and the other. */
	function twoAccounts(count: number): Batch[] {
		return singleBatches(count).map((batch, index) => ({
			...batch,
			envelope: envelope({ accountId: index % 2 === 0 ? 'account' : 'other' }),
		}));
	}

	test('goes on with the other when one is refused', async () => {
		const { gateway, shares } = await runOf(
			twoAccounts(8),
			(_index, batch) => ({
				result: batch.envelope.accountId === 'account' ? 'credentials' : 'sent',
			}),
			{ accounts: ['account', 'other'] },
		);
		expect(statusesOf(shares)).toEqual([
			'failed',
			'sent',
			...repeated(3, ['notAttempted', 'sent']).flat(),
		]);
		expect(gateway.requests).toHaveLength(5);
	});

	test('counts unreachable requests for each', async () => {
		const { shares } = await runOf(
			twoAccounts(4),
			(_index, batch) => ({
				result: batch.envelope.accountId === 'account' ? 'unavailable' : 'sent',
			}),
			{ accounts: ['account', 'other'] },
		);
		expect(statusesOf(shares)).toEqual(['failed', 'sent', 'notAttempted', 'sent']);
	});
});

describe('a run that stops at the first failed item', () => {
	const stopping = { isStoppedByFailedItem: true };

	test.each<[Step['result'], string]>([
		['input', 'failed'],
		['unknownOutcome', 'unknown'],
	])('sends nothing after %s', async (result, status) => {
		const { gateway, shares } = await runOf(
			singleBatches(4),
			inTurn({ result: 'sent' }, { result }, { result: 'sent' }),
			stopping,
		);
		expect(gateway.requests).toHaveLength(2);
		expect(statusesOf(shares)).toEqual(['sent', status, 'notAttempted', 'notAttempted']);
	});

	test.each<[Step['result'], string]>([
		['input', 'failed'],
		['unknownOutcome', 'unknown'],
	])('goes on after %s when it continues on errors', async (result, status) => {
		const { shares } = await runOf(
			singleBatches(4),
			inTurn({ result: 'sent' }, { result }, { result: 'sent' }),
		);
		expect(statusesOf(shares)).toEqual(['sent', status, 'sent', 'sent']);
	});

	/** Item 0 in two requests, item 1 in one. */
	const twoAndOne: Batch[] = (
		[
			[0, '+1'],
			[0, '+2'],
			[1, '+3'],
		] as const
	).map(([itemIndex, recipient]) => ({
		envelope: envelope(),
		messages: [messageTo(recipient, { itemIndex })],
	}));

	test('goes on when the item got a part through, before or after', async () => {
		for (const steps of [
			['sent', 'input', 'sent'],
			['input', 'sent', 'sent'],
		] as const) {
			const { gateway } = await runOf(
				twoAndOne,
				inTurn(...steps.map((result): Step => ({ result }))),
				stopping,
			);
			expect(gateway.requests).toHaveLength(3);
		}
	});

	test('stops when all requests of an item are refused', async () => {
		const { shares } = await runOf(twoAndOne, { result: 'input' }, stopping);
		expect(shares.map((share) => share.outcome.status)).toEqual([
			'failed',
			'failed',
			'notAttempted',
		]);
	});

	test('goes on when an earlier try got a part of the item through', async () => {
		const { gateway } = await runOf(
			singleBatches(2),
			{ result: 'input' },
			{
				...stopping,
				partlySentItems: [0],
			},
		);
		expect(gateway.requests).toHaveLength(2);
	});

	test('stops for an item that was skipped in part and refused for the rest, as it is failed', async () => {
		const sentKeys = new MemoryKeys(new Set(twoAndOne[0]!.messages));
		const { shares } = await runOf(twoAndOne, { result: 'input' }, { ...stopping, sentKeys });
		expect(shares.map((share) => share.outcome.status)).toEqual([
			'skipped',
			'failed',
			'notAttempted',
		]);
	});
});

describe('a stop by the user', () => {
	test('ends the wait for a place at once', async () => {
		const { gateway, shares, tookMs } = await runOf(
			singleBatches(5),
			{ result: 'sent' },
			{
				requestsPerMinute: 2,
				stopAtMs: 7_000,
			},
		);
		expect(gateway.requests).toHaveLength(2);
		expect(tookMs).toBe(7_000);
		expect(statusesOf(shares)).toEqual(['sent', 'sent', ...repeated(3, 'notAttempted')]);
		expect(shares.at(-1)!.outcome.refusal?.reason).toBe('The execution was canceled');
	});

	test.each<[string, Step]>([
		['Retry-After', { result: 'rateLimit', retryAfter: '600' }],
		['backoff', { result: 'unavailable' }],
	])('ends the wait for %s at once', async (_, step) => {
		const { gateway, shares, tookMs } = await runOf(singleBatches(3), step, { stopAtMs: 300 });
		expect(gateway.requests).toHaveLength(1);
		expect(tookMs).toBe(300);
		expect(statusesOf(shares)).toEqual(repeated(3, 'notAttempted'));
	});

	test('lets no further request leave, and awaits those under way', async () => {
		const { gateway, shares, recorded } = await runOf(
			singleBatches(200),
			{ result: 'sent', takesMs: 4_000 },
			{ stopAtMs: 9_000 },
		);
		const requested = gateway.requests.length;
		expect(requested).toBeGreaterThan(2);
		expect(requested).toBeLessThan(200);
		expect(gateway.starts.every((start) => start <= 9_000)).toBe(true);
		expect(statusesOf(shares)).toEqual([
			...repeated(requested, 'sent'),
			...repeated(200 - requested, 'notAttempted'),
		]);
		expect(recorded).toHaveLength(requested);
	});

	test('between the claim and the request sends nothing, and withdraws the claim', async () => {
		const clock = new VirtualClock();
		const sentKeys = new MemoryKeys();
		const claim = sentKeys.claim.bind(sentKeys);
		sentKeys.claim = async (keys) => {
			await clock.sleep(50);
			return await claim(keys);
		};
		const batches = singleBatches(2);
		const { gateway, shares } = await runOf(
			batches,
			{ result: 'sent' },
			{ clock, sentKeys, stopAtMs: 20 },
		);
		expect(gateway.requests).toHaveLength(0);
		expect(statusesOf(shares)).toEqual(['notAttempted', 'notAttempted']);
		expect(sentKeys.withdrawn).toEqual([batches[0]!.messages.map(keyOf)]);
	});
});

describe('the memory of what was sent', () => {
	const both: Batch[] = [
		{ envelope: envelope(), messages: [messageTo('+1'), messageTo('+2', { itemIndex: 1 })] },
	];

	test('splits off what was sent before', async () => {
		const sentKeys = new MemoryKeys(new Set([both[0]!.messages[0]!]));
		const { gateway, shares } = await runOf(both, { result: 'sent' }, { sentKeys });
		expect(gateway.requests.map(({ batch }) => batch.messages)).toEqual([[both[0]!.messages[1]]]);
		expect(shares.map(({ itemIndex, outcome }) => [itemIndex, outcome.status])).toEqual([
			[0, 'skipped'],
			[1, 'sent'],
		]);
	});

	test('makes no request, and takes no place in the pace, when all was sent before', async () => {
		const batches = singleBatches(50);
		const known = new Set(batches.slice(0, 49).flatMap((batch) => batch.messages));
		const { gateway, shares, tookMs } = await runOf(
			batches,
			{ result: 'sent' },
			{
				sentKeys: new MemoryKeys(known),
				requestsPerMinute: 1,
			},
		);
		expect(gateway.requests).toHaveLength(1);
		expect(tookMs).toBe(0);
		expect(statusesOf(shares)).toEqual([...repeated(49, 'skipped'), 'sent']);
	});

	test.each<[string, Step, string[]]>([
		['sent', { result: 'sent' }, []],
		['accepted', { result: 'accepted' }, []],
		['unknown', { result: 'unknownOutcome' }, []],
		['refused', { result: 'input' }, ['+1', '+2']],
		['refused for the credential', { result: 'credentials' }, ['+1', '+2']],
		['refused for the balance', { result: 'balance' }, ['+1', '+2']],
		['sent but for one who is named', { result: 'partial', rejected: ['+2'] }, ['+2']],
	])(
		'withdraws who certainly got nothing, after a request that was %s',
		async (_, step, expected) => {
			const sentKeys = new MemoryKeys();
			await runOf(both, step, { sentKeys });
			expect(sentKeys.withdrawn).toEqual([expected]);
		},
	);

	test('claims anew before each repeat', async () => {
		const sentKeys = new MemoryKeys();
		const { shares } = await runOf(
			both,
			inTurn({ result: 'rateLimit' }, { result: 'unavailable' }, { result: 'sent' }),
			{ sentKeys },
		);
		const keys = both[0]!.messages.map(keyOf);
		expect(sentKeys.withdrawn).toEqual([keys, keys, []]);
		expect(statusesOf(shares)).toEqual(['sent', 'sent']);
	});

	test('that cannot be read fails the items, and nothing is sent', async () => {
		const sentKeys = new MemoryKeys();
		sentKeys.faultWords = 'the database is away';
		const { gateway, shares } = await runOf(both, { result: 'sent' }, { sentKeys });
		expect(gateway.requests).toEqual([]);
		for (const { outcome } of shares) {
			const { sentCount, failedCount, refusal: why } = outcome;
			expect([outcome.status, sentCount, failedCount]).toEqual(['failed', 0, 1]);
			expect([why?.reason, why?.httpCode]).toEqual(['the database is away', null]);
			expect(why?.advice).toContain('Nothing was sent');
		}
	});

	test('that cannot be mended is told to the user', async () => {
		const sentKeys = new MemoryKeys();
		sentKeys.withdrawNote = 'the key stays';
		const { shares } = await runOf(both, { result: 'input' }, { sentKeys });
		expect(shares.map((share) => share.outcome.refusal?.reason)).toEqual([
			'scripted input; the key stays',
			'scripted input; the key stays',
		]);
	});

	test('that cannot be mended is told once: what a later try takes over does not repeat it', async () => {
		const sentKeys = new MemoryKeys();
		sentKeys.withdrawNote = 'the key stays';
		const rejected = [both[0]?.messages[0]?.recipient ?? ''];
		const { shares, recorded } = await runOf(
			[{ envelope: envelope(), messages: both.flatMap(({ messages }) => messages) }],
			{ result: 'partial', rejected },
			{ sentKeys },
		);
		expect(JSON.stringify(shares)).toContain('the key stays');
		expect(recorded).toHaveLength(1);
		expect(JSON.stringify(recorded)).not.toContain('the key stays');
	});

	test.each<[string, Step]>([
		['too many requests', { result: 'rateLimit' }],
		['no connection', { result: 'unavailable' }],
	])(
		'that cannot be mended after %s does not make a skipped item of one never sent',
		async (_, step) => {
			const sentKeys = new MemoryKeys();
			sentKeys.withdrawNote = 'the key stays';
			const { gateway, shares } = await runOf(singleBatches(1), inTurn(step, { result: 'sent' }), {
				sentKeys,
			});
			const isSent = gateway.requests.some((request) => request.step.result === 'sent');
			expect(statusesOf(shares)).toEqual([isSent ? 'sent' : 'failed']);
		},
	);
});

describe('claims that take long', () => {
	test.each<[string, number[]]>([
		['some seconds', [8_000, 0, 3_000]],
		['most of a minute', [50_000, 0, 0, 0, 0, 0, 0]],
		['longer than a minute', [90_000, 0, 0, 0, 0, 0, 0]],
	])('do not push requests into one minute: %s', async (_, waitsMs) => {
		const clock = new VirtualClock();
		const { gateway, shares } = await runOf(
			singleBatches(40),
			{ result: 'sent' },
			{ clock, requestsPerMinute: 5, sentKeys: slowKeys(clock, waitsMs) },
		);
		expect(statusesOf(shares)).toEqual(repeated(40, 'sent'));
		expect(busiestMinute(gateway.starts)).toBeLessThanOrEqual(5);
	});
});

describe('whatever the gateway does', () => {
	const anyStep: fc.Arbitrary<Step> = fc.record({
		result: fc.oneof(
			{ weight: 6, arbitrary: fc.constant<Step['result']>('sent') },
			{
				weight: 6,
				arbitrary: fc.constantFrom<Step['result']>(
					'accepted',
					'input',
					'rateLimit',
					'unavailable',
					'unknownOutcome',
				),
			},
			{ weight: 1, arbitrary: fc.constantFrom<Step['result']>('credentials', 'balance') },
		),
		takesMs: fc.constantFrom(0, 20, 700, 5_000),
		retryAfter: fc.constantFrom(undefined, '0', '2', '90', '4000', 'soon'),
	});
	const anyRun = fc.record({
		/** Items of each request. */
		requests: fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), { maxLength: 14 }),
		steps: fc.array(anyStep, { minLength: 1, maxLength: 30 }),
		requestsPerMinute: fc.constantFrom(0, 1, 5, 100),
		isStoppedByFailedItem: fc.boolean(),
		stopAtMs: fc.option(fc.nat(200_000), { nil: undefined, freq: 4 }),
		knownShare: fc.constantFrom(0, 0, 3),
	});

	const STATUS_OF: Record<Step['result'], string> = {
		sent: 'sent',
		accepted: 'accepted',
		partial: 'partial',
		credentials: 'failed',
		balance: 'failed',
		address: 'failed',
		input: 'failed',
		rateLimit: 'failed',
		unavailable: 'failed',
		unknownOutcome: 'unknown',
	};
	const SETTLED = ['sent', 'accepted', 'partial', 'unknown'];

	test('everyone is accounted for, nothing is repeated after doubt, and a stop is a stop', async () => {
		await fc.assert(
			fc.asyncProperty(anyRun, async (drawn) => {
				let number = 1000;
				const batches = drawn.requests.map((items) => ({
					envelope: envelope(),
					messages: items.map((itemIndex) => messageTo(`+${number++}`, { itemIndex })),
				}));
				const messages = batches.flatMap((batch) => batch.messages);
				const known = new Set(
					messages.filter((_, index) => drawn.knownShare > 0 && index % drawn.knownShare === 0),
				);
				const skipped = new Set(known);
				const { shares, gateway } = await runOf(batches, inTurn(...drawn.steps), {
					...drawn,
					sentKeys: new MemoryKeys(known),
					clock: new VirtualClock(0, [0, 0.7, 0.2]),
				});

				const statusOf = new Map<OutgoingMessage, string>();
				for (const { itemIndex, messages: own, outcome } of shares) {
					expect(outcome.recipientCount).toBe(own.length);
					for (const message of own) {
						expect(message.itemIndex).toBe(itemIndex);
						expect(statusOf.has(message)).toBe(false);
						statusOf.set(message, outcome.status);
					}
				}
				expect(new Set(statusOf.keys())).toEqual(new Set(messages));

				const last = new Map<OutgoingMessage, string>();
				for (const { batch, step } of gateway.requests) {
					for (const message of batch.messages) {
						expect(SETTLED).not.toContain(last.get(message));
						last.set(message, STATUS_OF[step.result]);
					}
				}
				for (const message of messages) {
					const status = statusOf.get(message)!;
					const told = last.get(message);
					if (told !== undefined && SETTLED.includes(told)) expect(status).toBe(told);
					else if (told !== undefined) expect(['failed', 'notAttempted']).toContain(status);
					else if (skipped.has(message)) expect(['skipped', 'notAttempted']).toContain(status);
					else expect(status).toBe('notAttempted');
				}

				const ends = gateway.requests.filter(
					({ step }) => step.result === 'credentials' || step.result === 'balance',
				);
				for (const { endEvent } of ends) {
					expect(gateway.requests.filter((other) => other.startEvent > (endEvent ?? 0))).toEqual(
						[],
					);
				}
				const { requestsPerMinute, stopAtMs = Infinity } = drawn;
				if (requestsPerMinute > 0) {
					expect(busiestMinute(gateway.starts)).toBeLessThanOrEqual(requestsPerMinute);
				}
				for (const { startedAt } of gateway.requests) {
					expect(startedAt).toBeLessThanOrEqual(stopAtMs);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
