import type { Row } from '../table/cells';
import { columnsWithName } from '../table/columnNames';
import { UnreadableFile } from '../table/unreadableFile';
import {
	columnNumber,
	filledWidth,
	headerOf,
	isRejectsHeader,
	MAX_NAMED_COLUMNS,
	sampledRows,
	SampledTable,
	type LayoutOptions,
} from './sampledTable';

/** Columns are 0-based. */
export interface ColumnLayout {
	header: Row | undefined;
	/** Of the header; none without one. */
	titles: readonly string[];
	titleRowCount: number;
	/** Per row the first that holds a mobile number. */
	phoneColumns: number[];
	/** By phone column. None: every number has its country code, or is one of the default country. */
	callingCodeColumns: ReadonlyMap<number, readonly number[]>;
	/** Undefined: no row has a text of its own. */
	messageColumn: number | undefined;
	/** Columns of the widest of the rows looked at. */
	width: number;
	/** Whether this package wrote the file, with apostrophes before some cells. */
	isRejectsFile: boolean;
	/** What was guessed, in sentences. */
	notes: string[];
}

/** Decides from the first rows which of them is the header, and where numbers and texts are. */
export function layoutOf(sample: readonly Row[], options: LayoutOptions): ColumnLayout {
	const rows = sampledRows(sample);
	const width = Math.max(0, ...rows.map(filledWidth));
	const found = headerOf(rows, options);
	const headerIndex = found?.index ?? -1;
	const data = rows.slice(headerIndex + 1);
	const table = new SampledTable(rows[headerIndex] ?? null, data, width, options);
	const phones = phoneColumnsOf(table, options);
	const message = messageColumnOf(table, options, phones.columns);
	return {
		header: sample[headerIndex],
		titles: table.titles,
		titleRowCount: Math.max(0, headerIndex),
		phoneColumns: phones.columns,
		callingCodeColumns: table.callingCodeColumns(phones.columns),
		messageColumn: message.column,
		width,
		isRejectsFile: rows.some(({ isMarked }) => isMarked) || isRejectsHeader(table.titles),
		notes: [...(found?.notes ?? []), ...phones.notes, ...message.notes],
	};
}

interface Chosen {
	columns: number[];
	notes: string[];
}

function phoneColumnsOf(table: SampledTable, options: LayoutOptions): Chosen {
	const asked = options.phoneColumn.trim();
	if (asked !== '') return { columns: columnsAsked(asked, 'Phone Column', table), notes: [] };
	if (table.header === null) return phoneColumnWithoutHeader(table);
	const named = table.phoneNames();
	const plain = plainColumns(table, named);
	if (plain.length > 0) return { columns: plain, notes: [] };
	const qualified = named.filter(({ isQualified }) => isQualified);
	const [only, ...others] = qualified.filter(({ column }) => table.isFilled(column));
	if (only && others.length > 0) {
		throw severalColumns(
			table,
			qualified.map(({ column }) => column),
		);
	}
	const single = only ?? qualified[0];
	if (single) return { columns: [single.column], notes: [] };
	return phoneColumnByContents(table);
}

type NamedPhone = ReturnType<SampledTable['phoneNames']>[number];

/**
 * Columns that can only be of the person of the row, mobiles first. A "Numéro" may be a number of another kind, however
 * much it looks like a mobile one: beside a "Téléphone" it is none, and beside a "Téléphone client" it is for the user
 * to say.
 */
function plainColumns(table: SampledTable, named: readonly NamedPhone[]): number[] {
	const plain = named.filter(({ isQualified }) => !isQualified);
	const qualified = named.filter(({ isQualified }) => isQualified);
	const phones = plain.filter(({ isWeak }) => !isWeak);
	if (phones.some(({ level }) => level < 3)) return byLevel(phones);
	if (phones.length > 0) return byLevel(plain);
	const numbers = plain.filter(({ column }) => table.holdsNumbers(column));
	// "Contact 1" and "Contact 2" are of one person; "Numéro" and "Contact" may be an id and a phone.
	const names = numbers.map(({ column }) => nameOf(table, column).replace(/[\s\d]+/g, ''));
	if (new Set(names).size > 1) throw severalColumns(table, byLevel(numbers));
	if (qualified.length === 0) return byLevel(plain);
	const ofOthers = qualified.filter(({ isWeak, column }) => !isWeak && table.isFilled(column));
	if (ofOthers.length === 0) {
		return plain.every(({ column }) => table.holdsNoDigits(column)) ? [] : byLevel(plain);
	}
	const holding = plain.filter(({ column }) => !table.holdsNoDigits(column));
	if (holding.length === 0) return [];
	throw severalColumns(table, byLevel([...holding, ...ofOthers]));
}

