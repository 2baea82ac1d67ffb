import { cellText, type Cell } from './cells';

/** A header cell names a column when all its words are in one vocabulary and one of them is a key word. */
const PHONE_WORDS = new Set(
	'phone phones telephone telephones tel tels mobile mobiles msisdn gsm whatsapp portable portables cell cellphone cellulaire cellular phonenumber phonenumbers mobilenumber mobilephone telephonenumber telnumber phoneno telno mobileno tphone numtel numerotel numerotelephone ph essimu simu'.split(
		' ',
	),
);
/** Also the head of a column that counts the rows, hence only where no column has a name from above. */
const PERHAPS_PHONE_WORDS = new Set('numero number contact to recipient destinataire'.split(' '));
const PHONE_FILLERS = new Set(
	'numero numeros number numbers num no n nr de du d des the of le la les l a 1 2 3 01 02 i ii principal principale primary main home work personal perso pro parent parents client customer contact guardian tuteur tutor mere pere mother father eleve student user value valeur sms international s'.split(
		' ',
	),
);
const MESSAGE_WORDS = new Set(
	'message messages msg text texte textes contenu content body corps smstext textsms messagetext textmessage messagesms smsmessage'.split(
		' ',
	),
);
const PERHAPS_MESSAGE_WORDS = new Set(['sms']);
const MESSAGE_FILLERS = new Set(
	'sms de du d des the of le la les l a to be send envoyer sent your votre 1'.split(' '),
);

/** Case, accents, spaces and punctuation do not tell column names apart. */
export function normalName(name: string): string {
	return wordsOf(name).join('');
}

/** The column whose name says "phone", the likelier name first, then the first; undefined if none does. */
export function phoneColumnIn(header: readonly Cell[]): number | undefined {
	return (
		columnNamed(header, PHONE_WORDS, PHONE_FILLERS) ??
		columnNamed(header, PERHAPS_PHONE_WORDS, PHONE_FILLERS)
	);
}

export function messageColumnIn(header: readonly Cell[]): number | undefined {
	return (
		columnNamed(header, MESSAGE_WORDS, MESSAGE_FILLERS) ??
		columnNamed(header, PERHAPS_MESSAGE_WORDS, MESSAGE_FILLERS)
	);
}

export function columnWithName(header: readonly Cell[], name: string): number | undefined {
	const wanted = normalName(name);
	const index = header.findIndex((cell) => wanted !== '' && normalName(cellText(cell)) === wanted);
	return index === -1 ? undefined : index;
}

export function columnNamesIn(header: readonly Cell[]): string[] {
	return header.map((cell) => cellText(cell).trim()).filter((name) => name !== '');
}

function columnNamed(
	header: readonly Cell[],
	keyWords: ReadonlySet<string>,
	fillers: ReadonlySet<string>,
): number | undefined {
	const index = header.findIndex((cell) => {
		if (typeof cell !== 'string') return false;
		const words = wordsOf(cell);
		return (
			words.some((word) => keyWords.has(word)) &&
			words.every((word) => keyWords.has(word) || fillers.has(word))
		);
	});
	return index === -1 ? undefined : index;
}

function wordsOf(name: string): string[] {
	const plain = name.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
	return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
