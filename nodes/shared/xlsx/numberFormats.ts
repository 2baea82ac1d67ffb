import type { DateCell, ShownNumber } from '../table/cells';
import { readPart } from './xml';
import type { ZipArchive, ZipEntry } from './zip';

/**
 * How a cell shows its number: null as it is, 'date' as a date whose order is left to the reader's computer,
 * else by this format code.
 */
export type NumberFormat = string | 'date' | null;

/** The codes that files do not write down, because their numbers say them (ECMA-376, 18.8.30). */
const BUILT_IN_CODES = new Map([
	[1, '0'],
	[2, '0.00'],
	[3, '#,##0'],
	[4, '#,##0.00'],
	[9, '0%'],
	[10, '0.00%'],
	[11, '0.00E+00'],
	[12, '# ?/?'],
	[13, '# ??/??'],
	[37, '#,##0 ;(#,##0)'],
	[38, '#,##0 ;(#,##0)'],
	[39, '#,##0.00;(#,##0.00)'],
	[40, '#,##0.00;(#,##0.00)'],
	[45, 'mm:ss'],
	[46, '[h]:mm:ss'],
	[47, 'mmss.0'],
	[48, '##0.0E+0'],
]);

/** Dates in the order of the reader's computer; the later ones in East Asian editions (18.8.30). */
const BUILT_IN_DATES: ReadonlyArray<readonly [number, number]> = [
	[14, 22],
	[27, 36],
	[50, 58],
];

/** What a number shows without any format. */
const PLAIN = /^(?:General|@|)$/i;
/** "System long date" and "system time": their order is that of the reader's computer, too. */
const SYSTEM_DATE = /^\[\$-(?:x-sysdate|x-systime|F800|F400)\]/i;

/** For every cell format of the workbook, by index. */
export async function readNumberFormats(
	zip: ZipArchive,
	entry: ZipEntry | undefined,
): Promise<NumberFormat[]> {
	const formats: NumberFormat[] = [];
	if (entry === undefined) return formats;
	const ownFormats = new Map<number, NumberFormat>();
	let isCellFormats = false;
	await readPart(zip, entry, (reader) => ({
		open(name, getAttributes) {
			if (name === 'cellXfs') isCellFormats = true;
			else if (name === 'numFmt') {
				const { numFmtId, formatCode } = getAttributes();
				ownFormats.set(Number(numFmtId), formatOf(reader.decodeEntities(formatCode ?? '')));
			} else if (name === 'xf' && isCellFormats) {
				const id = Number(getAttributes().numFmtId ?? 0);
				formats.push(isBuiltInDate(id) ? 'date' : (ownFormats.get(id) ?? builtIn(id)));
			}
		},
		close(name) {
			if (name === 'cellXfs') isCellFormats = false;
		},
	}));
	return formats;
}

function formatOf(code: string): NumberFormat {
	if (PLAIN.test(code)) return null;
	return SYSTEM_DATE.test(code) ? 'date' : code;
}

function builtIn(id: number): NumberFormat {
	return BUILT_IN_CODES.get(id) ?? null;
}

function isBuiltInDate(id: number): boolean {
	return BUILT_IN_DATES.some(([first, last]) => id >= first && id <= last);
}

const DAY_MS = 86_400_000;
/** 9999-12-31, the last day a spreadsheet shows. */
const LAST_DAY = 2_958_465;
/** Days between 1899-12-30 and 1904-01-01. */
const EPOCH_1904_DAYS = 1462;

/** The day as counted from 1899-12-30; undefined for a number that is no date. */
export function dayOf(serial: number, isEpoch1904: boolean): number | undefined {
	const day = serial + (isEpoch1904 ? EPOCH_1904_DAYS : 0);
	return day < 0 || day >= LAST_DAY + 1 ? undefined : day;
}

/** Undefined for a number that is no date, such as a phone number in a cell formatted as one. */
export function dateCellOf(serial: number, isEpoch1904: boolean): DateCell | undefined {
	const day = dayOf(serial, isEpoch1904);
	if (day === undefined) return undefined;
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

/** A number that is no day, in a cell formatted as a date: a phone number counts, and no text shows it. */
export function noDate(value: number): ShownNumber {
	return { kind: 'number', value, text: null };
}
