import {
	makeRefusal,
	type Batch,
	type Gateway,
	type OutgoingMessage,
	type Refusal,
	type RefusalKind,
	type SendResult,
} from '../gateways/gateway';
import { isSettled, notedShare, outcomeWithoutSend, sharesOf, type ItemShare } from './outcomes';
import type { Clock, RequestPace, Slot } from './requestPace';
import {
	backoffMs,
	LONGEST_WAIT_MS,
	MAX_CONNECTION_RETRIES,
	MAX_RATE_LIMIT_WAITS,
	retryAfterMs,
} from './retryTiming';
import type { SentLedger } from './sentLedger';

/** Enough for 500 requests a minute at 6 s an answer; more would only press a slow gateway. */
const MAX_UNDER_WAY = 50;

/** A request waits this long for the answers before it, so that a quick refusal stops it in time. */
const FIRST_STAGGER_MS = 250;
const LAST_STAGGER_MS = 5;

/** After so many successes the wait is halved. */
const SUCCESSES_PER_STEP = 5;

/** The deduplication keys of what was sent, in any execution. */
export interface SentKeyStore {
	/**
	 * Records the keys, just before their request, and tells which were new. Others who claim one of
	 * them wait until `decide` is called. Rejects when the store cannot be used.
	 */
	claim(keys: readonly string[]): Promise<{ isNew: Set<string>; decide: () => void }>;
	/** Withdraws keys of messages that were not sent. Answers what the user must know if it cannot. */
	withdraw(keys: readonly string[]): Promise<string | null>;
}

export interface SendRunOptions {
	gateway: Gateway;
	pace: RequestPace;
	clock: Clock;
	ledger: SentLedger;
	sentKeys: SentKeyStore;
	/** Aborted when the user stops the execution. */
	stopSignal: AbortSignal;
	/** Stops the run: no further request leaves. */
	stop(): void;
	/** Whether an item that went wrong ends the run (Stop Workflow), or only what all others would share. */
	isStoppedByFailedItem: boolean;
	/** Items of which an earlier try already sent a part: what is refused now leaves them `partial`. */
	partlySentItems: ReadonlySet<number>;
}

/**
 * Sends the batches and accounts for every message of them. The first request goes alone, so that a
 * wrong password costs one request. After it, requests overlap only as far as the gateway is slow:
 * answers that come at once are waited for.
 */
export async function sendBatches(batches: Batch[], options: SendRunOptions): Promise<ItemShare[]> {
	const sharesOfBatch: ItemShare[][] = batches.map(() => []);
	const underWay = new Set<Promise<void>>();
	const run = new SendRun(options);
	const failedItems = new FailedItems(batches, options.partlySentItems);
	for (const [index, batch] of batches.entries()) {
		await run.waitForTurn(underWay);
		const delivery = run.deliver(batch).then((shares) => {
			sharesOfBatch[index] = shares;
			const refusal = failedItems.add(shares);
			if (refusal && options.isStoppedByFailedItem) run.stop(refusal);
			underWay.delete(delivery);
		});
		underWay.add(delivery);
	}
	await Promise.all(underWay);
	return sharesOfBatch.flat();
}

/** How one request ended for its messages. */
interface Attempt {
	shares: ItemShare[];
	/** Set when the request was certainly not processed and may be repeated: why. */
	repeatable: Refusal | null;
}

class SendRun {
	private successes = 0;

	/** Why the run was stopped, once it was. */
	private stoppedBy: Refusal | null = null;

	/** Set when a connection could not be made in all tries; further requests then try once. */
	private isUnreachable = false;

	constructor(private readonly options: SendRunOptions) {}

	/** Resolves when one more request may go beside those under way. */
	async waitForTurn(underWay: ReadonlySet<Promise<void>>): Promise<void> {
		const mustWait = () =>
			underWay.size >= MAX_UNDER_WAY || (this.successes === 0 && underWay.size > 0);
		while (mustWait()) await Promise.race(underWay);
		if (underWay.size === 0 || this.stoppedBy) return;
		const step = Math.floor(this.successes / SUCCESSES_PER_STEP);
		const staggerMs = Math.max(LAST_STAGGER_MS, FIRST_STAGGER_MS / 2 ** step);
		await Promise.race([...underWay, this.options.clock.sleep(staggerMs)]);
	}

	/** Never rejects: every way to end is a share. */
	async deliver(batch: Batch): Promise<ItemShare[]> {
		const { pace, clock, stopSignal } = this.options;
		let rateLimitWaits = 0;
		let connectionRetries = 0;
		for (;;) {
			const slot = this.stoppedBy ? null : await pace.acquire();
			if (!slot || this.stoppedBy) {
				if (slot) pace.giveBack(slot);
				return this.notAttempted(batch.messages);
			}
			const { shares, repeatable } = await this.attempt(batch, slot);
			if (!repeatable) return shares;
			if (repeatable.kind === 'rateLimit') {
				const waitMs =
					retryAfterMs(repeatable.retryAfter, clock.now()) ??
					backoffMs(rateLimitWaits, clock.random());
				rateLimitWaits += 1;
				if (rateLimitWaits > MAX_RATE_LIMIT_WAITS || waitMs > LONGEST_WAIT_MS) return shares;
				pace.pauseFor(waitMs);
			} else {
				this.isUnreachable ||= connectionRetries >= MAX_CONNECTION_RETRIES;
				if (this.isUnreachable) return shares;
				await clock.sleep(backoffMs(connectionRetries++, clock.random()), stopSignal);
			}
		}
	}

