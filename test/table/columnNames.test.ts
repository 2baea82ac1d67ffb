import ts from 'typescript';

import { titleKindOf } from '../../nodes/shared/table/columnNames';
import { packageSources } from '../helpers/sourceFiles';

/** The word lists of the file, by name. */
function wordLists(): Map<string, string[]> {
	const [source] = packageSources().filter(({ file }) => file.endsWith('/columnNames.ts'));
	const parsed = ts.createSourceFile('', source?.text ?? '', ts.ScriptTarget.ES2022, true);
	const lists = new Map<string, string[]>();
	for (const statement of parsed.statements.filter((one) => ts.isVariableStatement(one))) {
		for (const { name, initializer } of statement.declarationList.declarations) {
			if (!initializer || !ts.isNewExpression(initializer)) continue;
			const [list] = initializer.arguments ?? [];
			if (!list || !ts.isArrayLiteralExpression(list)) continue;
			const words = list.elements.filter((element) => ts.isStringLiteral(element));
			lists.set(
				name.getText(),
				words.map(({ text }) => text),
			);
		}
	}
	return lists;
}

/** For each list a title with the word in it, and what has to be said of that. */
const effects: Record<string, (word: string) => boolean> = {
	MOBILE_WORDS: (word) => titleKindOf(word).phone?.level === 1,
	PHONE_WORDS: (word) => titleKindOf(word).phone?.isWeak === false,
	WEAK_WORDS: (word) => titleKindOf(word).phone?.isWeak === true,
	PLACE_WORDS: (word) => titleKindOf(`phone ${word}`).phone?.level === 3,
	FILLERS: (word) => titleKindOf(`phone ${word}`).phone?.isQualified === false,
	IDENTITY_WORDS: (word) => titleKindOf(`number ${word}`).phone === null,
	CODE_WORDS: (word) => titleKindOf(`phone ${word}`).phone?.isNumberOrCode === true,
	WRITING_WORDS: (word) => titleKindOf(`phone ${word} fax`).phone?.isQualified === false,
	CALLING_CODE_WORDS: (word) => titleKindOf(word).callingCode === 'exact',
	OF_A_CALLING_CODE: (word) => titleKindOf(`code ${word}`).callingCode === 'exact',
	NO_PHONE_WORDS: (word) => titleKindOf(`phone ${word}`).phone === null,
	MESSAGE_NAMES: (word) => titleKindOf(word).message === 'exact',
	MESSAGE_WORDS: (word) => titleKindOf(`${word} client`).message === 'similar',
	ABOUT_A_MESSAGE: (word) => titleKindOf(`message ${word}`).message === null,
};

test('every word of the lists has its effect, also in capitals', () => {
	const lists = wordLists();
	expect([...lists.keys()].sort()).toEqual(Object.keys(effects).sort());
	const dead = [...lists].flatMap(([list, words]) =>
		words
			.filter((word) => ![word, word.toUpperCase()].every((written) => effects[list]?.(written)))
			.map((word) => `${list}: ${word}`),
	);
	expect(dead).toEqual([]);
});

describe('what the title of a column says', () => {
	test.each([
		'Message status',
		'SMS status',
		'Statut du message',
		'Message delivery',
		'Livraison SMS',
		'SMS delivered',
		'Message error',
		'SMS result',
		'Résultat du SMS',
		'Message category',
		'Langue du message',
		'SMS envoyés',
		'Messages sent',
	])('about a message and not with one: %s', (title) => {
		expect(titleKindOf(title).message).toBeNull();
	});

	test.each([
		'Corps',
		'Corps du texte',
		'Your messages',
		'Textes à lire',
		'SMS',
		'Message client',
		'Message au parent',
	])('with a message, or something like it: %s', (title) => {
		expect(titleKindOf(title).message).toBe('similar');
	});

	test.each(['Message', 'Messages', 'TEXTE', 'Textes', 'Texte du SMS'])(
		'with a message: %s',
		(title) => {
			expect(titleKindOf(title).message).toBe('exact');
		},
	);

	test.each([
		'Phone status',
		'Contact status',
		'WhatsApp status',
		'Numéro de colis',
		'Numéros de colis',
		'Numéro de permis',
		'Numéro de passeport',
		'Mobile OS',
	])('no phone number: %s', (title) => {
		expect(titleKindOf(title).phone).toBeNull();
	});

	test.each(['Téléphones', 'Numéros', 'Mobiles', 'Contacts', 'Portables'])(
		'phone numbers of the person of the row, in the plural: %s',
		(title) => {
			expect(titleKindOf(title).phone).toMatchObject({ isQualified: false });
		},
	);
});
