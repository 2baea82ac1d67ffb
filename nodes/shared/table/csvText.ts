import { codePageOf, decodedText, type CodePage } from './codePages';
import { phoneNameOf } from './columnNames';
import { UnreadableFile } from './unreadableFile';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | CodePage;

/** A slice of rows is read and checked in a few milliseconds. */
const SLICE_BYTES = 32 * 1024;
const LINE_FEED = 10;
const COUNTED_BYTES = 1024 * 1024;
const SAMPLE_BYTES = 4096;
const IS_CONTROL = Uint8Array.from({ length: 0x20 }, (_, code) =>
	[0, 9, 10, 12, 13, 26].includes(code) ? 0 : 1,
);
/** DOS programs end a file with Ctrl-Z. */
const CTRL_Z = '\u001a';
/** U+FFFD: what decoding leaves where bytes were no character. */
export const UNREADABLE_CHARACTER = '\ufffd';
/** Share of control characters from which something is no longer a text. */
const MAX_CONTROL_SHARE = 0.01;
const MAX_STRAY_CONTROLS = 10;

/** The text of a CSV. */
export interface CsvText {
	delimiter: string;
	/** The table, piece by piece. */
	pieces(): Generator<{ text: string; isLast: boolean }>;
}

/**
 * The text is UTF-8, UTF-16 (by byte order mark, or by where the NULs are) or in a code page of one byte a character.
 * Throws UnreadableFile for what is no text.
 */
export async function csvTextOf(bytes: Uint8Array, pause: () => Promise<void>): Promise<CsvText> {
	const encoding = await encodingOf(bytes, pause);
	const head = decoded(bytes, encoding, 0).next().value?.text ?? '';
	const strayCount = head.match(/[\p{Cn}\p{Co}\ufffd]/gu)?.length ?? 0;
	if (strayCount > MAX_STRAY_CONTROLS + head.length * MAX_CONTROL_SHARE) throw noText();
	const { delimiter, start } = dialectOf(head);
	return { delimiter, pieces: () => decoded(bytes, encoding, start) };
}

function* decoded(
	bytes: Uint8Array,
	encoding: Encoding,
	skipCharacters: number,
): Generator<{ text: string; isLast: boolean }> {
	const decode = decoderOf(encoding);
	for (let at = 0; at < bytes.length;) {
		const start = at;
		at = sliceEnd(bytes, start);
		const isLast = at === bytes.length;
		const decoded = decode(bytes.subarray(start, at), isLast);
		const text = isLast ? withoutDosEnd(decoded) : decoded;
		yield { text: start === 0 ? text.slice(skipCharacters) : text, isLast };
	}
}

/** The text without Ctrl-Z at its end, and without the line ends behind it. */
function withoutDosEnd(text: string): string {
	let end = text.length;
	while (text[end - 1] === '\r' || text[end - 1] === '\n') end -= 1;
	if (text[end - 1] !== CTRL_Z) return text;
	while (text[end - 1] === CTRL_Z) end -= 1;
	return text.slice(0, end);
}

function decoderOf(encoding: Encoding): (slice: Uint8Array, isLast: boolean) => string {
	if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be') {
		const decoder = new TextDecoder(encoding);
		return (slice, isLast) => decoder.decode(slice, { stream: !isLast });
	}
	return (slice) => decodedText(slice, encoding);
}

/** At a line end where there is one: what is left of a piece has to be copied in front of the next. */
function sliceEnd(bytes: Uint8Array, start: number): number {
	const end = Math.min(start + SLICE_BYTES, bytes.length);
	const lineEnd = bytes.subarray(start, end).lastIndexOf(LINE_FEED) + 1;
	return lineEnd === 0 || end === bytes.length ? end : start + lineEnd;
}

