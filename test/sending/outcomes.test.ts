import fc from 'fast-check';

import type { Outcome, Refusal } from '../../nodes/shared/gateways/gateway';
import {
	addUpOutcomes,
	ERROR_STATUSES,
	outcomeWithoutSend,
	SETTLED_STATUSES,
	type SendStatus,
} from '../../nodes/shared/sending/outcomes';
import { outcomeOf } from '../helpers/outgoingMessages';

const NO: Refusal = { kind: 'input', reason: 'no', httpCode: '400', response: { message: 'no' } };
const LOST: Refusal = { kind: 'unknownOutcome', reason: 'no answer came in time', httpCode: null };
const POOR: Refusal = { kind: 'balance', reason: 'Insufficient credits', httpCode: '402' };

const sent = outcomeOf('sent', {
	recipientCount: 2,
	sentCount: 2,
	failedCount: 0,
	cost: 20,
	balance: 100,
	providerMessage: 'Done',
	response: { id: 1 },
});
const sentUncounted = outcomeOf('sent', { recipientCount: 2 });
const accepted = outcomeOf('accepted', { recipientCount: 4, jobId: 'job-7' });
const partial = outcomeOf('partial', {
	recipientCount: 3,
	sentCount: 1,
	failedCount: 2,
	cost: 10,
	balance: 90,
	rejectedRecipients: [{ recipient: '+1', reason: 'not supported' }],
	providerMessage: 'Partly',
	response: { id: 2 },
});
const failed = outcomeWithoutSend('failed', 5, NO);
const unknown = outcomeWithoutSend('unknown', 6, LOST);
const skipped = outcomeWithoutSend('skipped', 7);
const notAttempted = outcomeWithoutSend('notAttempted', 8, POOR);

describe('a outcome without a send', () => {
	test.each<[string, Outcome, Outcome]>([
		[
			'failed',
			failed,
			outcomeOf('failed', {
				recipientCount: 5,
				sentCount: 0,
				failedCount: 5,
				providerMessage: 'no',
				refusal: NO,
				response: { message: 'no' },
			}),
		],
		[
			'unknown',
			unknown,
			outcomeOf('unknown', {
				recipientCount: 6,
				providerMessage: 'no answer came in time',
				refusal: LOST,
			}),
		],
		['skipped', skipped, outcomeOf('skipped', { recipientCount: 7, sentCount: 0, failedCount: 0 })],
		[
			'notAttempted',
			notAttempted,
			outcomeOf('notAttempted', {
				recipientCount: 8,
				sentCount: 0,
				failedCount: 8,
				refusal: POOR,
			}),
		],
	])('says what is known of %s', (_, made, expected) => {
		expect(made).toStrictEqual(expected);
	});
});

describe('statuses', () => {
	test.each<[SendStatus, boolean]>([
		['sent', false],
		['accepted', false],
		['partial', false],
		['failed', true],
		['unknown', true],
		['skipped', false],
		['notAttempted', true],
		['dryRun', false],
	])('%s is raised as an error: %s', (status, isError) => {
		expect(ERROR_STATUSES.has(status)).toBe(isError);
	});

	test.each<[Outcome['status'], boolean]>([
		['sent', true],
		['accepted', true],
		['partial', true],
		['unknown', true],
		['failed', false],
		['skipped', false],
		['notAttempted', false],
	])('%s must not be sent again: %s', (status, settled) => {
		expect(SETTLED_STATUSES.has(status)).toBe(settled);
	});

	const one = { sent, accepted, partial, failed, unknown, skipped, notAttempted };
	test.each<[keyof typeof one, keyof typeof one, Outcome['status']]>([
		['sent', 'sent', 'sent'],
		['sent', 'accepted', 'accepted'],
		['sent', 'partial', 'partial'],
		['sent', 'failed', 'partial'],
		['sent', 'unknown', 'unknown'],
		['sent', 'skipped', 'sent'],
		['sent', 'notAttempted', 'partial'],
		['accepted', 'accepted', 'accepted'],
		['accepted', 'partial', 'partial'],
		['accepted', 'failed', 'partial'],
		['accepted', 'unknown', 'unknown'],
		['accepted', 'skipped', 'accepted'],
		['accepted', 'notAttempted', 'partial'],
		['partial', 'partial', 'partial'],
		['partial', 'failed', 'partial'],
		['partial', 'unknown', 'unknown'],
		['partial', 'skipped', 'partial'],
		['partial', 'notAttempted', 'partial'],
		['failed', 'failed', 'failed'],
		['failed', 'unknown', 'unknown'],
		['failed', 'skipped', 'failed'],
		['failed', 'notAttempted', 'failed'],
		['unknown', 'unknown', 'unknown'],
		['unknown', 'skipped', 'unknown'],
		['unknown', 'notAttempted', 'unknown'],
		['skipped', 'skipped', 'skipped'],
		['skipped', 'notAttempted', 'notAttempted'],
		['notAttempted', 'notAttempted', 'notAttempted'],
	])('%s and %s together are %s, in either order', (first, second, together) => {
		expect(addUpOutcomes([one[first], one[second]], 0).status).toBe(together);
		expect(addUpOutcomes([one[second], one[first]], 0).status).toBe(together);
	});

	test.each<[keyof typeof one, Outcome['status']]>([
		['sent', 'partial'],
		['accepted', 'partial'],
		['partial', 'partial'],
		['failed', 'failed'],
		['unknown', 'unknown'],
		['skipped', 'skipped'],
		['notAttempted', 'notAttempted'],
	])('%s with unusable numbers beside it is %s', (status, together) => {
		expect(addUpOutcomes([one[status]], 1).status).toBe(together);
	});
});

