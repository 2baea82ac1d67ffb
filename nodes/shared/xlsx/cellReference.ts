import { damagedWorkbook } from '../table/unreadableFile';

/** The column of a reference, 0-based: 'B7' -> 1. Throws UnreadableFile where it is none. */
export function columnOf(reference: string): number {
	let column = 0;
	let index = 0;
	for (; index < reference.length; index++) {
		const letter = (reference.charCodeAt(index) & ~32) - 64;
		if (!(letter >= 1 && letter <= 26) || index > 2) break;
		column = column * 26 + letter;
	}
	const digit = reference.charCodeAt(index);
	if (index === 0 || !(digit >= 49 && digit <= 57)) {
		throw damagedWorkbook(`a cell is called "${reference.slice(0, 20)}"`);
	}
	return column - 1;
}
