import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';

import {
	GSM7_BASIC,
	GSM7_EXTENSION,
	GSM7_REPLACEMENTS,
} from '../../nodes/shared/text/gsm7Alphabet';
import { measureText, smartEncode } from '../../nodes/shared/text/messageText';

const splitSms = jest.requireActual<{
	split(text: string): { characterSet: 'GSM' | 'Unicode'; parts: unknown[] };
}>('split-sms');

const gsm7Text = fc.string({
	unit: fc.constantFrom(...GSM7_BASIC, ...GSM7_EXTENSION),
	minLength: 1,
	maxLength: 700,
});
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
const frenchText = fc.string({
	unit: fc.constantFrom(...'abcé èêçà’«»…œÀ\u00a0\u0302€^😀ŋɔ'),
	maxLength: 400,
});

/** TS 23.040 by the letter: fill parts with characters of a given width, never splitting one. */
function partsOf(widths: number[], single: number, part: number): number {
	const total = widths.reduce((sum, width) => sum + width, 0);
	if (total <= single) return 1;
	let parts = 1;
	let used = 0;
	for (const width of widths) {
		if (used + width > part) {
			parts++;
			used = 0;
		}
		used += width;
	}
	return parts;
}

describe('the GSM 7 bit default alphabet', () => {
	it('has the 127 characters of TS 23.038 at their positions', () => {
		const positions: Array<[number, string]> = [
			[0x00, '@'],
			[0x02, '$'],
			[0x05, 'é'],
			[0x09, 'Ç'],
			[0x0a, '\n'],
			[0x0d, '\r'],
			[0x10, 'Δ'],
			[0x1a, 'Ξ'],
			[0x20, ' '],
			[0x24, '¤'],
			[0x40, '¡'],
			[0x41, 'A'],
			[0x5f, '§'],
			[0x60, '¿'],
			[0x7f, 'à'],
		];
		const withEscape = `${GSM7_BASIC.slice(0, 0x1b)}\u001b${GSM7_BASIC.slice(0x1b)}`;
		expect([...withEscape]).toHaveLength(128);
		expect(new Set(withEscape).size).toBe(128);
		expect(positions.map(([position]) => [position, withEscape[position]])).toEqual(positions);
	});

	it('has the ten characters of the extension table', () => {
		expect([...GSM7_EXTENSION].sort()).toEqual([...'\f^{}\\[~]|€'].sort());
	});

	it('is the alphabet of both judges over the whole BMP', () => {
		for (let unit = 0; unit <= 0xffff; unit++) {
			if (unit >= 0xd800 && unit <= 0xdfff) continue;
			const character = String.fromCharCode(unit);
			const isGsm7 = measureText(character).encoding === 'GSM-7';
			expect([unit, isGsm7]).toEqual([unit, splitSms.split(character).characterSet === 'GSM']);
		}
	});

	it.each([...'çâêîôûëïœÿÀÂÈÊËÎÏÔŒÙÛŸ’‘“”«»…–—°•`´²³\tŋɓɗǝɛɔ\u00a0\u202f\u2011\u2212\u001b'])(
		'lacks %j',
		(character) => {
			expect(measureText(character)).toEqual({
				encoding: 'UCS-2',
				segments: 1,
				ucs2Characters: [character],
			});
		},
	);
});

