import { GSM7_BASIC, GSM7_EXTENSION, GSM7_REPLACEMENTS } from './gsm7Alphabet';

export type TextEncoding = 'GSM-7' | 'UCS-2';

export interface TextMeasure {
	encoding: TextEncoding;
	/** Messages billed for one recipient; 0 for the empty text. */
	segments: number;
	/** The first ten distinct characters that force UCS-2, in order of appearance. */
	ucs2Characters: string[];
}

/** 140 octets of user data; a concatenated part gives 6 of them to its header (TS 23.040 9.2.3.24.1). */
const GSM7_SINGLE_SEPTETS = 160;
const GSM7_PART_SEPTETS = 153;
const UCS2_SINGLE_UNITS = 70;
const UCS2_PART_UNITS = 67;
const MOST_NAMED_CHARACTERS = 10;

/** Marks that strike a character through, or enclose it: without them it says something else. */
const OVERLAYS = /[\u0334-\u0338\u20d0-\u20ff]/;

const SEPTETS = septetsByCodeUnit();
const OUTSIDE_GSM7 = new RegExp(
	`[^${(GSM7_BASIC + GSM7_EXTENSION).replace(/[\\\]^-]/g, '\\$&')}]`,
	'gu',
);
const ACCENTED_LETTERS: ReadonlyArray<readonly [number, number]> = [
	[0x00c0, 0x024f],
	[0x1e00, 0x1eff],
];
const REPLACEMENTS = new Map([...accentReplacements(), ...GSM7_REPLACEMENTS]);

function septetsByCodeUnit(): Uint8Array {
	const septets = new Uint8Array(0x10000);
	for (const character of GSM7_BASIC) septets[character.charCodeAt(0)] = 1;
	for (const character of GSM7_EXTENSION) septets[character.charCodeAt(0)] = 2;
	return septets;
}

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
	if (length !== undefined) {
		return { encoding: 'GSM-7', segments: gsm7Segments(text, length), ucs2Characters: [] };
	}
	return {
		encoding: 'UCS-2',
		segments: ucs2Segments(text),
		ucs2Characters: ucs2CharactersOf(text),
	};
}

/** Letters lose their accents; a sign such as ≠ would become another one. */
function withoutAccents(character: string): string {
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
			return [character, withoutAccents(character)];
		}),
	);
}

function foldToGsm7(text: string): string {
	const folded = text
		.normalize('NFC')
		.replace(OUTSIDE_GSM7, (character) => REPLACEMENTS.get(character) ?? withoutAccents(character));
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
