import type { Outcome, OutgoingMessage } from '../../nodes/shared/gateways/gateway';
import { outcomeWithoutSend } from '../../nodes/shared/sending/outcomes';
import {
	claimMessages,
	outgoingMessages,
	SentLedger,
	unsentOf,
	unusableStore,
	type Claim,
	type LedgerEntry,
} from '../../nodes/shared/sending/sentLedger';
import { messageTo, outcomeOf } from '../helpers/outgoingMessages';
import { MemoryKeys } from '../helpers/sendRuns';

/** Readable in place of a hash, and without blanks. */
const fingerprint = (parts: readonly unknown[]) => parts.join('/').replaceAll(' ', '_');

const ledgerOf = (entries: LedgerEntry[], run = '0', earlierExecutionsEntryCount = 0) =>
	new SentLedger({ entries, run, earlierExecutionsEntryCount, fingerprint });

const [ada, ben, eve] = ['+237670000001', '+237670000002', '+237670000003'].map((number) =>
	messageTo(number, { identity: `id-${number}`, text: `Hello ${number}`, written: 'Hello {n}' }),
) as [OutgoingMessage, OutgoingMessage, OutgoingMessage];

const sent = (count: number, rest: Partial<Outcome> = {}) =>
	outcomeOf('sent', { recipientCount: count, sentCount: count, failedCount: 0, cost: 7, ...rest });
const doubt = (count: number) =>
	outcomeWithoutSend('unknown', count, { kind: 'unknownOutcome', reason: 'why', httpCode: '500' });

function recorded(messages: OutgoingMessage[], outcome: Outcome, run = '0'): LedgerEntry[] {
	const entries: LedgerEntry[] = [];
	ledgerOf(entries, run).record({ itemIndex: 0, messages, outcome });
	return entries;
}

describe('what is recorded', () => {
	test('is the run, the item, who it was and what became of them', () => {
		expect(recorded([ada, ben], sent(2))).toEqual([
			{
				run: '0',
				itemIndex: 0,
				identities: 'id-+237670000001 id-+237670000002',
				outcome: sent(2),
			},
		]);
	});

	test.each(['failed', 'notAttempted', 'skipped'] as const)('is not what is %s', (status) => {
		expect(recorded([ada], outcomeOf(status))).toEqual([]);
	});

	test.each(['sent', 'accepted', 'partial'] as const)('is what is %s, without doubts', (status) => {
		expect(recorded([ada], outcomeOf(status))).toEqual([
			expect.not.objectContaining({ doubts: expect.anything() }),
		]);
	});

	test('has of a doubt the number with the text, as evaluated and as written', () => {
		expect(recorded([ada, ben], doubt(2))[0]?.doubts).toBe(
			[
				'evaluated/+237670000001/Hello_+237670000001',
				'written/+237670000001/Hello_{n}',
				'evaluated/+237670000002/Hello_+237670000002',
				'written/+237670000002/Hello_{n}',
			].join(' '),
		);
	});

	test('leaves the answer of the gateway out, beside the outcome and in a refusal', () => {
		const refusal = { kind: 'input', reason: 'no', httpCode: '400', response: 'long' } as const;
		const [plain] = recorded([ada], sent(1, { response: 'long' }));
		const [refused] = recorded([ada], { ...doubt(1), response: 'long', refusal });
		expect(JSON.stringify([plain, refused])).not.toContain('long');
		expect(plain?.outcome.refusal).toBeUndefined();
		expect(refused?.outcome.refusal).toMatchObject({
			kind: 'input',
			reason: 'no',
			httpCode: '400',
		});
	});
});

