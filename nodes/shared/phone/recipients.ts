import { describePhoneRefusal, phoneNumberOf, type PhoneNumber } from './phoneNumber';

export interface RejectedRecipient {
	/** What was written, trimmed and cut to 60 characters. */
	recipient: string;
	reason: string;
}

export interface RecipientList {
	recipients: PhoneNumber[];
	rejectedRecipients: RejectedRecipient[];
	duplicateCount: number;
}

interface RecipientOptions {
	defaultCountry: string;
	removeDuplicates: boolean;
}

const LONGEST_SHOWN = 60;
const DEEPEST_LIST = 4;
const LIST_BRACKETS = /^\s*\[([^[\]]*)\]\s*$/;
const SEPARATORS = /([,;\r\n，；،؛、])/;
const ZERO_DECIMALS = /^0{1,2}$/;

function shown(written: unknown): string {
	if (typeof written === 'object' || typeof written === 'function') return '[object]';
	const text = String(written).trim().slice(0, LONGEST_SHOWN);
	return text.replace(/[\ud800-\udbff]$/, '');
}

/** The pieces of a text; the `,00` of a French decimal stays with the complete number before it. */
function piecesOf(text: string, defaultCountry: string): string[] {
	const fields = text.replace(LIST_BRACKETS, '$1').split(SEPARATORS);
	const pieces: string[] = [];
	for (let index = 0; index < fields.length; index += 2) {
		const field = (fields[index] ?? '').trim();
		const previous = pieces.at(-1);
		const isDecimals = fields[index - 1] === ',' && ZERO_DECIMALS.test(field);
		if (isDecimals && previous && phoneNumberOf(previous, defaultCountry).ok) continue;
		if (field !== '') pieces.push(field);
	}
	return pieces;
}

function writingsOf(written: unknown, defaultCountry: string, depth = 0): unknown[] {
	if (written === undefined || written === null) return [];
	if (typeof written === 'string') return piecesOf(written, defaultCountry);
	if (!Array.isArray(written) || depth === DEEPEST_LIST) return [written];
	return written.flatMap((entry: unknown) => writingsOf(entry, defaultCountry, depth + 1));
}

/**
 * The recipients of one message: a text with numbers separated by comma, semicolon or new line, one
 * number, or a list of these. Whoever cannot be texted is listed with the reason; blanks are
 * skipped; with `removeDuplicates` a number that appears again is only counted.
 */
export function recipientsOf(written: unknown, options: RecipientOptions): RecipientList {
	const recipients: PhoneNumber[] = [];
	const rejectedRecipients: RejectedRecipient[] = [];
	const known = new Set<PhoneNumber>();
	let duplicateCount = 0;
	for (const writing of writingsOf(written, options.defaultCountry)) {
		const result = phoneNumberOf(writing, options.defaultCountry);
		if (!result.ok) {
			rejectedRecipients.push({
				recipient: shown(writing),
				reason: describePhoneRefusal(result),
			});
		} else if (options.removeDuplicates && known.has(result.phoneNumber)) {
			duplicateCount++;
		} else {
			known.add(result.phoneNumber);
			recipients.push(result.phoneNumber);
		}
	}
	return { recipients, rejectedRecipients, duplicateCount };
}
