import fc from 'fast-check';

import type { Batch, Envelope, OutgoingMessage } from '../../nodes/shared/gateways/gateway';
import { batchesOf, type BatchRules } from '../../nodes/shared/sending/batches';
import { cpuMsOf } from '../helpers/cpuTime';
import { envelope, messageTo } from '../helpers/outgoingMessages';

type Rules = Omit<BatchRules, 'isFile'> & { envelope: Envelope };

function rules(rest: Partial<Rules> = {}): Rules {
	const { senderId, messageCategory, timeoutSeconds, ...way } = rest.envelope ?? envelope();
	const own = { senderId, messageCategory, timeoutSeconds, batchSize: 100, canShare: false };
	return {
		...own,
		...rest,
		envelope: { ...envelope(), ...way, senderId, messageCategory, timeoutSeconds },
	};
}

/** Messages of the form that their envelope names. */
function requestsOf(pairs: ReadonlyArray<readonly [OutgoingMessage, Rules]>): Batch[] {
	return batchesOf(
		pairs.map(([message, { envelope: way, ...itsRules }]) => {
			const isUpload = way.form === 'upload';
			return {
				messages: [message],
				rules: { ...itsRules, isFile: isUpload },
				accountId: way.accountId,
				hasUpload: isUpload,
			};
		}),
	);
}

/** The recipients of each request, as digits only, with their items. */
function shown(batches: readonly Batch[]): string[] {
	return batches.map(({ messages }) =>
		messages.map(({ itemIndex, recipient }) => `${itemIndex}:${recipient}`).join(' '),
	);
}

const alone = rules();
const shared = rules({ canShare: true });

