import { makeRefusal, type Gateway, type SendResult } from '../../nodes/shared/gateways/gateway';
import { namingCredential } from '../../nodes/shared/gateways/mboaSms';
import { earlierRefusal, rememberAnswer, unlessRefused } from '../../nodes/shared/n8n/gatewayNode';
import { listBatch, outcomeOf } from '../helpers/outgoingMessages';

const refusal = makeRefusal('credentials', 'Bad token');

describe('a refusal of a credential', () => {
	test('is remembered for the account in its execution, and nowhere else', () => {
		rememberAnswer('1', 'account', refusal);
		expect(earlierRefusal('1', 'account')).toBe(refusal);
		expect(earlierRefusal('1', 'another')).toBeNull();
		expect(earlierRefusal('2', 'account')).toBeNull();
	});

	test('is not remembered without an execution, nor is any other refusal', () => {
		rememberAnswer('', 'account', refusal);
		expect(earlierRefusal('', 'account')).toBeNull();
		rememberAnswer('3', 'account', makeRefusal('balance', 'No more credit'));
		expect(earlierRefusal('3', 'account')).toBeNull();
	});

	test('right after an accepted request may be a slip; a second one is none', () => {
		rememberAnswer('4', 'account', null);
		rememberAnswer('4', 'account', refusal);
		expect(earlierRefusal('4', 'account')).toBeNull();
		rememberAnswer('4', 'account', refusal);
		expect(earlierRefusal('4', 'account')).toBe(refusal);
	});

	test('is forgotten after a thousand later executions', () => {
		rememberAnswer('old', 'account', refusal);
		for (let count = 1; count < 1_000; count += 1)
			rememberAnswer(`later ${count}`, 'account', refusal);
		expect(earlierRefusal('old', 'account')).toBe(refusal);
		rememberAnswer('one more', 'account', refusal);
		expect(earlierRefusal('old', 'account')).toBeNull();
		expect(earlierRefusal('later 1', 'account')).toBe(refusal);
	});

	test.each([
		['apiKey', 'API key'],
		['login', 'log-in'],
		['token', 'token'],
	])('of the method %s is named: %s', (method, signature) => {
		const refused = { refused: true as const, refusal };
		expect(namingCredential(refused, method).refusal).toEqual({ ...refusal, signature });
		expect(namingCredential(refused, 'basic')).toBe(refused);
		const other = { refused: true as const, refusal: makeRefusal('balance', 'No more credit') };
		expect(namingCredential(other, method)).toBe(other);
	});
});

describe('a gateway that refused a credential', () => {
	const batch = listBatch(['+237670000001'], 'Hello');

	function scripted(...results: SendResult[]) {
		let asked = 0;
		const gateway: Gateway = {
			provider: 'mboasms',
			displayName: 'MboaSMS',
			hasUpload: true,
			send: async () => results[asked++] as SendResult,
		};
		return { gateway, asked: () => asked };
	}

	test('is not asked again', async () => {
		const { gateway, asked } = scripted({ refused: true, refusal });
		const guarded = unlessRefused('5', 'account', gateway);
		expect(guarded).toMatchObject({ provider: 'mboasms', displayName: 'MboaSMS', hasUpload: true });
		expect(await guarded.send(batch)).toEqual({ refused: true, refusal });
		expect(await guarded.send(batch)).toEqual({ refused: true, refusal });
		expect(asked()).toBe(1);
	});

	test('in the middle of a request that it took in part is not asked again either', async () => {
		const outcome = outcomeOf('partial', { recipientCount: 1 });
		const { gateway, asked } = scripted({ refused: false, outcome, stops: refusal });
		const guarded = unlessRefused('6', 'account', gateway);
		await guarded.send(batch);
		expect(await guarded.send(batch)).toEqual({ refused: true, refusal });
		expect(asked()).toBe(1);
	});

	test('is asked on where it took what came', async () => {
		const outcome = outcomeOf('sent', { recipientCount: 1 });
		const { gateway, asked } = scripted(
			{ refused: false, outcome },
			{ refused: true, refusal: makeRefusal('balance', 'No more credit') },
			{ refused: false, outcome },
		);
		const guarded = unlessRefused('7', 'account', gateway);
		await guarded.send(batch);
		await guarded.send(batch);
		await guarded.send(batch);
		expect(asked()).toBe(3);
	});
});
