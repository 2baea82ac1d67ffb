import type { IExecuteFunctions } from 'n8n-workflow';

import { inputError } from '../n8n/errors';
import { measureText } from '../text/messageText';
import type { ItemToSend } from './plannedItem';

/** About what so many segments cost, in the user's own unit; null where no price is known. */
export function estimatedCostOf(segments: number, pricePerSegment: number): number | null {
	// Products of decimal prices otherwise end in …0000001.
	return pricePerSegment > 0 ? Math.round(segments * pricePerSegment * 1e6) / 1e6 : null;
}

/** Counts a run before anything leaves. Above the limit every item that was to be sent gets the reason. */
export function checkSegmentLimit(context: IExecuteFunctions, toSend: readonly ItemToSend[]): void {
	const limits = toSend.map(({ item }) => item.settings?.segmentLimit ?? 0);
	const limit = limits.reduce(
		(least, one) => (one > 0 && (least === 0 || one < least) ? one : least),
		0,
	);
	if (limit === 0) return;
	const run = countRun(toSend);
	if (run.segments <= limit) return;
	const cost = run.cost === null ? '' : `, about ${run.cost} at your 'Price per Segment'`;
	for (const { item, remaining } of toSend) {
		if (remaining.length === 0) continue;
		item.inputError = inputError(
			{ context, itemIndex: item.itemIndex },
			{
				message: `This run would be ${run.segments} segments, and the 'Segment Limit' is ${limit}`,
				description: `Nothing was sent. It would be ${counted(run.segments, 'segment')} in ${counted(run.messages, 'message')} to ${run.people === 1 ? '1 person' : `${run.people} people`}${cost}. Shorten the texts, send to fewer people, or raise the 'Segment Limit'`,
			},
		);
	}
}

function countRun(toSend: readonly ItemToSend[]) {
	const segmentsOf = new Map<string, number>();
	const people = new Set<string>();
	let segments = 0;
	let messages = 0;
	let cost: number | null = null;
	for (const { item, remaining } of toSend) {
		let ofItem = 0;
		for (const { text, recipient } of remaining) {
			const measured = segmentsOf.get(text) ?? measureText(text).segments;
			segmentsOf.set(text, measured);
			ofItem += measured;
			people.add(recipient);
		}
		segments += ofItem;
		messages += remaining.length;
		const own = estimatedCostOf(ofItem, item.settings?.pricePerSegment ?? 0);
		if (own !== null) cost = Math.round(((cost ?? 0) + own) * 1e6) / 1e6;
	}
	return { segments, messages, people: people.size, cost };
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