describe('requests', () => {
	test('take the messages of an item in their order', () => {
		const messages = ['+1', '+2', '+3'].map((recipient) => messageTo(recipient));
		expect(requestsOf(messages.map((message) => [message, alone]))).toStrictEqual([
			{ envelope: envelope(), messages },
		]);
	});

	test('take no more messages than fit', () => {
		const numbers = ['+1', '+2', '+3', '+4', '+5'];
		const two = rules({ batchSize: 2 });
		const pairs = numbers.map((recipient) => [messageTo(recipient), two] as const);
		expect(shown(requestsOf(pairs))).toEqual(['0:+1 0:+2', '0:+3 0:+4', '0:+5']);
	});

	test.each([
		['list', 100],
		['upload', 1_000],
	] as const)('of the form %s take what suits unless told otherwise', (form, size) => {
		const suitable = rules({ batchSize: 0, envelope: envelope({ form }) });
		const messages = Array.from({ length: size + 1 }, (_, index) => messageTo(`+${index}`));
		const batches = requestsOf(messages.map((message) => [message, suitable]));
		expect(batches.map((batch) => batch.messages.length)).toEqual([size, 1]);
		const one = rules({ batchSize: 1, envelope: envelope({ form }) });
		expect(requestsOf(messages.map((message) => [message, one]))).toHaveLength(size + 1);
	});

	test('are one per message when only one fits', () => {
		const one = rules({ batchSize: 1, canShare: true });
		const pairs = ['+1', '+2'].map((recipient) => [messageTo(recipient), one] as const);
		expect(shown(requestsOf(pairs))).toEqual(['0:+1', '0:+2']);
	});

	test('name a recipient once, and put the repeat into the next', () => {
		const pairs = ['+1', '+2', '+1', '+3', '+1'].map(
			(recipient) => [messageTo(recipient), alone] as const,
		);
		expect(shown(requestsOf(pairs))).toEqual(['0:+1 0:+2 0:+3', '0:+1', '0:+1']);
	});

	test('of uploads name a recipient once as well', () => {
		const upload = rules({ envelope: envelope({ form: 'upload' }) });
		const pairs = (['A', 'B'] as const).map((text) => [messageTo('+1', { text }), upload] as const);
		expect(shown(requestsOf(pairs))).toEqual(['0:+1', '0:+1']);
	});

	test('of uploads carry different texts', () => {
		const upload = rules({ envelope: envelope({ form: 'upload' }) });
		const first = messageTo('+1', { text: 'A', row: 2 });
		const second = messageTo('+2', { text: 'B', row: 3 });
		const pairs = [first, second].map((message) => [message, upload] as const);
		expect(requestsOf(pairs)).toStrictEqual([
			{ envelope: envelope({ form: 'upload' }), messages: [first, second] },
		]);
	});

	test('of lists carry one text each', () => {
		const pairs = (['A', 'B', 'A'] as const).map(
			(text, index) => [messageTo(`+${index}`, { text }), alone] as const,
		);
		expect(shown(requestsOf(pairs))).toEqual(['0:+0 0:+2', '0:+1']);
	});

	test('are not shared by items unless they may be', () => {
		const pairs = [0, 1].map(
			(itemIndex) => [messageTo(`+${itemIndex}`, { itemIndex }), alone] as const,
		);
		expect(shown(requestsOf(pairs))).toEqual(['0:+0', '1:+1']);
	});

	test('are shared by items that agree in text and envelope', () => {
		const pairs = [0, 1, 2].map(
			(itemIndex) => [messageTo(`+${itemIndex}`, { itemIndex }), shared] as const,
		);
		expect(shown(requestsOf(pairs))).toEqual(['0:+0 1:+1 2:+2']);
	});

	test('with shared items name a recipient of two items once each', () => {
		const pairs = [0, 1].map((itemIndex) => [messageTo('+1', { itemIndex }), shared] as const);
		expect(shown(requestsOf(pairs))).toEqual(['0:+1', '1:+1']);
	});

	test.each<[string, string, Rules]>([
		['the text', 'Other', shared],
		['the sender', 'Hello', rules({ canShare: true, envelope: envelope({ senderId: 'Shop' }) })],
		[
			'the category',
			'Hello',
			rules({ canShare: true, envelope: envelope({ messageCategory: 'info' }) }),
		],
		['the timeout', 'Hello', rules({ canShare: true, envelope: envelope({ timeoutSeconds: 31 }) })],
		['the size', 'Hello', rules({ canShare: true, batchSize: 99 })],
		['the will to share', 'Hello', alone],
		['the form', 'Hello', rules({ canShare: true, envelope: envelope({ form: 'upload' }) })],
	])('are not shared by items that differ in %s', (_, text, otherRules) => {
		const pairs = [
			[messageTo('+1'), shared],
			[messageTo('+2', { itemIndex: 1, text }), otherRules],
		] as const;
		expect(shown(requestsOf(pairs))).toEqual(['0:+1', '1:+2']);
	});

	test('are none without messages', () => {
		expect(batchesOf([])).toEqual([]);
	});

	test('of a hundred thousand messages are planned in a moment', async () => {
		let batches: Batch[] = [];
		const cpuMs = await cpuMsOf(() => {
			const numbers = Array.from({ length: 100_000 }, (_, index) => `+${index}`);
			batches = requestsOf(numbers.map((recipient) => [messageTo(recipient), alone]));
		});
		expect(batches).toHaveLength(1_000);
		expect(cpuMs).toBeLessThan(60_000);
	});
});

