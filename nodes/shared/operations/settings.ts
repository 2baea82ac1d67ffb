import { ExpressionParser, type IExecuteFunctions } from 'n8n-workflow';

import { MAX_SENDER_ID_LENGTH, messageCategoryOption } from '../fields/fields';
import {
	expressionOf,
	readOption,
	readOptions,
	shownValue,
	UnusableOption,
	writtenText,
	type Evaluated,
	type OptionList,
	type OptionValues,
} from '../fields/optionKinds';
import type { sendOptions } from '../fields/options';
import { inputError } from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { isCountryCode } from '../phone/phoneNumber';
import type { PhoneNumber } from '../phone/phoneResult';
import { recipientsOf } from '../phone/recipients';
import type { BatchRules } from '../sending/batches';

/** One input item of a node that sends. */
export interface ItemInput {
	context: IExecuteFunctions;
	gatewayNode: GatewayNode;
	itemIndex: number;
}

/** The parameters that Send and Send Bulk share, checked. */
export interface SendSettings {
	defaultCountry: string;
	smartEncoding: boolean;
	isDryRun: boolean;
	removeDuplicates: boolean;
	includeResponse: boolean;
	/** Null where nobody was named. */
	doNotText: DoNotText | null;
	output: 'summary' | 'recipients';
	/** In the user's own unit; 0: not known. */
	pricePerSegment: number;
	/** Of all messages of the run together; 0: no limit. */
	segmentLimit: number;
	requestsPerMinute: number;
	/** What the messages are remembered by; '' for none. */
	deduplicationKey: string;
	rules: BatchRules;
}

/** Who is never texted. */
interface DoNotText {
	numbers: ReadonlySet<PhoneNumber>;
	/** Entries that are no number. */
	unusableCount: number;
}

type SharedValues = Omit<OptionValues<ReturnType<typeof sendOptions>>, 'combineItems'>;

/** The collection of that name, read with the item's own index. Throws when an option is unusable. */
export function readCollection<Options extends OptionList>(
	{ context, itemIndex }: ItemInput,
	name: 'options' | 'fileLayout',
	options: Options,
): OptionValues<Options> {
	const stored = context.getNodeParameter(name, itemIndex, {}) as Record<string, unknown>;
	const written = context.getNodeParameter(name, itemIndex, {}, { rawExpressions: true });
	const isCollection = typeof written === 'object' && written !== null;
	const values = readOptions(options, stored, isCollection ? { ...written } : stored);
	if (values instanceof UnusableOption) throw inputError({ context, itemIndex }, values);
	return values;
}

/** A parameter that may hold an expression. */
export function readParameter({ context, itemIndex }: ItemInput, name: string): Evaluated {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	const written = context.getNodeParameter(name, itemIndex, '', { rawExpressions: true });
	return { value, expression: expressionOf(written) };
}

/** What the shared options of an item mean for its messages. */
export function sendSettings(
	item: ItemInput,
	options: SharedValues,
	rules: Pick<BatchRules, 'canShare' | 'isFile'>,
): SendSettings {
	return {
		smartEncoding: options.smartEncoding,
		isDryRun: options.dryRun,
		removeDuplicates: options.removeDuplicates,
		includeResponse: options.includeResponse,
		doNotText: doNotTextOf(options),
		output: options.output,
		pricePerSegment: options.pricePerSegment,
		segmentLimit: options.segmentLimit ?? 0,
		requestsPerMinute: options.requestsPerMinute,
		rules: {
			...rules,
			senderId: senderIdOf(item, options.senderId),
			messageCategory: messageCategoryOf(item),
			timeoutSeconds: options.timeoutSeconds,
			batchSize: options.batchSize,
		},
		deduplicationKey: deduplicationKeyOf(item, options.deduplicationKey),
		defaultCountry: supportedCountry(item, options.defaultCountry),
	};
}

function supportedCountry(item: ItemInput, code: string): string {
	if (isCountryCode(code)) return code;
	throw inputError(item, {
		message: "'Default Country' is no country code",
		description: `Nothing was sent. It is '${code}'. Give a code of two letters such as CM, UG or FR`,
	});
}

