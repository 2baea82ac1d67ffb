import { deflateRawSync } from 'node:zlib';

import * as xlsx from 'xlsx';

import { crc32Of } from '../../nodes/shared/xlsx/zip';

export type CellValue = string | number | boolean | Date | null;

export interface ZipPart {
	name: string;
	data: string | Uint8Array;
	stored?: boolean;
	/** Sizes and checksum after the data instead of before, as programs that stream do. */
	dataDescriptor?: boolean;
	flags?: number;
	method?: number;
	/** Lies in the directory. */
	claimedSize?: number;
	claimedCrc?: number;
	zip64?: boolean;
	nameInHeader?: string;
}

const bytesOf = (data: string | Uint8Array) =>
	typeof data === 'string' ? Buffer.from(data) : data;

export function zipOf(parts: ZipPart[], directory: { zip64?: boolean } = {}): Buffer {
	const locals: Buffer[] = [];
	const entries: Buffer[] = [];
	let offset = 0;
	for (const part of parts) {
		const data = bytesOf(part.data);
		const packed = part.stored === true ? Buffer.from(data) : deflateRawSync(data);
		const method = part.method ?? (part.stored === true ? 0 : 8);
		const flags = part.flags ?? (part.dataDescriptor === true ? 8 : 0);
		const crc = part.claimedCrc ?? crc32Of(data);
		const size = part.claimedSize ?? data.length;
		const nameHere = Buffer.from(part.nameInHeader ?? part.name);
		const known = part.dataDescriptor !== true;
		const local = Buffer.alloc(30);
		local.writeUInt32LE(0x04034b50, 0);
		local.writeUInt16LE(20, 4);
		local.writeUInt16LE(flags, 6);
		local.writeUInt16LE(method, 8);
		local.writeUInt32LE(known ? crc : 0, 14);
		local.writeUInt32LE(known ? packed.length : 0, 18);
		local.writeUInt32LE(known ? size : 0, 22);
		local.writeUInt16LE(nameHere.length, 26);
		const after = Buffer.alloc(part.dataDescriptor === true ? 16 : 0);
		if (after.length > 0) {
			after.writeUInt32LE(0x08074b50, 0);
			after.writeUInt32LE(crc, 4);
			after.writeUInt32LE(packed.length, 8);
			after.writeUInt32LE(size, 12);
		}
		const name = Buffer.from(part.name);
		const extra = Buffer.alloc(part.zip64 === true ? 28 : 0);
		if (part.zip64 === true) {
			extra.writeUInt16LE(1, 0);
			extra.writeUInt16LE(24, 2);
			extra.writeBigUInt64LE(BigInt(size), 4);
			extra.writeBigUInt64LE(BigInt(packed.length), 12);
			extra.writeBigUInt64LE(BigInt(offset), 20);
		}
		const entry = Buffer.alloc(46);
		entry.writeUInt32LE(0x02014b50, 0);
		entry.writeUInt16LE(20, 4);
		entry.writeUInt16LE(20, 6);
		entry.writeUInt16LE(flags, 8);
		entry.writeUInt16LE(method, 10);
		entry.writeUInt32LE(crc, 16);
		entry.writeUInt32LE(part.zip64 === true ? 0xffffffff : packed.length, 20);
		entry.writeUInt32LE(part.zip64 === true ? 0xffffffff : size, 24);
		entry.writeUInt16LE(name.length, 28);
		entry.writeUInt16LE(extra.length, 30);
		entry.writeUInt32LE(part.zip64 === true ? 0xffffffff : offset, 42);
		entries.push(entry, name, extra);
		locals.push(local, nameHere, packed, after);
		offset += 30 + nameHere.length + packed.length + after.length;
	}
	const directoryBytes = Buffer.concat(entries);
	const ends: Buffer[] = [];
	if (directory.zip64 === true) {
		const end64 = Buffer.alloc(56);
		end64.writeUInt32LE(0x06064b50, 0);
		end64.writeBigUInt64LE(44n, 4);
		end64.writeBigUInt64LE(BigInt(parts.length), 24);
		end64.writeBigUInt64LE(BigInt(parts.length), 32);
		end64.writeBigUInt64LE(BigInt(directoryBytes.length), 40);
		end64.writeBigUInt64LE(BigInt(offset), 48);
		const locator = Buffer.alloc(20);
		locator.writeUInt32LE(0x07064b50, 0);
		locator.writeBigUInt64LE(BigInt(offset + directoryBytes.length), 8);
		locator.writeUInt32LE(1, 16);
		ends.push(end64, locator);
	}
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(directory.zip64 === true ? 0xffff : parts.length, 8);
	end.writeUInt16LE(directory.zip64 === true ? 0xffff : parts.length, 10);
	end.writeUInt32LE(directoryBytes.length, 12);
	end.writeUInt32LE(directory.zip64 === true ? 0xffffffff : offset, 16);
	return Buffer.concat([...locals, directoryBytes, ...ends, end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Of the parts by their usual names. */
const CONTENT_TYPES = [
	['xl/workbook', 'sheet.main'],
	['xl/worksheets/sheet1', 'worksheet'],
	['xl/sharedStrings', 'sharedStrings'],
	['xl/styles', 'styles'],
]
	.map(
		([name, type]) =>
			`<Override PartName="/${name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`,
	)
	.join('');

export interface HandMade {
	/** What stands between <sheetData> and </sheetData>. */
	sheetData?: string;
	sheet?: string | Uint8Array;
	sharedStrings?: string | Uint8Array;
	styles?: string;
	workbook?: string | Uint8Array;
	workbookRels?: string;
	rootRels?: string;
	sheetTarget?: string;
	sheetPath?: string;
	/** Changes any part just before zipping. */
	change?: (part: ZipPart) => ZipPart;
	zip64?: boolean;
	extra?: ZipPart[];
}

export function sheetXml(sheetData: string): string {
	return `${XML}<worksheet xmlns="${MAIN}"><sheetData>${sheetData}</sheetData></worksheet>`;
}

export function handMade(made: HandMade): Buffer {
	const parts: ZipPart[] = [
		{
			name: '[Content_Types].xml',
			data: `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${CONTENT_TYPES}</Types>`,
		},
		{
			name: '_rels/.rels',
			data:
				made.rootRels ??
				`${XML}<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		},
		{
			name: 'xl/workbook.xml',
			data:
				made.workbook ??
				`${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets><sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		},
		{
			name: 'xl/_rels/workbook.xml.rels',
			data:
				made.workbookRels ??
				`${XML}<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${RELATIONSHIPS}/worksheet" Target="${made.sheetTarget ?? 'worksheets/sheet1.xml'}"/>${
					made.sharedStrings === undefined
						? ''
						: `<Relationship Id="rId2" Type="${RELATIONSHIPS}/sharedStrings" Target="sharedStrings.xml"/>`
				}${
					made.styles === undefined
						? ''
						: `<Relationship Id="rId3" Type="${RELATIONSHIPS}/styles" Target="styles.xml"/>`
				}</Relationships>`,
		},
		{
			name: made.sheetPath ?? 'xl/worksheets/sheet1.xml',
			data: made.sheet ?? sheetXml(made.sheetData ?? ''),
		},
	];
	if (made.sharedStrings !== undefined) {
		parts.push({ name: 'xl/sharedStrings.xml', data: made.sharedStrings });
	}
	if (made.styles !== undefined) parts.push({ name: 'xl/styles.xml', data: made.styles });
	parts.push(...(made.extra ?? []));
	return zipOf(parts.map(made.change ?? ((part) => part)), { zip64: made.zip64 });
}

export function sharedStringsXml(...items: string[]): string {
	return `${XML}<sst xmlns="${MAIN}">${items.map((item) => `<si>${item}</si>`).join('')}</sst>`;
}

/** As Excel writes it: shared strings, compressed; dates as number cells with a date format. */
export function workbookOf(
	sheets: CellValue[][] | Record<string, CellValue[][]>,
	options: xlsx.WritingOptions = {},
): Buffer {
	const book = xlsx.utils.book_new();
	const named = Array.isArray(sheets) ? { Liste: sheets } : sheets;
	for (const [name, rows] of Object.entries(named)) {
		const sheet = xlsx.utils.aoa_to_sheet(rows, { cellDates: false, UTC: true });
		xlsx.utils.book_append_sheet(book, sheet, name);
	}
	return xlsx.write(book, {
		type: 'buffer',
		bookType: 'xlsx',
		compression: true,
		bookSST: true,
		...options,
	}) as Buffer;
}

export function otherFormat(rows: CellValue[][], bookType: xlsx.BookType): Buffer {
	const book = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), 'Liste');
	return xlsx.write(book, { type: 'buffer', bookType }) as Buffer;
}

export function csvOf(rows: CellValue[][], delimiter = ','): string {
	const field = (cell: CellValue) => {
		const text = cell === null ? '' : String(cell);
		return /["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	return rows.map((row) => row.map(field).join(delimiter)).join('\r\n');
}

export function utf16(text: string, order: 'le' | 'be', mark = true): Buffer {
	const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
	return order === 'le' ? bytes : bytes.swap16();
}

/** Of the characters that Windows-1252 shares with Latin-1, and those it has where that has controls. */
export function windows1252(text: string): Buffer {
	const own: Record<string, number> = { '€': 0x80, '’': 0x92, '“': 0x93, '”': 0x94, œ: 0x9c };
	return Buffer.from([...text].map((character) => own[character] ?? character.charCodeAt(0)));
}

/** Deterministic (mulberry32), so that a file that fails can be made again. */
export function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** One to three bytes changed, a stretch cut out, the end cut off, or a stretch copied elsewhere. */
export function damaged(bytes: Uint8Array, random: () => number): Buffer {
	const copy = Buffer.from(bytes);
	const position = () => Math.floor(random() * copy.length);
	const kind = random();
	if (kind < 0.6) {
		for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
			copy[position()] = Math.floor(random() * 256);
		}
		return copy;
	}
	if (kind < 0.75) return copy.subarray(0, position());
	if (kind < 0.9) {
		const from = position();
		return Buffer.concat([copy.subarray(0, from), copy.subarray(from + 1 + position() / 20)]);
	}
	const from = position();
	copy.copy(copy, position(), from, from + 1 + Math.floor(random() * 200));
	return copy;
}
