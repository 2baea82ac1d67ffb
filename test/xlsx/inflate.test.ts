import { setImmediate as turn } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';

import { inflated } from '../../nodes/shared/xlsx/zip';
import { randomOf } from '../helpers/workbooks';

const random = randomOf(7);
const plain = Buffer.from(Array.from({ length: 200_000 }, () => 65 + Math.floor(random() * 20)));
const packed = deflateRawSync(plain);
const broken = Buffer.concat([packed.subarray(0, packed.length / 2), Buffer.alloc(2_000, 0xff)]);

/** Reads slice by slice as slowly as a sheet is read, and stops after `most` of them. */
async function unpack(data: Uint8Array, most = Infinity): Promise<Buffer> {
	const slices: Uint8Array[] = [];
	for await (const slice of inflated(data, () => new Error('damaged'))) {
		slices.push(slice);
		for (let count = 0; count < 20; count++) await turn();
		if (slices.length === most) break;
	}
	return Buffer.concat(slices);
}

describe('unpacking', () => {
	test('gives back what was packed', async () => {
		expect((await unpack(packed)).equals(plain)).toBe(true);
	});

	test.each([
		['cut short', packed.subarray(0, -100)],
		['broken in the middle', broken],
	])('tells whoever reads on that the data is %s', async (_name, data) => {
		await expect(unpack(data)).rejects.toThrow('damaged');
	});

	test('leaves nothing behind when it is stopped, even just before the damage', async () => {
		const unseen: unknown[] = [];
		const see = (reason: unknown) => void unseen.push(reason);
		process.on('unhandledRejection', see);
		for (let most = 1; most < 8; most++) {
			await unpack(broken, most).catch((error: Error) => expect(error.message).toBe('damaged'));
		}
		await turn();
		process.off('unhandledRejection', see);
		expect(unseen).toEqual([]);
	});
});
