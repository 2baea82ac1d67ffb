import { saidBy, type Cell } from '../table/cells';
import { columnsWithName } from '../table/columnNames';
import { UNREADABLE_CHARACTER } from '../table/csvText';
import { UnreadableFile } from '../table/unreadableFile';
import { parseTemplate, type MessageTemplate } from '../text/messageTemplate';
import { measureText, preparedText, smartEncode } from '../text/messageText';
import { allColumns, certain, noSuchColumn, type ColumnLayout } from './columnLayout';

/** A bound on texts made from a template: a small file with long cells could make many gigabytes. */
const MAX_FILLED_CHARACTERS = 128 * 1024 * 1024;

const NO_MESSAGE =
	"The row has no message, and the field 'Message' is empty: write a text into one of them";

/** As other programs mark what is to be filled in: [Nom], «Nom», %Nom%. */
const OTHER_MARKS = /\[([^[\]]{1,60})\]|«\s*([^«»]{1,60}?)\s*»|%([^%\s]{1,60})%/g;
const MAX_NOTED_MARKS = 3;

const NO_KEY = { text: '' };

/** A text that is filled from the row, and where its columns are. */
interface FilledFromRow {
	template: MessageTemplate;
	columns: Map<string, number>;
}

/** A prepared text, and the row's own text as it stands in the file; null where the default message is used. */
interface RowText {
	prepared: FileText;
	ownText: string | null;
}

/** What each row is sent, and what it is remembered by. */
export class RowTexts {
	private readonly prepared: PreparedTexts;
	private readonly message: FilledFromRow | undefined;
	private readonly key: FilledFromRow | undefined;
	private readonly ownTemplates = new Map<string, FilledFromRow | null>();
	/** Names of columns in other marks than braces. */
	private readonly otherMarks = new Map<string, string>();
	private filledCharacters = 0;

	constructor(
		private readonly options: TextOptions,
		private readonly layout: ColumnLayout,
	) {
		const { defaultMessage, deduplicationKey, smartEncoding } = options;
		this.prepared = new PreparedTexts(smartEncoding);
		this.noteOtherMarks(defaultMessage);
		if (defaultMessage.trim() !== '') this.message = fromRow(defaultMessage, 'Message', layout);
		if (deduplicationKey !== '') {
			this.key = fromRow(deduplicationKey, 'Deduplication Key', layout);
		}
	}

	/** Whether every row has a text, its own or not. */
	get hasDefault(): boolean {
		return this.message !== undefined;
	}

	keyFor(cells: readonly Cell[]): { text: string } | { reason: string } {
		return this.key ? filled(this.key, cells, "The 'Deduplication Key'") : NO_KEY;
	}

	ucs2Characters(): string[] {
		return this.prepared.ucs2Characters();
	}

	/** What the user may have meant otherwise, in sentences. */
	notes(): string[] {
		const { titles } = this.layout;
		const missing = this.options.missingFields.filter(
			(name) => columnsWithName(titles, name).length > 0,
		);
		return [
			...[...this.otherMarks].map(
				([mark, name]) =>
					`'${mark}' stands in a text as it is. To fill it from the column, write {${name}}.`,
			),
			...missing.map(
				(name) =>
					`The input item has no field '${name}', which the expression in 'Message' asks for. To fill it from the column, write {${name}}.`,
			),
		];
	}

