import { UnreadableFile } from './unreadableFile';

/** Encodings of one byte a character that programs here write; the others are refused. */
export type CodePage = 'windows-1252' | 'cp850' | 'macRoman';

/** What the bytes from 0x80 to 0xFF stand for (Unicode consortium, MAPPINGS/VENDORS); \ufffd for nothing. */
const CHARACTERS: Record<CodePage, string> = {
	/** Windows in western Europe and in Africa. */
	'windows-1252':
		'€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ' +
		'\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿' +
		'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß' +
		'àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
	/** DOS, which French Excel still writes as "CSV (MS-DOS)". */
	cp850:
		'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
		'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
		'└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
		'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
	/** Excel's "CSV (Macintosh)". */
	macRoman:
		'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü' +
		'†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø' +
		'¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ' +
		'‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
};

/** So many characters tell an encoding. */
const ENOUGH = 20_000;
const SLICE_BYTES = 1024 * 1024;

/** Letters of French and its neighbours, and those that hardly occur in a French or English text. */
const LETTERS = new Set('àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ');
const RARE_LETTERS = new Set('áãåíìñóòõøúßÁÃÅÍÌÑÓÒÕØÚšžŠŽ');
/** At home between two words as well as beside one. */
const SIGNS = new Set('’‘•°€£§©®™·ªº²³¼½\u00a0');
/** Never between two letters. */
const DIVIDING_SIGNS = new Set('“”«»–—…¡¿');
const RARE = 0.3;
/** Share of characters that may be out of place in a text. */
const MOST_ODD = 0.05;

/** Arguments of one call; more would not fit on the stack everywhere. */
const CODES_AT_ONCE = 4096;

/** The text of bytes in this code page. (A decoder for Latin-1 is one for Windows-1252, or not, by version: nodejs/node#56542.) */
export function decodedText(bytes: Uint8Array, codePage: CodePage): string {
	const characters = CHARACTERS[codePage];
	let codes = '';
	for (let at = 0; at < bytes.length; at += CODES_AT_ONCE) {
		codes += String.fromCharCode(...bytes.subarray(at, at + CODES_AT_ONCE));
	}
	return codes.replace(/[\x80-\xff]/g, (code) => characters.charAt(code.charCodeAt(0) - 0x80));
}

/** Judges the code pages by the text that each would give. Throws UnreadableFile where none is plausible or two are. */
export async function codePageOf(bytes: Uint8Array, pause: () => Promise<void>): Promise<CodePage> {
	const oddness = { 'windows-1252': 0, cp850: 0, macRoman: 0 };
	const codePages = Object.keys(oddness) as CodePage[];
	let count = 0;
	for (let at = 0; at < bytes.length && count < ENOUGH; at += SLICE_BYTES) {
		const end = Math.min(at + SLICE_BYTES, bytes.length);
		for (let place = at; place < end && count < ENOUGH; place++) {
			if ((bytes[place] ?? 0) < 0x80) continue;
			count++;
			for (const codePage of codePages) oddness[codePage] += oddnessAt(bytes, place, codePage);
		}
		await pause();
	}
	const least = Math.min(...codePages.map((codePage) => oddness[codePage]));
	const [found, ...others] = codePages.filter((codePage) => oddness[codePage] === least);
	// Where both read well, the encoding of Windows is the one that is written here.
	const isCertain = found === 'windows-1252' || others.length === 0;
	if (found === undefined || !isCertain || least > count * MOST_ODD) throw unknownEncoding();
	return found;
}

/** 0: at home in its place. 1: no text has it there. */
function oddnessAt(bytes: Uint8Array, place: number, codePage: CodePage): number {
	const character = characterAt(bytes, place, codePage);
	const before = characterAt(bytes, place - 1, codePage);
	const after = characterAt(bytes, place + 1, codePage);
	if (LETTERS.has(character) || RARE_LETTERS.has(character)) {
		const isOutOfCase = isUpper(character)
			? isLower(before) || (isLower(after) && isLetter(before))
			: isUpper(before) && isUpper(after);
		// Cyrillic, Arabic and Hebrew in another code page: words of nothing but such letters.
		const isForeign =
			(bytes[place - 1] ?? 0) >= 0x80 && (bytes[place - 2] ?? 0) >= 0x80 && isLetter(before);
		if (isOutOfCase || isForeign) return 1;
		return RARE_LETTERS.has(character) ? RARE : 0;
	}
	if (SIGNS.has(character)) return 0;
	return DIVIDING_SIGNS.has(character) && !(isLetter(before) && isLetter(after)) ? 0 : 1;
}

function characterAt(bytes: Uint8Array, place: number, codePage: CodePage): string {
	const byte = bytes[place] ?? 0;
	return byte < 0x80 ? String.fromCharCode(byte) : CHARACTERS[codePage].charAt(byte - 0x80);
}

function isLetter(character: string): boolean {
	return /\p{L}/u.test(character);
}

function isUpper(character: string): boolean {
	return /\p{Lu}/u.test(character);
}

function isLower(character: string): boolean {
	return /\p{Ll}/u.test(character);
}

function unknownEncoding(): UnreadableFile {
	return new UnreadableFile(
		'It cannot be told how the letters of the file are written',
		"Its texts would arrive garbled. Open the list in a spreadsheet program and save it as 'CSV UTF-8' or as .xlsx.",
	);
}
