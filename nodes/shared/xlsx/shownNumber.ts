import { addLocale, format, isDateFormat } from 'numfmt';

import type { Cell } from '../table/cells';
import { dayOf, noDate } from './numberFormats';

/** Numbers as spreadsheets show them, but for the grouping, which is a blank in every language. */
const LOCALE = 'en-ZZ';
addLocale({ group: ' ', decimal: '.' }, LOCALE);

/** No-break, thin and narrow blanks, which GSM-7 lacks. */
const OTHER_BLANKS = /[\u00a0\u2009\u202f]/g;

/** A number cell as its format code shows it; its text is null where the code is not understood. */
export function shownNumber(value: number, code: string, isEpoch1904: boolean): Cell {
	try {
		const isDate = isDateFormat(code);
		const day = dayOf(value, isEpoch1904);
		if (isDate && day === undefined) return noDate(value);
		const shown = format(code, isDate ? day : value, { locale: LOCALE, nbsp: false, throws: true });
		const text = shown.replace(OTHER_BLANKS, ' ').trim();
		if (isDate) return { kind: 'date', text };
		return text === String(value) ? value : { kind: 'number', value, text };
	} catch {
		return { kind: 'number', value, text: null };
	}
}
