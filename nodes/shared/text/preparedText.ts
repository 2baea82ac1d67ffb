import { measureText, smartEncode, type TextMeasure } from './messageText';

/** A text as it is sent, for Send and Send Bulk alike. */
export interface PreparedText {
	text: string;
	measure: TextMeasure;
	/** Why it cannot be sent: what is the matter with the text, and what to do. */
	unusable?: { what: string; whatToDo: string };
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
	const clean = cleaned(written);
	const text = isSmart ? smartEncode(clean) : clean;
	const measure = measureText(text);
	const unusable = unusableFor(text, measure);
	return { text, measure, ...(unusable && { unusable }) };
}

/** A carriage return would be paid for as a character, and so would each accent on its own (NFC loses nothing). */
function cleaned(text: string): string {
	const composed = NOT_ASCII.test(text) ? text.normalize('NFC') : text;
	if (!HAS_CONTROL_CHARACTERS.test(composed)) return composed;
	return composed.replace(/\r\n?/g, '\n').replace(CONTROL_CHARACTERS, '');
}

function unusableFor(text: string, { segments }: TextMeasure): PreparedText['unusable'] {
	if (text.trim() === '') {
		return {
			what: 'is empty',
			whatToDo: 'Enter the text to send, or check the expression that fills it',
		};
	}
	if (HALF_CHARACTER.test(text)) {
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
