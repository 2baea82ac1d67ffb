import type { Outcome } from '../../nodes/shared/gateways/gateway';
import { addUpOutcomes, outcomeWithoutSend } from '../../nodes/shared/sending/outcomes';
import {
	NO_NOTES,
	type ItemResult,
	type PlannedItem,
	type PlanNotes,
} from '../../nodes/shared/operations/plannedItem';
import { messageTo } from '../helpers/outgoingMessages';
import { hintsOf, type RunFacts } from '../../nodes/shared/operations/hints';

function item(notes: Partial<PlanNotes> = {}): PlannedItem {
	return {
		itemIndex: 0,
		messages: [],
		leftOutCount: 0,
		leftOut: [],
		notes: { ...NO_NOTES, ...notes },
		writeJson: () => ({}),
	};
}

function result(status: Outcome['status'], rest: Partial<Outcome> = {}): ItemResult {
	const outcome = { ...addUpOutcomes([], 0), status, ...rest };
	const messages = [messageTo('+237670000001')];
	return { status, outcome, shares: [{ itemIndex: 0, messages, outcome }] };
}

function hints(facts: Partial<RunFacts>) {
	return hintsOf({
		displayName: 'MboaSMS',
		planned: [],
		results: [],
		resumedItemCount: 0,
		throttledMs: 0,
		requestsPerMinute: 100,
		isRetryable: true,
		hasErrorOutput: false,
		...facts,
	}).map(({ message, type }) => ({ message, type }));
}

describe('the hints of a run', () => {
	test('are none when there is nothing to say', () => {
		expect(
			hints({ planned: [item(), item()], results: [result('sent'), result('failed')] }),
		).toEqual([]);
	});

	test('are shown above the output', () => {
		const facts: RunFacts = {
			displayName: 'MboaSMS',
			planned: [item({ duplicateCount: 1 })],
			results: [],
			resumedItemCount: 0,
			throttledMs: 0,
			requestsPerMinute: 0,
			isRetryable: true,
			hasErrorOutput: false,
		};
		expect(hintsOf(facts).map(({ location }) => location)).toEqual(['outputPane']);
	});

	test.each<[string, Partial<RunFacts>, string, RegExp[]]>([
		[
			'items in doubt',
			{ results: [result('unknown'), result('sent'), result('unknown')] },
			'warning',
			[/^2 items /, /may have been sent/, /history at MboaSMS/],
		],
		['one item in doubt', { results: [result('unknown')] }, 'warning', [/^1 item /]],
		[
			'items of an earlier try',
			{ resumedItemCount: 3 },
			'info',
			[/^3 items had been sent/, /were not sent again/],
		],
		[
			'one item of an earlier try',
			{ resumedItemCount: 1 },
			'info',
			[/^1 item had been sent/, /was not sent again/],
		],
		[
			'numbers left out, over all items',
			{ planned: [item({ leftOutCount: 2 }), item({ leftOutCount: 1 })] },
			'warning',
			[/^3 recipients /, /were left out/],
		],
		[
			'one number left out',
			{ planned: [item({ leftOutCount: 1 })] },
			'warning',
			[/^1 recipient /, /was left out/],
		],
		[
			'duplicates',
			{ planned: [item({ duplicateCount: 4 })] },
			'info',
			[/^4 duplicates were left out/],
		],
		[
			'rows above the header',
			{ planned: [item({ aboutFile: ['2 rows above the header taken as title and left out.'] })] },
			'info',
			[/^2 rows above the header/],
		],
		[
			'a character that makes the text dearer',
			{ planned: [item({ ucs2Characters: ['ê'], segmentsToSave: 12 })] },
			'info',
			[/^Because of 'ê' /, /'Smart Encoding' on to save 12 SMS/],
		],
		[
			'several such characters, each once',
			{
				planned: [
					item({ ucs2Characters: ['ê', '\u202f'], segmentsToSave: 1 }),
					item({ ucs2Characters: ['ê'] }),
				],
			},
			'info',
			[/^Because of 'ê', 'narrow no-break space' /, /save 1 SMS/],
		],
		[
			'a pace that held requests back',
			{ throttledMs: 61_400, requestsPerMinute: 100 },
			'info',
			[/slowed by 61 s/, /at most 100 requests per minute/],
		],
		[
			'a gateway that held requests back',
			{ throttledMs: 30_000, requestsPerMinute: 0 },
			'info',
			[/slowed by 30 s/, /the gateway/],
		],
		[
			'a second asked for by the gateway, a part of which had passed before the wait began',
			{ throttledMs: 995 },
			'info',
			[/slowed by 1 s/],
		],
		[
			'a balance that is nearly gone',
			{ results: [result('sent', { balance: 9, cost: 1 })] },
			'warning',
			[/MboaSMS is down to 9:/, /about 9 more SMS/],
		],
		[
			'a balance of nothing',
			{ results: [result('sent', { balance: 0, cost: 1 })] },
			'warning',
			[/down to 0/],
		],
		[
			'a balance below what one item of the run cost',
			{ results: [result('sent', { balance: 900, cost: 1_000 })] },
			'warning',
			[/down to 900/],
		],
	])('tell of %s', (_, facts, type, patterns) => {
		const [hint, ...others] = hints(facts);
		expect([hint?.type, others]).toEqual([type, []]);
		for (const pattern of patterns) expect(hint?.message).toMatch(pattern);
		expect(hint?.message).not.toMatch(/ {2}|undefined|null|NaN/);
		expect(hint?.message).not.toMatch(/\b(error|problem|failure|mistake)s?\b/i);
	});

	test('name five characters at most', () => {
		const [hint] = hints({
			planned: [item({ ucs2Characters: [...'êôûîâäö'], segmentsToSave: 1 })],
		});
		expect(hint?.message.match(/'.'/gu)).toEqual(["'ê'", "'ô'", "'û'", "'î'", "'â'"]);
	});

	test.each<[string, Partial<RunFacts>]>([
		['a wait of less than half a second', { throttledMs: 499 }],
		['a balance that lasts', { results: [result('sent', { balance: 2_000, cost: 100 })] }],
		['a character that costs nothing', { planned: [item({ ucs2Characters: ['ê'] })] }],
		['a balance that is not known', { results: [result('sent', { cost: 100 })] }],
		[
			'a balance that was low before the last item told it',
			{ results: [result('sent', { balance: 5 }), result('sent', { balance: 500 })] },
		],
		[
			'items that were not sent',
			{ results: [{ ...result('failed'), outcome: outcomeWithoutSend('failed', 3) }] },
		],
	])('do not tell of %s', (_, facts) => {
		expect(hints(facts)).toEqual([]);
	});
});
