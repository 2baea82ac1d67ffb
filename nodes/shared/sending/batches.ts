import type { Batch, Envelope, OutgoingMessage } from '../gateways/gateway';

/** How the messages of an item may be put into requests. */
export interface BatchRules {
	senderId: string;
	/** Mambo SMS only. */
	messageCategory: string;
	timeoutSeconds: number;
	/** Upper bound of messages in one request; 0: what suits the request. */
	batchSize: number;
	/** Whether items that agree in all this may share requests. */
	canShare: boolean;
	/** Whether the messages come from a file: then a gateway that takes uploads gets one. */
	isFile: boolean;
}

/** The messages of one item, and the account that they go with. */
export interface ItemMessages {
	messages: readonly OutgoingMessage[];
	rules: BatchRules;
	accountId: string;
	/** Whether the gateway takes uploads. */
	hasUpload: boolean;
}

/**
 * The requests. Under Combine Items a text that no other item shares goes into an upload with others of its
 * kind, where the gateway takes uploads; texts that items share, and a text alone, go to lists of numbers.
 */
export function batchesOf(items: readonly ItemMessages[]): Batch[] {
	const plan = new BatchPlan();
	const itemCountOf = new Map<string, number>();
	const textKey = (accountId: string, text: string) => `${accountId} ${text}`;
	for (const { messages, rules, accountId } of items) {
		if (!rules.canShare) continue;
		for (const text of new Set(messages.map((message) => message.text))) {
			const key = textKey(accountId, text);
			itemCountOf.set(key, (itemCountOf.get(key) ?? 0) + 1);
		}
	}
	const personalCount = [...itemCountOf.values()].filter((count) => count === 1).length;
	for (const { messages, rules, accountId, hasUpload } of items) {
		const isSharing = rules.canShare && personalCount > 1;
		for (const message of messages) {
			const isPersonal = isSharing && itemCountOf.get(textKey(accountId, message.text)) === 1;
			const form = hasUpload && (rules.isFile || isPersonal) ? 'upload' : 'list';
			plan.add(message, rules, { accountId, form });
		}
	}
	return plan.batches;
}

const NUMBERS_OF_A_LIST = 100;
const ROWS_OF_AN_UPLOAD = 1_000;

/** Collects messages into requests, in the order in which they were added. */
class BatchPlan {
	readonly batches: Batch[] = [];

	private readonly open = new Map<string, Array<{ batch: Batch; recipients: Set<string> }>>();

	add(
		message: OutgoingMessage,
		{ senderId, messageCategory, timeoutSeconds, ...rules }: BatchRules,
		way: Pick<Envelope, 'accountId' | 'form'>,
	): void {
		const envelope = { ...way, senderId, messageCategory, timeoutSeconds };
		const suitableSize = way.form === 'upload' ? ROWS_OF_AN_UPLOAD : NUMBERS_OF_A_LIST;
		const batchSize = rules.batchSize > 0 ? rules.batchSize : suitableSize;
		const key = JSON.stringify([
			rules.canShare ? null : message.itemIndex,
			way.form === 'list' ? message.text : null,
			batchSize,
			...Object.values(envelope),
		]);
		const group = this.open.get(key) ?? [];
		if (group.length === 0) this.open.set(key, group);
		let place = group.find((candidate) => !candidate.recipients.has(message.recipient));
		if (!place) {
			place = { batch: { envelope, messages: [] }, recipients: new Set() };
			group.push(place);
			this.batches.push(place.batch);
		}
		place.batch.messages.push(message);
		place.recipients.add(message.recipient);
		if (place.batch.messages.length >= batchSize) group.splice(group.indexOf(place), 1);
	}
}
