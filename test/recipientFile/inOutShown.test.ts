import { UnreadableFile } from '../../nodes/shared/table/unreadableFile';
import { fileOrRefusal } from '../helpers/recipientFiles';
import { csvOf, randomOf, workbookOf } from '../helpers/workbooks';

/**
 * In = out = shown: whoever is texted is the person whose mobile stands in that row, with the text that the row
 * shows; else the row or the file is refused. Over tables with headers as people write them, in any order.
 */
const TABLES = 10_000;
/** Of tables in which a person sees at once what is what, so many may be refused. */
const MOST_CLEAR_REFUSED = 0.01;

const random = randomOf(20_261_127);
const below = (count: number) => Math.floor(random() * count);
const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)]!;
const digits = (count: number) => Array.from({ length: count }, () => below(10)).join('');
const words = (text: string) => text.split('|');

const mobileHeaders = words(
	"Téléphone|Tél|Tel|Tél.|Telephone|Numéro de téléphone|Numero de telephone|N° de téléphone|N° tél|Numéro téléphone|Portable|Téléphone portable|Tél. portable|Tél portable|Mobile|Téléphone mobile|Tél. mobile|Numéro mobile|Numéro de portable|GSM|N° GSM|Cellulaire|Téléphone cellulaire|Contact|Contacts|Contact téléphonique|Numéro|Numéros|Numero|Numéro WhatsApp|WhatsApp|Tél du client|Téléphone client|Tél. du responsable légal|Téléphone du parent|Tel parent|Numéro du parent|Tel 1|Tél 1|Téléphone 1|Quel est votre numéro de téléphone ?|Votre numéro de téléphone|Phone|Phone number|Phone Number|Phone No|Phone no.|Phones|Mobile phone|Mobile number|Mobile No|Cell|Cell phone|Cellphone|Cell number|Telephone number|Tel no|Tel. No.|Contact number|Contact phone|Phone (Billing)|Billing phone|Shipping phone|Customer phone|Client phone|Phone 1|Phone 1 - Value|URN:Tel|MSISDN|Recipient|Recipients|Recipient number|Destinataire|WhatsApp number|What is your phone number?|Your phone number|Parent phone|Parent's phone|Guardian phone|PHONE|TELEPHONE|MOBILE|phone_number|phoneNumber|mobile_phone|tel_client|numero_telephone",
);
const landlineHeaders = words(
	'Tél. fixe|Téléphone fixe|Tel fixe|Fixe|Ligne fixe|Landline|Landline number|Fax|Télécopie|Fax number',
);
/** Of somebody else than the person of the row. */
const otherPersonHeaders = words(
	"Tél personne à contacter|Téléphone d'urgence|Tél du conjoint|Téléphone de la mère|Tel du père|Numéro de téléphone du témoin|Emergency contact phone|Emergency phone|Spouse phone|Mother's phone|Next of kin phone|Assistant phone|Sales rep phone",
);
const nameHeaders = words(
	'Nom|Prénom|Nom et prénom|Nom complet|Nom du client|Client|Élève|Nom de l’élève|Patient|Adhérent|Membre|Bénéficiaire|Name|First name|Last name|Full name|Customer|Customer name|Student|Member|Pupil',
);
const idHeaders = words(
	'Code client|Code|Matricule|N° client|Numéro client|ID|Id|Identifiant|Référence|Réf|N° facture|Numéro de facture|N° commande|Numéro de commande|N° dossier|Compte|N° compte|Numéro de compte|CNI|N° CNI|NIU|Customer ID|Order number|Order no|Invoice number|Invoice no|Account number|Account|Ref|Reference|Student ID|Registration number|National ID|Serial number|SKU|Code postal',
);
const dateHeaders = words(
	"Date|Date de naissance|Date d'échéance|Échéance|Date du rendez-vous|Rendez-vous|Inscription|Birth date|Due date|Appointment|Created at|Timestamp|Horodateur|Last visit",
);
const amountHeaders = words(
	'Montant|Solde|Solde dû|Prix|Total|Reste à payer|Frais|Dette|Amount|Balance|Price|Fees|Amount due|Quantité|Quantity|Points|Note|Moyenne|Score|Age|Âge',
);
const yesNoHeaders = words('Payé|Présent|Actif|Inscrit|Paid|Active|Opt-in|Present|Confirmé|Abonné');
const placeHeaders = words(
	'Ville|Quartier|Adresse|Pays|Classe|Email|E-mail|Observation|Remarque|Commentaire|City|Address|Country|Class|Comment|Remarks|Status|Statut|Profession|Service',
);
const messageHeaders = words(
	'Message|Messages|SMS|Texte|Text|Texte du SMS|Message à envoyer|Text message|SMS text|MESSAGE|message',
);

