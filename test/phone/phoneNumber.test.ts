import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { phoneNumberByLibrary, phoneNumberOf } from '../../nodes/shared/phone/phoneNumber';
import {
	describePhoneRefusal,
	type PhoneRefusalReason,
	type PhoneResult,
} from '../../nodes/shared/phone/phoneResult';
import { cpuMsOf } from '../helpers/cpuTime';

interface PhoneCase {
	input_json: string;
	default_country: string;
	expected_e164: string;
	note: string;
}

const cases: PhoneCase[] = parse(readFileSync(join(__dirname, 'phone-cases.csv'), 'utf8'), {
	columns: true,
});

const REASON_OF_NOTE: Record<string, PhoneRefusalReason> = {
	ambiguous_leading_zero: 'ambiguousLeadingZero',
	bad_character: 'badCharacter',
	empty: 'empty',
	formula: 'formula',
	legacy_8_digit: 'legacyEightDigits',
	letters: 'letters',
	not_a_mobile_range: 'notAMobileRange',
	not_a_number: 'notANumber',
	not_mobile: 'notMobile',
	plus_without_country_code: 'plusWithoutCountryCode',
	precision_lost: 'precisionLost',
	'several numbers in one cell': 'severalNumbers',
	too_long: 'tooLong',
	too_short: 'tooShort',
	two_plus_signs: 'twoPlusSigns',
};

function numberOrReason(result: PhoneResult): string {
	return result.ok ? result.phoneNumber : result.reason;
}

function suggestionOf(result: PhoneResult): string | undefined {
	return result.ok ? undefined : result.suggestion;
}

