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
