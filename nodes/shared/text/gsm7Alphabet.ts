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

/** Replacements for characters outside the alphabet; accented letters need none, they lose the accent. */
export const GSM7_REPLACEMENTS: ReadonlyMap<string, string> = new Map([
	...pairs("'", '’‘‚‛ʼʻʹ′‵`´ꞌ‹›'),
	...pairs('"', '”“„‟«»″〝〞'),
	...pairs('-', '–—‒―‐‑−⁃•‣●▪'),
	...pairs('...', '…'),
	...pairs('.', '·'),
	...pairs(
		' ',
		'\t\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
	),
	...pairs('\n', '\u000b\u0085\u2028\u2029'),
	...pairs('', '\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e'),
	...pairs('', '\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff'),
	...pairs('o', 'ºɔ'),
	...pairs('a', 'ªɑ'),
	...pairs('e', 'ɛǝə'),
	...pairs('i', 'ıɨɩ'),
	...pairs('u', 'ʉʊ'),
	...pairs('b', 'ɓ'),
	...pairs('d', 'ɗđðɖ'),
	...pairs('g', 'ɠɣ'),
	...pairs('h', 'ħɦ'),
	...pairs('k', 'ƙ'),
	...pairs('l', 'ł'),
	...pairs('n', 'ŋɲ'),
	...pairs('t', 'ŧƭ'),
	...pairs('v', 'ʋ'),
	...pairs('x', '×'),
	...pairs('y', 'ƴ'),
	...pairs('z', 'ƶ'),
	...pairs('O', 'Ɔ'),
	...pairs('E', 'ƐƎƏ'),
	...pairs('I', 'ƗƖ'),
	...pairs('U', 'ɄƱ'),
	...pairs('B', 'Ɓ'),
	...pairs('D', 'ƊĐÐƉ'),
	...pairs('G', 'ƓƔ'),
	...pairs('H', 'Ħ'),
	...pairs('K', 'Ƙ'),
	...pairs('L', 'Ł'),
	...pairs('N', 'ŊƝ'),
	...pairs('T', 'ŦƬ'),
	...pairs('V', 'Ʋ'),
	...pairs('Y', 'Ƴ'),
	...pairs('Z', 'Ƶ'),
	...pairs('oe', 'œ'),
	...pairs('OE', 'Œ'),
	...pairs('th', 'þ'),
	...pairs('TH', 'Þ'),
	...pairs('fi', 'ﬁ'),
	...pairs('fl', 'ﬂ'),
	...pairs('ß', 'ẞ'),
	...pairs('No', '№'),
	...pairs('TM', '™'),
	...pairs('(c)', '©'),
	...pairs('(R)', '®'),
]);

function pairs(replacement: string, characters: string): Array<[string, string]> {
	return [...characters].map((character) => [character, replacement]);
}