describe('a later try', () => {
	test('of nothing recorded sends all', () => {
		expect(ledgerOf([]).resume(0, [ada, ben])).toEqual({ resumed: [], remaining: [ada, ben] });
	});

	test('takes over who was sent, with their outcome, and sends the others', () => {
		const ledger = ledgerOf(recorded([ada, ben], sent(2)));
		expect(ledger.resume(0, [ada, eve, ben])).toEqual({
			resumed: [{ itemIndex: 0, messages: [ada, ben], outcome: sent(2), isRetriedByPerson: false }],
			remaining: [eve],
		});
	});

	test('takes over several requests of one item, each with its own outcome', () => {
		const entries = [...recorded([ada], sent(1)), ...recorded([ben], doubt(1))];
		const { resumed, remaining } = ledgerOf(entries).resume(0, [ada, ben]);
		expect(resumed.map(({ messages, outcome }) => [messages, outcome.status])).toEqual([
			[[ada], 'sent'],
			[[ben], 'unknown'],
		]);
		expect(remaining).toEqual([]);
	});

	test('of another item or another round sends all', () => {
		const entries = recorded([ada], sent(1));
		expect(ledgerOf(entries).resume(1, [ada]).remaining).toEqual([ada]);
		expect(ledgerOf(entries, '1').resume(0, [ada]).remaining).toEqual([ada]);
	});

	test('knows what a person retried from what was tried in this execution', () => {
		const entries = [...recorded([ada], sent(1)), ...recorded([ben], sent(1))];
		const { resumed } = ledgerOf(entries, '0', 1).resume(0, [ada, ben]);
		expect(resumed.map(({ isRetriedByPerson }) => isRetriedByPerson)).toEqual([true, false]);
	});

	test('takes over a part of what was sent, with the count of that part and no price', () => {
		const entries = recorded([ada, ben], sent(2));
		expect(ledgerOf(entries).resume(0, [ben]).resumed[0]?.outcome).toEqual(sent(1, { cost: null }));
	});

	test.each([
		[
			'that was sent in part',
			outcomeOf('partial', { recipientCount: 2, sentCount: 1, failedCount: 1 }),
		],
		['that is said to be sent, with fewer', outcomeOf('sent', { recipientCount: 2, sentCount: 1 })],
		[
			'that was accepted',
			outcomeOf('accepted', { recipientCount: 2, sentCount: 2, failedCount: 0 }),
		],
	])('takes over a part of a request %s without counts', (_what, outcome) => {
		const taken = ledgerOf(recorded([ada, ben], outcome)).resume(0, [ada]).resumed[0]?.outcome;
		expect(taken).toEqual({
			...outcome,
			recipientCount: 1,
			sentCount: null,
			failedCount: null,
			cost: null,
		});
	});

	test('takes over a part of a doubt as a doubt of its own size, with its reason', () => {
		const taken = ledgerOf(recorded([ada, ben], doubt(2))).resume(0, [ben]).resumed[0]?.outcome;
		expect(taken).toMatchObject({ status: 'unknown', recipientCount: 1, sentCount: null });
		expect(taken?.refusal?.reason).toBe('why');
	});
});

describe('a later round of a loop', () => {
	const inRound = (entries: LedgerEntry[], messages: OutgoingMessage[], isOwnDoubt = false) =>
		ledgerOf(entries, '1').resume(5, messages, isOwnDoubt);

	test('does not send what is in doubt, whatever item brings it', () => {
		const again = { ...ada, identity: 'another', itemIndex: 5 };
		const { resumed, remaining } = inRound(recorded([ada], doubt(1)), [again, ben]);
		expect(remaining).toEqual([ben]);
		expect(resumed).toMatchObject([{ itemIndex: 5, messages: [again] }]);
		expect(resumed[0]?.outcome.status).toBe('unknown');
	});

	test('sends what was sent: a reminder', () => {
		expect(inRound(recorded([ada], sent(1)), [ada]).remaining).toEqual([ada]);
	});

	test('sends another text to the same number, and the same text to another number', () => {
		const other = { ...ada, identity: 'x', text: 'Something else' };
		const elsewhere = { ...ben, identity: 'y', text: ada.text };
		const entries = recorded([ada], doubt(1));
		expect(inRound(entries, [other, elsewhere]).remaining).toEqual([other, elsewhere]);
	});

	test('knows an item that is its own result by the text as written', () => {
		const changed = { ...ada, identity: 'x', text: 'evaluated anew' };
		const entries = recorded([ada], doubt(1));
		expect(inRound(entries, [changed], true).remaining).toEqual([]);
		expect(inRound(entries, [changed], false).remaining).toEqual([changed]);
	});

	test('takes a text as written for none as evaluated', () => {
		const asWritten = { ...ada, identity: 'x', text: ada.written };
		expect(inRound(recorded([ada], doubt(1)), [asWritten]).remaining).toEqual([asWritten]);
	});
});

