import type { Batch, Refusal } from '../gateways/gateway';
import { type ItemShare, isSettled } from './outcomes';

/** Finds out when an item has gone wrong: all of its requests were refused, or one is in doubt. */
export class FailedItems {
	private readonly openMessages = new Map<number, number>();

	private readonly sentItems: Set<number>;

	constructor(batches: readonly Batch[], partlySentItems: ReadonlySet<number>) {
		this.sentItems = new Set(partlySentItems);
		for (const { itemIndex } of batches.flatMap((batch) => batch.messages)) {
			this.openMessages.set(itemIndex, (this.openMessages.get(itemIndex) ?? 0) + 1);
		}
	}

	/** The refusal that decided an item, if the shares of an ended request did. */
	add(shares: readonly ItemShare[]): Refusal | undefined {
		let decisive: Refusal | undefined;
		for (const { itemIndex, messages, outcome } of shares) {
			const open = (this.openMessages.get(itemIndex) ?? 0) - messages.length;
			this.openMessages.set(itemIndex, open);
			const isSent = isSettled(outcome.status) && outcome.status !== 'unknown';
			if (isSent) this.sentItems.add(itemIndex);
			const isFailed = outcome.status === 'failed' && open <= 0 && !this.sentItems.has(itemIndex);
			if (isFailed || outcome.status === 'unknown') decisive ??= outcome.refusal;
		}
		return decisive;
	}
}
