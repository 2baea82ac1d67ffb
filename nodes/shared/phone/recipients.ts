import { phoneNumberOf } from './phoneNumber';
import { describePhoneRefusal, type PhoneNumber } from './phoneResult';

export interface RejectedRecipient {
	/** What was written, trimmed and cut to 60 characters. */
	recipient: string;
	reason: string;
}

/** A number that is good, and is left out. */
interface LeftOutRecipient {
	recipient: PhoneNumber;
	/** What was written, trimmed and cut to 60 characters. */
	writtenAs: string;
}

export interface RecipientList {
	recipients: PhoneNumber[];
	/** What was written for each of them. */
	writtenAs: string[];
	rejectedRecipients: RejectedRecipient[];
	excluded: LeftOutRecipient[];
	duplicates: LeftOutRecipient[];
	excludedCount: number;
	duplicateCount: number;
}

interface RecipientOptions {
	defaultCountry: string;
	removeDuplicates: boolean;
	/** Who is not to be texted. */
	excluded?: ReadonlySet<PhoneNumber>;
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
function separated(text: string, defaultCountry: string): string[] {
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
	if (typeof written === 'string') return separated(written, defaultCountry);
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
	const writtenAs: string[] = [];
	const rejectedRecipients: RejectedRecipient[] = [];
	const excluded: LeftOutRecipient[] = [];
	const duplicates: LeftOutRecipient[] = [];
	const known = new Set<PhoneNumber>();
	for (const writing of writingsOf(written, options.defaultCountry)) {
		const result = phoneNumberOf(writing, options.defaultCountry);
		if (!result.ok) {
			rejectedRecipients.push({
				recipient: shown(writing),
				reason: describePhoneRefusal(result),
			});
			continue;
		}
		const recipient = result.phoneNumber;
		if (options.excluded?.has(recipient)) {
			excluded.push({ recipient, writtenAs: shown(writing) });
		} else if (options.removeDuplicates && known.has(recipient)) {
			duplicates.push({ recipient, writtenAs: shown(writing) });
		} else {
			known.add(recipient);
			recipients.push(recipient);
			writtenAs.push(shown(writing));
		}
	}
	return {
		recipients,
		writtenAs,
		rejectedRecipients,
		excluded,
		duplicates,
		excludedCount: excluded.length,
		duplicateCount: duplicates.length,
	};
}
