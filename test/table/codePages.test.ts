import { encode } from 'iconv-lite';

import { csvTextOf } from '../../nodes/shared/table/csvText';
import { UnreadableFile } from '../../nodes/shared/table/unreadableFile';

const pause = async () => await Promise.resolve();

async function textOf(bytes: Uint8Array): Promise<string> {
	const text = await csvTextOf(bytes, pause);
	return [...text.pieces()].map((piece) => piece.text).join('');
}

function written(text: string, encoding: string): Uint8Array {
	return encode(text, encoding, { addBOM: encoding.startsWith('UTF') });
}

const french = [
	'Téléphone;Message\r\n699000001;Réunion à 14 h, salle n° 3 – l’école\r\n',
	'Nom;Téléphone\nÉlise Ngo’o;699000001\nFrançois Mbarga;699000002\nHélène Ébodé;699000003\n',
	'tel,texte\n699000001,Où êtes-vous ? Nous fêtons Noël à la forêt dès mercredi, c’est ça.\n',
	'SOCIÉTÉ;TÉL\nCAFÉ DES ARTS;699000001\nHÔTEL DU LAC;699000002\n',
	'tel;msg\n699000001;Août : « Joyeux anniversaire » au bébé de Zoé\n',
	'tel;msg\n699000001;Votre solde est de 12 500 € au 1er août. Créée le 3 février.\n',
];

describe('French lists', () => {
	describe.each(['WINDOWS-1252', 'UTF-8', 'UTF-16'])('in %s', (encoding) => {
		test.each(french)('are read as they were written: %s', async (text) => {
			const read = await textOf(written(text, encoding));
			expect(read.replace(/^\ufeff/, '')).toBe(text);
		});
	});

	// The older Mac Roman has another sign for the euro's byte.
	test.each(french.map((text) => text.replaceAll('€', 'euros')))(
		'in Mac Roman are read as they were written: %s',
		async (text) => {
			expect(await textOf(written(text, 'MACINTOSH'))).toBe(text);
		},
	);

	// CP850 has no euro, no typographic apostrophe and no dash.
	test.each(french.slice(0, 5).map((text) => text.replaceAll('’', "'").replaceAll('–', '-')))(
		'in CP850 are read as they were written: %s',
		async (text) => {
			expect(await textOf(written(text, 'CP850'))).toBe(text);
		},
	);
});

describe('lists in other code pages', () => {
	test.each<[string, string]>([
		['WINDOWS-1251', 'тел;текст\n699000001;Привет, как дела сегодня вечером?\n'],
		['WINDOWS-1255', 'tel;text\n699000001;שלום לכולם, מה שלומכם היום\n'],
		['WINDOWS-1256', 'tel;text\n699000001;مرحبا بكم في المدرسة اليوم\n'],
		['KOI8-R', 'тел;текст\n699000001;Привет, как дела сегодня вечером?\n'],
		['ISO-8859-15', 'tel;texte\n699000001;Le cœur de la sœur, 50 € par bœuf\n'],
		['ISO-8859-7', 'tel;text\n699000001;Καλημέρα σε όλους σήμερα\n'],
	])('in %s are refused with what to do', async (encoding, text) => {
		const refused: unknown = await textOf(written(text, encoding)).catch(
			(error) => error as unknown,
		);
		expect(refused).toBeInstanceOf(UnreadableFile);
		expect((refused as UnreadableFile).description).toContain("'CSV UTF-8'");
	});
});