/** The list of one item is mostly that of the next. */
let lastDoNotText: { content: string; read: DoNotText } | undefined;

function doNotTextOf({ doNotText, defaultCountry }: SharedValues): DoNotText | null {
	const { value } = doNotText;
	if (value === '') return null;
	const content = JSON.stringify([value, defaultCountry]);
	if (lastDoNotText?.content !== content) {
		const list = recipientsOf(value, { defaultCountry, removeDuplicates: true });
		const numbers = new Set(list.recipients);
		lastDoNotText = { content, read: { numbers, unusableCount: list.rejectedRecipients.length } };
	}
	const { read } = lastDoNotText;
	return read.numbers.size === 0 && read.unusableCount === 0 ? null : read;
}

function messageCategoryOf(item: ItemInput): string {
	if (item.gatewayNode.senderIdDescription !== null) return '';
	const category = readOption(messageCategoryOption, readParameter(item, 'messageCategory'));
	if (category instanceof UnusableOption) throw inputError(item, category);
	return category;
}

function senderIdOf(item: ItemInput, option: string | undefined): string {
	const { context, gatewayNode, itemIndex } = item;
	if (gatewayNode.senderIdDescription !== null) return option ?? '';
	const stored = context.getNodeParameter('senderId', itemIndex);
	const senderId = writtenText(stored) ?? '';
	if (senderId === '') {
		throw inputError(item, {
			message: `'Sender ID' is empty, and ${gatewayNode.displayName} needs one`,
			description: `Nothing was sent. It is ${shownValue(stored)}. Enter the name or number that the message shall come from, at most ${MAX_SENDER_ID_LENGTH} characters`,
		});
	}
	if (senderId.length > MAX_SENDER_ID_LENGTH) {
		throw inputError(item, {
			message: `'Sender ID' has ${senderId.length} characters, and ${gatewayNode.displayName} takes at most ${MAX_SENDER_ID_LENGTH}`,
			description: `Nothing was sent. It is ${shownValue(senderId)}. Shorten it`,
		});
	}
	return senderId;
}

/**
 * The text that an item's messages are remembered by; '' for none. A key that is nothing, or of which one
 * `{{ }}` gives nothing, would be one key for everybody, so it is refused.
 */
function deduplicationKeyOf(item: ItemInput, { value, expression }: Evaluated): string {
	if (expression === null && value === '') return '';
	if (expression !== null) refuseHoles(item, expression.slice(1));
	const key = textOfKeyPart(value);
	if (key === null) throw emptyKey(item, value, 'It');
	return key;
}

/** An expression in several pieces hides a hole: `order-{{ $json.id }}` without an id is `order-`. */
function refuseHoles(item: ItemInput, expression: string): void {
	const { context, itemIndex } = item;
	for (const chunk of ExpressionParser.splitExpression(expression)) {
		if (chunk.type !== 'code' || chunk.text.trim() === '') continue;
		const piece = `{{${chunk.text}}}`;
		const value: unknown = context.evaluateExpression(piece, itemIndex);
		if (textOfKeyPart(value) === null) throw emptyKey(item, value, piece.slice(0, 100));
	}
}

/** A text or number that says something, or a valid date as ISO text; null for anything else. */
function textOfKeyPart(value: unknown): string | null {
	if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
	if (typeof value === 'string') {
		const text = value.trim();
		return text === '' || text === 'Invalid DateTime' || text === 'Invalid Date' ? null : text;
	}
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
	if (typeof value === 'object' && value !== null && 'toISO' in value) {
		// Luxon's DateTime, as $now is one; null where it is invalid.
		const { toISO } = value as { toISO: unknown };
		const iso: unknown = typeof toISO === 'function' ? toISO.call(value) : null;
		return typeof iso === 'string' ? iso : null;
	}
	return null;
}

function emptyKey(item: ItemInput, value: unknown, piece: string) {
	return inputError(item, {
		message: "'Deduplication Key' is empty, or a part of it is",
		description: `Nothing was sent. ${piece} gives ${shownValue(value)}, so different messages would have one key. Check the expression: it has to give a text, a number or a date`,
	});
}
