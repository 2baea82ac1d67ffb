import type { OutgoingMessage } from './batches';
import type { Receipt } from './outcome';

/** What one request means for one input item. */
export interface ItemShare {
	itemIndex: number;
	messages: OutgoingMessage[];
	receipt: Receipt;
}

/**
 * Divides the receipt of a request among the items whose messages it carried. Totals that cannot be
 * told apart are null in every share; nothing is guessed.
 */
export function sharesOf(messages: readonly OutgoingMessage[], receipt: Receipt): ItemShare[] {
	const byItem = new Map<number, OutgoingMessage[]>();
	for (const message of messages) {
		const own = byItem.get(message.itemIndex);
		if (own) own.push(message);
		else byItem.set(message.itemIndex, [message]);
	}
	const isEveryoneNamed = rejectedAmong(messages, receipt).length === receipt.failedCount;
	return [...byItem].map(([itemIndex, own]) => ({
		itemIndex,
		messages: own,
		receipt: byItem.size === 1 ? receipt : shareOf(receipt, own, isEveryoneNamed, byItem.size),
	}));
}

function shareOf(
	receipt: Receipt,
	own: OutgoingMessage[],
	isEveryoneNamed: boolean,
	itemCount: number,
): Receipt {
	const recipientCount = own.length;
	const rejectedRecipients = rejectedAmong(own, receipt);
	const share: Receipt = { ...receipt, recipientCount, rejectedRecipients, cost: null };
	if (receipt.status !== 'partial') {
		const isNotSent = receipt.status === 'failed' || receipt.status === 'notAttempted';
		return {
			...share,
			sentCount: receipt.sentCount === null ? null : receipt.status === 'sent' ? recipientCount : 0,
			failedCount: receipt.failedCount === null ? null : isNotSent ? recipientCount : 0,
		};
	}
	return isEveryoneNamed ? namedShareOf(share) : untoldShareOf(share, itemCount);
}

function rejectedAmong(messages: readonly OutgoingMessage[], receipt: Receipt) {
	const numbers = new Set<string>(messages.map((message) => message.recipient));
	return receipt.rejectedRecipients.filter(({ recipient }) => numbers.has(recipient));
}

function namedShareOf(share: Receipt): Receipt {
	const { rejectedRecipients, recipientCount } = share;
	const failedCount = rejectedRecipients.length;
	const sentCount = recipientCount - failedCount;
	const status = failedCount === 0 ? 'sent' : sentCount === 0 ? 'failed' : 'partial';
	return {
		...share,
		status,
		sentCount,
		failedCount,
		...(status === 'failed' && {
			refusal: {
				kind: 'input',
				words: rejectedRecipients[0]?.reason ?? '',
				httpCode: null,
			},
		}),
	};
}

function untoldShareOf(share: Receipt, itemCount: number): Receipt {
	const words =
		`the gateway took only some of a request that ${itemCount} items shared ` +
		"and does not say which; turn off 'Combine Items' to see it per item";
	return {
		...share,
		sentCount: null,
		failedCount: null,
		providerMessage: share.providerMessage ? `${share.providerMessage}; ${words}` : words,
	};
}
