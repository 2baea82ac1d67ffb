import { damagedWorkbook, type UnreadableFile } from '../table/unreadableFile';
import { MAX_PART_BYTES, readPart, type XmlHandlers } from './xml';
import type { ZipArchive, ZipEntry } from './zip';

/** The format's own limit (ECMA-376: "total number of characters that a cell can contain"). */
const MAX_CELL_CHARACTERS = 32_767;

/** The texts that cells refer to by number. */
export async function readSharedStrings(
	zip: ZipArchive,
	entry: ZipEntry | undefined,
	pause: () => Promise<void>,
): Promise<string[]> {
	const strings: string[] = [];
	if (entry === undefined) return strings;
	let text = '';
	let isText = false;
	let isPhonetic = false;
	const handlers: Partial<XmlHandlers> = {
		open(name) {
			if (name === 'si') text = '';
			else if (name === 't') isText = !isPhonetic;
			else if (name === 'rPh') isPhonetic = true;
		},
		text(piece) {
			if (isText) text += piece;
		},
		close(name) {
			if (name === 't') isText = false;
			else if (name === 'rPh') isPhonetic = false;
			else if (name === 'si') strings.push(cellString(text));
		},
	};
	await readPart(zip, entry, () => handlers, MAX_PART_BYTES, pause);
	return strings;
}

/** '' for a blank cell. `_x000D_` in the file stands for the character U+000D (ECMA-376, 22.9.2.19, ST_Xstring). */
export function cellString(written: string): string {
	if (written.length > MAX_CELL_CHARACTERS * 7) throw tooLong();
	const text = written.includes('_x')
		? written.replace(/_x([0-9a-f]{4})_/gi, (_whole, hex: string) =>
				String.fromCharCode(parseInt(hex, 16)),
			)
		: written;
	if (text.length > MAX_CELL_CHARACTERS) throw tooLong();
	return text.trim() === '' ? '' : text;
}

function tooLong(): UnreadableFile {
	return damagedWorkbook(`a cell holds more than ${MAX_CELL_CHARACTERS} characters`);
}