function byLevel(named: readonly NamedPhone[]): number[] {
	return [...named].sort((one, other) => one.level - other.level).map(({ column }) => column);
}

function phoneColumnWithoutHeader(table: SampledTable): Chosen {
	if (table.holdsNumbers(0)) return { columns: [0], notes: [] };
	const holding = table.columns().filter((column) => table.holdsNumbers(column));
	if (holding.length > 1) throw severalColumns(table, holding);
	const [only] = holding;
	if (only === undefined) return { columns: [0], notes: [] };
	return { columns: [only], notes: [`The phone numbers were found in column ${only + 1}.`] };
}

function phoneColumnByContents(table: SampledTable): Chosen {
	const holding = table.columns().filter((column) => table.holdsNumbers(column));
	const [only, ...others] = holding.filter((column) => !IDENTITY.test(nameOf(table, column)));
	if (only === undefined) throw noPhoneColumn(table);
	if (others.length > 0) throw severalColumns(table, holding);
	const note = `No column is named like a phone number, so '${nameOf(table, only)}' was used, the only one that holds such numbers.`;
	return { columns: [only], notes: [note] };
}

const IDENTITY =
	/code|r[eé]f|matricule|dossier|facture|compte|commande|\bid\b|\bcni\b|invoice|order|account|abonn/i;

interface ChosenText {
	column: number | undefined;
	notes: string[];
}

function messageColumnOf(
	table: SampledTable,
	options: LayoutOptions,
	phones: readonly number[],
): ChosenText {
	const asked = options.messageColumn.trim();
	if (asked !== '') {
		const [column, ...others] = columnsAsked(asked, 'Message Column', table);
		if (others.length > 0 || column === undefined)
			throw noSuchColumn(asked, 'Message Column', table);
		if (phones.includes(column)) throw sameColumn(nameOf(table, column));
		return { column, notes: [] };
	}
	const free = table
		.columns()
		.filter((column) => !phones.includes(column) && table.holdsTexts(column));
	const hasDefault = options.defaultMessage.trim() !== '';
	if (table.header === null) return textWithoutHeader(table, free, hasDefault);
	const called = (kind: 'exact' | 'similar') =>
		free.filter((column) => table.titleKinds[column]?.message === kind);
	const [exact, ...furtherExact] = called('exact');
	if (exact !== undefined) {
		if (furtherExact.length > 0) throw severalTexts(table, [exact, ...furtherExact]);
		if (!hasDefault) return { column: exact, notes: [] };
		const note = `Rows with a text in the column '${nameOf(table, exact)}' get that text, and the others the text of 'Message'.`;
		return { column: exact, notes: [note] };
	}
	if (hasDefault) return { column: undefined, notes: [] };
	const [similar, ...furtherSimilar] = called('similar');
	if (similar === undefined) throw noMessage(table);
	if (furtherSimilar.length > 0) throw severalTexts(table, [similar, ...furtherSimilar]);
	return {
		column: similar,
		notes: [`The texts were taken from the column '${nameOf(table, similar)}'.`],
	};
}

function textWithoutHeader(
	table: SampledTable,
	free: readonly number[],
	hasDefault: boolean,
): ChosenText {
	const [only, ...others] = free;
	if (hasDefault) {
		if (only === undefined) return { column: undefined, notes: [] };
		const note = `Everybody gets the text of 'Message'. If column ${only + 1} holds the texts, write ${only + 1} into 'Message Column'.`;
		return { column: undefined, notes: [note] };
	}
	if (only === undefined) throw noMessage(table);
	if (others.length > 0) throw severalTexts(table, free);
	return { column: only, notes: [] };
}

