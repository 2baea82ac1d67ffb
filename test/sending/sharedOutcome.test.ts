import fc from 'fast-check';

import type { Outcome, Refusal } from '../../nodes/shared/gateways/gateway';
import { outcomeWithoutSend, sharesOf, type ItemShare } from '../../nodes/shared/sending/outcomes';
import { messageTo, outcomeOf } from '../helpers/outgoingMessages';

const REASON = 'not supported';

/** Item 0 has +1 and +2, item 1 has +3. */
const mine = [messageTo('+1'), messageTo('+2')];
const yours = [messageTo('+3', { itemIndex: 1 })];
const together = [mine[0]!, yours[0]!, mine[1]!];

/** Of all three. */
function outcome(status: Outcome['status'], rest: Partial<Outcome> = {}): Outcome {
	return outcomeOf(status, { recipientCount: 3, ...rest });
}

/** What a test looks at in a share. */
function statusesOf(shares: readonly ItemShare[]) {
	return shares.map(
		({ itemIndex, outcome: { status, recipientCount, sentCount, failedCount } }) => ({
			itemIndex,
			status,
			recipientCount,
			sentCount,
			failedCount,
		}),
	);
}

function rejected(...recipients: string[]) {
	return recipients.map((recipient) => ({ recipient, reason: REASON }));
}

describe('the outcome of a request', () => {
	test('is that of the item, when it carried one', () => {
		const partial = outcome('partial', {
			recipientCount: 2,
			sentCount: 1,
			failedCount: 1,
			cost: 10,
			balance: 90,
			jobId: 'job-7',
			response: { id: 1 },
		});
		expect(sharesOf(mine, partial)).toStrictEqual([
			{ itemIndex: 0, messages: mine, outcome: partial },
		]);
	});

	test('of no messages is shared by nobody', () => {
		expect(sharesOf([], outcomeWithoutSend('skipped', 0))).toStrictEqual([]);
	});

	test('that was sent is sent for every item; the price of each cannot be told', () => {
		const sent = outcome('sent', {
			sentCount: 3,
			failedCount: 0,
			cost: 30,
			balance: 90,
			providerMessage: 'Done',
			response: { id: 1 },
		});
		expect(sharesOf(together, sent)).toStrictEqual([
			{
				itemIndex: 0,
				messages: mine,
				outcome: { ...sent, recipientCount: 2, sentCount: 2, failedCount: 0, cost: null },
			},
			{
				itemIndex: 1,
				messages: yours,
				outcome: { ...sent, recipientCount: 1, sentCount: 1, failedCount: 0, cost: null },
			},
		]);
	});

	const poor: Refusal = { kind: 'balance', reason: 'Insufficient credits', httpCode: '402' };
	test.each<[string, Outcome, Array<[number | null, number | null]>]>([
		[
			'sent without counts',
			outcome('sent'),
			[
				[null, null],
				[null, null],
			],
		],
		[
			'accepted',
			outcome('accepted', { jobId: 'job-7' }),
			[
				[null, null],
				[null, null],
			],
		],
		[
			'failed',
			outcomeWithoutSend('failed', 3, poor),
			[
				[0, 2],
				[0, 1],
			],
		],
		[
			'unknown',
			outcomeWithoutSend('unknown', 3, poor),
			[
				[null, null],
				[null, null],
			],
		],
		[
			'skipped',
			outcomeWithoutSend('skipped', 3),
			[
				[0, 0],
				[0, 0],
			],
		],
		[
			'not attempted',
			outcomeWithoutSend('notAttempted', 3, poor),
			[
				[0, 2],
				[0, 1],
			],
		],
	])('that is %s is so for every item', (_, whole, [first, second]) => {
		expect(statusesOf(sharesOf(together, whole))).toStrictEqual([
			{
				itemIndex: 0,
				status: whole.status,
				recipientCount: 2,
				sentCount: first![0],
				failedCount: first![1],
			},
			{
				itemIndex: 1,
				status: whole.status,
				recipientCount: 1,
				sentCount: second![0],
				failedCount: second![1],
			},
		]);
		for (const { outcome: share } of sharesOf(together, whole)) {
			expect(share.refusal).toEqual(whole.refusal);
		}
	});

	test('in part, with everyone named, is told apart', () => {
		const partial = outcome('partial', {
			sentCount: 2,
			failedCount: 1,
			rejectedRecipients: rejected('+2'),
			cost: 20,
		});
		expect(sharesOf(together, partial)).toStrictEqual([
			{
				itemIndex: 0,
				messages: mine,
				outcome: {
					...partial,
					recipientCount: 2,
					sentCount: 1,
					failedCount: 1,
					cost: null,
				},
			},
			{
				itemIndex: 1,
				messages: yours,
				outcome: {
					...partial,
					status: 'sent',
					recipientCount: 1,
					sentCount: 1,
					failedCount: 0,
					rejectedRecipients: [],
					cost: null,
				},
			},
		]);
	});

	test('in part is a failed item where all of its recipients are named', () => {
		const partial = outcome('partial', {
			sentCount: 2,
			failedCount: 1,
			rejectedRecipients: rejected('+3'),
		});
		expect(sharesOf(together, partial)).toStrictEqual([
			{
				itemIndex: 0,
				messages: mine,
				outcome: {
					...partial,
					status: 'sent',
					recipientCount: 2,
					sentCount: 2,
					failedCount: 0,
					rejectedRecipients: [],
				},
			},
			{
				itemIndex: 1,
				messages: yours,
				outcome: {
					...partial,
					status: 'failed',
					recipientCount: 1,
					sentCount: 0,
					failedCount: 1,
					refusal: { kind: 'input', reason: REASON, httpCode: null },
				},
			},
		]);
	});

	test.each<[string, Partial<Outcome>]>([
		['nobody is named', { sentCount: 2, failedCount: 1 }],
		['not everyone is named', { sentCount: 1, failedCount: 2, rejectedRecipients: rejected('+3') }],
		['nothing is counted', {}],
		['a stranger is named', { sentCount: 2, failedCount: 1, rejectedRecipients: rejected('+999') }],
	])('in part is not guessed when %s', (_, rest) => {
		const shares = sharesOf(together, outcome('partial', rest));
		expect(statusesOf(shares)).toStrictEqual([
			{ itemIndex: 0, status: 'partial', recipientCount: 2, sentCount: null, failedCount: null },
			{ itemIndex: 1, status: 'partial', recipientCount: 1, sentCount: null, failedCount: null },
		]);
		for (const { outcome: share } of shares) {
			expect(share.providerMessage).toContain('a request that 2 items shared');
		}
	});

	test('does not list the numbers of one item in the share of another', () => {
		const partial = outcome('partial', {
			sentCount: 1,
			failedCount: 2,
			rejectedRecipients: rejected('+3'),
		});
		expect(
			sharesOf(together, partial).map(({ outcome: share }) => share.rejectedRecipients),
		).toStrictEqual([[], rejected('+3')]);
	});

	test('keeps the words of the gateway when it cannot be told apart', () => {
		const partial = outcome('partial', { sentCount: 2, failedCount: 1, providerMessage: 'Partly' });
		for (const { outcome: share } of sharesOf(together, partial)) {
			expect(share.providerMessage).toMatch(/^Partly; .*Combine Items/);
		}
	});
});