const people = words('Awa|Jean-Paul|Chloé Mbarga|Ngo Bassa|Ibrahim|Marie Thérèse|Okello|Fatou');
const places = words('Douala|Yaoundé|Akwa|Kribi|Bafoussam|Garoua|6e A|Terminale');
const sentences = words(
	'Bonjour, votre commande est prête.|Réunion samedi à 9 h; merci de venir|Votre solde est de 12 500 FCFA, merci|Cher client, "promo" jusqu’à demain|Rappel: rendez-vous le 12/12 à 10:30|Bonne fête à tous !',
);

interface Column {
	header: string;
	kind: 'mobile' | 'landline' | 'otherPerson' | 'name' | 'message' | 'other';
	cell(): string;
}

const isLikeMobile = { yes: false };

/** As people write it; and what a phone makes of it. */
function mobile(): string {
	const national = `6${pick(['5', '7', '8', '9'])}${digits(7)}`;
	const [a, b, c, d] = [
		national.slice(0, 3),
		national.slice(3, 5),
		national.slice(5, 7),
		national.slice(7),
	];
	return pick([
		national,
		`+237${national}`,
		`00237${national}`,
		`237${national}`,
		`${a} ${b} ${c} ${d}`,
		`+237 ${a} ${b} ${c} ${d}`,
		`${a}-${b}-${c}-${d}`,
		`${a}.${b}.${c}.${d}`,
	]);
}

/** Not 242 and 243: the numbering plan has them for mobiles of Camtel. */
const landline = () => `${pick(['222', '233'])}${digits(6)}`;
const date = () =>
	pick([
		`${10 + below(18)}/${pick(['01', '06', '12'])}/20${20 + below(7)}`,
		`20${20 + below(7)}-0${1 + below(9)}-${10 + below(18)}`,
	]);

function id(): string {
	const like = random() < 0.15;
	if (like) isLikeMobile.yes = true;
	return like
		? `6${7 + below(3)}${digits(7)}`
		: pick([digits(5), `C-${digits(4)}`, digits(12), String(below(900))]);
}

interface Table {
	columns: Column[];
	rows: string[][];
	/** Whether a person sees at once what is what. */
	isClear: boolean;
	defaultMessage: string;
}

