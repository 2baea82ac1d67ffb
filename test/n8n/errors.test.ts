import { NodeApiError, NodeOperationError, type IDataObject } from 'n8n-workflow';

import type { Outcome, Refusal, RefusalKind } from '../../nodes/shared/gateways/gateway';
import { outcomeWithoutSend } from '../../nodes/shared/sending/outcomes';
import {
	balanceError,
	errorItem,
	errorMessageOf,
	inputError,
	outcomeError,
	type RunProgress,
} from '../../nodes/shared/n8n/errors';
import { node } from '../helpers/testNode';

const KINDS: RefusalKind[] = [
	'credentials',
	'balance',
	'address',
	'input',
	'rateLimit',
	'unavailable',
	'unknownOutcome',
];
const AVOIDED = /\b(error|problem|failure|mistake)s?\b/i;

function refusal(kind: RefusalKind, rest: Partial<Refusal> = {}): Refusal {
	return { kind, reason: 'the words of the gateway', httpCode: '400', ...rest };
}

function outcome(status: 'failed' | 'unknown' | 'notAttempted', why: Refusal): Outcome {
	return outcomeWithoutSend(status, 3, why);
}

const NOTHING_SENT: RunProgress = {
	itemCount: 1,
	sentItemCount: 0,
	doubtfulItemCount: 0,
	isRetryable: true,
};

function errorOf(itemIndex: number, why: Outcome, progress: Partial<RunProgress> = {}) {
	const subject = { node, displayName: 'MboaSMS', itemIndex };
	const about = { outcome: why, recipients: ['+237699123456'] };
	return outcomeError(subject, about, { ...NOTHING_SENT, ...progress });
}

const context = { getNode: () => node };

