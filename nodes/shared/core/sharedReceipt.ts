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
	return [...byItem].map(([itemIndex, own]) => ({
		itemIndex,
		messages: own,
		receipt: byItem.size === 1 ? receipt : shareOf(receipt, own, byItem.size),
	}));
}

function shareOf(receipt: Receipt, own: OutgoingMessage[], itemCount: number): Receipt {
	const recipientCount = own.length;
	const share: Receipt = { ...receipt, recipientCount, cost: null };
	if (receipt.status !== 'partial') {
		return {
			...share,
			sentCount: receipt.sentCount === null ? null : receipt.status === 'sent' ? recipientCount : 0,
			failedCount:
				receipt.failedCount === null ? null : receipt.status === 'failed' ? recipientCount : 0,
		};
	}
	const isEveryoneNamed = receipt.rejectedRecipients.length === receipt.failedCount;
	return isEveryoneNamed ? namedShareOf(share, own) : untoldShareOf(share, itemCount);
}

function namedShareOf(share: Receipt, own: OutgoingMessage[]): Receipt {
	const numbers = new Set<string>(own.map((message) => message.recipient));
	const rejectedRecipients = share.rejectedRecipients.filter(({ recipient }) =>
		numbers.has(recipient),
	);
	const failedCount = rejectedRecipients.length;
	const sentCount = own.length - failedCount;
	const status = failedCount === 0 ? 'sent' : sentCount === 0 ? 'failed' : 'partial';
	return {
		...share,
		status,
		sentCount,
		failedCount,
		rejectedRecipients,
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
		'and does not say which; turn off "Combine Items" to see it per item';
	return {
		...share,
		sentCount: null,
		failedCount: null,
		providerMessage: share.providerMessage ? `${share.providerMessage}; ${words}` : words,
	};
}
