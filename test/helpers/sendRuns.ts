import type { Batch, OutgoingMessage } from '../../nodes/shared/gateways/gateway';
import type { ItemShare } from '../../nodes/shared/sending/outcomes';
import { RequestPace } from '../../nodes/shared/sending/requestPace';
import { sendBatches, type SendRunPorts } from '../../nodes/shared/sending/sendRun';
import { envelope, messageTo } from './outgoingMessages';
import { ScriptedGateway, type Step } from './scriptedGateway';
import { VirtualClock } from './virtualClock';

type SentRecord = SendRunPorts['record'];

export interface RunSetup {
	requestsPerMinute?: number;
	isStoppedByFailedItem?: boolean;
	partlySentItems?: number[];
	clock?: VirtualClock;
	record?: SentRecord;
	/** The user stops the run at this virtual time, in ms from its begin. */
	stopAtMs?: number;
}

/** Remembers the keys of messages as n8n's store does, and what was recorded as settled. */
export class MemoryRecord implements SentRecord {
	readonly recorded: ItemShare[] = [];

	/** Lists of refused messages, one for each claim that was closed. */
	readonly closed: OutgoingMessage[][] = [];

	/** Makes the next claims throw. */
	faultWords: string | null = null;

	/** Makes withdrawing impossible, with this note. */
	withdrawNote: string | null = null;

	constructor(private readonly known = new Set<OutgoingMessage>()) {}

	async claim(messages: OutgoingMessage[]) {
		if (this.faultWords !== null) throw new Error(this.faultWords);
		const fresh = messages.filter((message) => !this.known.has(message));
		const alreadySent = messages.filter((message) => this.known.has(message));
		for (const message of fresh) this.known.add(message);
		return {
			fresh,
			alreadySent,
			close: async (refused: OutgoingMessage[]) => {
				this.closed.push(refused);
				if (refused.length > 0 && this.withdrawNote !== null) return this.withdrawNote;
				for (const message of refused) this.known.delete(message);
				return null;
			},
		};
	}

	settled(shares: ItemShare[]): void {
		this.recorded.push(...shares);
	}
}

/** So many requests of one message each, each for an item of its own. */
export function singleBatches(count: number): Batch[] {
	return Array.from({ length: count }, (_, itemIndex) => ({
		envelope: envelope(),
		messages: [messageTo(`+${237670000000 + itemIndex}`, { itemIndex })],
	}));
}

/** Sends the batches in virtual time. */
export async function runOf(
	batches: Batch[],
	step: Step | ((requestIndex: number, batch: Batch) => Step),
	setup: RunSetup = {},
) {
	const clock = setup.clock ?? new VirtualClock();
	const gateway = new ScriptedGateway(clock, typeof step === 'function' ? step : () => step);
	const controller = new AbortController();
	const pace = new RequestPace(setup.requestsPerMinute ?? 0, clock, controller.signal);
	const record = setup.record ?? new MemoryRecord();
	const begin = clock.now();
	if (setup.stopAtMs !== undefined) clock.at(setup.stopAtMs, () => controller.abort());
	const shares = await clock.run(
		sendBatches(batches, {
			gateway,
			pace,
			record,
			clock,
			stopSignal: controller.signal,
			stop: () => controller.abort(),
			isStoppedByFailedItem: setup.isStoppedByFailedItem ?? false,
			partlySentItems: new Set(setup.partlySentItems),
		}),
	);
	return { shares, gateway, pace, record, clock, tookMs: clock.now() - begin };
}

/** Item index -> status, for runs with one share per item. */
export function statusesOf(shares: readonly ItemShare[]): string[] {
	return [...shares]
		.sort((one, other) => one.itemIndex - other.itemIndex)
		.map((share) => share.outcome.status);
}
