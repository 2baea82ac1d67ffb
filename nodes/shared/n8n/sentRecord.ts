import type { IExecuteFunctions } from 'n8n-workflow';

import type { OutgoingMessage } from '../gateways/gateway';
import type { ItemShare } from '../sending/outcomes';
import type { Claim, SentRecord } from '../sending/sendRun';
import type { PlannedItem } from '../operations/plannedItem';
import { SentKeys } from './sentKeys';

/**
 * The two memories of a run in one: the ledger of this execution, and n8n's database for messages
 * whose item has a deduplication key.
 */
export function sentRecord(
	context: IExecuteFunctions,
	planned: readonly PlannedItem[],
	settled: (share: ItemShare) => void,
): SentRecord {
	const sentKeys = new SentKeys(context);
	const keyOf = ({ itemIndex, recipient }: OutgoingMessage): string | null => {
		const key = planned[itemIndex]?.settings?.deduplicationKey ?? '';
		return key === '' ? null : JSON.stringify([key, recipient]);
	};
	return {
		settled: (shares) => shares.forEach(settled),
		claim: async (messages) => await claimOf(messages, keyOf, sentKeys),
	};
}

async function claimOf(
	messages: OutgoingMessage[],
	keyOf: (message: OutgoingMessage) => string | null,
	sentKeys: SentKeys,
): Promise<Claim> {
	const keys = messages.map(keyOf).filter((key) => key !== null);
	if (keys.length === 0) {
		return { fresh: messages, alreadySent: [], close: async () => null };
	}
	const { isNew, decide } = await sentKeys.claim(keys);
	const fresh: OutgoingMessage[] = [];
	const alreadySent: OutgoingMessage[] = [];
	for (const message of messages) {
		const key = keyOf(message);
		// The first message with a new key goes; a second one in the same request is a repeat.
		if (key === null || isNew.delete(key)) fresh.push(message);
		else alreadySent.push(message);
	}
	return {
		fresh,
		alreadySent,
		async close(refused) {
			const withdrawn = refused.map(keyOf).filter((key) => key !== null);
			const note = await sentKeys.withdraw(withdrawn);
			decide();
			return note;
		},
	};
}
