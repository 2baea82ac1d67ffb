/**
 * GSM 7 bit default alphabet, 3GPP TS 23.038 section 6.2.1, by position; 0x1B is the escape and no
 * character of its own. 0x09 is the capital Ç: ç is not in the alphabet (Unicode's GSM0338.TXT
 * differs).
 */
export const GSM7_BASIC =
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
	'¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The extension table, section 6.2.1.1: an escape and a character, two septets. */
export const GSM7_EXTENSION = '\f^{}\\[~]|€';

/** Each replacement, and the characters outside the alphabet that it stands for. */
const REPLACED: ReadonlyArray<readonly [replacement: string, characters: string]> = [
	["'", '’‘‚‛ʼʻʹ′‵`´ꞌ‹›'],
	['"', '”“„‟«»″〝〞'],
	['-', '–—‒―‐‑−⁃•‣●▪'],
	['...', '…'],
	['.', '·'],
	[' ', '\t\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'],
	['\n', '\u000b\u0085\u2028\u2029'],
	['', '\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e'],
	['', '\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff'],
	['o', 'ºɔ'],
	['a', 'ªɑ'],
	['e', 'ɛǝə'],
	['i', 'ıɨɩ'],
	['u', 'ʉʊ'],
	['b', 'ɓ'],
	['d', 'ɗđðɖ'],
	['g', 'ɠɣ'],
	['h', 'ħɦ'],
	['k', 'ƙ'],
	['l', 'ł'],
	['n', 'ŋɲ'],
	['t', 'ŧƭ'],
	['v', 'ʋ'],
	['x', '×'],
	['y', 'ƴ'],
	['z', 'ƶ'],
	['O', 'Ɔ'],
	['E', 'ƐƎƏ'],
	['I', 'ƗƖ'],
	['U', 'ɄƱ'],
	['B', 'Ɓ'],
	['D', 'ƊĐÐƉ'],
	['G', 'ƓƔ'],
	['H', 'Ħ'],
	['K', 'Ƙ'],
	['L', 'Ł'],
	['N', 'ŊƝ'],
	['T', 'ŦƬ'],
	['V', 'Ʋ'],
	['Y', 'Ƴ'],
	['Z', 'Ƶ'],
	['oe', 'œ'],
	['OE', 'Œ'],
	['th', 'þ'],
	['TH', 'Þ'],
	['fi', 'ﬁ'],
	['fl', 'ﬂ'],
	['ß', 'ẞ'],
	['No', '№'],
	['TM', '™'],
	['(c)', '©'],
	['(R)', '®'],
];

/** Replacements for characters outside the alphabet; accented letters need none, they lose the accent. */
export const GSM7_REPLACEMENTS: ReadonlyMap<string, string> = new Map(
	REPLACED.flatMap(([replacement, characters]) =>
		[...characters].map((character) => [character, replacement] as const),
	),
);
