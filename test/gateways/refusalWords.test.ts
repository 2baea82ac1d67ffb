import { refusedBy } from '../../nodes/shared/gateways/answers';
import type { RefusalKind } from '../../nodes/shared/gateways/gateway';

function kindOf(words: string, statusCode = 400): RefusalKind {
	const answer = { statusCode, headers: {}, body: { success: false, message: words } };
	return refusedBy(answer, words).refusal.kind;
}

describe('the words of a 400', () => {
	test.each([
		'Solde insuffisant',
		'Votre solde est insuffisant pour cet envoi',
		'Crédits insuffisants',
		'CREDITS INSUFFISANTS',
		'Vos unités sont épuisées',
		'Vous n’avez plus de crédit',
		'Pas assez de crédits pour 12 SMS',
		'Insufficient credits',
		'Your balance is too low',
		'You do not have enough SMS units',
		'No more credit',
		'Refused (INSUFFICIENT_BALANCE)',
		'Refused (INSUFFICIENT_CREDIT)',
		'Refused (INSUFFICIENT_CREDITS)',
		'Refused (INSUFFICIENT_FUNDS)',
		'Refused (PAYMENT_REQUIRED)',
		'Insufficient fund',
		'Your last unit is used up',
		'Fonds insuffisants',
		'Unité épuisée',
		'Solde épuisé',
		'Réserve de crédit insuffisante',
		'Insuffisance de solde',
		'Plus de fonds',
		'Pas assez de unité',
		"L'envoi a échoué, l'utilisateur n'a plus de crédit",
	])('speak of an empty account: %s', (words) => {
		expect(kindOf(words)).toBe('balance');
	});

	test.each([
		'Invalid API key',
		'Missing api_key',
		'Token expired',
		'Your expired token was refused',
		'Jeton invalide',
		'Clé API manquante',
		'Identifiants incorrects',
		'Account suspended',
		'Votre compte suspendu ne peut pas envoyer',
		'Refused (INVALID_TOKEN)',
		'Refused (UNAUTHORIZED)',
		'Unauthorised',
		'Invalid credentials',
		'Not authenticated',
		'Identifiant invalide',
		'Identifiants invalides',
		'Identifiant incorrect',
		'Your apikey is wrong',
		'Your api-key has expired',
		'The API key is missing',
		'Jeton expiré',
		'Votre clé API est expirée',
		'Jeton manquant',
	])('speak of a credential that is not accepted: %s', (words) => {
		expect(['credentials', words]).toEqual([kindOf(words), words]);
	});

	test.each([
		'Unauthorized sender ID',
		'Sender "Invalid token" is not registered',
		'L’expéditeur est non autorisé',
		'Expediteur non autorisé : MAMBO',
		'Field "Solde insuffisant" is not known',
		'The name «plus de crédit» is taken',
		'The group “no more credit” does not exist',
		"Unknown template 'account suspended'",
		'Le solde a été mis à jour. Le numéro est insuffisant',
		'Numéro invalide',
		'A balance report was asked for',
		'Refused (MY_INVALID_TOKEN)',
		'Refused (INVALID_TOKENS)',
		'Refused (INSUFFICIENT_CREDITS_OF_TEXT)',
		'Refused (NO_INSUFFICIENT_CREDITS)',
		'Refused (NO_PAYMENT_REQUIRED)',
		'Not refused (PAYMENT_REQUIRED), only late',
	])('speak of this request alone: %s', (words) => {
		expect(kindOf(words)).toBe('input');
	});

	test.each([
		['Solde insuffisant', 401, 'credentials'],
		['Unauthorized', 402, 'balance'],
		['Invalid token (INSUFFICIENT_CREDITS)', 400, 'balance'],
		['Solde insuffisant (INVALID_TOKEN)', 400, 'credentials'],
		['Solde insuffisant', 500, 'unknownOutcome'],
		['Invalid API key', 429, 'rateLimit'],
		['Solde insuffisant', 403, 'address'],
	] as const)('count less than status and code: %s with %d', (words, status, kind) => {
		expect(kindOf(words, status)).toBe(kind);
	});
});
