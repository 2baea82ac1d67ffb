/** What a gateway says fits into a hundredth of it; the bytes are counted unpacked. */
const LONGEST_ANSWER_BYTES = 1_048_576;

/** Characters that are kept of an answer that is longer, to show what it was. */
const KEPT_OF_TOO_LONG = 2_000;

/** The part of a stream of Node.js that reading takes. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: unknown): void;
}

/**
 * The body of an answer that n8n gives as a stream: its JSON, or its text where it is none. Of one above 1 MB the
 * beginning, which is no JSON, so nobody takes it for an answer. Rejects when the connection or the time ends.
 */
export async function readBody(body: unknown, deadline?: AbortSignal): Promise<unknown> {
	if (!isStream(body)) return body;
	const end = () => body.destroy(deadline?.reason);
	if (deadline?.aborted) end();
	deadline?.addEventListener('abort', end);
	try {
		return parsed(await textOf(body));
	} finally {
		deadline?.removeEventListener('abort', end);
	}
}

async function textOf(body: BodyStream): Promise<string> {
	const decoder = new TextDecoder();
	const texts: string[] = [];
	let length = 0;
	// Leaving the loop ends the stream, and with it the request.
	for await (const bytes of body) {
		length += bytes.length;
		texts.push(decoder.decode(bytes, { stream: true }));
		if (length > LONGEST_ANSWER_BYTES) return texts.join('').slice(0, KEPT_OF_TOO_LONG);
	}
	texts.push(decoder.decode());
	return texts.join('');
}

function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Whatever type the answer says it has, as n8n's own client reads it. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