/** Columns that a field asks for by name or number; several separated by commas. */
function columnsAsked(asked: string, field: string, table: SampledTable): number[] {
	const whole = columnsWithName(table.titles, asked);
	if (whole.length > 0) return [certain(whole, asked, field)];
	return asked
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.map((name) => columnAsked(name, field, table));
}

function columnAsked(asked: string, field: string, table: SampledTable): number {
	const named = columnsWithName(table.titles, asked);
	if (named.length > 0) return certain(named, asked, field);
	const number = columnNumber(asked);
	if (number !== undefined) {
		if (number < Math.max(table.width, table.titles.length)) return number;
		throw new UnreadableFile(
			`The file has no column of the number that '${field}' asks for`,
			`It asks for ${asked}, but the rows have ${table.width} ${table.width === 1 ? 'column' : 'columns'}.`,
		);
	}
	if (table.header !== null) throw noSuchColumn(asked, field, table);
	throw new UnreadableFile(
		`The column that '${field}' names cannot be found: the file is read without a header row`,
		`It names '${asked}'. Put the number of the column in '${field}' (1 is the first), or set 'Header Row' to Yes.`,
	);
}

/** The one column that a name means. Throws where it may mean several. */
export function certain(columns: readonly number[], asked: string, field: string): number {
	const [only, ...others] = columns;
	if (only !== undefined && others.length === 0) return only;
	const numbers = columns.map((column) => column + 1).join(' and ');
	throw new UnreadableFile(
		`'${field}' names a column that the file has several times`,
		`'${asked}' may mean the columns ${numbers}. Give them different names in the file, or write the number of the column into '${field}'.`,
	);
}

/** What a refusal shows of the columns. */
interface NamedColumns {
	titles: readonly string[];
	columns(): number[];
}

/** The title, or the number where there is none. */
export function nameOf({ titles }: Pick<NamedColumns, 'titles'>, column: number): string {
	const title = titles[column] ?? '';
	return title === '' ? String(column + 1) : title;
}

function listed(table: NamedColumns): string {
	const names = table.columns().map((column) => `'${nameOf(table, column).slice(0, 40)}'`);
	const shown = names.slice(0, MAX_NAMED_COLUMNS);
	if (names.length > MAX_NAMED_COLUMNS) shown.push('…');
	return ` The columns of the file are: ${shown.join(', ')}.`;
}

export function noSuchColumn(column: string, where: string, table: NamedColumns): UnreadableFile {
	return new UnreadableFile(
		`The file has no column of the name that '${where}' gives`,
		`It is '${column}'.${listed(table)}`,
	);
}

function noPhoneColumn(table: SampledTable): UnreadableFile {
	return new UnreadableFile(
		'No column of the file holds mobile phone numbers',
		`Write the name of the column with the numbers into 'Phone Column', and check 'Default Country'.${listed(table)}`,
	);
}

function severalColumns(table: SampledTable, columns: readonly number[]): UnreadableFile {
	const names = columns.map((column) => `'${nameOf(table, column)}'`).join(' and ');
	return new UnreadableFile(
		'Several columns hold phone numbers, and they may be of different people',
		`They are ${names}. Write the one to text into 'Phone Column', or several separated by commas: then each row uses the first that holds a mobile number.${listed(table)}`,
	);
}

function severalTexts(table: SampledTable, columns: readonly number[]): UnreadableFile {
	const names = columns.map((column) => `'${nameOf(table, column)}'`).join(' and ');
	return new UnreadableFile(
		'Several columns could hold the message',
		`They are ${names}. Write the one to send into 'Message Column', or write the text into 'Message'.${listed(table)}`,
	);
}

function sameColumn(name: string): UnreadableFile {
	return new UnreadableFile(
		'Phone number and message would come from the same column',
		`It is '${name}'. Set 'Phone Column' and 'Message Column' to two different columns.`,
	);
}

export function noMessage(table: NamedColumns): UnreadableFile {
	return new UnreadableFile(
		"There is no message: neither a column of the file nor the field 'Message' has one",
		`Write the text into 'Message', or name the column that holds it in 'Message Column'.${listed(table)}`,
	);
}

/** All columns of the file, for the refusals that name them. */
export function allColumns({ titles, width }: ColumnLayout): NamedColumns {
	const columns = () => [...Array(Math.max(width, titles.length)).keys()];
	return { titles, columns };
}