	private noteOtherMarks(text: string): void {
		if (this.layout.header === undefined || !/[[«%]/.test(text)) return;
		for (const match of text.matchAll(OTHER_MARKS)) {
			const name = match.slice(1).find((group) => group !== undefined) ?? '';
			if (this.otherMarks.size >= MAX_NOTED_MARKS) return;
			if (columnsWithName(this.layout.titles, name).length > 0) {
				this.otherMarks.set(match[0], name);
			}
		}
	}

	/** The row's own text (`own`, as it stands in the file), or where that is '' the default message filled from the row. */
	textFor(cells: readonly Cell[], own: string): RowText {
		if (own.trim() !== '') {
			this.noteOtherMarks(own);
			const template = this.ownTemplate(own);
			const text = template ? filled(template, cells, 'The message') : { text: own };
			if ('reason' in text) return { prepared: unsendable(text.reason), ownText: own };
			const prepared = this.prepared.prepare(text.text);
			if (!prepared.isBlank) return { prepared, ownText: own };
		}
		if (!this.message) return { prepared: unsendable(NO_MESSAGE), ownText: null };
		const text = filled(this.message, cells, 'The message');
		if ('reason' in text) return { prepared: unsendable(text.reason), ownText: null };
		this.filledCharacters += text.text.length;
		if (this.filledCharacters > MAX_FILLED_CHARACTERS) throw tooLongTogether();
		return { prepared: this.prepared.prepare(text.text), ownText: null };
	}

	/** The row's own text where it names columns in braces; other braces are text. */
	private ownTemplate(own: string): FilledFromRow | null {
		const { layout } = this;
		if (layout.header === undefined || !own.includes('{')) return null;
		const known = this.ownTemplates.get(own);
		if (known !== undefined) return known;
		const isColumn = (name: string) => columnsWithName(layout.titles, name).length > 0;
		const template = parseTemplate(own, isColumn);
		const result =
			template.columns.length === 0 ? null : withColumns(template, 'Message Column', layout);
		if (this.ownTemplates.size < 1_000) this.ownTemplates.set(own, result);
		return result;
	}
}

function unsendable(reason: string): FileText {
	return { text: '', segments: 0, savedSegments: 0, isBlank: true, reason };
}

function fromRow(text: string, field: string, layout: ColumnLayout): FilledFromRow {
	return withColumns(parseTemplate(text), field, layout);
}

function withColumns(
	template: MessageTemplate,
	field: string,
	layout: ColumnLayout,
): FilledFromRow {
	const columns = new Map<string, number>();
	for (const column of template.columns) {
		if (layout.header === undefined) throw templateWithoutHeader(column, field);
		const found = columnsWithName(layout.titles, column);
		if (found.length === 0) throw noSuchColumn(column, field, allColumns(layout));
		columns.set(column, certain(found, column, field));
	}
	return { template, columns };
}

function filled(
	{ template, columns }: FilledFromRow,
	cells: readonly Cell[],
	what: string,
): { text: string } | { reason: string } {
	const result = template.fill((column) => {
		const index = columns.get(column);
		return index === undefined ? undefined : saidBy(cells[index]);
	});
	if (result.ok) return { text: result.text };
	const missing = result.missing.map((column) => `'${column}'`).join(', ');
	const isUnshown = result.missing.some((column) => {
		const cell = cells[columns.get(column) ?? -1];
		return typeof cell === 'object' && cell?.kind === 'number' && cell.text === null;
	});
	if (isUnshown) {
		return {
			reason: `${what} needs ${missing}, and how its cell shows its number is not understood, so format the cell as text and type it again`,
		};
	}
	return {
		reason: `${what} needs ${missing}, and the row has nothing there, so fill it in`,
	};
}

function templateWithoutHeader(column: string, field: string): UnreadableFile {
	return new UnreadableFile(
		`'${field}' asks for a column by its name, but the file has no header row to find it by`,
		`It asks for {${column}}. Put a row with the names of the columns on top, or set 'Header Row' to Yes.`,
	);
}

function tooLongTogether(): UnreadableFile {
	return new UnreadableFile(
		'The messages are longer than 128 million characters together',
		'Split the list into several files, or use a shorter text.',
	);
}

/** What the texts of a file are made of. */
export interface TextOptions {
	/** The text for rows that have none; '' = none. May hold {column}. */
	defaultMessage: string;
	/** What the messages are remembered by; '' = nothing. May hold {column}. */
	deduplicationKey: string;
	smartEncoding: boolean;
	/** Fields of the input item that the expression of the message asks for, and that it does not have. */
	missingFields: readonly string[];
}

interface FileText {
	text: string;
	segments: number;
	/** What smart encoding would save; 0 when it is on. */
	savedSegments: number;
	isBlank: boolean;
	/** Why the row cannot be sent with it. */
	reason?: string;
}

const MAX_NAMED_CHARACTERS = 10;
/** Lists repeat the same few texts; what is not repeated need not be kept. */
const MAX_REMEMBERED = 2_000;

const UNREADABLE =
	'The text holds a character that could not be read (\ufffd): the file mixes encodings, so type it again';

/** Prepares texts for sending and remembers what forced UCS-2. */
class PreparedTexts {
	private readonly prepared = new Map<string, FileText>();
	private readonly ucs2 = new Set<string>();
	private preparedCount = 0;
	private differentCount = 0;

	constructor(private readonly isSmart: boolean) {}

	prepare(written: string): FileText {
		this.preparedCount++;
		// Where hardly any text comes twice, looking each of them up only costs.
		if (this.differentCount > MAX_REMEMBERED && this.differentCount > this.preparedCount / 2) {
			return this.fileText(written);
		}
		const known = this.prepared.get(written);
		if (known !== undefined) return known;
		this.differentCount++;
		const result = this.fileText(written);
		if (this.prepared.size >= MAX_REMEMBERED) this.prepared.clear();
		this.prepared.set(written, result);
		return result;
	}

	ucs2Characters(): string[] {
		return [...this.ucs2];
	}

	private fileText(written: string): FileText {
		const { text, measure, unusable } = preparedText(written, this.isSmart);
		const { segments, encoding } = measure;
		const isBlank = text.trim() === '';
		const result: FileText = { text, segments, savedSegments: 0, isBlank };
		if (isBlank) return result;
		if (unusable) return { ...result, reason: `The text ${unusable.what}. ${unusable.whatToDo}` };
		if (encoding === 'GSM-7') return result;
		if (text.includes(UNREADABLE_CHARACTER)) return { ...result, reason: UNREADABLE };
		for (const character of measure.ucs2Characters) {
			if (this.ucs2.size < MAX_NAMED_CHARACTERS) this.ucs2.add(character);
		}
		if (!this.isSmart) result.savedSegments = segments - measureText(smartEncode(text)).segments;
		return result;
	}
}
