import fc from 'fast-check';

import {
	addUpReceipts,
	isErrorStatus,
	isSettled,
	receiptWithoutSend,
	type Receipt,
	type Refusal,
	type SendStatus,
} from '../../nodes/shared/core/outcome';
import { receiptOf } from '../helpers/outgoingMessages';

const NO: Refusal = { kind: 'input', words: 'no', httpCode: '400', response: { message: 'no' } };
const LOST: Refusal = { kind: 'unknownOutcome', words: 'no answer came in time', httpCode: null };
const POOR: Refusal = { kind: 'balance', words: 'Insufficient credits', httpCode: '402' };

const sent = receiptOf('sent', {
	recipientCount: 2,
	sentCount: 2,
	failedCount: 0,
	cost: 20,
	balance: 100,
	providerMessage: 'Done',
	response: { id: 1 },
});
const sentUncounted = receiptOf('sent', { recipientCount: 2 });
const accepted = receiptOf('accepted', { recipientCount: 4, jobId: 'job-7' });
const partial = receiptOf('partial', {
	recipientCount: 3,
	sentCount: 1,
	failedCount: 2,
	cost: 10,
	balance: 90,
	rejectedRecipients: [{ recipient: '+1', reason: 'not supported' }],
	providerMessage: 'Partly',
	response: { id: 2 },
});
const failed = receiptWithoutSend('failed', 5, NO);
const unknown = receiptWithoutSend('unknown', 6, LOST);
const skipped = receiptWithoutSend('skipped', 7);
const notAttempted = receiptWithoutSend('notAttempted', 8, POOR);

describe('a receipt without a send', () => {
	test.each<[string, Receipt, Receipt]>([
		[
			'failed',
			failed,
			receiptOf('failed', {
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
			receiptOf('unknown', {
				recipientCount: 6,
				providerMessage: 'no answer came in time',
				refusal: LOST,
			}),
		],
		['skipped', skipped, receiptOf('skipped', { recipientCount: 7, sentCount: 0, failedCount: 0 })],
		[
			'notAttempted',
			notAttempted,
			receiptOf('notAttempted', {
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
		expect(isErrorStatus(status)).toBe(isError);
	});

	test.each<[Receipt['status'], boolean]>([
		['sent', true],
		['accepted', true],
		['partial', true],
		['unknown', true],
		['failed', false],
		['skipped', false],
		['notAttempted', false],
	])('%s must not be sent again: %s', (status, settled) => {
		expect(isSettled(status)).toBe(settled);
	});

	const one = { sent, accepted, partial, failed, unknown, skipped, notAttempted };
	test.each<[keyof typeof one, keyof typeof one, Receipt['status']]>([
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
		expect(addUpReceipts([one[first], one[second]], 0).status).toBe(together);
		expect(addUpReceipts([one[second], one[first]], 0).status).toBe(together);
	});

	test.each<[keyof typeof one, Receipt['status']]>([
		['sent', 'partial'],
		['accepted', 'partial'],
		['partial', 'partial'],
		['failed', 'failed'],
		['unknown', 'unknown'],
		['skipped', 'skipped'],
		['notAttempted', 'notAttempted'],
	])('%s with unusable numbers beside it is %s', (status, together) => {
		expect(addUpReceipts([one[status]], 1).status).toBe(together);
	});
});

describe('receipts of one item', () => {
	test.each<[string, Receipt[], number, Receipt]>([
		['one that was sent', [sent], 0, sent],
		['one in part', [partial], 0, partial],
		['one that was refused', [failed], 2, failed],
		[
			'none, because no number was usable',
			[],
			3,
			receiptOf('failed', { sentCount: 0, failedCount: 0 }),
		],
		[
			'all and part',
			[sent, partial],
			0,
			receiptOf('partial', {
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
			receiptOf('sent', {
				recipientCount: 4,
				sentCount: 4,
				failedCount: 0,
				cost: 40,
				balance: 100,
				providerMessage: 'Done',
				response: [{ id: 1 }, { id: 1 }],
			}),
		],
		[
			'a count that the gateway did not give',
			[sent, sentUncounted],
			0,
			receiptOf('sent', {
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
			receiptOf('accepted', { recipientCount: 8, jobId: 'job-7; job-8' }),
		],
		[
			'a request whose outcome is unknown beside one that was sent',
			[sent, unknown],
			0,
			receiptOf('unknown', {
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
			receiptOf('partial', {
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
			receiptOf('notAttempted', {
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
			receiptOf('sent', {
				recipientCount: 9,
				sentCount: 2,
				failedCount: 0,
				cost: 20,
				balance: 100,
				providerMessage: 'Done; 7 recipients skipped: already sent under this deduplication key',
				response: { id: 1 },
			}),
		],
	])('add up: %s', (_, receipts, leftOutCount, expected) => {
		expect(addUpReceipts(receipts, leftOutCount)).toStrictEqual(expected);
	});

	test('add up decimal prices without a rest', () => {
		const priced = (cost: number) => receiptOf('sent', { cost });
		expect(addUpReceipts([priced(0.1), priced(0.2)], 0).cost).toBe(0.3);
	});

	test('have the last balance that was told', () => {
		const told = (balance: number | null) => receiptOf('sent', { balance });
		expect(addUpReceipts([told(50), told(0), told(null)], 0).balance).toBe(0);
	});

	test('account for everyone: sent, not sent, skipped and in doubt are all of them', () => {
		const counted = fc.nat(5).chain((sentCount) =>
			fc.nat(5).map((failedCount) => {
				const recipientCount = sentCount + failedCount;
				const status = failedCount === 0 ? ('sent' as const) : ('partial' as const);
				return receiptOf(status, { recipientCount, sentCount, failedCount });
			}),
		);
		const without = fc
			.record({
				status: fc.constantFrom('failed', 'unknown', 'skipped', 'notAttempted'),
				count: fc.nat(5),
			})
			.map(({ status, count }) => receiptWithoutSend(status, count, NO));
		fc.assert(
			fc.property(fc.array(fc.oneof(counted, without), { minLength: 1 }), (receipts) => {
				const total = addUpReceipts(receipts, 0);
				const countOf = (status: Receipt['status']) =>
					receipts
						.filter((one) => one.status === status)
						.reduce((sum, one) => sum + one.recipientCount, 0);
				const inDoubt = countOf('unknown');
				const isAllInDoubt = receipts.every((one) => one.status === 'unknown');
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
