import { phoneNumberOf, writingsIn } from '../phone/phoneNumber';
import { describePhoneRefusal, type PhoneNumber, type PhoneRefusal } from '../phone/phoneResult';
import {
	cellText,
	phoneCell,
	saidBy,
	type Cell,
	type DateCell,
	type ShownNumber,
	type UncalculatedCell,
} from '../table/cells';
import type { ColumnLayout } from './columnLayout';

const MAX_SHOWN_CHARACTERS = 100;

const NO_CODES: ReadonlySet<string> = new Set();

const SEVERAL_CODES =
	'The row has several country codes, so which one belongs to the number is not certain: write it in front of the number, with a +';
const NOT_CALCULATED =
	'The phone number is a formula that was saved without its result: open the file in a spreadsheet program and save it again';

/** A phone cell that was read; `writtenAs` as in the file. */
type RowPhone =
	{ phoneNumber: PhoneNumber; writtenAs: string } | { reason: string; writtenAs: string };

/** The first of the phone columns that holds a mobile number; else why the first filled one does not. */
export function phoneOf(
	cells: readonly Cell[],
	{ phoneColumns, callingCodeColumns }: ColumnLayout,
	defaultCountry: string,
): RowPhone {
	let refused: RowPhone | undefined;
	for (const column of phoneColumns) {
		const codeColumns = callingCodeColumns.get(column) ?? [];
		const codes = codeColumns.length === 0 ? NO_CODES : codesIn(cells, codeColumns);
		const phone = phoneIn(cells[column], codes, defaultCountry);
		if ('phoneNumber' in phone) return phone;
		if (refused === undefined || (refused.writtenAs === '' && phone.writtenAs !== '')) {
			refused = phone;
		}
	}
	return refused ?? { reason: describePhoneRefusal({ ok: false, reason: 'empty' }), writtenAs: '' };
}

function codesIn(cells: readonly Cell[], columns: readonly number[]): ReadonlySet<string> {
	const codes = columns.map((column) => saidBy(cells[column]).trim());
	return new Set(codes.filter((code) => code !== '').map((code) => code.replace(/^(?:\+|00)/, '')));
}

function phoneIn(
	cell: Cell | undefined,
	callingCodes: ReadonlySet<string>,
	defaultCountry: string,
): RowPhone {
	const writtenAs = cellText(cell).slice(0, MAX_SHOWN_CHARACTERS);
	const counting = phoneCell(cell);
	if (typeof counting === 'object' && counting !== null) {
		return { reason: noPhone(counting), writtenAs };
	}
	const written = typeof counting === 'number' ? String(counting) : cellText(counting);
	if (callingCodes.size > 0 && /^\s*\(?[0-9]/.test(written) && !/^\s*00/.test(written)) {
		const [code = '', ...others] = callingCodes;
		if (others.length > 0) return { reason: SEVERAL_CODES, writtenAs };
		return { ...withCallingCode(written, code), writtenAs };
	}
	let refusal: PhoneRefusal | undefined;
	for (const one of typeof counting === 'number' ? [counting] : writingsIn(written)) {
		const result = phoneNumberOf(one, defaultCountry);
		if (result.ok) return { phoneNumber: result.phoneNumber, writtenAs };
		refusal ??= result;
	}
	return { reason: describePhoneRefusal(refusal ?? { ok: false, reason: 'empty' }), writtenAs };
}

function noPhone(cell: DateCell | ShownNumber | UncalculatedCell): string {
	if (cell.kind === 'uncalculated') return NOT_CALCULATED;
	return `The phone cell holds a date (${cellText(cell)}): format the column as text and type the number again`;
}

/** The number with the code of its own column; a trunk zero in front goes (ITU-T E.123). */
function withCallingCode(
	written: string,
	code: string,
): { phoneNumber: PhoneNumber } | { reason: string } {
	const digits = written.replace(/\D/g, '');
	for (const national of [digits.replace(/^0/, ''), digits]) {
		const result = phoneNumberOf(`+${code}${national}`, '');
		if (result.ok) return { phoneNumber: result.phoneNumber };
	}
	const whole = phoneNumberOf(`+${digits}`, '');
	if (digits.startsWith(code) && whole.ok) return { phoneNumber: whole.phoneNumber };
	return {
		reason: `With the country code +${code} of its column this is no mobile number, so correct one of them`,
	};
}