describe('the agreed phone cases', () => {
	it('are all there', () => expect(cases).toHaveLength(145));

	it.each(cases)('$input_json under $default_country gives "$expected_e164" ($note)', (row) => {
		const result = phoneNumberOf(JSON.parse(row.input_json), row.default_country);
		if (row.expected_e164 !== '') {
			expect(result).toEqual({ ok: true, phoneNumber: row.expected_e164 });
			return;
		}
		const [, note, suggestion] = /.*: ([^(]*?)(?: \((\+\d+)\))?$/.exec(row.note) ?? [];
		expect(numberOrReason(result)).toBe(REASON_OF_NOTE[note ?? '']);
		if (suggestion) expect(suggestionOf(result)).toBe(suggestion);
	});
});

describe('writings of people that are read', () => {
	it.each([
		['tel: 677 12 34 56', 'CM', '+237677123456'],
		['tel:+237677123456', 'UG', '+237677123456'],
		['Tél. mobile : 677123456', 'CM', '+237677123456'],
		['Te\u0301l : 677123456', 'CM', '+237677123456'],
		['WhatsApp 677123456', 'CM', '+237677123456'],
		['N° 677123456', 'CM', '+237677123456'],
		['📞 0772 123456', 'UG', '+256772123456'],
		['☎\ufe0f 0772 123456', 'UG', '+256772123456'],
		['+237 (0) 677 12 34 56', 'CM', '+237677123456'],
		['(+237) 677 12 34 56', 'UG', '+237677123456'],
		['( +237 ) 677 12 34 56', 'UG', '+237677123456'],
		['+ 237 677 12 34 56', 'UG', '+237677123456'],
		['00256 772 123 456', 'UG', '+256772123456'],
		['000256772123456', 'UG', '+256772123456'],
		['+00237677123456', 'UG', '+237677123456'],
		['00 256 (0)772 123 456', 'CM', '+256772123456'],
		['256 (0)772 123 456', 'CM', '+256772123456'],
		['256 (0)772 123 456', 'UG', '+256772123456'],
		['+256 0772123456', 'CM', '+256772123456'],
		['2560772123456', 'UG', '+256772123456'],
		['(0)772 123 456', 'UG', '+256772123456'],
		['(0772) 123456', 'UG', '+256772123456'],
		['+44 (0)7400 123456', 'CM', '+447400123456'],
		['+225 (0)7 12 34 56 78', 'CM', '+2250712345678'],
		['6.77.12.34.56', 'CM', '+237677123456'],
		['6.77.12.34.00', 'CM', '+237677123400'],
		['677,123,456', 'CM', '+237677123456'],
		['237,677,123,456.00', 'UG', '+237677123456'],
		['677 123 456,00', 'CM', '+237677123456'],
		['677\u00a012\u00a034\u00a056', 'CM', '+237677123456'],
		['677\u2012123\u2013456', 'CM', '+237677123456'],
		['677\u2212123\u2011456', 'CM', '+237677123456'],
		['६७७१२३४५६', 'CM', '+237677123456'],
		['۶۷۷۱۲۳۴۵۶', 'CM', '+237677123456'],
		['߆߇߇߁߂߃߄߅߆', 'CM', '+237677123456'],
		['𞥖𞥗𞥗𞥑𞥒𞥓𞥔𞥕𞥖', 'CM', '+237677123456'],
		['（＋２３７）６７７１２３４５６', 'UG', '+237677123456'],
		['\ufeff677123456', 'CM', '+237677123456'],
		['\u2066+256\u200d772123456\u2069', 'CM', '+256772123456'],
		['’677123456', 'CM', '+237677123456'],
		['« 677123456 »', 'CM', '+237677123456'],
		['677123456;', 'CM', '+237677123456'],
		[' 677123456\r\n', 'CM', '+237677123456'],
		['6.77123456E+08', 'CM', '+237677123456'],
		['2,37677123456e11', 'UG', '+237677123456'],
		['237645123456', 'UG', '+237645123456'],
		['0733 123 456', 'UG', '+256733123456'],
		['772123456', 'ug', '+256772123456'],
		['06 12 34 56 78', 'FR', '+33612345678'],
		['0011 237 677 123 456', 'AU', '+237677123456'],
		['00237677123456', 'FR', '+237677123456'],
		['+237677123456', 'XX', '+237677123456'],
		['237677123456', '', '+237677123456'],
		['00595 961 234 567', 'UG', '+595961234567'],
		['242066123456', 'CM', '+242066123456'],
		['2290197123456', 'CM', '+2290197123456'],
		['2348031234567', 'CM', '+2348031234567'],
	])('%j under %s is %s', (written, country, expected) => {
		expect(numberOrReason(phoneNumberOf(written, country))).toBe(expected);
	});
});

describe('writings that are refused', () => {
	const refused: Array<[unknown, string, PhoneRefusalReason, string?]> = [
		[undefined, 'CM', 'empty'],
		[null, 'CM', 'empty'],
		['   ', 'CM', 'empty'],
		['\u200b\ufeff', 'CM', 'empty'],
		['tel:', 'CM', 'empty'],
		['Marie', 'CM', 'notANumber'],
		['***', 'CM', 'notANumber'],
		['#DIV/0!', 'CM', 'notANumber'],
		[NaN, 'CM', 'notANumber'],
		[Infinity, 'CM', 'notANumber'],
		[0, 'CM', 'notANumber'],
		[1e-5, 'CM', 'notANumber'],
		[677123456.5, 'CM', 'notANumber'],
		[true, 'CM', 'notANumber'],
		[677123456n, 'CM', 'notANumber'],
		[{ toString: () => '677123456' }, 'CM', 'notANumber'],
		[['677123456'], 'CM', 'notANumber'],
		['+999123456789', 'CM', 'notANumber'],
		[-677123456, 'CM', 'badCharacter'],
		['\u2212677123456', 'CM', 'badCharacter'],
		['677*123456', 'CM', 'badCharacter'],
		['677123456²', 'CM', 'badCharacter'],
		['𝟔𝟕𝟕𝟏𝟐𝟑𝟒𝟓𝟔', 'CM', 'notANumber'],
		['677/12/34/56', 'CM', 'badCharacter'],
		['=+237677123456', 'CM', 'formula', '+237677123456'],
		['0772123456 (Airtel)', 'UG', 'letters'],
		['+237677123456 ext 12', 'CM', 'letters'],
		['https://wa.me/237677123456', 'CM', 'letters', '+237677123456'],
		['Jean/677123456', 'CM', 'letters', '+237677123456'],
		['O77212345l', 'UG', 'letters', '+256772123451'],
		['677123456/57', 'CM', 'severalNumbers'],
		['677123456 et 699123456', 'CM', 'severalNumbers'],
		['677123456 and 699123456', 'CM', 'severalNumbers'],
		['677123456 699123456', 'CM', 'severalNumbers'],
		['+237677123456 +237699123456', 'CM', 'severalNumbers'],
		['677123456,699123456', 'CM', 'severalNumbers'],
		['++237677123456', 'CM', 'twoPlusSigns', '+237677123456'],
		['00+237677123456', 'CM', 'twoPlusSigns', '+237677123456'],
		['6.771234567E+08', 'CM', 'precisionLost'],
		['237677123456699E3', 'CM', 'precisionLost'],
		[1e15, 'CM', 'precisionLost'],
		['677123456699123456', 'CM', 'tooLong'],
		['61412345678', 'CM', 'tooLong', '+61412345678'],
		['6777123456', 'CM', 'tooLong'],
		['067712345678', 'CM', 'tooLong'],
		['+33612345678901', 'CM', 'tooLong'],
		['2376771234', 'CM', 'tooShort'],
		['+33 6 12 34', 'CM', 'tooShort'],
		['61234', 'FR', 'tooShort'],
		['+256414123456', 'CM', 'notMobile'],
		['+237222234567', 'UG', 'notMobile'],
		['+33123456789', 'CM', 'notAMobileRange'],
		['01 23 45 67 89', 'FR', 'notAMobileRange'],
		['᭖᭗᭗᭑᭒᭓᭔᭕᭖', 'CM', 'notANumber'],
		['6᭗᭗᭑᭒᭓᭔᭕᭖', 'CM', 'badCharacter'],
		['+241 (0)6 12 34 56', 'CM', 'ambiguousLeadingZero'],
		['+237 0677123456', 'UG', 'ambiguousLeadingZero', '+237677123456'],
		['(0)677123456', 'CM', 'ambiguousLeadingZero', '+237677123456'],
		['00772123456', 'UG', 'plusWithoutCountryCode', '+256772123456'],
		['677123456', 'XX', 'withoutCountryCode'],
		['677123456', '__proto__', 'withoutCountryCode'],
		['677123456', 'constructor', 'withoutCountryCode'],
		['677 (0) 123456', 'CM', 'tooLong'],
	];

	it.each(
		refused.map(([written, country, reason, suggestion]) => ({
			written,
			country,
			reason,
			suggestion,
		})),
	)('$written under $country is $reason', ({ written, country, reason, suggestion }) => {
		const result = phoneNumberOf(written, country);
		expect(numberOrReason(result)).toBe(reason);
		expect(suggestionOf(result)).toBe(suggestion);
	});

	it.each([
		'6'.repeat(1_000_000),
		' '.repeat(1_000_000),
		'+'.repeat(1_000_000),
		'"'.repeat(1_000_000),
		'1,'.repeat(500_000),
		'tel'.repeat(66),
		'(0)'.repeat(66),
		'1 '.repeat(100),
	])('hostile text %# is refused at once', async (written) => {
		const cpuMs = await cpuMsOf(() => expect(phoneNumberOf(written, 'CM').ok).toBe(false));
		expect(cpuMs).toBeLessThan(10_000);
	});
});

describe('what a refusal says', () => {
	const refused: Record<PhoneRefusalReason, [unknown, string]> = {
		empty: ['', 'CM'],
		notANumber: ['0', 'CM'],
		letters: ['67712345G', 'CM'],
		badCharacter: ['-677123456', 'CM'],
		formula: ['=677123456', 'UG'],
		severalNumbers: ['677123456/699123456', 'CM'],
		twoPlusSigns: ['+237+1', 'CM'],
		precisionLost: ['2.3767E+11', 'CM'],
		tooShort: ['6771', 'CM'],
		tooLong: ['6771234567', 'CM'],
		notMobile: ['222234567', 'CM'],
		notAMobileRange: ['123456789', 'CM'],
		legacyEightDigits: ['77123456', 'CM'],
		ambiguousLeadingZero: ['0677123456', 'CM'],
		plusWithoutCountryCode: ['+677123456', 'CM'],
		withoutCountryCode: ['677123456', ''],
	};

	it.each(Object.entries(refused))('%s is one plain sentence', (reason, [written, country]) => {
		const result = phoneNumberOf(written, country);
		if (result.ok) throw new Error('This should be refused');
		expect(result.reason).toBe(reason);
		const sentence = describePhoneRefusal(result);
		expect(sentence).toMatch(/^[A-Z][^.]{20,120}[a-z](?:\. Did you mean \+\d+\?)?$/);
		expect(sentence).not.toMatch(/error|problem|fail|mistake|invalid/i);
		expect(sentence.endsWith(`Did you mean ${result.suggestion}?`)).toBe(
			result.suggestion !== undefined,
		);
	});

	it('names the number that was probably meant', () => {
		const result = phoneNumberOf('0677123456', 'CM');
		if (result.ok) throw new Error('This should be refused');
		expect(describePhoneRefusal(result)).toBe(
			'The 0 in front of this number can be read in two ways, so write the number with its country code. Did you mean +237677123456?',
		);
	});

	it('says a different thing for every reason', () => {
		const sentences = Object.keys(refused).map((reason) =>
			describePhoneRefusal({ ok: false, reason: reason as PhoneRefusalReason }),
		);
		expect(new Set(sentences).size).toBe(sentences.length);
	});
});

describe('the short way and the library', () => {
	const country = fc.constantFrom('CM', 'UG', 'KE', 'FR', '', 'XX');
	const digit = fc.integer({ min: 0, max: 9 }).map(String);
	const national = fc
		.tuple(
			fc.constantFrom('6', '7', '2', '3', '4', '8', '9', ''),
			fc.array(digit, { minLength: 7, maxLength: 9 }),
		)
		.map(([first, rest]) => first + rest.join(''));
	const prefix = fc.constantFrom(
		'',
		'0',
		'+',
		'00',
		'000',
		'+237',
		'237',
		'00237',
		'+256',
		'256',
		'00256',
		'+2560',
		'2370',
		'+237 (0)',
		'256 (0)',
		'+33 (0)',
	);
	const separators = fc.array(fc.constantFrom('', '', ' ', '-', '  ', '.'), { maxLength: 14 });
	const writing = fc
		.tuple(prefix, national, separators)
		.map(([code, rest, between]) =>
			[...(code + rest)].map((character, index) => character + (between[index] ?? '')).join(''),
		);

	it('agree on every writing', () => {
		fc.assert(
			fc.property(writing, country, (written, defaultCountry) => {
				expect(phoneNumberOf(written, defaultCountry)).toEqual(
					phoneNumberByLibrary(written, defaultCountry),
				);
			}),
			{ numRuns: 10_000 },
		);
	});

	it('agree on every number cell', () => {
		const cell = fc.oneof(
			fc.double(),
			fc.integer({ min: 1e8, max: 1e9 }),
			fc.integer({ min: 237e9, max: 238e9 }),
			fc.integer({ min: 256e9, max: 257e9 }),
			fc.constantFrom(6e8, 7e8, 8e8, 237.6e9, 237.7e9, 256.7e9, 256.8e9, 6e8 - 1, 8e8 - 1),
		);
		fc.assert(
			fc.property(cell, country, (written, defaultCountry) => {
				expect(phoneNumberOf(written, defaultCountry)).toEqual(
					phoneNumberByLibrary(written, defaultCountry),
				);
			}),
			{ numRuns: 5_000 },
		);
	});

	it('agree on every block of four digits of both countries, in every common shape', () => {
		const shapes: Array<(block: string) => unknown> = [
			(block) => `${block}12345`,
			(block) => Number(`${block}12345`),
			(block) => `0${block}12345`,
			(block) => `+237${block}12345`,
			(block) => `237 ${block}-12345`,
			(block) => Number(`256${block}12345`),
			(block) => `00256${block}12345`,
		];
		for (let block = 1000; block <= 9999; block += 7) {
			for (const shape of shapes) {
				for (const defaultCountry of ['CM', 'UG']) {
					const written = shape(String(block));
					expect([written, phoneNumberOf(written, defaultCountry)]).toEqual([
						written,
						phoneNumberByLibrary(written, defaultCountry),
					]);
				}
			}
		}
	});
});

describe('for any input', () => {
	const country = fc.oneof(fc.constantFrom('CM', 'UG', 'US'), fc.string());

	it('the answer is E.164 or a refusal that can be described', () => {
		fc.assert(
			fc.property(fc.anything({ withBigInt: true }), country, (written, defaultCountry) => {
				const result = phoneNumberOf(written, defaultCountry);
				if (result.ok) expect(result.phoneNumber).toMatch(/^\+[1-9]\d{6,14}$/);
				else expect(describePhoneRefusal(result)).not.toBe('');
			}),
			{ numRuns: 3_000 },
		);
	});

	it('the answer for text of digits and signs is E.164 or a refusal', () => {
		const text = fc.string({
			unit: fc.constantFrom(...'0123456789+-(). ,;/eEo=\'"٦６'),
			maxLength: 24,
		});
		fc.assert(
			fc.property(text, country, (written, defaultCountry) => {
				const result = phoneNumberOf(written, defaultCountry);
				if (result.ok) expect(result.phoneNumber).toMatch(/^\+[1-9]\d{6,14}$/);
				const suggestion = suggestionOf(result);
				if (suggestion) expect(suggestion).toMatch(/^\+[1-9]\d{6,14}$/);
			}),
			{ numRuns: 20_000 },
		);
	});

	it('E.164 of the answer gives the same answer under every country', () => {
		fc.assert(
			fc.property(fc.integer({ min: 6e8, max: 8e8 - 1 }), country, (cell, defaultCountry) => {
				const first = phoneNumberOf(cell, cell < 7e8 ? 'CM' : 'UG');
				if (!first.ok) throw new Error(`${cell} should be a mobile number`);
				expect(phoneNumberOf(first.phoneNumber, defaultCountry)).toEqual(first);
			}),
		);
	});
});
