import { GSM7_BASIC, GSM7_EXTENSION, GSM7_REPLACEMENTS } from './gsm7Alphabet';

type TextEncoding = 'GSM-7' | 'UCS-2';

export interface TextMeasure {
	encoding: TextEncoding;
	/** Messages billed for one recipient; 0 for the empty text. */
	segments: number;
	/** The first ten distinct characters that force UCS-2, in order of appearance. */
	ucs2Characters: readonly string[];
}

/** 140 octets of user data; a concatenated part gives 6 of them to its header (TS 23.040 9.2.3.24.1). */
const GSM7_SINGLE_SEPTETS = 160;
const GSM7_PART_SEPTETS = 153;
const UCS2_SINGLE_UNITS = 70;
const UCS2_PART_UNITS = 67;
const MOST_NAMED_CHARACTERS = 10;
/** One for all: lists have many thousands of texts. */
const NONE: readonly string[] = [];

/** Marks that strike a character through, or enclose it: without them it says something else. */
const OVERLAYS = /[\u0334-\u0338\u20d0-\u20ff]/;

/** Of each code unit; 0 where it is not in the alphabet. */
const SEPTETS = new Uint8Array(0x10000);
for (const character of GSM7_BASIC) SEPTETS[character.charCodeAt(0)] = 1;
for (const character of GSM7_EXTENSION) SEPTETS[character.charCodeAt(0)] = 2;

const OUTSIDE_GSM7 = new RegExp(
	`[^${(GSM7_BASIC + GSM7_EXTENSION).replace(/[\\\]^-]/g, '\\$&')}]`,
	'gu',
);
const ACCENTED_LETTERS: ReadonlyArray<readonly [number, number]> = [
	[0x00c0, 0x024f],
	[0x1e00, 0x1eff],
];
/** Made when the first text needs it. */
let replacements: ReadonlyMap<string, string> | undefined;

/** The septets of the whole text, or `undefined` when a character is not in the alphabet. */
function gsm7Length(text: string): number | undefined {
	let length = 0;
	for (let index = 0; index < text.length; index++) {
		const septets = SEPTETS[text.charCodeAt(index)];
		if (!septets) return undefined;
		length += septets;
	}
	return length;
}

function gsm7Segments(text: string, length: number): number {
	if (length <= GSM7_SINGLE_SEPTETS) return length === 0 ? 0 : 1;
	const hasNoEscapes = length === text.length;
	return hasNoEscapes ? Math.ceil(length / GSM7_PART_SEPTETS) : escapedSegments(text);
}

function escapedSegments(text: string): number {
	let segments = 1;
	let used = 0;
	for (let index = 0; index < text.length; index++) {
		const septets = SEPTETS[text.charCodeAt(index)] ?? 0;
		// An escape and its character stay in one part.
		if (used + septets > GSM7_PART_SEPTETS) {
			segments++;
			used = 0;
		}
		used += septets;
	}
	return segments;
}

function isSurrogatePairAt(text: string, index: number): boolean {
	return (text.codePointAt(index) ?? 0) > 0xffff;
}

function ucs2Segments(text: string): number {
	if (text.length <= UCS2_SINGLE_UNITS) return 1;
	let segments = 0;
	let start = 0;
	while (start < text.length) {
		const end = start + UCS2_PART_UNITS;
		start = isSurrogatePairAt(text, end - 1) ? end - 1 : end;
		segments++;
	}
	return segments;
}

function ucs2CharactersOf(text: string): string[] {
	const characters = new Set<string>();
	for (const character of text) {
		if (character.length === 1 && SEPTETS[character.charCodeAt(0)]) continue;
		characters.add(character);
		if (characters.size === MOST_NAMED_CHARACTERS) break;
	}
	return [...characters];
}

/**
 * How a text travels: 160 septets alone and 153 a part in the GSM 7 bit alphabet (3GPP TS 23.038),
 * else 70 UTF-16 units alone and 67 a part, never splitting an escape or surrogate pair (3GPP TS
 * 23.040 section 9.2.3.24.1).
 */
export function measureText(text: string): TextMeasure {
	const length = gsm7Length(text);
	if (length !== undefined) return gsm7Measure(text, length);
	return {
		encoding: 'UCS-2',
		segments: ucs2Segments(text),
		ucs2Characters: ucs2CharactersOf(text),
	};
}

function gsm7Measure(text: string, length: number): TextMeasure {
	return { encoding: 'GSM-7', segments: gsm7Segments(text, length), ucs2Characters: NONE };
}

/** Counts the segments of texts, each text once however often it comes. */
export function segmentCounter(): (text: string) => number {
	const known = new Map<string, number>();
	return (text) => {
		const segments = known.get(text) ?? measureText(text).segments;
		known.set(text, segments);
		return segments;
	};
}

/** Letters lose their accents; a sign such as ≠ would become another one. */
function unaccented(character: string): string {
	const decomposed = character.normalize('NFD');
	if (OVERLAYS.test(decomposed)) return character;
	const base = decomposed.replace(/\p{M}/gu, '');
	if (base !== '' && !/^\p{L}/u.test(base)) return character;
	return GSM7_REPLACEMENTS.get(base) ?? base;
}

function accentReplacements(): Array<[string, string]> {
	return ACCENTED_LETTERS.flatMap(([first, last]) =>
		Array.from({ length: last - first + 1 }, (_, offset): [string, string] => {
			const character = String.fromCharCode(first + offset);
			return [character, unaccented(character)];
		}),
	);
}

