/** What the title of a column says of phone numbers. */
export interface PhoneName {
	/** 1: a mobile; 2: any phone; 3: a fixed line, or one at home or at work. */
	level: 1 | 2 | 3;
	/** Whether it names whose or what for; otherwise it can only be the person of the row. */
	isQualified: boolean;
	/** "Numéro", "Contact": words that as often name something else. */
	isWeak: boolean;
	/** "Phone, country code first", "Phone country code": whether it is the number or the code, its cells tell. */
	isNumberOrCode: boolean;
}

const MOBILE_WORDS = new Set([
	// English and French
	'mobile',
	'gsm',
	'msisdn',
	'whatsapp',
	// English
	'cell',
	'cellphone',
	'cellular',
	'mobilephone',
	'mobilenumber',
	'mobileno',
	// French
	'portable',
	'cellulaire',
]);
const PHONE_WORDS = new Set([
	// English and French
	'telephone',
	'tel',
	// English
	'phone',
	'ph',
	'phonenumber',
	'phoneno',
	'telephonenumber',
	'telnumber',
	'telno',
	// French
	'tph',
	'numtel',
	'numerotel',
	'numerotelephone',
	// Luganda and Swahili
	'essimu',
	'simu',
]);
const WEAK_WORDS = new Set([
	// English and French
	'contact',
	// English
	'number',
	'recipient',
	// French
	'numero',
	'destinataire',
]);
const PLACE_WORDS = new Set([
	// English
	'home',
	'work',
	'office',
	'landline',
	// French
	'fixe',
	'bureau',
	'domicile',
	'maison',
]);

/** Words that say nothing of whose number it is. */
const FILLERS = new Set([
	// English and French
	'sms',
	'international',
	// English
	'the',
	'of',
	'and',
	'or',
	'no',
	'value',
	'primary',
	'main',
	'full',
	'personal',
	'what',
	'is',
	'your',
	'my',
	'please',
	'enter',
	'e',
	'g',
	// French
	'de',
	'du',
	'd',
	'des',
	'le',
	'la',
	'les',
	'l',
	'a',
	'au',
	'aux',
	'en',
	'et',
	'ou',
	'n',
	'nr',
	'num',
	'valeur',
	'principal',
	'principale',
	'complet',
	'personnel',
	'personnelle',
	'perso',
	'professionnel',
	'pro',
	'quel',
	'quelle',
	'quels',
	'est',
	'sont',
	'votre',
	'vos',
	'ton',
	'ta',
	'mon',
	'ma',
	'mes',
	'saisir',
	'saisissez',
	'indiquez',
	'entrez',
	'veuillez',
	'donnez',
	'svp',
	'merci',
	'telephonique',
	// In names that forms make of a field
	'urn',
]);
/** Beside a weak word they name a number of another kind. */
const IDENTITY_WORDS = new Set([
	// English and French
	'code',
	'reference',
	'ticket',
	'lot',
	'table',
	'national',
	// English
	'id',
	'ref',
	'identity',
	'invoice',
	'order',
	'account',
	'contract',
	'policy',
	'passport',
	'license',
	'serial',
	'registration',
	'tracking',
	'room',
	'row',
	'card',
	// French
	'facture',
	'dossier',
	'abonne',
	'cni',
	'compte',
	'commande',
	'matricule',
	'identifiant',
	'identite',
	'contrat',
	'police',
	'passeport',
	'permis',
	'licence',
	'serie',
	'immatriculation',
	'piece',
	'siret',
	'colis',
	'chambre',
	'ligne',
	'ordre',
	'rang',
	'inscription',
	'carte',
	'securite',
	'sociale',
]);
/** Beside any phone word they say that something else stands there. */
const NO_PHONE_WORDS = new Set([
	// English and French
	'fax',
	'type',
	'extension',
	'ext',
	'os',
	// English
	'label',
	'model',
	'brand',
	'operator',
	'provider',
	'network',
	'status',
	'verified',
	// French
	'libelle',
	'modele',
	'marque',
	'operateur',
	'reseau',
	'statut',
	'verifie',
]);

