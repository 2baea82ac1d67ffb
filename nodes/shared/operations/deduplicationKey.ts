import { ExpressionParser } from 'n8n-workflow';

import { isExpression, shownValue } from '../fields/optionKinds';
import { inputError } from '../n8n/errors';
import { asWritten, type ItemInput } from './settings';

/**
 * The text that an item's messages are remembered by; '' for none. A key that is nothing, or of which one
 * `{{ }}` gives nothing, would be one key for everybody, so it is refused.
 */
export function deduplicationKeyOf(item: ItemInput): string {
	const { context, itemIndex } = item;
	const options = context.getNodeParameter('options', itemIndex, {});
	const collection = asWritten(context, itemIndex, 'options');
	const written =
		typeof collection === 'object' && collection !== null
			? ({ ...collection } as Record<string, unknown>).deduplicationKey
			: options.deduplicationKey;
	const stored: unknown = options.deduplicationKey;
	if (!isExpression(written) && (stored === undefined || stored === null || stored === ''))
		return '';
	if (typeof written === 'string' && isExpression(written)) refuseHoles(item, written.slice(1));
	const key = textOfKeyPart(stored);
	if (key === null) throw emptyKey(item, stored, 'It');
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
