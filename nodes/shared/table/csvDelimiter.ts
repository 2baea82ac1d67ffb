import { phoneNameOf } from './columnNames';

/** In order of preference where nothing else decides: a comma is the likeliest to be part of a text. */
const DELIMITERS = ['\t', ';', ','] as const;
const SAMPLE_LINES = 50;
/** A field that may be a phone number. */
export const PHONE_LIKE = /^['"\s]*[+(]?(?:\d[\s().\-\u00a0\u202f]*){8,15}['"\s]*$/;

export interface Dialect {
	delimiter: string;
	/** The character at which the table begins: after a `sep=;` line, which a spreadsheet does not show. */
	start: number;
}

/**
 * The delimiter by which most lines have the same number of fields and a field that looks like a phone number, and by
 * which some line names a phone column. Delimiters inside quotes do not count.
 */
export function dialectOf(text: string): Dialect {
	const declared = /^sep=([^\r\n])(?:\r\n|\r|\n)/i.exec(text);
	if (declared?.[1] !== undefined) return { delimiter: declared[1], start: declared[0].length };
	let best = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const score = scoreOf(text, delimiter);
		if (score > best.score) best = { delimiter, score };
	}
	return { delimiter: best.delimiter, start: 0 };
}

function scoreOf(text: string, delimiter: string): number {
	const lines = sampleLines(text, delimiter);
	const counts = new Map<number, number>();
	let phoneLines = 0;
	for (const fields of lines) {
		if (fields.length === 1) continue;
		counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
		if (fields.some((field) => PHONE_LIKE.test(field))) phoneLines++;
	}
	if (counts.size === 0) return 0;
	const hasHeader = lines.some(
		(fields) =>
			fields.length > 1 && fields.some((field) => phoneNameOf(field)?.isQualified === false),
	);
	return (Math.max(...counts.values()) + 2 * phoneLines) / lines.length + (hasHeader ? 1 : 0);
}

/** Good enough to count fields; the CSV library does the reading. */
function sampleLines(text: string, delimiter: string): string[][] {
	const lines: string[][] = [];
	let fields: string[] = [];
	let fieldStart = 0;
	let isQuoted = false;
	for (let at = 0; at <= text.length && lines.length < SAMPLE_LINES; at++) {
		const character = text.charAt(at);
		if (character === '"' && (isQuoted || mayOpenQuote(text, at))) isQuoted = !isQuoted;
		if (isQuoted && at < text.length) continue;
		const isLineEnd = character === '\n' || character === '\r' || character === '';
		if (character !== delimiter && !isLineEnd) continue;
		fields.push(text.slice(fieldStart, at));
		fieldStart = at + 1;
		if (!isLineEnd) continue;
		if (fields.some((field) => field.trim() !== '')) lines.push(fields);
		fields = [];
	}
	return lines;
}

function mayOpenQuote(text: string, at: number): boolean {
	return at === 0 || '\t;,\r\n'.includes(text.charAt(at - 1));
}
