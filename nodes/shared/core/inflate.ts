/** The platform inflates 16 KiB at a time; larger slices mean fewer steps. */
const SLICE_BYTES = 64 * 1024;

export function* cut(data: Uint8Array): Generator<Uint8Array> {
	for (let at = 0; at < data.length; at += SLICE_BYTES) yield data.subarray(at, at + SLICE_BYTES);
}

/** Raw deflate (RFC 1951), unpacked as it is asked for, so that whoever reads can stop a zip bomb. */
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
	let slice = new Uint8Array(SLICE_BYTES);
	let filled = 0;
	try {
		for (let part = await read(); !part.done; part = await read()) {
			const bytes: Uint8Array = part.value;
			if (filled + bytes.length > slice.length) {
				yield slice.subarray(0, filled);
				slice = new Uint8Array(Math.max(SLICE_BYTES, bytes.length));
				filled = 0;
			}
			slice.set(bytes, filled);
			filled += bytes.length;
		}
		isOpen = false;
		yield slice.subarray(0, filled);
	} finally {
		if (isOpen) await reader.cancel();
	}
}