describe('the error of an item', () => {
	test.each(KINDS)('that was refused says what happened and what to do: %s', (kind) => {
		const status = kind === 'unknownOutcome' ? 'unknown' : 'failed';
		const error = errorOf(4, outcome(status, refusal(kind)));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toContain('MboaSMS');
		expect(error.description?.toLowerCase()).toContain('the words of the gateway');
		expect(`${error.message} ${error.description}`).not.toMatch(AVOIDED);
		expect(error.httpCode).toBe('400');
		expect(error.context.itemIndex).toBe(4);
	});

	test('says something else for each kind', () => {
		const messages = KINDS.map((kind) => errorOf(0, outcome('failed', refusal(kind))).message);
		expect(new Set(messages).size).toBe(KINDS.length);
	});

	test('never says that nothing was sent when that is not known', () => {
		const { message, description } = errorOf(0, outcome('unknown', refusal('unknownOutcome')));
		expect(`${message} ${description}`).not.toContain('Nothing was sent');
		expect(message).toContain('+237699123456');
		expect(description).toContain('may have been sent');
		expect(description).toContain('History');
	});

	test.each<RefusalKind>(['input', 'rateLimit', 'unavailable'])(
		'says that nothing was sent when that is certain: %s',
		(kind) => {
			const error = errorOf(0, outcome('failed', refusal(kind)));
			expect(error.description).toContain('Nothing was sent');
		},
	);

	test('that was not attempted says so, and why the run was stopped', () => {
		const error = errorOf(
			1,
			outcome('notAttempted', refusal('balance', { reason: 'Insufficient credits' })),
		);
		expect(error.message).toMatch(/^Not attempted/);
		expect(error.description).toContain('Insufficient credits');
		expect(error.description).toContain('Nothing was sent for this item');
	});

	test('keeps its words where n8n would put its own sentence', () => {
		for (const words of ['ECONNREFUSED', 'the connection was reset (ECONNRESET)', 'ETIMEDOUT']) {
			const error = errorOf(
				0,
				outcome('failed', refusal('unavailable', { reason: words, httpCode: null })),
			);
			expect(error.description?.toLowerCase()).toContain(words.toLowerCase());
		}
	});

	test('keeps its words beside an HTTP status that n8n has a sentence for', () => {
		for (const httpCode of ['400', '401', '402', '404', '429', '500', '503']) {
			const error = errorOf(0, outcome('failed', refusal('input', { httpCode })));
			expect(error.description?.toLowerCase()).toContain('the words of the gateway');
			expect(error.httpCode).toBe(httpCode);
		}
	});

	test('says our own sentence and advice where the gateway said nothing', () => {
		const own = refusal('input', {
			reason: 'n8n could not look up what was already sent',
			advice: 'Nothing was sent. Try again',
			httpCode: null,
		});
		const error = errorOf(0, outcome('failed', own));
		expect([error.message, error.description]).toEqual([own.reason, own.advice]);
	});

	test('says how many items were sent before the run stopped', () => {
		const failed = outcome('failed', refusal('input'));
		const progress = { sentItemCount: 3, itemCount: 10 };
		expect(errorOf(3, failed, progress).message).toContain('3 of 10 items');
	});

	test('counts no items when there is only one', () => {
		const failed = outcome('failed', refusal('input'));
		const progress = { sentItemCount: 0, itemCount: 1 };
		expect(errorOf(0, failed, progress).message).toBe(errorOf(0, failed).message);
	});

	test('of wrong input carries the item and both sentences', () => {
		const error = inputError(
			{ context, itemIndex: 2 },
			{ message: "'Message' is empty", description: 'Enter the text' },
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect([error.message, error.description, error.context.itemIndex]).toEqual([
			"'Message' is empty",
			'Enter the text',
			2,
		]);
	});

	test('is one text where no description is shown', () => {
		const withBoth = inputError(
			{ context, itemIndex: 0 },
			{ message: "'Message' is empty", description: 'Enter the text' },
		);
		expect(errorMessageOf(withBoth)).toBe("'Message' is empty. Enter the text");
		expect(errorMessageOf(new NodeOperationError(node, 'Alone'))).toBe('Alone');
	});
});

describe('the error of a balance inquiry', () => {
	test.each<[RefusalKind, string | null, string]>([
		['credentials', '200', 'user name and password'],
		['input', '400', 'user name and password'],
		['unknownOutcome', '500', "'Base URL'"],
		['unavailable', null, "'Base URL'"],
		['unknownOutcome', null, "'Base URL'"],
		['rateLimit', '429', 'try again later'],
	])('of the kind %s with status %s says what to do', (kind, httpCode, advice) => {
		const error = balanceError(node, 5, refusal(kind, { httpCode }));
		expect(error.description).toContain('The words of the gateway');
		expect(error.message).toContain('Mambo SMS');
		expect(error.description).toContain(advice);
		expect(`${error.message} ${error.description}`).not.toMatch(AVOIDED);
		expect(error.context.itemIndex).toBe(5);
		expect(error.httpCode).toBe(httpCode);
	});
});

describe('an error item', () => {
	const json = { status: 'failed', errorMessage: 'why' };
	const error = inputError(
		{ context, itemIndex: 2 },
		{ message: 'why', description: 'what to do' },
	);

	test('has the output fields, the error and its input item', () => {
		const item = errorItem(json, error, 2);
		expect([item.json, item.error, item.pairedItem]).toEqual([json, error, { item: 2 }]);
	});

	test('keeps its fields when n8n puts the message in their place', () => {
		const item = errorItem(json, error, 2);
		item.json = { error: error.message };
		expect(item.json).toBe(json);
	});

	test('never has json.error, which would make n8n run the node again', () => {
		expect(Object.keys(errorItem(json, error, 2).json)).not.toContain('error');
	});

	test('passes its fields on, and leaves the error behind, when another node copies it', () => {
		const item = { ...errorItem(json, error, 2) };
		expect(item).toEqual({ json, pairedItem: { item: 2 } });
	});

	test('keeps the error in what n8n stores', () => {
		const stored = JSON.parse(JSON.stringify(errorItem(json, error, 2))) as IDataObject;
		expect(stored).toMatchObject({ json, pairedItem: { item: 2 }, error: { message: 'why' } });
	});
});
