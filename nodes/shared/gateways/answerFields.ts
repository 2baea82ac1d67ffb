/** Reads fields of answers whose types vary between servers (see the vendors' documents). */

export type AnswerObject = Record<string, unknown>;

export function isAnswerObject(value: unknown): value is AnswerObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A finite number, also when it came as text; null for anything else. */
export function numberOf(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string' || value.trim() === '') return null;
	const parsed = Number(value.replace(/,(?=\d{3}\b)/g, ''));
	return Number.isFinite(parsed) ? parsed : null;
}

/** A text that says something; null for anything else. */
export function textOf(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Texts of a list, or the one text, joined into a sentence; null when there is none. */
export function sentenceOf(value: unknown): string | null {
	const parts = (Array.isArray(value) ? value : [value]).map(textOf);
	const texts = parts.filter((part): part is string => part !== null);
	return texts.length > 0 ? texts.join(' ') : null;
}

export interface Counts {
	sentCount: number | null;
	failedCount: number | null;
}

/**
 * Stated counts held against the number of recipients asked for; null when they contradict it. More
 * sent than asked is no contradiction: a gateway may count segments. Recipients that neither count
 * covers leave `failedCount` unknown.
 */
export function agreedCounts(
	{ sentCount, failedCount }: Counts,
	recipientCount: number,
): Counts | null {
	const stated = [sentCount, failedCount].filter((count) => count !== null);
	if (stated.some((count) => !Number.isInteger(count) || count < 0)) return null;
	if (sentCount === null) return failedCount ? null : { sentCount, failedCount };
	if (sentCount >= recipientCount) {
		return failedCount ? null : { sentCount: recipientCount, failedCount };
	}
	const ended = sentCount + (failedCount ?? 0);
	if (ended > recipientCount) return null;
	return { sentCount, failedCount: ended === recipientCount ? failedCount : null };
}
