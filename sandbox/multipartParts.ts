import type { FastifyRequest } from 'fastify';
import type { UploadedPart } from './gateway';

/**
 * The parts of a multipart request; null where it is none or cannot be read. Throws only for a file above the
 * limit, which has its own status code.
 */
export async function receivedParts(request: FastifyRequest): Promise<UploadedPart[] | null> {
	if (!request.isMultipart()) return null;
	const parts: UploadedPart[] = [];
	try {
		for await (const part of request.parts()) {
			const { fieldname: name, mimetype: contentType } = part;
			const isFile = part.type === 'file';
			const bytes = isFile ? await part.toBuffer() : Buffer.from(String(part.value));
			parts.push({ name, fileName: isFile ? part.filename : null, contentType, bytes });
		}
		return parts;
	} catch (failure) {
		if (failure instanceof Error && 'statusCode' in failure && failure.statusCode === 413) {
			throw failure;
		}
		return null;
	}
}