describe('outcomes of one item', () => {
	test.each<[string, Outcome[], number, Outcome]>([
		['one that was sent', [sent], 0, sent],
		['one in part', [partial], 0, partial],
		['one that was refused', [failed], 2, failed],
		[
			'none, because no number was usable',
			[],
			3,
			outcomeOf('failed', { sentCount: 0, failedCount: 0 }),
		],
		[
			'all and part',
			[sent, partial],
			0,
			outcomeOf('partial', {
				recipientCount: 5,
				sentCount: 3,
				failedCount: 2,
				cost: 30,
				balance: 90,
				rejectedRecipients: partial.rejectedRecipients,
				providerMessage: 'Done; Partly',
				response: [{ id: 1 }, { id: 2 }],
			}),
		],
		[
			'the same words twice',
			[sent, sent],
			0,
			outcomeOf('sent', {
				recipientCount: 4,
				sentCount: 4,
				failedCount: 0,
				cost: 40,
				balance: 100,
				providerMessage: '2 answers: Done',
				response: [{ id: 1 }, { id: 1 }],
			}),
		],
		[
			'a count that the gateway did not give',
			[sent, sentUncounted],
			0,
			outcomeOf('sent', {
				recipientCount: 4,
				balance: 100,
				providerMessage: 'Done',
				response: { id: 1 },
			}),
		],
		[
			'two jobs',
			[accepted, { ...accepted, jobId: 'job-8' }],
			0,
			outcomeOf('accepted', { recipientCount: 8, jobId: 'job-7, job-8' }),
		],
		[
			'a request whose outcome is unknown beside one that was sent',
			[sent, unknown],
			0,
			outcomeOf('unknown', {
				recipientCount: 8,
				sentCount: 2,
				failedCount: 0,
				balance: 100,
				providerMessage: 'Done; no answer came in time',
				refusal: LOST,
				response: { id: 1 },
			}),
		],
		[
			'a stop in the middle',
			[sent, failed, notAttempted],
			0,
			outcomeOf('partial', {
				recipientCount: 15,
				sentCount: 2,
				failedCount: 13,
				cost: 20,
				balance: 100,
				providerMessage: 'Done; no',
				response: [{ id: 1 }, { message: 'no' }],
			}),
		],
		[
			'a stop before the item',
			[notAttempted, notAttempted],
			0,
			outcomeOf('notAttempted', {
				recipientCount: 16,
				sentCount: 0,
				failedCount: 16,
				refusal: POOR,
			}),
		],
		[
			'some that had been sent before',
			[skipped, sent],
			0,
			outcomeOf('sent', {
				recipientCount: 9,
				sentCount: 2,
				failedCount: 0,
				cost: 20,
				balance: 100,
				providerMessage: 'Done; 7 recipients skipped: already sent under this deduplication key',
				response: { id: 1 },
			}),
		],
	])('add up: %s', (_, outcomes, leftOutCount, expected) => {
		expect(addUpOutcomes(outcomes, leftOutCount)).toStrictEqual(expected);
	});

	test('add up decimal prices without a rest', () => {
		const priced = (cost: number) => outcomeOf('sent', { cost });
		expect(addUpOutcomes([priced(0.1), priced(0.2)], 0).cost).toBe(0.3);
	});

	test('have the last balance that was told', () => {
		const told = (balance: number | null) => outcomeOf('sent', { balance });
		expect(addUpOutcomes([told(50), told(0), told(null)], 0).balance).toBe(0);
	});

	test('account for everyone: sent, not sent, skipped and in doubt are all of them', () => {
		const counted = fc.nat(5).chain((sentCount) =>
			fc.nat(5).map((failedCount) => {
				const recipientCount = sentCount + failedCount;
				const status = failedCount === 0 ? ('sent' as const) : ('partial' as const);
				return outcomeOf(status, { recipientCount, sentCount, failedCount });
			}),
		);
		const without = fc
			.record({
				status: fc.constantFrom('failed', 'unknown', 'skipped', 'notAttempted'),
				count: fc.nat(5),
			})
			.map(({ status, count }) => outcomeWithoutSend(status, count, NO));
		fc.assert(
			fc.property(fc.array(fc.oneof(counted, without), { minLength: 1 }), (outcomes) => {
				const total = addUpOutcomes(outcomes, 0);
				const countOf = (status: Outcome['status']) =>
					outcomes
						.filter((one) => one.status === status)
						.reduce((sum, one) => sum + one.recipientCount, 0);
				const inDoubt = countOf('unknown');
				const isAllInDoubt = outcomes.every((one) => one.status === 'unknown');
				expect([total.sentCount === null, total.failedCount === null]).toEqual([
					isAllInDoubt,
					isAllInDoubt,
				]);
				expect(
					(total.sentCount ?? 0) + (total.failedCount ?? 0) + countOf('skipped') + inDoubt,
				).toBe(total.recipientCount);
				if (inDoubt > 0) expect(total.status).toBe('unknown');
			}),
		);
	});
});
