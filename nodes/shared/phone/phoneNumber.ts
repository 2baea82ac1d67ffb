import {
	getCountries,
	getCountryCallingCode,
	isSupportedCountry,
	parsePhoneNumberFromString,
	validatePhoneNumberLength,
	type CountryCode,
} from 'libphonenumber-js/mobile';

import type { PhoneNumber, PhoneRefusal, PhoneRefusalReason, PhoneResult } from './phoneResult';
import { readPhoneWriting, type PhoneWriting } from './phoneWriting';

interface NumberingPlan {
	country: CountryCode;
	callingCode: string;
	trunkPrefix: string;
	nationalLength: number;
	notMobile: RegExp;
}

/** Fixed lines and services, from the numbering plans behind libphonenumber's metadata. */
const PLANS: readonly NumberingPlan[] = [
	{
		country: 'CM',
		callingCode: '237',
		trunkPrefix: '',
		nationalLength: 9,
		notMobile: /^(?:(?:222|233)\d{6}|88\d{6,7})$/,
	},
	{
		country: 'UG',
		callingCode: '256',
		trunkPrefix: '0',
		nationalLength: 9,
		notMobile: /^(?:[234]\d|80|90)\d{7}$/,
	},
];

/** Operators open ranges before the library's metadata lists them (CM 645…, UG 0733…, 0796…). */
const MOBILE_HERE = /^\+(?:2376|2567)\d{8}$/;
/** Cameroon went from 8 to 9 digits on 21 November 2014; mobile numbers got a 6 in front (ITU notice). */
const CM_BEFORE_2014 = /^[79]\d{7}$/;
const SHORTEST_BARE_INTERNATIONAL = 11;

function refusalFor(reason: PhoneRefusalReason, suggestion?: PhoneNumber): PhoneRefusal {
	return suggestion === undefined ? { ok: false, reason } : { ok: false, reason, suggestion };
}

function planOf(country: CountryCode | undefined): NumberingPlan | undefined {
	return PLANS.find((plan) => plan.country === country);
}

function countryOf(written: string): CountryCode | undefined {
	if (written.length !== 2) return undefined;
	const country = written.toUpperCase();
	return isSupportedCountry(country) ? country : undefined;
}

/** ISO 3166-1 alpha-2, in any case, of a country with telephones. */
export function isCountryCode(written: string): boolean {
	return countryOf(written) !== undefined;
}

/** No mobile number is shorter anywhere; the library makes an Error of each, which a bad file pays for. */
const SHORTEST_MOBILE_DIGITS = 5;

function mobileOf(digits: string, country?: CountryCode): PhoneNumber | undefined {
	if (digits.length < SHORTEST_MOBILE_DIGITS) return undefined;
	const parsed = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
	if (!parsed) return undefined;
	// Numbers of services that belong to no country (+800, +979); of these only satellite telephones are mobiles.
	if (parsed.isNonGeographic() && parsed.getType() !== 'MOBILE') return undefined;
	const e164: string = parsed.number;
	return parsed.isValid() || MOBILE_HERE.test(e164) ? (e164 as PhoneNumber) : undefined;
}

/**
 * A number without plus is read as international only when it cannot be a national number with one
 * or two digits too many: `61412345678` under CM may be either.
 */
function bareInternationalOf(digits: string, country?: CountryCode): PhoneNumber | undefined {
	if (digits.length < SHORTEST_BARE_INTERNATIONAL || digits.startsWith('0')) return undefined;
	const isNationalWithMore =
		country && (mobileOf(digits.slice(0, -1), country) ?? mobileOf(digits.slice(0, -2), country));
	return isNationalWithMore ? undefined : mobileOf(`+${digits}`);
}

function numberIn(digits: string, hasPlus: boolean, country?: CountryCode) {
	const isWrittenFromAbroad = digits.startsWith('00');
	const abroad = () => mobileOf(`+${digits.replace(/^00+/, '')}`);
	const national = () => (country ? mobileOf(digits, country) : undefined);
	if (hasPlus) return abroad();
	// The library's prefixes for Uganda are 000, 005 and 007; people write 00 like everywhere else.
	if (isWrittenFromAbroad && (!country || planOf(country))) return abroad();
	if (isWrittenFromAbroad) return national() ?? abroad();
	return national() ?? bareInternationalOf(digits, country);
}

