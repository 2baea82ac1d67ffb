/** A phone number in E.164 (`+237677123456`); only `phoneNumber.ts` makes one. */
export type PhoneNumber = string & { readonly __brand: 'PhoneNumber' };

/** Why a writing is not taken as a number that can be texted. */
export type PhoneRefusalReason =
	| 'empty'
	| 'notANumber'
	| 'letters'
	| 'badCharacter'
	| 'formula'
	| 'severalNumbers'
	| 'twoPlusSigns'
	| 'precisionLost'
	| 'tooShort'
	| 'tooLong'
	| 'notMobile'
	| 'notAMobileRange'
	| 'legacyEightDigits'
	| 'ambiguousLeadingZero'
	| 'plusWithoutCountryCode'
	| 'withoutCountryCode';

export interface PhoneRefusal {
	ok: false;
	reason: PhoneRefusalReason;
	suggestion?: PhoneNumber;
}

/** The number, or the reason why not, with the number that was probably meant where one can be named. */
export type PhoneResult = { ok: true; phoneNumber: PhoneNumber } | PhoneRefusal;

const SENTENCES: Record<PhoneRefusalReason, string> = {
	empty: 'There is no phone number here, so write one',
	notANumber: 'This is not a phone number, so write the whole number with its country code',
	letters: 'There are letters in the phone number, so write it with digits only',
	badCharacter:
		'There is a character that does not belong in a phone number, so use only digits, spaces and a + in front',
	formula: 'This starts with = like a spreadsheet formula, so write the number as text without it',
	severalNumbers: 'There are several numbers in one place, so give each number a place of its own',
	twoPlusSigns: 'There is more than one + or it is not in front, so write the country code once',
	precisionLost:
		'The spreadsheet has rounded this number and digits are lost, so format the column as text and type it again',
	tooShort: 'The number is too short, so check whether digits are missing',
	tooLong: 'The number is too long, so check whether there are digits too many',
	notMobile: 'This is not a mobile number and cannot receive texts, so use a mobile number',
	notAMobileRange:
		'No mobile number starts like this in its country, so check the digits or add the country code',
	legacyEightDigits:
		'This is a Cameroonian number from before 2014 with 8 digits, so write it with 9 digits',
	ambiguousLeadingZero:
		'The 0 in front of this number can be read in two ways, so write the number with its country code',
	plusWithoutCountryCode:
		'There is a + or 00 in front but no country code after it, so add the country code',
	withoutCountryCode: 'The number has no country code, so write it with + and the country code',
};

/** One sentence, without final period, for the person who can mend the list: what is wrong and what to do. */
export function describePhoneRefusal({ reason, suggestion }: PhoneRefusal): string {
	const sentence = SENTENCES[reason];
	return suggestion === undefined ? sentence : `${sentence}. Did you mean ${suggestion}?`;
}
