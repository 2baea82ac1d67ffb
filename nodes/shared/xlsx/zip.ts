import { damagedWorkbook, UnreadableFile } from '../table/unreadableFile';

/** CRC-32 as zip uses it (ISO 3309, polynomial 0xEDB88320), four bytes at a time. */
let tables: Uint32Array | undefined;

function makeTables(): Uint32Array {
	const made = new Uint32Array(4 * 256);
	for (let byte = 0; byte < 256; byte++) {
		let value = byte;
		for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
		made[byte] = value;
	}
	for (let index = 256; index < made.length; index++) {
		const previous = made[index - 256]!;
		made[index] = (previous >>> 8) ^ made[previous & 0xff]!;
	}
	return made;
}

/** Pass the result of the bytes before as `previous` to go on with it. */
export function crc32Of(bytes: Uint8Array, previous = 0): number {
	tables ??= makeTables();
	let crc = ~previous;
	let at = 0;
	for (; at + 4 <= bytes.length; at += 4) {
		crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
		crc =
			tables[768 + (crc & 0xff)]! ^
			tables[512 + ((crc >>> 8) & 0xff)]! ^
			tables[256 + ((crc >>> 16) & 0xff)]! ^
			tables[crc >>> 24]!;
	}
	for (; at < bytes.length; at++) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]!) & 0xff]!;
	return ~crc >>> 0;
}

const SLICE_BYTES = 64 * 1024;

export function* cut(data: Uint8Array): Generator<Uint8Array> {
	for (let at = 0; at < data.length; at += SLICE_BYTES) yield data.subarray(at, at + SLICE_BYTES);
}

/** How the rest ends concerns nobody who has stopped reading. */
const ignored = () => undefined;

/**
 * Raw deflate (RFC 1951), unpacked as it is asked for, so that whoever reads can stop a zip bomb. The slices are those
 * of the platform, 16 KiB; while one is read, another thread unpacks the next.
 */
export async function* inflated(
	data: Uint8Array,
	damaged: () => Error,
): AsyncGenerator<Uint8Array> {
	const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	const reader = stream.getReader();
	let isOpen = true;
	const read = async () => {
		try {
			return await reader.read();
		} catch {
			isOpen = false;
			throw damaged();
		}
	};
	try {
		let next = read();
		for (let part = await next; !part.done; part = await next) {
			next = read();
			next.catch(ignored);
			yield part.value as Uint8Array;
		}
		isOpen = false;
	} finally {
		if (isOpen) await reader.cancel().catch(ignored);
	}
}

export interface ZipEntry {
	/** As found by `partName`: lower case, slashes forward, none in front. */
	readonly name: string;
	readonly method: number;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly size: number;
	readonly headerOffset: number;
}

/** Signatures and offsets after PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16. */
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const ZIP64_END_OF_DIRECTORY = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const END_OF_DIRECTORY_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const MAX_ENTRIES = 10_000;
const STORED = 0;
const DEFLATED = 8;

/** Part names are compared without case (ECMA-376 part 2, 6.2.2.3); some writers use backslashes. */
export function partName(written: string): string {
	return written.replace(/\\/g, '/').replace(/^\/+/, '').toLowerCase();
}

/** Reads the table of contents at the end of a zip, without touching the parts. */
class ZipDirectory {
	readonly entries = new Map<string, ZipEntry>();
	private readonly view: DataView;