describe('the form of requests', () => {
	const own = { senderId: '', messageCategory: '', timeoutSeconds: 30, batchSize: 0 };
	const combined = { ...own, canShare: true, isFile: false };
	const file = { ...own, canShare: false, isFile: true };

	/** Items with the texts, each to a number of its own, and what each request then is and holds. */
	function formsOf(
		texts: readonly string[],
		itsRules: BatchRules,
		way: { hasUpload?: boolean; accounts?: readonly string[] } = {},
	) {
		const items = texts.map((text, itemIndex) => ({
			messages: [messageTo(`+${itemIndex}`, { itemIndex, text })],
			rules: itsRules,
			accountId: way.accounts?.[itemIndex] ?? 'account',
			hasUpload: way.hasUpload ?? true,
		}));
		return batchesOf(items).map(
			(batch) => `${batch.envelope.form} ${batch.messages.map(({ text }) => text).join(' ')}`,
		);
	}

	test('of texts that no other item shares is one upload', () => {
		expect(formsOf(['A', 'B', 'C'], combined)).toEqual(['upload A B C']);
	});

	test('of texts that items share is a list for each', () => {
		expect(formsOf(['A', 'B', 'A', 'C'], combined)).toEqual(['list A A', 'upload B C']);
	});

	test('of one text alone is a list', () => {
		expect(formsOf(['A', 'A', 'B'], combined)).toEqual(['list A A', 'list B']);
		expect(formsOf(['A'], combined)).toEqual(['list A']);
	});

	test('counts what an account shares, and not what two do', () => {
		const accounts = ['one', 'other', 'one', 'other'];
		expect(formsOf(['A', 'A', 'B', 'B'], combined, { accounts })).toEqual([
			'upload A B',
			'upload A B',
		]);
	});

	test('is a list where the gateway takes no uploads', () => {
		expect(formsOf(['A', 'B'], combined, { hasUpload: false })).toEqual(['list A', 'list B']);
		expect(formsOf(['A'], file, { hasUpload: false })).toEqual(['list A']);
	});

	test('of a file is an upload, whatever its texts', () => {
		expect(formsOf(['A'], file)).toEqual(['upload A']);
	});

	test('of items that may not share is a list, whatever others share', () => {
		expect(formsOf(['A', 'B'], { ...combined, canShare: false })).toEqual(['list A', 'list B']);
	});
});

test('whatever is planned, every message goes once, in bounds, with its own kind, in order', () => {
	const anyRules = fc.record({
		envelope: fc.record({
			accountId: fc.constantFrom('one', 'other'),
			senderId: fc.constantFrom('', 'Shop'),
			messageCategory: fc.constantFrom('', 'info'),
			timeoutSeconds: fc.constantFrom(30, 60),
			form: fc.constantFrom('list' as const, 'upload' as const),
		}),
		batchSize: fc.integer({ min: 1, max: 4 }),
		canShare: fc.boolean(),
	});
	const anyMessage = fc.record({
		itemIndex: fc.nat(3),
		number: fc.nat(5),
		text: fc.constantFrom('A', 'B'),
	});
	fc.assert(
		fc.property(
			fc.array(anyRules, { minLength: 4, maxLength: 4 }),
			fc.array(anyMessage),
			(rulesOfItem, drawn) => {
				const messages = drawn.map(({ itemIndex, number, text }) =>
					messageTo(`+${number}`, { itemIndex, text }),
				);
				const rulesOf = ({ itemIndex }: OutgoingMessage) => rules(rulesOfItem[itemIndex]);
				const batches = requestsOf(messages.map((message) => [message, rulesOf(message)]));
				const place = new Map(messages.map((message, index) => [message, index]));
				const sent = batches.flatMap((batch) => batch.messages);
				expect(new Set(sent)).toEqual(new Set(messages));
				expect(sent).toHaveLength(messages.length);
				for (const batch of batches) {
					const places = batch.messages.map((message) => place.get(message)!);
					expect(places).toEqual([...places].sort((one, other) => one - other));
					const recipients = batch.messages.map((message) => message.recipient);
					expect(new Set(recipients).size).toBe(recipients.length);
					const kinds = batch.messages.map(rulesOf);
					expect(batch.messages.length).toBeLessThanOrEqual(
						Math.min(...kinds.map(({ batchSize }) => batchSize)),
					);
					for (const kind of kinds) expect(kind.envelope).toEqual(batch.envelope);
					const items = new Set(batch.messages.map((message) => message.itemIndex));
					if (items.size > 1) expect(kinds.every(({ canShare }) => canShare)).toBe(true);
					const texts = new Set(batch.messages.map((message) => message.text));
					if (batch.envelope.form === 'list') expect(texts.size).toBe(1);
				}
				const firsts = batches.map((batch) => place.get(batch.messages[0]!)!);
				expect(firsts).toEqual([...firsts].sort((one, other) => one - other));
			},
		),
	);
});
