import type { DateCell } from '../table/cells';

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
