import { titleKindOf } from '../../nodes/shared/table/columnNames';

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