test('however a request is divided, every message is in one share and the counts add up or are null', () => {
	const anyMessages = fc.uniqueArray(fc.record({ item: fc.nat(3), number: fc.nat(9) }), {
		minLength: 1,
		selector: ({ number }) => number,
	});
	const anyStatus = fc.constantFrom(
		'sent',
		'accepted',
		'partial',
		'failed',
		'unknown',
		'skipped',
		'notAttempted',
	);
	fc.assert(
		fc.property(
			anyMessages,
			anyStatus,
			fc.nat(9),
			fc.nat(9),
			fc.boolean(),
			(drawn, status, lost, named, isTold) => {
				const messages = drawn.map(({ item, number }) =>
					messageTo(`+${number}`, { itemIndex: item }),
				);
				const whole = wholeOutcome(status, messages.length, isTold, lost);
				whole.rejectedRecipients = rejected(
					...messages
						.slice(0, Math.min(named, whole.failedCount ?? 0))
						.map(({ recipient }) => recipient),
				);
				const shares = sharesOf(messages, whole);

				const placed = shares.flatMap((share) => share.messages);
				expect(placed).toHaveLength(messages.length);
				expect(new Set(placed)).toEqual(new Set(messages));
				expect(new Set(shares.map((share) => share.itemIndex)).size).toBe(shares.length);
				for (const share of shares) {
					expect(share.outcome.recipientCount).toBe(share.messages.length);
					expect(share.messages.every(({ itemIndex }) => itemIndex === share.itemIndex)).toBe(true);
				}
				for (const count of ['sentCount', 'failedCount'] as const) {
					const counts = shares.map((share) => share.outcome[count]);
					const isUntold = counts.every((one) => one === null);
					const sum = counts.reduce<number>((total, one) => total + (one ?? 0), 0);
					expect(isUntold || sum === whole[count]).toBe(true);
				}
			},
		),
		{ numRuns: 2_000 },
	);
});

function wholeOutcome(
	status: Outcome['status'],
	recipientCount: number,
	isTold: boolean,
	lost: number,
): Outcome {
	switch (status) {
		case 'failed':
		case 'unknown':
		case 'skipped':
		case 'notAttempted':
			return outcomeWithoutSend(status, recipientCount);
		case 'accepted':
			return outcome('accepted', { recipientCount });
		case 'sent': {
			const counts = isTold ? { sentCount: recipientCount, failedCount: 0 } : {};
			return outcome('sent', { recipientCount, ...counts });
		}
		case 'partial': {
			const failedCount = Math.min(lost, recipientCount);
			const counts = isTold ? { sentCount: recipientCount - failedCount, failedCount } : {};
			return outcome('partial', { recipientCount, ...counts });
		}
	}
}
