/** Characters that nobody sees, by what Unicode calls them. */
const INVISIBLE: ReadonlyMap<string, string> = new Map([
	['\u00a0', 'no-break space'],
	['\u00ad', 'soft hyphen'],
	['\u061c', 'Arabic letter mark'],
	['\u180e', 'Mongolian vowel separator'],
	['\u2007', 'figure space'],
	['\u2009', 'thin space'],
	['\u200a', 'hair space'],
	['\u200b', 'zero-width space'],
	['\u200c', 'zero-width non-joiner'],
	['\u200d', 'zero-width joiner'],
	['\u200e', 'left-to-right mark'],
	['\u200f', 'right-to-left mark'],
	['\u2028', 'line separator'],
	['\u2029', 'paragraph separator'],
	['\u202a', 'left-to-right embedding'],
	['\u202b', 'right-to-left embedding'],
	['\u202c', 'pop directional formatting'],
	['\u202d', 'left-to-right override'],
	['\u202e', 'right-to-left override'],
	['\u202f', 'narrow no-break space'],
	['\u2060', 'word joiner'],
	['\u2066', 'left-to-right isolate'],
	['\u2067', 'right-to-left isolate'],
	['\u2068', 'first strong isolate'],
	['\u2069', 'pop directional isolate'],
	['\ufe0f', 'variation selector 16'],
	['\ufeff', 'byte order mark'],
	['\t', 'tab'],
]);

/** A character as messages show it: itself, or its name where it cannot be seen. */
export function shownCharacter(character: string): string {
	const name = INVISIBLE.get(character);
	if (name !== undefined) return `'${name}'`;
	if (/^[\p{Z}\p{C}\p{M}]/u.test(character)) {
		const code = character.codePointAt(0) ?? 0;
		return `'U+${code.toString(16).toUpperCase().padStart(4, '0')}'`;
	}
	return `'${character}'`;
}
