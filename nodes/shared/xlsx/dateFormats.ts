import { readPart } from './xmlPart';
import type { ZipArchive } from './zipArchive';
import type { ZipEntry } from './zipDirectory';

/** Formats 14 to 22 and 45 to 47 are dates everywhere; the rest are dates in East Asian editions (18.8.30). */
const BUILT_IN_DATE_FORMATS: ReadonlyArray<readonly [number, number]> = [
	[14, 22],
	[27, 36],
	[45, 47],
	[50, 58],
];

/** For every cell format of the workbook, by index: does it show a number as a date? */
export async function readDateFormats(
	zip: ZipArchive,
	entry: ZipEntry | undefined,
): Promise<boolean[]> {
	const isDateStyle: boolean[] = [];
	if (entry === undefined) return isDateStyle;
	const isDateFormat = new Map<number, boolean>();
	let isCellFormats = false;
	await readPart(zip, entry, (reader) => ({
		open(name, getAttributes) {
			if (name === 'cellXfs') isCellFormats = true;
			else if (name === 'numFmt') {
				const { numFmtId, formatCode } = getAttributes();
				isDateFormat.set(Number(numFmtId), showsDate(reader.decodeEntities(formatCode ?? '')));
			} else if (name === 'xf' && isCellFormats) {
				const format = Number(getAttributes().numFmtId ?? 0);
				isDateStyle.push(isDateFormat.get(format) ?? isBuiltInDate(format));
			}
		},
		close(name) {
			if (name === 'cellXfs') isCellFormats = false;
		},
	}));
	return isDateStyle;
}

function isBuiltInDate(format: number): boolean {
	return BUILT_IN_DATE_FORMATS.some(([first, last]) => format >= first && format <= last);
}

/** A format code shows a date when d, m, y, h or s stand outside quotes, escapes and colour or currency brackets. */
function showsDate(code: string): boolean {
	const shown = code
		.replace(/"[^"]*"|[\\_*]./g, '')
		.replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
		.replace(/General/gi, '');
	return /[dmyhs]/i.test(shown);
}