describe('segments', () => {
	const flag = '🇨🇲';
	it.each<[string, string, string, number]>([
		['nothing', '', 'GSM-7', 0],
		['one character', 'a', 'GSM-7', 1],
		['160 septets', 'a'.repeat(160), 'GSM-7', 1],
		['161 septets', 'a'.repeat(161), 'GSM-7', 2],
		['306 septets', 'a'.repeat(306), 'GSM-7', 2],
		['307 septets', 'a'.repeat(307), 'GSM-7', 3],
		['80 euro signs', '€'.repeat(80), 'GSM-7', 1],
		['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
		['152 euro signs', '€'.repeat(152), 'GSM-7', 2],
		['153 euro signs', '€'.repeat(153), 'GSM-7', 3],
		['an escape at the end of a part', `${'a'.repeat(152)}€${'a'.repeat(151)}`, 'GSM-7', 2],
		['an escape that wastes a septet', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
		['CR LF counts two', '\r\n'.repeat(80), 'GSM-7', 1],
		['CR LF counts two, one more', `${'\r\n'.repeat(80)}a`, 'GSM-7', 2],
		['70 units', 'ê'.repeat(70), 'UCS-2', 1],
		['71 units', 'ê'.repeat(71), 'UCS-2', 2],
		['134 units', 'ê'.repeat(134), 'UCS-2', 2],
		['135 units', 'ê'.repeat(135), 'UCS-2', 3],
		['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
		['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
		['66 emoji', '😀'.repeat(66), 'UCS-2', 2],
		['67 emoji: each part wastes a unit', '😀'.repeat(67), 'UCS-2', 3],
		['an emoji across the boundary', `${'ê'.repeat(66)}😀${'ê'.repeat(66)}`, 'UCS-2', 3],
		['an emoji within the part', `${'ê'.repeat(65)}😀${'ê'.repeat(67)}`, 'UCS-2', 2],
		['a lone high surrogate', `${'ê'.repeat(66)}\ud83d${'ê'.repeat(67)}`, 'UCS-2', 2],
		['GSM-7 characters in UCS-2 are one unit', `ê${'€'.repeat(69)}`, 'UCS-2', 1],
		['33 flags', flag.repeat(33), 'UCS-2', 2],
		['67 decomposed ê', 'e\u0302'.repeat(67), 'UCS-2', 2],
		['a long stack of accents', `a${'\u0301'.repeat(200)}`, 'UCS-2', 3],
	])('%s', (_, text, encoding, segments) => {
		expect(measureText(text)).toMatchObject({ encoding, segments });
	});

	it('fill parts as TS 23.040 says, in GSM-7', () => {
		fc.assert(
			fc.property(gsm7Text, (text) => {
				const widths = [...text].map((character) => (GSM7_EXTENSION.includes(character) ? 2 : 1));
				expect(measureText(text)).toEqual({
					encoding: 'GSM-7',
					segments: partsOf(widths, 160, 153),
					ucs2Characters: [],
				});
			}),
			{ numRuns: 1_000 },
		);
	});

	it('fill parts as TS 23.040 says, in UCS-2', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const written = `${text}ê`;
				const widths = [...written].map((character) => character.length);
				expect(measureText(written)).toMatchObject({
					encoding: 'UCS-2',
					segments: partsOf(widths, 70, 67),
				});
			}),
			{ numRuns: 1_000 },
		);
	});

	it('are those that split-sms counts', () => {
		fc.assert(
			fc.property(fc.oneof(gsm7Text, anyText, frenchText), (text) => {
				fc.pre(text !== '');
				const judge = splitSms.split(text);
				const { encoding, segments } = measureText(text);
				expect([encoding, segments]).toEqual([
					judge.characterSet === 'GSM' ? 'GSM-7' : 'UCS-2',
					judge.parts.length,
				]);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('are those that sms-segments-calculator counts, where a grapheme is one character', () => {
		const text = fc.oneof(
			gsm7Text,
			fc.string({ unit: fc.constantFrom(...'abêçœ’…€^😀🎉Ω漢'), minLength: 1, maxLength: 300 }),
		);
		fc.assert(
			fc.property(text, (written) => {
				expect(measureText(written).segments).toBe(new SegmentedMessage(written).segmentsCount);
			}),
			{ numRuns: 500 },
		);
	});

	it.each<[string, string, number, number]>([
		['flags', flag.repeat(33), 2, 3],
		['decomposed accents', 'e\u0302'.repeat(67), 2, 3],
		['a long stack of accents', `a${'\u0301'.repeat(200)}`, 3, 2],
	])('differ from sms-segments-calculator for %s: it packs graphemes', (_, text, ours, theirs) => {
		expect(measureText(text).segments).toBe(ours);
		expect(new SegmentedMessage(text).segmentsCount).toBe(theirs);
	});

	it('differ from split-sms for the empty text: it counts one part', () => {
		expect(splitSms.split('').parts).toHaveLength(1);
		expect(measureText('').segments).toBe(0);
	});
});

describe('the characters that force UCS-2', () => {
	it('are named once, in order of appearance', () => {
		expect(measureText('Fête « gagnée » 😀 fête').ucs2Characters).toEqual(['ê', '«', '»', '😀']);
	});

	it('are at most ten', () => {
		expect(measureText('âêîôûëïœÿçÀ').ucs2Characters).toEqual([...'âêîôûëïœÿç']);
	});
});

describe('smart encoding', () => {
	const pad = (text: string) => text + 'x'.repeat(100);

	it.each([
		['Fête reçue', 'Fete recue'],
		['é è à ù ñ ä ö ü Ç É €', 'é è à ù ñ ä ö ü Ç É €'],
		['l’été à NOËL', "l'été à NOEL"],
		['e\u0301te\u0301 e\u0302tre', 'été etre'],
		['cœur ŒUVRE', 'coeur OEUVRE'],
		['À bientôt…', 'A bientot...'],
		['« oui »', '" oui "'],
		['«\u00a0oui\u00a0»', '" oui "'],
		['10\u202f000 FCFA', '10 000 FCFA'],
		['a\tb', 'a b'],
		['n° 5 – 6 — 7', 'no 5 - 6 - 7'],
		['25 m² en tout', '25 m2 en tout'],
		['ŋ ɓ ɗ ǝ ɛ ɔ Ŋ Ɓ Ɗ Ǝ Ɛ Ɔ', 'n b d e e o N B D E E O'],
		['ɛ\u0301 ɔ\u0302', 'e o'],
		['zero\u200bwidth\ufeff', 'zerowidth'],
		['ß stays, ẞ too', 'ß stays, ß too'],
	])('%j becomes %j in a text that it shortens', (written, encoded) => {
		expect(smartEncode(pad(`ê${written}`))).toBe(pad(`e${encoded}`));
	});

	it.each([
		['nothing', ''],
		['a text of one segment', 'ê'.repeat(70)],
		['a GSM-7 text', 'é'.repeat(200)],
		['an emoji', `${'ê'.repeat(100)}😀`],
		['another script', `ê${'漢'.repeat(100)}`],
		['a text that would need as many', '…'.repeat(134)],
		['only invisible characters', '\u200b'.repeat(100)],
		['a footnote that would change an amount', `${'ê'.repeat(100)} 5000²`],
	])('leaves %s as it is', (_, text) => {
		expect(smartEncode(text)).toBe(text);
	});

	it('shortens at the boundaries', () => {
		expect(smartEncode('ê'.repeat(71))).toBe('e'.repeat(71));
		expect(measureText(smartEncode('ê'.repeat(160))).segments).toBe(1);
		expect(smartEncode('…'.repeat(53))).toBe('…'.repeat(53));
		expect(smartEncode('œ'.repeat(80))).toBe('oe'.repeat(80));
		expect(smartEncode('œ'.repeat(81))).toBe('œ'.repeat(81));
	});

	it('replaces only what the alphabet lacks, by what it has', () => {
		for (const [character, replacement] of GSM7_REPLACEMENTS) {
			expect([character, measureText(character).encoding]).toEqual([character, 'UCS-2']);
			expect([character, measureText(replacement).encoding]).toEqual([character, 'GSM-7']);
			expect(character.normalize('NFC')).toBe(character);
		}
	});

	it('never costs more, keeps the text or makes it GSM-7, and does so once', () => {
		fc.assert(
			fc.property(fc.oneof(frenchText, anyText, gsm7Text), (text) => {
				const encoded = smartEncode(text);
				expect(smartEncode(encoded)).toBe(encoded);
				if (encoded === text) return;
				expect(measureText(encoded).encoding).toBe('GSM-7');
				expect(measureText(encoded).segments).toBeLessThan(measureText(text).segments);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('keeps every character that is in the alphabet', () => {
		fc.assert(
			fc.property(gsm7Text, (text) => {
				expect(smartEncode(text)).toBe(text);
				const encoded = smartEncode(`ê${text}`);
				if (encoded !== `ê${text}`) expect(encoded).toBe(`e${text}`);
			}),
		);
	});
});
