import type { OutgoingMessage } from './batches';
import type { Outcome } from './outcome';

/** What one request means for one input item. */
export interface ItemShare {
	itemIndex: number;
	messages: OutgoingMessage[];
	outcome: Outcome;
}

/**
 * Divides the outcome of a request among the items whose messages it carried. Totals that cannot be
 * told apart are null in every share; nothing is guessed.
 */
export function sharesOf(messages: readonly OutgoingMessage[], outcome: Outcome): ItemShare[] {
	const byItem = new Map<number, OutgoingMessage[]>();
	for (const message of messages) {
		const own = byItem.get(message.itemIndex);
		if (own) own.push(message);
		else byItem.set(message.itemIndex, [message]);
	}
	const isEveryoneNamed = rejectedAmong(messages, outcome).length === outcome.failedCount;
	return [...byItem].map(([itemIndex, own]) => ({
		itemIndex,
		messages: own,
		outcome: byItem.size === 1 ? outcome : shareOf(outcome, own, isEveryoneNamed, byItem.size),
	}));
}

function shareOf(
	outcome: Outcome,
	own: OutgoingMessage[],
	isEveryoneNamed: boolean,
	itemCount: number,
): Outcome {
	const recipientCount = own.length;
	const rejectedRecipients = rejectedAmong(own, outcome);
	const share: Outcome = { ...outcome, recipientCount, rejectedRecipients, cost: null };
	if (outcome.status !== 'partial') {
		const isNotSent = outcome.status === 'failed' || outcome.status === 'notAttempted';
		return {
			...share,
			sentCount: outcome.sentCount === null ? null : outcome.status === 'sent' ? recipientCount : 0,
			failedCount: outcome.failedCount === null ? null : isNotSent ? recipientCount : 0,
		};
	}
	return isEveryoneNamed ? namedShareOf(share) : untoldShareOf(share, itemCount);
}

function rejectedAmong(messages: readonly OutgoingMessage[], outcome: Outcome) {
	const numbers = new Set<string>(messages.map((message) => message.recipient));
	return outcome.rejectedRecipients.filter(({ recipient }) => numbers.has(recipient));
}

function namedShareOf(share: Outcome): Outcome {
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

function untoldShareOf(share: Outcome, itemCount: number): Outcome {
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
