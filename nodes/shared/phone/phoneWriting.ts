import type { PhoneRefusalReason } from './phoneResult';

/** What a person wrote, reduced to ASCII digits. A `(0)` after a country code may or may not count. */
interface ReadablePhoneWriting {
	ok: true;
	digits: string;
	digitsWithOptionalZero?: string;
	hasPlus: boolean;
}

/** `alternative` is another writing that may have been meant; it is good for a suggestion, no more. */
interface UnreadablePhoneWriting {
	ok: false;
	reason: PhoneRefusalReason;
	alternative?: string;
}

export type PhoneWriting = ReadablePhoneWriting | UnreadablePhoneWriting;

/** ITU-T E.164 section 6.1: country code and national number together. */
const LONGEST_NUMBER = 15;
const LONGEST_WRITING = 200;
const SHORTEST_SUBSCRIBER_NUMBER = 7;
/** A spreadsheet keeps 15 digits; a longer cell has already lost the others. */
const FIRST_ROUNDED_CELL = 1e15;
const FLOAT_NOISE = 1e-4;

/** The zero of every script whose digits people type (Unicode 17, general category Nd). */
const ZEROS = [
	0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
	0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0x1e950,
];

const LINE_BREAKS = /[\r\n\v\f\u0085\u2028\u2029]+/g;
const TEXT_FORMULA = /^="([^"]*)"$/;
/** As lists of leads from advertisements mark a phone number. */
const LEAD_MARK = /^p:(?=\+?\d)/i;
const QUOTES = /^['"’‘“”«»`´\s]+|['"’‘“”«»`´\s]+$/g;
const LABELS =
	/^(?:[☎✆📞📱📲]|(?:t[eé]l(?:[eé]phone)?|(?:tele)?phone|mobile|mob|portable|gsm|cell(?:phone|ulaire)?|whats ?app|sms|contact|num[eé]ro|num|n[°ºo])(?!\p{L}))[\uFE0F\s.:°/]*/iu;
const SCIENTIFIC = /^\+?(\d+)(?:[.,](\d*))?e\+?(\d+)$/i;
const COMMA_THOUSANDS = /^\+?\d{1,3}(?:,\d{3})+(?:\.0+)?$/;
const ZERO_DECIMALS = /^([\d ]+)[.,]0+$/;
const BETWEEN_NUMBERS = /[;|/\\&,]|\b(?:ou|or|and|et)\b/i;
const OPTIONAL_ZERO = /^((?:\(? ?\+ ?|00 ?)\d{1,4}\)?[ .-]?|(?:237|256)[ .-]?)\( ?0 ?\)(.*)$/;

function asciiDigit(digit: string): string {
	const codePoint = digit.codePointAt(0) ?? 0;
	const zero = ZEROS.findLast((candidate) => candidate <= codePoint) ?? codePoint;
	return codePoint - zero > 9 ? digit : String(codePoint - zero);
}

function asciiOf(text: string): string {
	return text
		.normalize('NFC')
		.replace(/\p{Cf}/gu, '')
		.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
		.replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
		.replace(/[\p{Pd}\u2212]/gu, '-');
}

function plainOf(text: string): string {
	const ascii = /[^ -~]/.test(text) ? asciiOf(text) : text;
	const line = ascii.trim().replace(LINE_BREAKS, ';').replace(/\s+/g, ' ');
	const unquoted = line.replace(TEXT_FORMULA, '$1').replace(QUOTES, '');
	return unquoted.replace(LEAD_MARK, '').replace(LABELS, '').replace(LABELS, '');
}

function unreadable(reason: PhoneRefusalReason, alternative?: string): UnreadablePhoneWriting {
	return { ok: false, reason, alternative };
}

function withoutDigits(plain: string): UnreadablePhoneWriting {
	return unreadable(/^[\s().,;:/+_-]*$/.test(plain) ? 'empty' : 'notANumber');
}

/** Scientific text is expanded only when no digit is missing: `2.3767E+11` would be somebody's number. */
function scientificDigits(mantissa: string, decimals: string, exponent: string): PhoneWriting {
	return decimals.length === Number(exponent)
		? { ok: true, digits: mantissa + decimals, hasPlus: false }
		: unreadable('precisionLost');
}

function withLetters(plain: string): UnreadablePhoneWriting {
	const alternative = plain.replace(/o/gi, '0').replace(/[Il]/g, '1');
	return unreadable('letters', /\p{L}/u.test(alternative) ? undefined : alternative);
}

function withStrayPlus(plain: string): UnreadablePhoneWriting {
	const numbers = plain.split('+').filter(isLongEnough);
	if (numbers.length > 1) return unreadable('severalNumbers');
	return unreadable('twoPlusSigns', plain.slice(plain.lastIndexOf('+')));
}

function isLongEnough(chunk: string): boolean {
	return chunk.replace(/\D/g, '').length >= SHORTEST_SUBSCRIBER_NUMBER;
}

function digitsOf(plain: string): PhoneWriting {
	const hasPlus = /^\(? ?\+/.test(plain);
	const digits = plain.replace(/\D/g, '');
	if (digits.replace(/^0+/, '').length > LONGEST_NUMBER) {
		return unreadable(/\d[^\d]+\d/.test(plain) ? 'severalNumbers' : 'tooLong');
	}
	const optionalZero = OPTIONAL_ZERO.exec(plain);
	if (!optionalZero) return { ok: true, digits, hasPlus };
	const withoutZero = `${optionalZero[1]}${optionalZero[2]}`.replace(/\D/g, '');
	return { ok: true, digits: withoutZero, digitsWithOptionalZero: digits, hasPlus };
}

function withoutDecimals(plain: string): string {
	if (COMMA_THOUSANDS.test(plain)) return plain.replace(/\.0+$/, '').replaceAll(',', '');
	// The library reads "67712345.0" as nine digits: somebody else's number.
	return plain.replace(ZERO_DECIMALS, '$1');
}

function cellWriting(cell: number): PhoneWriting {
	if (!Number.isFinite(cell) || cell === 0) return unreadable('notANumber');
	if (cell < 0) return unreadable('badCharacter');
	if (cell >= FIRST_ROUNDED_CELL) return unreadable('precisionLost');
	const rounded = Math.round(cell);
	if (Math.abs(cell - rounded) > FLOAT_NOISE) return unreadable('notANumber');
	return { ok: true, digits: String(rounded), hasPlus: false };
}

function textWriting(text: string): PhoneWriting {
	if (text.length > LONGEST_WRITING) return unreadable('tooLong');
	const whole = plainOf(text);
	if (!/\d/.test(whole)) return withoutDigits(whole);
	if (whole.startsWith('#')) return unreadable('notANumber');
	if (whole.startsWith('=')) return unreadable('formula', whole.slice(1));
	const scientific = SCIENTIFIC.exec(whole);
	if (scientific) {
		return scientificDigits(scientific[1] ?? '', scientific[2] ?? '', scientific[3] ?? '');
	}
	const chunks = withoutDecimals(whole).split(BETWEEN_NUMBERS);
	const numbers = chunks.filter((chunk) => /\d/.test(chunk));
	if (numbers.length > 1) {
		return unreadable(numbers.some(isLongEnough) ? 'severalNumbers' : 'badCharacter');
	}
	const plain = (numbers[0] ?? '').trim();
	// A link or a name beside the number: nothing with letters is skipped in silence.
	if (chunks.some((chunk) => /^[^\d]*\p{L}[^\d]*$/u.test(chunk)))
		return unreadable('letters', plain);
	if (/\p{L}/u.test(plain)) return withLetters(plain);
	if (/^.+\+/.test(plain.replace(/^\( ?/, ''))) return withStrayPlus(plain);
	if (!/^[\d +(][\d ().-]*$/.test(plain.replace(/^\( ?\+/, '+'))) return unreadable('badCharacter');
	return digitsOf(plain);
}

/**
 * Reads a number cell, or a text as people write numbers: in any script, with a label, separators
 * and the traces that spreadsheets leave.
 */
export function readPhoneWriting(written: unknown): PhoneWriting {
	if (written === undefined || written === null) return unreadable('empty');
	if (typeof written === 'number') return cellWriting(written);
	return typeof written === 'string' ? textWriting(written) : unreadable('notANumber');
}
