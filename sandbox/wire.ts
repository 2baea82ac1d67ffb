import type { FastifyReply } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from './faultEndings';
import type { RecordedRequest } from './records';

/** Long enough for the bytes before a reset to be read; a reset throws away what the client has not yet taken. */
const beforeResetMs = 50;

/** Answers, stays silent or breaks the connection, and records which. */
export async function endOnWire(
	ending: Ending,
	reply: FastifyReply,
	recorded: RecordedRequest,
): Promise<void> {
	const { raw } = reply;
	switch (ending.kind) {
		case 'answer': {
			const { status, headers, body } = ending.answer;
			await reply.code(status).headers(headers).send(body);
			return;
		}
		case 'hang':
			reply.hijack();
			return;
		case 'reset':
			reply.hijack();
			recorded.ended = 'reset';
			if (ending.halfOf !== null) {
				writeHalf(ending.halfOf);
				await sleep(beforeResetMs);
			}
			raw.socket?.resetAndDestroy();
			return;
		case 'truncated':
			reply.hijack();
			recorded.ended = 'truncated';
			writeHalf(ending.answer);
			await sleep(beforeResetMs);
			raw.socket?.end();
			return;
	}

	function writeHalf({ status, headers, body }: Extract<Ending, { kind: 'truncated' }>['answer']) {
		const bytes = Buffer.from(body);
		recorded.statusCode = status;
		raw.writeHead(status, { ...headers, 'content-length': bytes.length });
		raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
	}
}
