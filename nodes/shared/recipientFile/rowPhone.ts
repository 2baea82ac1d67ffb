import {
	describePhoneRefusal,
	phoneNumberOf,
	writingsIn,
	type PhoneNumber,
	type PhoneRefusal,
} from '../phone/phoneNumber';
import { cellText, phoneCell, saysNothing, type Cell } from '../table/cells';
import type { ColumnLayout } from './columnLayout';

const MAX_SHOWN_CHARACTERS = 100;

const UNCALCULATED =
	'The phone number is a formula that was saved without its result: open the file in a spreadsheet program and save it again';

/** The first of the phone columns that holds a mobile number; else why the first filled one does not. */
export function phoneOf(
	cells: readonly Cell[],
	{ phoneColumns, callingCodeColumn }: ColumnLayout,
	defaultCountry: string,
): { phoneNumber: PhoneNumber; writtenAs: string } | { reason: string; writtenAs: string } {
	const code = callingCodeColumn === undefined ? undefined : cells[callingCodeColumn];
	const callingCode = saysNothing(code) ? '' : cellText(code).trim();
	let refused: { reason: string; writtenAs: string } | undefined;
	for (const column of phoneColumns) {
		const cell = cells[column];
		const writtenAs = cellText(cell).slice(0, MAX_SHOWN_CHARACTERS);
		const counting = phoneCell(cell);
		const written = typeof counting === 'number' ? String(counting) : cellText(counting);
		const phone = phoneNumberIn({ cell: counting, written }, callingCode, defaultCountry);
		if (typeof phone === 'string') return { phoneNumber: phone, writtenAs };
		if (refused === undefined || (refused.writtenAs === '' && writtenAs !== '')) {
			refused = { ...phone, writtenAs };
		}
	}
	return refused ?? { reason: describePhoneRefusal({ ok: false, reason: 'empty' }), writtenAs: '' };
}

function phoneNumberIn(
	{ cell, written }: { cell: Cell | undefined; written: string },
	callingCode: string,
	defaultCountry: string,
): PhoneNumber | { reason: string } {
	if (typeof cell === 'object' && cell !== null) {
		if (cell.kind === 'uncalculated') return { reason: UNCALCULATED };
		return {
			reason: `The phone cell holds a date (${written}): format the column as text and type the number again`,
		};
	}
	if (callingCode !== '' && /^\s*\(?[0-9]/.test(written) && !/^\s*00/.test(written)) {
		return withCallingCode(written, callingCode);
	}
	if (typeof cell === 'number') {
		const result = phoneNumberOf(cell, defaultCountry);
		return result.ok ? result.phoneNumber : { reason: describePhoneRefusal(result) };
	}
	let refusal: PhoneRefusal | undefined;
	for (const one of writingsIn(written)) {
		const result = phoneNumberOf(one, defaultCountry);
		if (result.ok) return result.phoneNumber;
		refusal ??= result;
	}
	return { reason: describePhoneRefusal(refusal ?? { ok: false, reason: 'empty' }) };
}

/** The number with the code of its own column; a trunk zero in front goes (ITU-T E.123). */
function withCallingCode(written: string, callingCode: string): PhoneNumber | { reason: string } {
	const code = callingCode.replace(/^(?:\+|00)/, '');
	const digits = written.replace(/\D/g, '');
	for (const national of [digits.replace(/^0/, ''), digits]) {
		const result = phoneNumberOf(`+${code}${national}`, '');
		if (result.ok) return result.phoneNumber;
	}
	const whole = phoneNumberOf(`+${digits}`, '');
	if (digits.startsWith(code) && whole.ok) return whole.phoneNumber;
	return {
		reason: `With the country code +${code} of its column this is no mobile number, so correct one of them`,
	};
}
