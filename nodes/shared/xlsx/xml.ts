import { Parser, type Attributes } from 'saxen';

import { damagedWorkbook, UnreadableFile } from '../table/unreadableFile';
import type { ZipArchive, ZipEntry } from './zip';

export type { Attributes };
type Decoder = InstanceType<typeof TextDecoder>;

export interface XmlHandlers {
	/**
	 * Names come without namespace prefix; attribute values with entities, see `decodeEntities`. The attributes can be had
	 * as long as `open` runs.
	 */
	open(name: string, getAttributes: () => Attributes): void;
	text(text: string): void;
	close(name: string): void;
}

/** The workbook format nests eight deep. */
const MAX_DEPTH = 64;
/** The longest text, tag or comment; a cell holds at most 32,767 characters, written as nine each (&#x1F600;). */
const MAX_TOKEN_CHARACTERS = 300 * 1024;
const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
};

/** Reads one XML part piece by piece. Knows no DTD: neither entity bombs nor external files exist here. */
export class XmlReader {
	private readonly parser = new Parser();
	private decoder: Decoder | undefined;
	private depth = 0;
	private charactersSinceToken = 0;
	private getRawAttributes: () => Attributes | false = () => false;
	/** One function for all elements: there are millions. */
	private readonly getAttributes = (): Attributes => {
		const attributes = this.getRawAttributes();
		if (attributes === false) throw this.damaged();
		return attributes;
	};

	constructor(
		private readonly part: string,
		handlers: XmlHandlers,
	) {
		this.parser.on('openTag', (name, getAttributes) => {
			this.charactersSinceToken = 0;
			if (++this.depth > MAX_DEPTH) throw this.damaged();
			this.getRawAttributes = getAttributes;
			handlers.open(localName(name), this.getAttributes);
		});
		this.parser.on('closeTag', (name) => {
			this.charactersSinceToken = 0;
			this.depth--;
			handlers.close(localName(name));
		});
		this.parser.on('text', (text) => {
			this.charactersSinceToken = 0;
			handlers.text(this.decodeEntities(text));
		});
		this.parser.on('cdata', (text) => {
			this.charactersSinceToken = 0;
			handlers.text(text);
		});
		this.parser.on('comment', () => {
			this.charactersSinceToken = 0;
		});
		this.parser.on('attention', () => {
			throw new UnreadableFile(
				'The workbook holds declarations that no spreadsheet program writes (DOCTYPE)',
				'Open it in a spreadsheet program, save it again as .xlsx and use the new file.',
			);
		});
		this.parser.on('error', () => {
			throw this.damaged();
		});
	}

	write(bytes: Uint8Array): void {
		this.decoder ??= decoderFor(bytes) ?? this.refuseEncoding();
		this.writeText(this.decode(this.decoder, bytes));
	}

	end(): void {
		if (this.decoder !== undefined) this.writeText(this.decode(this.decoder));
		this.parser.end();
	}

	/** Saxen's own decoder knows no characters beyond U+FFFF and lets unknown entities pass. */
	decodeEntities(text: string): string {
		if (!text.includes('&')) return text;
		return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+))?;?/gi, (_whole, decimal, hex, name) => {
			const known = typeof name === 'string' ? ENTITIES[name] : undefined;
			if (known !== undefined && Object.hasOwn(ENTITIES, String(name))) return known;
			const code = decimal !== undefined ? parseInt(decimal, 10) : parseInt(hex ?? '', 16);
			if (!(code <= 0x10ffff)) throw this.damaged();
			return String.fromCodePoint(code);
		});
	}

	private writeText(text: string): void {
		this.charactersSinceToken += text.length;
		this.parser.write(text);
		if (this.charactersSinceToken > MAX_TOKEN_CHARACTERS) throw this.damaged();
	}

	private decode(decoder: Decoder, bytes?: Uint8Array): string {
		try {
			return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
		} catch {
			throw this.damaged();
		}
	}

	private refuseEncoding(): never {
		throw this.damaged();
	}

	private damaged(): UnreadableFile {
		return damagedWorkbook(`the part ${this.part} is not readable XML`);
	}
}

function localName(name: string): string {
	const colon = name.indexOf(':');
	return colon === -1 ? name : name.slice(colon + 1);
}

/** By byte order mark, else by what `<?` looks like, else as declared, else UTF-8 (XML 1.0, appendix F). */
function decoderFor(start: Uint8Array): Decoder | undefined {
	const [first, second] = start;
	if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) {
		return new TextDecoder('utf-16le', { fatal: true });
	}
	if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) {
		return new TextDecoder('utf-16be', { fatal: true });
	}
	const declaration = new TextDecoder('latin1').decode(start.subarray(0, 200));
	const declared = /^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(declaration)?.[1];
	if (declared === undefined || /^(?:utf-?(?:8|16)|us-ascii)/i.test(declared)) {
		return new TextDecoder('utf-8', { fatal: true });
	}
	try {
		return new TextDecoder(declared, { fatal: true });
	} catch {
		return undefined;
	}
}

/** Bounds on what one part may unpack to. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;
const MAX_SMALL_PART_BYTES = 4 * 1024 * 1024;

/** Reads a part from start to end; for what is small, or collected anyway. */
export async function readPart(
	zip: ZipArchive,
	entry: ZipEntry,
	handlersOf: (reader: XmlReader) => Partial<XmlHandlers>,
	maxBytes = MAX_SMALL_PART_BYTES,
	pause?: () => Promise<void>,
): Promise<void> {
	let handlers: Partial<XmlHandlers> = {};
	const reader = new XmlReader(entry.name, {
		open: (name, getAttributes) => handlers.open?.(name, getAttributes),
		text: (text) => handlers.text?.(text),
		close: (name) => handlers.close?.(name),
	});
	handlers = handlersOf(reader);
	for await (const slice of zip.read(entry, maxBytes)) {
		reader.write(slice);
		await pause?.();
	}
	reader.end();
}