function planRefusal(national: string, plan: NumberingPlan): PhoneRefusal {
	if (plan.country === 'CM') {
		const mobile = (digits: string) => mobileOf(`+237${digits}`);
		if (CM_BEFORE_2014.test(national))
			return refusalFor('legacyEightDigits', mobile(`6${national}`));
		if (/^06\d{8}$/.test(national)) {
			return refusalFor('ambiguousLeadingZero', mobile(national.slice(1)));
		}
	}
	const significant = national.startsWith(plan.trunkPrefix)
		? national.slice(plan.trunkPrefix.length)
		: national;
	if (plan.notMobile.test(significant)) return refusalFor('notMobile');
	if (significant.length < plan.nationalLength) return refusalFor('tooShort');
	return refusalFor(significant.length > plan.nationalLength ? 'tooLong' : 'notAMobileRange');
}

function libraryRefusal(digits: string, country?: CountryCode): PhoneRefusal {
	switch (validatePhoneNumberLength(digits, country)) {
		case 'TOO_SHORT':
		case 'INVALID_LENGTH':
			// The code of one digit (+1, +7) is rather the first digit of a number without its code.
			return refusalFor(/^\+[17]/.test(digits) ? 'notANumber' : 'tooShort');
		case 'TOO_LONG':
			return refusalFor('tooLong');
		case 'NOT_A_NUMBER':
		case 'INVALID_COUNTRY':
			return refusalFor('notANumber');
		default:
			return refusalFor('notAMobileRange');
	}
}

function internationalRefusal(digits: string, hasPlus: boolean, country?: CountryCode) {
	const significant = digits.replace(/^0+/, '');
	const suggestion = country && mobileOf(significant, country);
	if (suggestion) return refusalFor('plusWithoutCountryCode', suggestion);
	if (hasPlus && digits.startsWith('0')) return refusalFor('notANumber');
	const plan = PLANS.find(({ callingCode }) => significant.startsWith(callingCode));
	if (plan) return planRefusal(significant.slice(plan.callingCode.length), plan);
	return libraryRefusal(`+${significant}`);
}

function nationalRefusal(digits: string, country?: CountryCode): PhoneRefusal {
	const coded = PLANS.find(({ callingCode }) => digits.startsWith(callingCode));
	if (coded && digits.length > coded.nationalLength) {
		return planRefusal(digits.slice(coded.callingCode.length), coded);
	}
	const plan = planOf(country);
	if (!plan) return country ? libraryRefusal(digits, country) : refusalFor('withoutCountryCode');
	const refusal = planRefusal(digits, plan);
	const mayBeInternational =
		digits.length >= SHORTEST_BARE_INTERNATIONAL && !digits.startsWith('0');
	return mayBeInternational ? refusalFor(refusal.reason, mobileOf(`+${digits}`)) : refusal;
}

function refusalOf(digits: string, hasPlus: boolean, country?: CountryCode): PhoneRefusal {
	if (/^0*$/.test(digits)) return refusalFor('notANumber');
	return hasPlus || digits.startsWith('00')
		? internationalRefusal(digits, hasPlus, country)
		: nationalRefusal(digits, country);
}

function compactOf(writing: PhoneWriting): string | undefined {
	if (!writing.ok) return undefined;
	return writing.hasPlus ? `+${writing.digits}` : writing.digits;
}

function numberMeant(writing: PhoneWriting, country?: CountryCode): PhoneResult {
	if (!writing.ok) return refusalFor(writing.reason);
	const { digits, digitsWithOptionalZero, hasPlus } = writing;
	const phoneNumber = numberIn(digits, hasPlus, country);
	const other = digitsWithOptionalZero && numberIn(digitsWithOptionalZero, hasPlus, country);
	if (phoneNumber && other && phoneNumber !== other) return refusalFor('ambiguousLeadingZero');
	const found = phoneNumber ?? (other || undefined);
	return found ? { ok: true, phoneNumber: found } : refusalOf(digits, hasPlus, country);
}