function makeTable(): Table {
	isLikeMobile.yes = false;
	const others: Array<() => Column> = [
		() => ({ header: pick(nameHeaders), kind: 'name', cell: () => pick(people) }),
		() => ({ header: pick(idHeaders), kind: 'other', cell: id }),
		() => ({ header: pick(dateHeaders), kind: 'other', cell: date }),
		() => ({ header: pick(amountHeaders), kind: 'other', cell: () => String(below(99) * 500) }),
		() => ({ header: pick(yesNoHeaders), kind: 'other', cell: () => pick(['Oui', 'Non']) }),
		() => ({ header: pick(placeHeaders), kind: 'other', cell: () => pick(places) }),
		() => ({ header: pick(landlineHeaders), kind: 'landline', cell: landline }),
		() => ({ header: pick(otherPersonHeaders), kind: 'otherPerson', cell: mobile }),
	];
	const columns: Column[] = [{ header: pick(mobileHeaders), kind: 'mobile', cell: mobile }];
	const hasMessage = random() < 0.5;
	if (hasMessage) {
		columns.push({ header: pick(messageHeaders), kind: 'message', cell: () => pick(sentences) });
	}
	for (let count = below(5); count > 0; count -= 1) {
		const column = pick(others)();
		if (!columns.some(({ header }) => header === column.header)) columns.push(column);
	}
	columns.sort(() => random() - 0.5);
	const rows = Array.from({ length: 2 + below(15) }, () =>
		columns.map(({ kind, cell }) =>
			kind === 'mobile' && random() < 0.04 ? pick(['', '12', 'à vérifier', landline()]) : cell(),
		),
	);
	const name = columns.find(({ kind }) => kind === 'name')?.header;
	const template = name !== undefined && random() < 0.5 ? `Bonjour {${name}} !` : 'Bonjour !';
	return {
		columns,
		rows,
		isClear: !isLikeMobile.yes && !columns.some(({ kind }) => kind === 'otherPerson'),
		defaultMessage: hasMessage ? '' : template,
	};
}

function fileOf({ columns, rows }: Table): Uint8Array {
	const cells = [columns.map(({ header }) => header), ...rows];
	if (random() < 0.1) return workbookOf(cells);
	const separator = pick([',', ';', '\t']);
	const text = cells
		.map((row) =>
			row
				.map((cell) =>
					/[",;\t\n]/.test(cell) || cell === '' ? `"${cell.replace(/"/g, '""')}"` : cell,
				)
				.join(separator),
		)
		.join('\r\n');
	return Buffer.from(random() < 0.5 ? `\ufeff${text}` : text);
}

const e164 = (written: string) => `+237${written.replace(/\D/g, '').slice(-9)}`;

/** What is wrong with the reading of a table; empty if nothing is. */
async function faultsOf(table: Table): Promise<{ faults: string[]; isRefused: boolean }> {
	const { columns, rows, defaultMessage } = table;
	const file = await fileOrRefusal(fileOf(table), { defaultMessage, removeDuplicates: false });
	if (file instanceof UnreadableFile) return { faults: [], isRefused: true };
	const at = (kind: Column['kind']) => columns.findIndex((column) => column.kind === kind);
	const faults: string[] = [];
	for (const { row, phoneNumber, text } of file.recipients) {
		const cells = rows[row - 2] ?? [];
		const expectedText =
			at('message') >= 0
				? cells[at('message')]
				: defaultMessage.replace(/\{.*\}/, cells[at('name')] ?? '');
		const number = cells[at('mobile')] ?? '';
		if (!/6\d/.test(number) || e164(number) !== phoneNumber) {
			faults.push(`row ${row}: ${phoneNumber} was texted, and the row has ${number}`);
		}
		if (text !== expectedText) faults.push(`row ${row}: "${text}" in place of "${expectedText}"`);
	}
	const filled = rows.filter((cells) => cells.some((cell) => cell !== ''));
	const missed = filled.length - file.recipients.length - file.rejectedRows.length;
	if (missed !== 0) faults.push(`${missed} rows are in no list`);
	return { faults, isRefused: false };
}

test(`${TABLES} tables: nobody else is texted, and nothing else`, async () => {
	const exceptions: string[] = [];
	const refused: string[] = [];
	let clear = 0;
	for (let count = 0; count < TABLES; count += 1) {
		const table = makeTable();
		const { faults, isRefused } = await faultsOf(table);
		const shown = csvOf([table.columns.map(({ header }) => header), table.rows[0] ?? []]);
		if (faults.length > 0) exceptions.push(`${shown}\n${faults[0]}`);
		if (!table.isClear) continue;
		clear += 1;
		if (isRefused) refused.push(shown);
	}
	expect(exceptions.slice(0, 10)).toEqual([]);
	expect({
		few: refused.length <= clear * MOST_CLEAR_REFUSED,
		refused: refused.slice(0, 30),
	}).toEqual({
		few: true,
		refused: expect.any(Array),
	});
}, 300_000);