async function encodingOf(bytes: Uint8Array, pause: () => Promise<void>): Promise<Encoding> {
	const wide = utf16By(bytes);
	if (wide !== undefined) return wide;
	const found: ByteCounts = { whole: 0, broken: 0, control: 0, nul: 0 };
	for (let at = 0; at < bytes.length;) {
		at = countBytes(bytes, at, found);
		if (at < bytes.length) await pause();
	}
	if (found.control > MAX_STRAY_CONTROLS + bytes.length * MAX_CONTROL_SHARE) throw noText();
	if (found.broken === 0) return 'utf-8';
	// What is not quite UTF-8 may be anything at all: here a single such byte decides.
	if (found.control + found.nul > 0) throw noText();
	if (found.whole > found.broken) return 'utf-8';
	return await codePageOf(bytes, pause);
}

interface ByteCounts {
	/** Letters of several bytes as UTF-8 has them, and bytes that are none. */
	whole: number;
	broken: number;
	/** C0 without tab, line ends, form feed, the end mark of old DOS files and NUL, which some exports have. */
	control: number;
	nul: number;
}

/**
 * Counts in one slice and returns where the next one starts. A UTF-8 file with a few broken bytes (two files joined, a
 * field cut in the middle of a letter) must not turn all its accents into "Ã©"; two letters of Windows-1252 in a row
 * that happen to be valid UTF-8 hardly occur.
 */
function countBytes(bytes: Uint8Array, start: number, found: ByteCounts): number {
	const end = Math.min(start + COUNTED_BYTES, bytes.length);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = start;
	while (at < end) {
		if (at + 4 <= end && isPrintableAscii(view.getUint32(at))) {
			at += 4;
			continue;
		}
		const byte = bytes[at++] ?? 0;
		if (byte >= 0x20 && byte < 0x80) continue;
		if (byte < 0x20) {
			if (byte === 0) found.nul++;
			else if (IS_CONTROL[byte] === 1) found.control++;
			continue;
		}
		const following = byte >= 0xf5 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
		let count = 0;
		while (count < following && ((bytes[at + count] ?? 0) & 0xc0) === 0x80) count++;
		if (following > 0 && count === following) {
			found.whole++;
			at += following;
		} else found.broken++;
	}
	return at;
}

/** Of four bytes at once: none above 0x7f, and none that borrows when 0x20 is taken from each. */
function isPrintableAscii(word: number): boolean {
	return ((word | (word - 0x20202020)) & 0x80808080) === 0;
}

/** Latin text in UTF-16 has a NUL in every other byte, always on the same side. */
function utf16By(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
	const length = Math.min(bytes.length, SAMPLE_BYTES) & ~1;
	let evenNuls = 0;
	let oddNuls = 0;
	for (let at = 0; at < length; at += 2) {
		if (bytes[at] === 0) evenNuls++;
		if (bytes[at + 1] === 0) oddNuls++;
	}
	const many = length / 2 / 4;
	if (oddNuls > many && evenNuls === 0) return 'utf-16le';
	if (evenNuls > many && oddNuls === 0) return 'utf-16be';
	return undefined;
}

function noText(): UnreadableFile {
	return new UnreadableFile(
		'The file is not a table: it holds characters that no text has',
		'Open the list in a spreadsheet program, save it as .xlsx or .csv and use that file.',
	);
}

/** In order of preference where nothing else decides: a comma is the likeliest to be part of a text. */
const DELIMITERS = ['\t', ';', ','] as const;
const SAMPLE_LINES = 50;
/** A field that may be a phone number. */
export const PHONE_LIKE = /^['"\s]*[+(]?(?:\d[\s().\-\u00a0\u202f]*){8,15}['"\s]*$/;

interface Dialect {
	delimiter: string;
	/** The character at which the table begins: after a `sep=;` line, which a spreadsheet does not show. */
	start: number;
}

/**
 * The delimiter by which most lines have the same number of fields and a field that looks like a phone number, and by
 * which some line names a phone column. Delimiters inside quotes do not count.
 */
function dialectOf(text: string): Dialect {
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

/** Good enough to count fields; `CsvRecords` does the reading. */
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