	constructor(private readonly bytes: Uint8Array) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const { offset, count } = this.findDirectory();
		if (count > MAX_ENTRIES) throw damagedWorkbook(`it claims to hold ${count} parts`);
		this.readDirectory(offset, count);
	}

	private findDirectory(): { offset: number; count: number } {
		const last = this.bytes.length - END_OF_DIRECTORY_BYTES;
		const first = Math.max(0, last - MAX_COMMENT_BYTES);
		for (let at = last; at >= first; at--) {
			if (this.bytes[at] !== 0x50 || this.view.getUint32(at, true) !== END_OF_DIRECTORY) continue;
			const count = this.view.getUint16(at + 10, true);
			const offset = this.view.getUint32(at + 16, true);
			if (count !== 0xffff && offset !== 0xffffffff) return { offset, count };
			return this.findZip64Directory(at - 20);
		}
		throw new UnreadableFile(
			'The file is cut short: it starts like an .xlsx workbook, but its end is missing',
			'Download or upload it again, or open the original in a spreadsheet program and save it again as .xlsx.',
		);
	}

	private findZip64Directory(locatorAt: number): { offset: number; count: number } {
		if (locatorAt < 0 || this.view.getUint32(locatorAt, true) !== ZIP64_LOCATOR) {
			throw damagedWorkbook('its table of contents is missing');
		}
		const at = this.readUint64(locatorAt + 8);
		if (at + 56 > locatorAt || this.view.getUint32(at, true) !== ZIP64_END_OF_DIRECTORY) {
			throw damagedWorkbook('its table of contents is missing');
		}
		return { count: this.readUint64(at + 32), offset: this.readUint64(at + 48) };
	}

	private readDirectory(start: number, count: number): void {
		let at = start;
		for (let index = 0; index < count; index++) {
			if (at + 46 > this.bytes.length || this.view.getUint32(at, true) !== DIRECTORY_ENTRY) {
				throw damagedWorkbook('its table of contents is not readable');
			}
			const nameEnd = at + 46 + this.view.getUint16(at + 28, true);
			const extraEnd = nameEnd + this.view.getUint16(at + 30, true);
			const next = extraEnd + this.view.getUint16(at + 32, true);
			if (next > this.bytes.length) throw damagedWorkbook('its table of contents is cut short');
			const name = partName(decodeName(this.bytes.subarray(at + 46, nameEnd)));
			if ((this.view.getUint16(at + 8, true) & 1) !== 0) throw passwordProtected();
			if (this.entries.has(name)) throw damagedWorkbook(`it holds the part ${name} twice`);
			const method = this.view.getUint16(at + 10, true);
			if (method !== STORED && method !== DEFLATED) {
				throw damagedWorkbook(`the part ${name} is compressed in an unknown way`);
			}
			this.entries.set(name, {
				name,
				method,
				crc32: this.view.getUint32(at + 16, true),
				...this.sizesOf(at, nameEnd, extraEnd),
			});
			at = next;
		}
	}

	/** Sizes that do not fit 32 bits, or whose writer did not know whether they would, are in the zip64 extra field. */
	private sizesOf(at: number, extraStart: number, extraEnd: number) {
		const sizes = [20, 24, 42].map((field) => this.view.getUint32(at + field, true));
		const large = [1, 0, 2].filter((index) => sizes[index] === 0xffffffff);
		let extraAt = extraStart;
		while (large.length > 0 && extraAt + 4 <= extraEnd) {
			const length = this.view.getUint16(extraAt + 2, true);
			if (this.view.getUint16(extraAt, true) === 1 && length >= 8 * large.length) {
				for (const [position, index] of large.entries()) {
					sizes[index] = this.readUint64(extraAt + 4 + 8 * position);
				}
				break;
			}
			extraAt += 4 + length;
		}
		const [compressedSize = 0, size = 0, headerOffset = 0] = sizes;
		return { compressedSize, size, headerOffset };
	}

	private readUint64(at: number): number {
		if (at + 8 > this.bytes.length) throw damagedWorkbook('its table of contents is cut short');
		return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
	}
}

function decodeName(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}

function passwordProtected(): UnreadableFile {
	return new UnreadableFile(
		'The file is protected with a password',
		'Open it, remove the password, save it as .xlsx or .csv and use that file.',
	);
}

const LOCAL_HEADER = 0x04034b50;

/** The parts of a zip, found by name and read with a bound. */
export class ZipArchive {
	private readonly view: DataView;
	private readonly entries: ReadonlyMap<string, ZipEntry>;

	constructor(private readonly bytes: Uint8Array) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.entries = new ZipDirectory(bytes).entries;
	}

	names(): string[] {
		return [...this.entries.keys()];
	}

	entry(name: string): ZipEntry | undefined {
		return this.entries.get(partName(name));
	}

	/** Refuses a part that produces more than `maxBytes`, whatever size it claims, and one that is not whole. */
	async *read(entry: ZipEntry, maxBytes: number): AsyncGenerator<Uint8Array> {
		if (entry.size > maxBytes) throw tooLarge(entry, maxBytes);
		let size = 0;
		let crc = 0;
		for await (const slice of this.slices(entry)) {
			size += slice.length;
			if (size > maxBytes) throw tooLarge(entry, maxBytes);
			crc = crc32Of(slice, crc);
			yield slice;
		}
		if (size !== entry.size || crc !== entry.crc32) {
			throw damagedWorkbook(`the part ${entry.name} is not what was saved (checksum)`);
		}
	}

	private slices(entry: ZipEntry): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
		const data = this.dataOf(entry);
		if (entry.method === STORED) return cut(data);
		return inflated(data, () => damagedWorkbook(`the part ${entry.name} cannot be unpacked`));
	}

	private dataOf(entry: ZipEntry): Uint8Array {
		const at = entry.headerOffset;
		if (at + 30 > this.bytes.length || this.view.getUint32(at, true) !== LOCAL_HEADER) {
			throw damagedWorkbook(`the part ${entry.name} is not where it should be`);
		}
		if ((this.view.getUint16(at + 6, true) & 1) !== 0) throw passwordProtected();
		const nameLength = this.view.getUint16(at + 26, true);
		const extraLength = this.view.getUint16(at + 28, true);
		const nameHere = decodeName(this.bytes.subarray(at + 30, at + 30 + nameLength));
		if (this.view.getUint16(at + 8, true) !== entry.method || partName(nameHere) !== entry.name) {
			throw damagedWorkbook(`two descriptions of the part ${entry.name} contradict each other`);
		}
		const start = at + 30 + nameLength + extraLength;
		const end = start + entry.compressedSize;
		if (end > this.bytes.length) throw damagedWorkbook(`the part ${entry.name} is cut short`);
		return this.bytes.subarray(start, end);
	}
}

function tooLarge(entry: ZipEntry, maxBytes: number): UnreadableFile {
	return new UnreadableFile(
		`The workbook unpacks to more than ${maxBytes / 1024 / 1024} MiB in one of its parts`,
		`It is the part ${entry.name}. Split the list into several files, or save only the columns that are needed as .csv.`,
	);
}