	/** One request, for those messages whose keys are new. */
	private async attempt(batch: Batch, slot: Slot): Promise<Attempt> {
		const { pace, clock, gateway, ledger, sentKeys, stopSignal } = this.options;
		slot.startedAt = Infinity;
		let claim: Claim;
		try {
			claim = await claimMessages(batch.messages, sentKeys);
		} catch (fault) {
			pace.giveBack(slot);
			return { shares: this.refused(batch.messages, unusableStore(fault)), repeatable: null };
		}
		const { fresh, alreadySent, decide } = claim;
		const skipped = sharesOf(alreadySent, outcomeWithoutSend('skipped', alreadySent.length));
		let shares: ItemShare[];
		let unsent = fresh;
		let repeatable: Refusal | null = null;
		if (fresh.length === 0 || this.stoppedBy || stopSignal.aborted) {
			pace.giveBack(slot);
			shares = this.notAttempted(fresh);
		} else {
			slot.startedAt = clock.now();
			const result = await gateway.send({ ...batch, messages: fresh });
			shares = this.accounted(result, fresh);
			shares.forEach((share) => ledger.record(share));
			unsent = unsentOf(result, fresh);
			if (result.refused && isRepeatable(result.refusal.kind)) repeatable = result.refusal;
		}
		const note = await sentKeys.withdraw(keysOf(unsent));
		decide();
		if (note === null) return { shares: [...skipped, ...shares], repeatable };
		// With its keys still recorded, a repeated request would take its own messages for sent.
		const noted = shares.map((share) => notedShare(share, note));
		return { shares: [...skipped, ...noted], repeatable: null };
	}

	private accounted(result: SendResult, messages: OutgoingMessage[]): ItemShare[] {
		if (result.refused) return this.refused(messages, result.refusal);
		this.successes += 1;
		this.isUnreachable = false;
		return sharesOf(messages, result.outcome);
	}

	private refused(messages: OutgoingMessage[], refusal: Refusal): ItemShare[] {
		if (refusal.kind === 'credentials' || refusal.kind === 'balance') this.stop(refusal);
		const status = refusal.kind === 'unknownOutcome' ? 'unknown' : 'failed';
		return sharesOf(messages, outcomeWithoutSend(status, messages.length, refusal));
	}

	private notAttempted(messages: OutgoingMessage[]): ItemShare[] {
		const refusal = this.stoppedBy ?? STOPPED_BY_USER;
		return sharesOf(messages, outcomeWithoutSend('notAttempted', messages.length, refusal));
	}

	/** No further request leaves; those under way are awaited. */
	stop(refusal: Refusal): void {
		this.stoppedBy ??= refusal;
		this.options.stop();
	}
}

/** Whether the same request may go again after a refusal of this kind. */
function isRepeatable(kind: RefusalKind): boolean {
	switch (kind) {
		case 'rateLimit':
		case 'unavailable':
			return true;
		case 'credentials':
		case 'balance':
		case 'input':
		case 'unknownOutcome':
			return false;
	}
}

/** The messages that the gateway certainly did not send. */
function unsentOf(result: SendResult, messages: OutgoingMessage[]): OutgoingMessage[] {
	if (result.refused) return result.refusal.kind === 'unknownOutcome' ? [] : messages;
	const named = new Set(result.outcome.rejectedRecipients.map(({ recipient }) => recipient));
	return messages.filter(({ recipient }) => named.has(recipient));
}

/** n8n knows such an end by the word "canceled". */
const STOPPED_BY_USER = makeRefusal('input', 'the execution was canceled', {
	advice: 'Run the workflow again to send the rest',
});

interface Claim {
	fresh: OutgoingMessage[];
	/** By an earlier execution, or earlier in this one. */
	alreadySent: OutgoingMessage[];
	decide(): void;
}

async function claimMessages(messages: OutgoingMessage[], store: SentKeyStore): Promise<Claim> {
	const keys = keysOf(messages);
	if (keys.length === 0) return { fresh: messages, alreadySent: [], decide: () => undefined };
	const { isNew, decide } = await store.claim(keys);
	const fresh: OutgoingMessage[] = [];
	const alreadySent: OutgoingMessage[] = [];
	for (const message of messages) {
		const { deduplicationKey } = message;
		// The first message with a new key goes; a second one in the same request is a repeat.
		const isFresh = deduplicationKey === null || isNew.delete(deduplicationKey);
		(isFresh ? fresh : alreadySent).push(message);
	}
	return { fresh, alreadySent, decide };
}

function keysOf(messages: readonly OutgoingMessage[]): string[] {
	return messages.map((message) => message.deduplicationKey).filter((key) => key !== null);
}

/** The store of sent keys could not be used: nothing was sent. */
function unusableStore(fault: unknown): Refusal {
	const { message, description } = fault as { message?: string; description?: string };
	return makeRefusal('input', message ?? String(fault), {
		advice: description ?? 'Nothing was sent',
	});
}

/** Finds out when an item has gone wrong: all of its requests were refused, or one is in doubt. */
class FailedItems {
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
