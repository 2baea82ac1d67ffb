import type { OutgoingMessage } from '../../nodes/shared/gateways/gateway';
import { fingerprinter } from '../../nodes/shared/sending/sentLedger';
import { messageTo } from '../helpers/outgoingMessages';

function fingerprintsOf(messages: OutgoingMessage[], sender = 'Shop'): string[] {
	return messages.map(fingerprinter(() => sender));
}

describe('the fingerprint of a message', () => {
	test('is the same in every try', () => {
		const [first] = fingerprintsOf([messageTo('+1')]);
		expect(fingerprintsOf([messageTo('+1')])).toEqual([first]);
		expect(first).toMatch(/^[\w-]{11}$/);
	});

	test('is the same however often it is asked for', () => {
		const fingerprintOf = fingerprinter(() => 'Shop');
		const message = messageTo('+1');
		expect(fingerprintOf(message)).toBe(fingerprintOf(message));
	});

	test('does not depend on where the item or the row stands', () => {
		const [first, second] = fingerprintsOf([
			messageTo('+1', { itemIndex: 0, row: 2 }),
			messageTo('+1', { itemIndex: 7, row: 9 }),
		]);
		expect(first).toBe(second);
	});

	test('tells recipients, texts and senders apart', () => {
		const [one] = fingerprintsOf([messageTo('+1', { text: 'A' })]);
		const others = [
			...fingerprintsOf([messageTo('+2', { text: 'A' })]),
			...fingerprintsOf([messageTo('+1', { text: 'B' })]),
			...fingerprintsOf([messageTo('+1', { text: 'A' })], 'Other'),
		];
		expect(new Set([one, ...others]).size).toBe(4);
	});

	test('does not mix up where one part ends and the next begins', () => {
		const [one] = fingerprintsOf([messageTo('+1', { text: '2A' })]);
		const [other] = fingerprintsOf([messageTo('+12', { text: 'A' })]);
		expect(one).not.toBe(other);
	});

	test('tells the first from the second time that an item means the same message', () => {
		const twice = () => [messageTo('+1'), messageTo('+1')];
		const [first, second] = fingerprintsOf(twice());
		expect(first).not.toBe(second);
		expect(fingerprintsOf(twice())).toEqual([first, second]);
	});

	test('is another for each of a hundred thousand messages', () => {
		const messages = Array.from({ length: 100_000 }, (_, index) => messageTo(`+${index}`));
		expect(new Set(fingerprintsOf(messages)).size).toBe(100_000);
	});
});
