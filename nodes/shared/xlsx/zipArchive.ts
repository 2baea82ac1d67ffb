import { crc32Of } from './crc32';
import { cut, inflated } from './inflate';
import { damagedWorkbook, UnreadableFile } from '../table/unreadableFile';
import {
	decodeName,
	partName,
	passwordProtected,
	STORED,
	ZipDirectory,
	type ZipEntry,
} from './zipDirectory';

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
		`The workbook unpacks to more than ${maxBytes / 1024 / 1024} MiB in its part ${entry.name}`,
		'Split the list into several files, or save only the columns that are needed as .csv.',
	);
}
