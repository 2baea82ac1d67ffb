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

const NUMBERS_OF_A_LIST = 100;
const ROWS_OF_AN_UPLOAD = 1_000;

/** Collects messages into requests, in the order in which they were added. */
export class BatchPlan {
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