/** Beside a phone word they name a calling code, or a number that is written with it. */
const CODE_WORDS = new Set([
	// English and French
	'code',
	// English
	'country',
	// French
	'pays',
	'indicatif',
]);
/** What follows them says how a number is to be written, and not whose it is. */
const WRITING_WORDS = new Set([
	// English and French
	'format',
	'incl',
	'ex',
	// English
	'with',
	'without',
	'including',
	'include',
	'included',
	'starting',
	'beginning',
	'example',
	// French
	'avec',
	'sans',
	'inclus',
	'compris',
	'commencant',
	'exemple',
]);
/** Words that name a calling code, such as 237. */
const CALLING_CODE_WORDS = new Set([
	// English and French
	'isd',
	'idd',
	// English
	'prefix',
	'dial',
	'dialing',
	'dialling',
	'calling',
	// French
	'prefixe',
	'indicatif',
	'indic',
]);
/** Beside "code" they name a calling code. */
const OF_A_CALLING_CODE = new Set([
	// English and French
	'international',
	'telephone',
	'tel',
	// English
	'country',
	'phone',
	// French
	'pays',
	'telephonique',
]);

const MESSAGE_NAMES = new Set([
	// English and French
	'message',
	'msg',
	// English
	'text',
	'body',
	// French
	'texte',
	'contenu',
	'texte du sms',
]);
const MESSAGE_WORDS = new Set([
	// English and French
	'message',
	'msg',
	'sms',
	// English
	'text',
	'content',
	'body',
	'smstext',
	'messagetext',
	'textmessage',
	'smsmessage',
	// French
	'texte',
	'contenu',
	'corps',
	'textsms',
	'messagesms',
]);
/** Columns about a message, and not with one. */
const ABOUT_A_MESSAGE = new Set([
	// English and French
	'id',
	'date',
	'type',
	'cause',
	// English
	'sent',
	'status',
	'count',
	'received',
	'response',
	'answer',
	'delivery',
	'delivered',
	'report',
	'result',
	'reason',
	'error',
	'sender',
	'cost',
	'category',
	'language',
	'campaign',
	// French
	'envoye',
	'envoyee',
	'statut',
	'nombre',
	'recu',
	'erreur',
	'reponse',
	'livraison',
	'livre',
	'remis',
	'rapport',
	'resultat',
	'motif',
	'etat',
	'expediteur',
	'cout',
	'categorie',
	'langue',
	'campagne',
]);

/** Words of the lists that end in an s although they name one thing. */
const SINGULAR_IN_S = new Set(
	[
		...NO_PHONE_WORDS,
		...IDENTITY_WORDS,
		...CODE_WORDS,
		...WRITING_WORDS,
		...MESSAGE_WORDS,
		...ABOUT_A_MESSAGE,
	].filter((word) => word.endsWith('s')),
);

/** What the title of a column says. */
export interface TitleKind {
	/** Null where it names no phone numbers. */
	phone: PhoneName | null;
	/** Whether it says exactly "message", or only something like it. */
	message: 'exact' | 'similar' | null;
	/** Whether it promises calling codes, such as 237; "Pays" or "Country" alone may mean another number. */
	callingCode: 'exact' | 'country' | null;
	/** Words that tell one person or number from another: "parent" of "Tél. parent", "2" of "Tél 2". */
	whose: readonly string[];
}

export function titleKindOf(title: string): TitleKind {
	const parts = wordsOf(title);
	return {
		phone: phoneNameIn(parts),
		message: messageNameIn(parts),
		callingCode: callingCodeNameIn(parts),
		whose: parts.filter((word) => /^\d+$/.test(word) || !isPlainWord(word)),
	};
}

/** What the title says of phone numbers; null where it names something else. */
export function phoneNameOf(title: string): PhoneName | null {
	return phoneNameIn(wordsOf(title));
}

