/** CRC-32 as zip uses it (ISO 3309, polynomial 0xEDB88320), four bytes at a time. */
const TABLES = makeTables();

function makeTables(): Uint32Array {
	const tables = new Uint32Array(4 * 256);
	for (let byte = 0; byte < 256; byte++) {
		let value = byte;
		for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
		tables[byte] = value;
	}
	for (let index = 256; index < tables.length; index++) {
		const previous = tables[index - 256]!;
		tables[index] = (previous >>> 8) ^ tables[previous & 0xff]!;
	}
	return tables;
}

/** Pass the result of the bytes before as `previous` to go on with it. */
export function crc32Of(bytes: Uint8Array, previous = 0): number {
	let crc = ~previous;
	let at = 0;
	for (; at + 4 <= bytes.length; at += 4) {
		crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
		crc =
			TABLES[768 + (crc & 0xff)]! ^
			TABLES[512 + ((crc >>> 8) & 0xff)]! ^
			TABLES[256 + ((crc >>> 16) & 0xff)]! ^
			TABLES[crc >>> 24]!;
	}
	for (; at < bytes.length; at++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[at]!) & 0xff]!;
	return ~crc >>> 0;
}
