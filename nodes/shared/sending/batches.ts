import type { Batch, Envelope, OutgoingMessage } from '../gateways/gateway';

export interface BatchRules {
	envelope: Envelope;
	/** Upper bound of messages in one request. */
	batchSize: number;
	/** Whether items that agree in text and envelope may share requests. */
	canShare: boolean;
}

/** Collects messages into requests, in the order in which they were added. */
export class BatchPlan {
	readonly batches: Batch[] = [];

	private readonly open = new Map<string, Array<{ batch: Batch; recipients: Set<string> }>>();

	add(message: OutgoingMessage, rules: BatchRules): void {
		const key = groupKey(message, rules);
		const group = this.open.get(key) ?? [];
		if (group.length === 0) this.open.set(key, group);
		let place = group.find((candidate) => !candidate.recipients.has(message.recipient));
		if (!place) {
			place = { batch: { envelope: rules.envelope, messages: [] }, recipients: new Set() };
			group.push(place);
			this.batches.push(place.batch);
		}
		place.batch.messages.push(message);
		place.recipients.add(message.recipient);
		if (place.batch.messages.length >= rules.batchSize) group.splice(group.indexOf(place), 1);
	}
}

function groupKey(message: OutgoingMessage, rules: BatchRules): string {
	const { envelope, batchSize, canShare } = rules;
	return JSON.stringify([
		canShare ? null : message.itemIndex,
		envelope.form === 'list' ? message.text : null,
		envelope.senderId,
		envelope.messageCategory,
		envelope.timeoutSeconds,
		batchSize,
	]);
}