function foldToGsm7(text: string): string {
	replacements ??= new Map([...accentReplacements(), ...GSM7_REPLACEMENTS]);
	const known = replacements;
	const folded = text
		.normalize('NFC')
		.replace(OUTSIDE_GSM7, (character) => known.get(character) ?? unaccented(character));
	// A 2 or 3 above would read as another digit after a figure, so only "m²" and the like give way;
	// ° is an o only in "n°", not in 38°.
	return folded
		.replace(/(?<=[A-Za-z])[²³]/g, (digit) => (digit === '²' ? '2' : '3'))
		.replace(/(?<=[Nn])°/g, 'o');
}

/**
 * The text with punctuation and accents replaced so that it fits the GSM 7 bit alphabet, if the
 * whole text then does and needs fewer segments; otherwise the text itself, unchanged. What the
 * alphabet has (é, è, à, ù, ñ, Ç) stays.
 */
export function smartEncode(text: string): string {
	if (text.length <= UCS2_SINGLE_UNITS || gsm7Length(text) !== undefined) return text;
	const folded = foldToGsm7(text);
	const length = gsm7Length(folded);
	if (length === undefined || folded.trim() === '') return text;
	return gsm7Segments(folded, length) < ucs2Segments(text) ? folded : text;
}

/** A text as it is sent, for Send and Send Bulk alike. */
export interface PreparedText {
	text: string;
	measure: TextMeasure;
	/** Why it cannot be sent: what is the matter with the text, and what to do. */
	unusable: { what: string; whatToDo: string } | undefined;
}

/** A concatenated SMS counts its parts in one octet (TS 23.040, 9.2.3.24.1). */
const MAX_SEGMENTS = 255;

/** Tab and line feed stay; the rest would be a stray character on the phone, or force UCS-2 unseen. */
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n]/gu;
const HAS_CONTROL_CHARACTERS = /[^\P{Cc}\t\n]/u;
const HALF_CHARACTER = /\p{Cs}/u;
const NOT_ASCII = /[^\0-\x7f]/;

/** Line ends become one line feed each, composed letters one character; control characters go. */
export function preparedText(written: string, isSmart: boolean): PreparedText {
	// The alphabet has no marks that compose, and of the control characters these two beside the line feed.
	const length = /[\r\f]/.test(written) ? undefined : gsm7Length(written);
	if (length !== undefined) return judged(written, gsm7Measure(written, length));
	const clean = cleaned(written);
	const text = isSmart ? smartEncode(clean) : clean;
	return judged(text, measureText(text));
}

function judged(text: string, measure: TextMeasure): PreparedText {
	return { text, measure, unusable: unusableFor(text, measure) };
}

/** A carriage return would be paid for as a character, and so would each accent on its own (NFC loses nothing). */
function cleaned(text: string): string {
	const composed = NOT_ASCII.test(text) ? text.normalize('NFC') : text;
	if (!HAS_CONTROL_CHARACTERS.test(composed)) return composed;
	return composed.replace(/\r\n?/g, '\n').replace(CONTROL_CHARACTERS, '');
}

function unusableFor(text: string, { segments, encoding }: TextMeasure): PreparedText['unusable'] {
	if (text.trim() === '') {
		return {
			what: 'is empty',
			whatToDo: 'Enter the text to send, or check the expression that fills it',
		};
	}
	if (encoding === 'UCS-2' && HALF_CHARACTER.test(text)) {
		return {
			what: 'holds half of a character',
			whatToDo:
				'A text was cut in the middle of an emoji: cut it in another place, or write it again',
		};
	}
	if (segments <= MAX_SEGMENTS) return undefined;
	return {
		what: `is too long: it would be ${segments} SMS for each person, and ${MAX_SEGMENTS} is the most`,
		whatToDo: 'Shorten the text. Did an expression give a whole page?',
	};
}

/** Characters that nobody sees, by what Unicode calls them. */
const INVISIBLE: ReadonlyMap<string, string> = new Map([
	['\u00a0', 'no-break space'],
	['\u00ad', 'soft hyphen'],
	['\u061c', 'Arabic letter mark'],
	['\u180e', 'Mongolian vowel separator'],
	['\u2007', 'figure space'],
	['\u2009', 'thin space'],
	['\u200a', 'hair space'],
	['\u200b', 'zero-width space'],
	['\u200c', 'zero-width non-joiner'],
	['\u200d', 'zero-width joiner'],
	['\u200e', 'left-to-right mark'],
	['\u200f', 'right-to-left mark'],
	['\u2028', 'line separator'],
	['\u2029', 'paragraph separator'],
	['\u202a', 'left-to-right embedding'],
	['\u202b', 'right-to-left embedding'],
	['\u202c', 'pop directional formatting'],
	['\u202d', 'left-to-right override'],
	['\u202e', 'right-to-left override'],
	['\u202f', 'narrow no-break space'],
	['\u2060', 'word joiner'],
	['\u2066', 'left-to-right isolate'],
	['\u2067', 'right-to-left isolate'],
	['\u2068', 'first strong isolate'],
	['\u2069', 'pop directional isolate'],
	['\ufe0f', 'variation selector 16'],
	['\ufeff', 'byte order mark'],
	['\t', 'tab'],
]);

/** A character as messages show it: itself, or its name where it cannot be seen. */
export function shownCharacter(character: string): string {
	const name = INVISIBLE.get(character);
	if (name !== undefined) return `'${name}'`;
	if (/^[\p{Z}\p{C}\p{M}]/u.test(character)) {
		const code = character.codePointAt(0) ?? 0;
		return `'U+${code.toString(16).toUpperCase().padStart(4, '0')}'`;
	}
	return `'${character}'`;
}