describe('what a message is known by', () => {
	const to = (recipient: string, text: string, written = text) => ({
		recipient: recipient as OutgoingMessage['recipient'],
		writtenAs: recipient,
		text,
		written,
		deduplicationKey: 'order 7',
	});
	const identitiesOf = (...addressed: Array<ReturnType<typeof to>>) =>
		outgoingMessages(0, addressed, fingerprint).map(({ identity }) => identity);

	test('is its number, its text as written and its place among those of the number', () => {
		expect(
			identitiesOf(to('+1', 'Hello Ada', 'Hello {Nom}'), to('+2', 'Hi'), to('+1', 'Bye')),
		).toEqual(['+1/0/Hello_{Nom}', '+2/0/Hi', '+1/1/Bye']);
	});

	test('stays what it is when the evaluated text changes', () => {
		const written = '={{ $now }}';
		expect(identitiesOf(to('+1', '8 h', written))).toEqual(identitiesOf(to('+1', '9 h', written)));
	});

	test('beyond the execution is the key with the number, and the place of a later one', () => {
		const messages = outgoingMessages(
			3,
			[to('+1', 'A'), to('+2', 'A'), to('+1', 'B')],
			fingerprint,
		);
		expect(messages.map(({ deduplicationKey }) => deduplicationKey)).toEqual([
			'["order 7","+1"]',
			'["order 7","+2"]',
			'["order 7","+1",1]',
		]);
		const keyless = outgoingMessages(3, [{ ...to('+1', 'A'), deduplicationKey: '' }], fingerprint);
		expect(keyless).toEqual([
			{
				itemIndex: 3,
				recipient: '+1',
				writtenAs: '+1',
				text: 'A',
				written: 'A',
				row: undefined,
				identity: '+1/0/A',
				deduplicationKey: null,
			},
		]);
	});
});

describe('claims', () => {
	const claimOf = (store: MemoryKeys) => async (keys: readonly string[]) => await store.claim(keys);
	const alreadySentOf = ({ skipped }: Claim) => {
		expect(skipped.every(({ outcome }) => outcome.status === 'skipped')).toBe(true);
		return skipped.flatMap(({ messages }) => messages);
	};

	test('of messages without keys ask nobody', async () => {
		const keyless = messageTo('+237670000001', { deduplicationKey: null });
		const store = new MemoryKeys();
		store.faultWords = 'asked';
		const claim = await claimMessages([keyless], claimOf(store));
		expect(claim.fresh).toEqual([keyless]);
		expect(alreadySentOf(claim)).toEqual([]);
		expect(await claim.close([])).toBeNull();
	});

	test('send messages without a key beside those that have one', async () => {
		const keyless = messageTo('+237670000009', { deduplicationKey: null });
		const claim = await claimMessages([keyless, ada, ben], claimOf(new MemoryKeys([ben])));
		expect(claim.fresh).toEqual([keyless, ada]);
		expect(alreadySentOf(claim)).toEqual([ben]);
	});

	test('let one of two messages with one key go', async () => {
		const twice = { ...ada, text: 'again' };
		const claim = await claimMessages([ada, twice], claimOf(new MemoryKeys()));
		expect([claim.fresh, alreadySentOf(claim)]).toEqual([[ada], [twice]]);
	});
});

describe('a store that cannot be used', () => {
	test('is told in its own words', () => {
		const fault = Object.assign(new Error('gone'), { description: 'Nothing was sent. Look' });
		expect(unusableStore(fault)).toMatchObject({
			kind: 'input',
			reason: 'gone',
			advice: 'Nothing was sent. Look',
		});
	});

	test('is told where it has none', () => {
		expect(unusableStore({})).toMatchObject({
			reason: 'n8n could not look up what was already sent',
			advice: 'Nothing was sent',
		});
	});
});

describe('who certainly got nothing', () => {
	const refusedFor = (kind: 'input' | 'unknownOutcome') => ({
		refused: true as const,
		refusal: { kind, reason: '', httpCode: null },
	});

	test('is everybody after a refusal, and nobody where it is not known', () => {
		expect(unsentOf(refusedFor('input'), [ada, ben])).toEqual([ada, ben]);
		expect(unsentOf(refusedFor('unknownOutcome'), [ada, ben])).toEqual([]);
	});

	test('is whom an accepted answer names', () => {
		const rejectedRecipients = [{ recipient: ben.recipient, reason: 'not supported' }];
		const outcome = outcomeOf('partial', { rejectedRecipients });
		expect(unsentOf({ refused: false, outcome }, [ada, ben])).toEqual([ben]);
	});
});
