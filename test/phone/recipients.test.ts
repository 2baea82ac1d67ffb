import fc from 'fast-check';

import {
	describePhoneRefusal,
	type PhoneNumber,
	type PhoneRefusalReason,
} from '../../nodes/shared/phone/phoneResult';
import { recipientsOf as recipientListOf } from '../../nodes/shared/phone/recipients';

const CM = { defaultCountry: 'CM', removeDuplicates: true };
const UG = { defaultCountry: 'UG', removeDuplicates: true };

/** Who is texted, who is not, and how many came twice. */
function recipientsOf(...[written, options]: Parameters<typeof recipientListOf>) {
	const { recipients, rejectedRecipients, duplicateCount } = recipientListOf(written, options);
	return { recipients, rejectedRecipients, duplicateCount };
}

function rejected(recipient: string, reason: PhoneRefusalReason, suggestion?: string) {
	const refusal = { ok: false, reason, suggestion: suggestion as PhoneNumber } as const;
	return { recipient, reason: describePhoneRefusal(refusal) };
}

describe('recipients', () => {
	it.each<[string, unknown]>([
		['a text with commas', '677123456,699123456'],
		['a text with commas and spaces', ' 677 12 34 56 ,  +237 699 123 456 '],
		['a text with semicolons', '677123456;699123456;'],
		['a text with lines', '677123456\r\n\r\n699123456\n'],
		['a text with everything', ',;\n677123456;\n,699123456,,'],
		['full-width separators', '677123456，699123456'],
		['a list of texts', ['677123456', '699123456']],
		['a list of numbers', [677123456, 237699123456]],
		['a list with nested texts', ['677123456;699123456', '']],
		['a nested list', [[677123456], ['699123456', null, undefined]]],
		['a list written as text', '["677123456", "+237699123456"]'],
		['a French decimal', '677123456,00;699123456,0'],
		['French decimals with commas', '677123456,00,699123456,00'],
	])('are read from %s', (_, written) => {
		expect(recipientsOf(written, CM)).toEqual({
			recipients: ['+237677123456', '+237699123456'],
			rejectedRecipients: [],
			duplicateCount: 0,
		});
	});

	it('are read from a single number', () => {
		expect(recipientsOf(772123456, UG).recipients).toEqual(['+256772123456']);
	});

	it.each([[''], [' ,;\n'], [[]], [null], [undefined], [[[], '']]])('are none in %j', (written) => {
		expect(recipientsOf(written, CM)).toEqual({
			recipients: [],
			rejectedRecipients: [],
			duplicateCount: 0,
		});
	});

	it('that cannot be texted are listed as written, with the reason', () => {
		expect(recipientsOf(' 677123456, 222 234 567 ;67712345G;0677123456', CM)).toEqual({
			recipients: ['+237677123456'],
			rejectedRecipients: [
				rejected('222 234 567', 'notMobile'),
				rejected('67712345G', 'letters'),
				rejected('0677123456', 'ambiguousLeadingZero', '+237677123456'),
			],
			duplicateCount: 0,
		});
	});

	it.each(['/', ' / ', ' ou ', ' or ', ' and ', ' et ', ' & '])(
		'in one piece with %j between are several numbers',
		(between) => {
			const written = `677123456${between}699123456`;
			expect(recipientsOf(written, CM)).toEqual({
				recipients: [],
				rejectedRecipients: [rejected(written, 'severalNumbers')],
				duplicateCount: 0,
			});
		},
	);

	it.each<[string, Array<ReturnType<typeof rejected>>]>([
		[
			'237,677,123,456',
			[
				rejected('237', 'tooShort'),
				rejected('677', 'tooShort'),
				rejected('123', 'tooShort'),
				rejected('456', 'tooShort'),
			],
		],
		['2,37677E+11', [rejected('2', 'tooShort'), rejected('37677E+11', 'precisionLost')]],
		['67712345,00', [rejected('67712345', 'tooShort'), rejected('00', 'notANumber')]],
		['00', [rejected('00', 'notANumber')]],
	])('are not guessed from %j', (written, rejectedRecipients) => {
		expect(recipientsOf(written, CM)).toEqual({
			recipients: [],
			rejectedRecipients,
			duplicateCount: 0,
		});
	});

	it('take ",00" for decimals only after a comma', () => {
		expect(recipientsOf('677123456;00', CM).rejectedRecipients).toEqual([
			rejected('00', 'notANumber'),
		]);
	});

	it.each<[unknown, ReturnType<typeof rejected>]>([
		[{ phone: '677123456' }, rejected('[object]', 'notANumber')],
		[true, rejected('true', 'notANumber')],
		[NaN, rejected('NaN', 'notANumber')],
		[677123456699123500, rejected('677123456699123500', 'precisionLost')],
		[Symbol('x'), rejected('Symbol(x)', 'notANumber')],
		[() => 1, rejected('[object]', 'notANumber')],
		[Object.create(null), rejected('[object]', 'notANumber')],
		[[[[[['677123456']]]]], rejected('[object]', 'notANumber')],
		[`6${'7'.repeat(100)}`, rejected(`6${'7'.repeat(59)}`, 'tooLong')],
		[`${'a'.repeat(59)}😀`, rejected('a'.repeat(59), 'notANumber')],
	])('of another kind are rejected: %p', (written, reject) => {
		expect(recipientsOf([written], CM)).toEqual({
			recipients: [],
			rejectedRecipients: [reject],
			duplicateCount: 0,
		});
	});

	it('that appear twice are texted once and counted', () => {
		expect(recipientsOf('677123456, +237677123456; 699123456, 677-12-34-56', CM)).toEqual({
			recipients: ['+237677123456', '+237699123456'],
			rejectedRecipients: [],
			duplicateCount: 2,
		});
	});

	it('that appear twice stay when the user wants it', () => {
		expect(recipientsOf('677123456,677123456', { ...CM, removeDuplicates: false })).toEqual({
			recipients: ['+237677123456', '+237677123456'],
			rejectedRecipients: [],
			duplicateCount: 0,
		});
	});

	it('in a list that contains itself end', () => {
		const list: unknown[] = ['677123456'];
		list.push(list);
		expect(recipientsOf(list, CM).recipients).toEqual(['+237677123456']);
	});

	it('are all accounted for', () => {
		const piece = fc.constantFrom('677123456', '+237699123456', '222234567', 'abc', '0772', '6 5');
		fc.assert(
			fc.property(fc.array(piece), fc.boolean(), (pieces, removeDuplicates) => {
				const list = recipientsOf(pieces.join(';'), { defaultCountry: 'CM', removeDuplicates });
				expect(list.recipients.length + list.rejectedRecipients.length + list.duplicateCount).toBe(
					pieces.length,
				);
				expect(recipientsOf(pieces, { defaultCountry: 'CM', removeDuplicates })).toEqual(list);
			}),
		);
	});

	it('of any kind never throw', () => {
		fc.assert(
			fc.property(fc.anything({ withBigInt: true }), (written) => {
				for (const { recipient, reason } of recipientsOf(written, CM).rejectedRecipients) {
					expect(recipient.length).toBeLessThanOrEqual(60);
					expect(reason).not.toBe('');
				}
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('recipients that are left out', () => {
	const excluded = new Set(recipientListOf('699123456', CM).recipients);

	it('are excluded before they are duplicates', () => {
		const list = recipientListOf('699 12 34 56, 677123456, +237699123456, 677 12 34 56', {
			...CM,
			excluded,
		});
		expect(list).toEqual({
			recipients: ['+237677123456'],
			writtenAs: ['677123456'],
			rejectedRecipients: [],
			excluded: [
				{ recipient: '+237699123456', writtenAs: '699 12 34 56' },
				{ recipient: '+237699123456', writtenAs: '+237699123456' },
			],
			duplicates: [{ recipient: '+237677123456', writtenAs: '677 12 34 56' }],
			excludedCount: 2,
			duplicateCount: 1,
		});
	});
});
