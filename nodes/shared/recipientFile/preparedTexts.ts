import { measureText, smartEncode } from '../text/messageText';
import { UNREADABLE_CHARACTER } from '../table/decodedText';

export interface PreparedText {
	text: string;
	segments: number;
	/** What smart encoding would save; 0 when it is on. */
	savedSegments: number;
	isBlank: boolean;
	/** False where the file held bytes that are no character. */
	isReadable: boolean;
}

/** Tab and line feed stay; the rest would be a stray character on the phone, or force UCS-2 unseen. */
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n]/gu;
const HAS_CONTROL_CHARACTERS = /[^\P{Cc}\t\n]/u;
const MAX_NAMED_CHARACTERS = 10;
/** Lists repeat the same few texts; what is not repeated need not be kept. */
const MAX_REMEMBERED = 2_000;

/** Prepares texts for sending and remembers what forced UCS-2. */
export class PreparedTexts {
	private readonly prepared = new Map<string, PreparedText>();
	private readonly ucs2 = new Set<string>();
	private preparedCount = 0;
	private differentCount = 0;

	constructor(private readonly isSmart: boolean) {}

	prepare(written: string): PreparedText {
		this.preparedCount++;
		// Where hardly any text comes twice, looking each of them up only costs.
		if (this.differentCount > MAX_REMEMBERED && this.differentCount > this.preparedCount / 2) {
			return this.measure(withoutControlCharacters(written));
		}
		const known = this.prepared.get(written);
		if (known !== undefined) return known;
		this.differentCount++;
		const result = this.measure(withoutControlCharacters(written));
		if (this.prepared.size >= MAX_REMEMBERED) this.prepared.clear();
		this.prepared.set(written, result);
		return result;
	}

	ucs2Characters(): string[] {
		return [...this.ucs2];
	}

	private measure(clean: string): PreparedText {
		const result = { text: clean, segments: 0, savedSegments: 0, isBlank: false, isReadable: true };
		if (clean.trim() === '') return { ...result, isBlank: true };
		if (clean.includes(UNREADABLE_CHARACTER)) return { ...result, isReadable: false };
		if (this.isSmart) result.text = smartEncode(clean);
		const { encoding, segments, ucs2Characters } = measureText(result.text);
		result.segments = segments;
		if (encoding === 'GSM-7') return result;
		for (const character of ucs2Characters) {
			if (this.ucs2.size < MAX_NAMED_CHARACTERS) this.ucs2.add(character);
		}
		if (!this.isSmart) result.savedSegments = segments - measureText(smartEncode(clean)).segments;
		return result;
	}
}

/** Line ends become one line feed each: a carriage return would be paid for as a character. */
function withoutControlCharacters(text: string): string {
	if (!HAS_CONTROL_CHARACTERS.test(text)) return text;
	return text.replace(/\r\n?/g, '\n').replace(CONTROL_CHARACTERS, '');
}