function phoneNameIn(words: readonly string[]): PhoneName | null {
	const end = words.findIndex((word) => WRITING_WORDS.has(word));
	const before = end === -1 ? null : phoneNameBy(words.slice(0, end));
	return before ?? phoneNameBy(words);
}

function phoneNameBy(parts: readonly string[]): PhoneName | null {
	if (parts.some((word) => NO_PHONE_WORDS.has(word))) return null;
	const has = (list: ReadonlySet<string>) => parts.some((word) => list.has(word));
	const [isMobile, isPhone, isPlace] = [has(MOBILE_WORDS), has(PHONE_WORDS), has(PLACE_WORDS)];
	const isTo = parts.filter((word) => !/^\d+$/.test(word)).join(' ') === 'to';
	const isWeak = !isMobile && !isPhone;
	if (isWeak && !has(WEAK_WORDS) && !isPlace && !isTo) return null;
	if (isWeak && has(IDENTITY_WORDS)) return null;
	const level = isMobile ? 1 : isPlace ? 3 : 2;
	const isQualified = !isTo && !parts.every((word) => isPlainWord(word));
	const isNumberOrCode = has(CODE_WORDS) || has(CALLING_CODE_WORDS);
	return { level, isQualified, isWeak, isNumberOrCode };
}

function isPlainWord(word: string): boolean {
	return (
		/^\d+$/.test(word) ||
		[
			MOBILE_WORDS,
			PHONE_WORDS,
			WEAK_WORDS,
			PLACE_WORDS,
			FILLERS,
			CODE_WORDS,
			CALLING_CODE_WORDS,
		].some((list) => list.has(word))
	);
}

function callingCodeNameIn(parts: readonly string[]): TitleKind['callingCode'] {
	const has = (list: ReadonlySet<string>) => parts.some((word) => list.has(word));
	if (has(CALLING_CODE_WORDS)) return 'exact';
	if (parts.includes('code')) return has(OF_A_CALLING_CODE) ? 'exact' : null;
	const said = parts.filter((word) => !FILLERS.has(word)).join(' ');
	return said === 'pays' || said === 'country' ? 'country' : null;
}

function messageNameIn(parts: readonly string[]): TitleKind['message'] {
	if (MESSAGE_NAMES.has(parts.join(' '))) return 'exact';
	const isAbout = parts.some((word) => ABOUT_A_MESSAGE.has(word));
	return !isAbout && parts.some((word) => MESSAGE_WORDS.has(word)) ? 'similar' : null;
}

/**
 * The columns that a name may mean: those of exactly that name, else those that differ in case, accents and
 * blanks only. More than one is for the caller to refuse.
 */
export function columnsWithName(titles: readonly string[], name: string): number[] {
	const wanted = name.trim();
	if (wanted === '') return [];
	const columns = [...titles.keys()];
	const exact = columns.filter((column) => titles[column]?.trim() === wanted);
	if (exact.length > 0) return exact;
	const like = plainTitle(wanted);
	return columns.filter((column) => plainTitle(titles[column] ?? '') === like);
}

function plainTitle(title: string): string {
	return plainWord(title).replace(/[’‘ʼ]/g, "'").replace(/\s+/g, ' ').trim();
}

function plainWord(title: string): string {
	return title.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** In the singular, without case and accents; names such as orderNumber are two words, and WhatsApp is one. */
function wordsOf(title: string): string[] {
	const found = title.slice(0, 200).match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? [];
	return found.flatMap((word) => {
		const whole = singular(plainWord(word));
		if (MOBILE_WORDS.has(whole) || PHONE_WORDS.has(whole)) return [whole];
		const parts = word.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(' ');
		return parts.map((part) => singular(plainWord(part)));
	});
}

function singular(word: string): string {
	const isPlural = word.length > 3 && word.endsWith('s') && !SINGULAR_IN_S.has(word);
	return isPlural ? word.slice(0, -1) : word;
}