function judge(writing: PhoneWriting, defaultCountry: string): PhoneResult {
	const country = countryOf(defaultCountry);
	const result = numberMeant(writing, country);
	if (result.ok || writing.ok || writing.alternative === undefined) return result;
	const alternative = numberMeant(readPhoneWriting(writing.alternative), country);
	return refusalFor(result.reason, alternative.ok ? alternative.phoneNumber : undefined);
}

/** The same answer as {@link phoneNumberOf} by way of libphonenumber alone; its judge in tests. */
export function phoneNumberByLibrary(written: unknown, defaultCountry: string): PhoneResult {
	return judge(readPhoneWriting(written), defaultCountry);
}

/**
 * The mobile number in E.164 that a person wrote in a text, or that a number cell holds. Numbers
 * without country code belong to `defaultCountry` (ISO 3166-1 alpha-2; unknown codes mean none).
 * Never throws and never guesses: what can be read in two ways is refused with a suggestion.
 */
export function phoneNumberOf(written: unknown, defaultCountry: string): PhoneResult {
	const common = commonMobileOf(written, defaultCountry);
	if (common !== undefined) return { ok: true, phoneNumber: common as PhoneNumber };
	const writing = readPhoneWriting(written);
	const cleaned = commonMobileOf(compactOf(writing), defaultCountry);
	if (cleaned !== undefined) return { ok: true, phoneNumber: cleaned as PhoneNumber };
	return judge(writing, defaultCountry);
}

/** Google writes the several numbers of one contact into one cell. */
export function writingsIn(text: string): string[] {
	return text.includes(' ::: ') ? text.split(' ::: ') : [text];
}

interface CommonShapes {
	own: RegExp;
	ownCallingCode: string;
	neighbour: RegExp;
	neighbourCallingCode: string;
}

const CM: CommonShapes = {
	own: /^(?:(?:\+|00)?237)?6\d{8}$/,
	ownCallingCode: '+237',
	neighbour: /^(?:\+|00)?2567\d{8}$/,
	neighbourCallingCode: '+256',
};
const UG: CommonShapes = {
	own: /^(?:(?:\+|00)?256|0)?7\d{8}$/,
	ownCallingCode: '+256',
	neighbour: /^(?:\+|00)?2376\d{8}$/,
	neighbourCallingCode: '+237',
};
/** In both countries. */
const NATIONAL_DIGITS = 9;

const DIGITS_WITH_SPACES_AND_DASHES = /^\+?\d[\d -]{8,24}$/;

function shapesOf(country: string): CommonShapes | undefined {
	if (country === 'CM') return CM;
	return country === 'UG' ? UG : undefined;
}

/**
 * E.164 of the writings that most lists consist of, found without the library; `undefined` means
 * that the library must decide. Both agree on every number; this is about fifty times faster.
 */
function commonMobileOf(written: unknown, country: string): string | undefined {
	const shapes = shapesOf(country);
	if (!shapes) return undefined;
	const text = typeof written === 'number' ? String(written) : written;
	if (typeof text !== 'string' || !DIGITS_WITH_SPACES_AND_DASHES.test(text)) return undefined;
	const compact = text.replace(/[ -]/g, '');
	if (shapes.own.test(compact)) return international(shapes.ownCallingCode, compact);
	if (shapes.neighbour.test(compact)) return international(shapes.neighbourCallingCode, compact);
	return undefined;
}

/** Joined to one whole string: `+` would leave one that refers to its parts, and lists have many thousands. */
function international(callingCode: string, compact: string): string {
	return [callingCode, compact.slice(-NATIONAL_DIGITS)].join('');
}

/** Made when the first column is asked. */
let callingCodes: ReadonlySet<string> | undefined;

/** Whether a country has this calling code; with or without the sign of one in front. */
export function isCallingCode(written: string): boolean {
	callingCodes ??= new Set(getCountries().map((country) => getCountryCallingCode(country)));
	return callingCodes.has(written.replace(/^(?:\+|00)/, ''));
}
