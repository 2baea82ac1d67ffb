import { UNREADABLE_CHARACTER } from '../table/decodedText';
import { measureText, smartEncode } from '../text/messageText';
import { preparedText } from '../text/preparedText';

export interface FileText {
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
export class PreparedTexts {
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
		if (text.includes(UNREADABLE_CHARACTER)) return { ...result, reason: UNREADABLE };
		if (unusable) return { ...result, reason: `The text ${unusable.what}. ${unusable.whatToDo}` };
		if (encoding === 'GSM-7') return result;
		for (const character of measure.ucs2Characters) {
			if (this.ucs2.size < MAX_NAMED_CHARACTERS) this.ucs2.add(character);
		}
		if (!this.isSmart) result.savedSegments = segments - measureText(smartEncode(text)).segments;
		return result;
	}
}
