import { UnreadableFile } from './unreadableFile';

const SAVE_AS = 'Open it in a spreadsheet program, save it as .xlsx or .csv and use that file.';
const EXPORT_LIST = 'Use the list of recipients as an .xlsx or .csv file.';
const HEAD_BYTES = 4096;

interface Kind {
	name: string;
	/** How the file begins, one character per byte. */
	starts?: readonly string[];
	pattern?: RegExp;
	whatToDo: string;
}

/** What the first bytes say the file is; a name can say anything. */
const KINDS: readonly Kind[] = [
	{
		name: 'a PDF document',
		starts: ['%PDF'],
		whatToDo: 'Use the table it was made from, saved as .xlsx or .csv.',
	},
	{ name: 'a rich text document (RTF)', starts: ['{\\rtf'], whatToDo: SAVE_AS },
	{
		name: 'a picture',
		starts: ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*'],
		pattern: /^(?:BM[^]{4}\p{Cc}{4}|RIFF[^]{4}WEBP|\p{Cc}{4}ftyp)/u,
		whatToDo: 'Text in a picture cannot be read: use the list itself as an .xlsx or .csv file.',
	},
	{
		name: 'a compressed archive',
		starts: ['\x1f\x8b', '7z\xbc\xaf', 'Rar!', 'BZh', '\xfd7zXZ'],
		whatToDo: 'Unpack it and use the .xlsx or .csv file inside.',
	},
	{ name: 'a database (SQLite)', starts: ['SQLite format 3'], whatToDo: EXPORT_LIST },
	{
		name: 'an old Excel workbook (.xls)',
		// The BOF record of BIFF 2, 3, 4 and 5, written without the container of later versions.
		starts: [
			'\t\0\x04\0',
			'\t\0\x06\0',
			'\t\x02\x06\0',
			'\t\x04\x06\0',
			'\t\x08\x08\0',
			'\t\x08\x10\0',
		],
		whatToDo: SAVE_AS,
	},
	{ name: 'a SYLK table (.slk)', starts: ['ID;P'], whatToDo: SAVE_AS },
	{
		name: 'a contacts export (vCard)',
		pattern: /^BEGIN:VCARD/i,
		whatToDo: 'Export the contacts as .csv, or copy the numbers into a spreadsheet.',
	},
	{
		name: 'an Excel workbook in the XML format of 2003',
		pattern: /^(?:<\?xml[^]*)?<(?:\w+:)?Workbook\b/,
		whatToDo: SAVE_AS,
	},
	{
		name: 'a web page (HTML), whatever its name',
		pattern: /^<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b/i,
		whatToDo: SAVE_AS,
	},
	{
		name: 'an XML document',
		pattern: /^<(?:\?xml|[a-z][\w:.-]*[\s/>])/i,
		whatToDo: EXPORT_LIST,
	},
	{
		name: 'JSON',
		pattern: /^(?:\{\s*["}]|\[\s*[[{"\]]|\[\s*\d[\d\s,]*\])/,
		whatToDo:
			'Turn it into a file with the Convert to File node (CSV or XLSX), or use the Send operation.',
	},
];

/** Throws for everything that is neither a workbook nor possibly a CSV. */
export function fileKindOf(bytes: Uint8Array): 'zip' | 'text' {
	if (bytes.length === 0) throw empty('The file is empty (0 bytes)');
	if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) return 'zip';
	if (startsWith(bytes, '\xd0\xcf\x11\xe0')) throw oldOffice(bytes);
	const raw = latin1(bytes.subarray(0, HEAD_BYTES));
	const head = headText(raw);
	for (const { name, starts = [], pattern, whatToDo } of KINDS) {
		const begins = starts.some((start) => raw.startsWith(start) || head.startsWith(start));
		if (begins || pattern?.test(raw) || pattern?.test(head)) throw looksLike(name, whatToDo);
	}
	if (head === '' && isBlankText(bytes)) throw empty('The file holds nothing but spaces');
	return 'text';
}

/** A zip that is no workbook, named by the parts in it. */
export function refuseOtherZip(names: readonly string[]): void {
	const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
	if (has(/^xl\/workbook\.bin$/)) throw looksLike('a binary Excel workbook (.xlsb)', SAVE_AS);
	if (has(/^(?:xl\/|\[content_types\]\.xml$)/)) {
		if (has(/^word\//))
			throw looksLike(
				'a Word document',
				'Copy its table into a spreadsheet and use that as .xlsx or .csv.',
			);
		if (has(/^ppt\//)) throw looksLike('a presentation', EXPORT_LIST);
		return;
	}
	if (has(/^mimetype$/) && has(/^content\.xml$/))
		throw looksLike('an OpenDocument file (.ods)', SAVE_AS);
	if (has(/^index(?:\/|\.zip$)/))
		throw looksLike(
			'an Apple Numbers file',
			'Export it from Numbers as Excel or CSV and use that file.',
		);
	throw looksLike('a zip archive', 'Unpack it and use the .xlsx or .csv file inside.');
}

function oldOffice(bytes: Uint8Array): UnreadableFile {
	const holds = (name: string) =>
		includes(bytes, [...name].map((letter) => `${letter}\0`).join(''));
	if (holds('EncryptedPackage')) {
		return new UnreadableFile(
			'The file is a workbook protected with a password',
			'Open it, remove the password, save it as .xlsx or .csv and use that file.',
		);
	}
	if (holds('WordDocument')) return looksLike('an old Word document (.doc)', SAVE_AS);
	if (holds('Workbook') || holds('Book')) return looksLike('an old Excel workbook (.xls)', SAVE_AS);
	return looksLike('an old Office file', SAVE_AS);
}

function looksLike(kind: string, whatToDo: string): UnreadableFile {
	return new UnreadableFile(`The file seems to be ${kind}, not a .csv or .xlsx list`, whatToDo);
}

function empty(message: string): UnreadableFile {
	return new UnreadableFile(
		message,
		'Check that the list was saved in this file and uploaded completely.',
	);
}

/** One character per byte; UTF-16 loses its NULs, so that markup is recognised in it as well. */
function headText(head: string): string {
	if (/^(?:\xff\xfe|\xfe\xff)/.test(head)) return head.slice(2).replace(/\0/g, '').trimStart();
	return head.replace(/^\xef\xbb\xbf/, '').trimStart();
}

/** Not TextDecoder: its "latin1" is Windows-1252. */
function latin1(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}

function isBlankText(bytes: Uint8Array): boolean {
	const start = bytes[0] === 0xef ? 3 : bytes[0] === 0xff || bytes[0] === 0xfe ? 2 : 0;
	return bytes
		.subarray(start)
		.every((byte) => byte === 0 || byte === 32 || (byte >= 9 && byte <= 13));
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
	return [...signature].every((letter, index) => bytes[index] === letter.charCodeAt(0));
}

function includes(bytes: Uint8Array, text: string): boolean {
	const [first = ''] = text;
	let at = bytes.indexOf(first.charCodeAt(0));
	for (; at !== -1; at = bytes.indexOf(first.charCodeAt(0), at + 1)) {
		if (startsWith(bytes.subarray(at, at + text.length), text)) return true;
	}
	return false;
}
