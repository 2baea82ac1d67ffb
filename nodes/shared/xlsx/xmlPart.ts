import { XmlReader, type XmlHandlers } from './xmlReader';
import type { ZipArchive } from './zipArchive';
import type { ZipEntry } from './zipDirectory';

/** Bounds on what one part may unpack to. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;
export const MAX_SMALL_PART_BYTES = 4 * 1024 * 1024;

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
