import { cellText, isBlank, type Cell } from './cells';

/** Marks that programs leave for nothing, exactly so written, and error cells as a CSV shows them. */
const NOTHING = new Set([
	'NULL',
	'null',
	'\\N',
	'nan',
	'NaN',
	'None',
	'undefined',
	'[object Object]',
	'Loading...',
	'#N/A',
	'#REF!',
	'#VALUE!',
	'#DIV/0!',
	'#NAME?',
	'#NULL!',
	'#NUM!',
	'#NOM?',
	'#VALEUR!',
]);

const YES_NO = new Set('yes no oui non true false vrai faux present présent absent'.split(' '));
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}[:h]\d{2}.*)?$/;
const HAS_LETTER = /\p{L}/u;
const ID = /^(?=.*\d)[\p{L}\d_/.#-]{1,40}$/u;

/** Whether the cell is empty, or says that there is nothing. */
export function saysNothing(cell: Cell | undefined): boolean {
	return isBlank(cell) || (typeof cell === 'string' && NOTHING.has(cell.trim()));
}

/** Whether the cell reads like a text for a person: no number, date, yes or no, and no id. */
export function isText(cell: Cell | undefined): boolean {
	if (typeof cell !== 'string' || saysNothing(cell)) return false;
	const text = cellText(cell).trim();
	if (YES_NO.has(text.toLowerCase()) || DATE.test(text)) return false;
	return HAS_LETTER.test(text) && !ID.test(text);
}
