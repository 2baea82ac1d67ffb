import { cellText, type Cell } from '../table/cells';
import { describePhoneRefusal, phoneNumberOf, type PhoneNumber } from './phoneNumber';

const UNCALCULATED =
	'The phone number is a formula that was saved without its result: open the file in a spreadsheet program and save it again';

/** The number in a cell of a file, or the reason why there is none, as a sentence. */
export function phoneNumberInCell(
	cell: Cell | undefined,
	defaultCountry: string,
): PhoneNumber | { reason: string } {
	if (typeof cell === 'object' && cell !== null) {
		if (cell.kind === 'uncalculated') return { reason: UNCALCULATED };
		return {
			reason: `The phone cell holds a date (${cell.text}): format the column as text and type the number again`,
		};
	}
	const written = typeof cell === 'number' ? cell : cellText(cell);
	const result = phoneNumberOf(written, defaultCountry);
	return result.ok ? result.phoneNumber : { reason: describePhoneRefusal(result) };
}
