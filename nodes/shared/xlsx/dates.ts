import { readPart } from './xml';
import type { ZipArchive, ZipEntry } from './zip';
import type { DateCell } from '../table/cells';

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

const DAY_MS = 86_400_000;
/** 9999-12-31, the last day a spreadsheet shows. */
const LAST_DAY = 2_958_465;
/** Days between 1899-12-30 and 1904-01-01. */
const EPOCH_1904_DAYS = 1462;

/** Undefined for a number that is no date, such as a phone number in a cell formatted as one. */
export function dateCellOf(serial: number, isEpoch1904: boolean): DateCell | undefined {
	const day = serial + (isEpoch1904 ? EPOCH_1904_DAYS : 0);
	if (day < 0 || day >= LAST_DAY + 1) return undefined;
	// Excel counts a 29 February 1900 that never was: earlier days are one off.
	const shift = !isEpoch1904 && day < 60 ? 1 : 0;
	const rounded = Math.round((day + shift) * 86_400) * 1000;
	const iso = new Date(Date.UTC(1899, 11, 30) + rounded).toISOString();
	const time = rounded % 60_000 === 0 ? iso.slice(11, 16) : iso.slice(11, 19);
	if (day < 1) return { kind: 'date', text: time };
	return {
		kind: 'date',
		text: rounded % DAY_MS === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`,
	};
}
