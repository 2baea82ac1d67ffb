import type { Batch, OutgoingMessage } from '../../nodes/shared/gateways/gateway';
import { FailedItems, type ItemShare } from '../../nodes/shared/sending/outcomes';
import { RequestPace, RequestWindow } from '../../nodes/shared/sending/requestPace';
import { sendBatches } from '../../nodes/shared/sending/sendRun';
import { SentLedger, type LedgerEntry } from '../../nodes/shared/sending/sentLedger';
import { envelope, messageTo } from './outgoingMessages';
import { ScriptedGateway, type Step } from './scriptedGateway';
import { VirtualClock } from './virtualClock';

export interface RunSetup {
	requestsPerMinute?: number;
	/** The accounts that envelopes name; all of them are the one gateway. */
	accounts?: string[];
	isStoppedByFailedItem?: boolean;
	partlySentItems?: number[];
	clock?: VirtualClock;
	sentKeys?: MemoryKeys;
	/** The user stops the run at this virtual time, in ms from its begin. */
	stopAtMs?: number;
}

/** Remembers keys as n8n's store does. The messages are known from the begin. */
export class MemoryKeys {
	/** The keys given to `withdraw`, one list for each claim that ended. */
	readonly withdrawn: string[][] = [];

	/** Makes the next claims throw. */
	faultWords: string | null = null;

	/** Makes withdrawing impossible, with this note. */
	withdrawNote: string | null = null;

	private readonly known: Set<string>;

	constructor(known: Iterable<OutgoingMessage> = []) {
		this.known = new Set([...known].map(keyOf));
	}

	async claim(keys: readonly string[]) {
		if (this.faultWords !== null) throw new Error(this.faultWords);
		const isNew = new Set(keys.filter((key) => !this.known.has(key)));
		for (const key of isNew) this.known.add(key);
		return { isNew, close: async (unsent: readonly string[]) => await this.withdraw(unsent) };
	}

	private async withdraw(keys: readonly string[]) {
		this.withdrawn.push([...keys]);
		if (keys.length > 0 && this.withdrawNote !== null) return this.withdrawNote;
		for (const key of keys) this.known.delete(key);
		return null;
	}
}

/** The key of a message that has one, as those made by `messageTo` do. */
export function keyOf({ deduplicationKey }: OutgoingMessage): string {
	if (deduplicationKey === null) throw new Error('The message has no deduplication key');
	return deduplicationKey;
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
	const world = { clock, signal: controller.signal };
	const accounts = setup.accounts ?? ['account'];
	const paceOf = () => new RequestPace(setup.requestsPerMinute ?? 0, new RequestWindow(), world);
	const paces = new Map(accounts.map((id) => [id, paceOf()]));
	const [pace = paceOf()] = paces.values();
	const sentKeys = setup.sentKeys ?? new MemoryKeys();
	const recorded: LedgerEntry[] = [];
	const ledger = new SentLedger({
		entries: recorded,
		run: '0',
		earlierExecutionsEntryCount: 0,
		fingerprint: (parts) => JSON.stringify(parts).replaceAll(' ', '_'),
	});
	const begin = clock.now();
	if (setup.stopAtMs !== undefined) clock.at(setup.stopAtMs, () => controller.abort());
	const shares = await clock.run(
		sendBatches(batches, {
			gateways: new Map(accounts.map((id) => [id, gateway])),
			paces,
			ledger,
			claimKeys: async (keys) => await sentKeys.claim(keys),
			clock,
			stopSignal: controller.signal,
			stop: () => controller.abort(),
			failedItems: setup.isStoppedByFailedItem
				? new FailedItems(batches, new Set(setup.partlySentItems))
				: null,
		}),
	);
	return { shares, gateway, pace, recorded, clock, tookMs: clock.now() - begin };
}

/** Item index -> status, for runs with one share per item. */
export function statusesOf(shares: readonly ItemShare[]): string[] {
	return [...shares]
		.sort((one, other) => one.itemIndex - other.itemIndex)
		.map((share) => share.outcome.status);
}
