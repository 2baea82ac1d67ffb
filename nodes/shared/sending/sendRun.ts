import {
	makeRefusal,
	type Batch,
	type Gateway,
	type OutgoingMessage,
	type Refusal,
	type SendResult,
} from '../gateways/gateway';
import {
	notedShare,
	outcomeWithoutSend,
	sharesOf,
	type FailedItems,
	type ItemShare,
} from './outcomes';
import {
	backoffMs,
	isRepeatable,
	LONGEST_WAIT_MS,
	MAX_RATE_LIMIT_PAUSES,
	MAX_UNREACHABLE,
	retryAfterMs,
	type Clock,
	type RequestPace,
	type Slot,
} from './requestPace';
import {
	claimMessages,
	keysOf,
	unsentOf,
	unusableStore,
	type Claim,
	type ClaimKeys,
	type SentLedger,
} from './sentLedger';

/** Enough for 500 requests a minute at 6 s an answer; more would only press a slow gateway. */
const MAX_UNDER_WAY = 50;

/** At a quick gateway a request waits this long for the answers before it, so that a refusal stops it in time. */
const FIRST_STAGGER_MS = 250;
/** To wait for requests that take longer than this would slow the run down, and stop little. */
const SLOW_ANSWER_MS = 100;
/** Still apart: fifty at one instant also come back at one instant, and take longer together. */
const LAST_STAGGER_MS = 5;

/** After so many successes the wait is halved. */
const SUCCESSES_PER_STEP = 5;

interface SendRunOptions {
	/** The accounts of the run, by the `accountId` of the envelopes. */
	gateways: ReadonlyMap<string, Gateway>;
	/** Likewise. */
	paces: ReadonlyMap<string, RequestPace>;
	clock: Clock;
	ledger: SentLedger;
	claimKeys: ClaimKeys;
	/** Aborted when the user stops the execution. */
	stopSignal: AbortSignal;
	/** Stops the run: no further request leaves. */
	stop(): void;
	/** Set where an item that went wrong ends the run (Stop Workflow); null where only what all others would share does. */
	failedItems: FailedItems | null;
}

/**
 * Sends the batches and accounts for every message of them. The first request goes alone, so that a
 * wrong password costs one request. After it, requests overlap only as far as gateway or key store are slow:
 * answers that come at once are waited for.
 */
export async function sendBatches(batches: Batch[], options: SendRunOptions): Promise<ItemShare[]> {
	const sharesOfBatch: ItemShare[][] = batches.map(() => []);
	const underWay = new Set<Promise<void>>();
	const run = new SendRun(options);
	for (const [index, batch] of batches.entries()) {
		await run.waitForTurn(underWay);
		const delivery = run.deliver(batch).then((shares) => {
			sharesOfBatch[index] = shares;
			const refusal = options.failedItems?.add(shares);
			if (refusal) run.stop(refusal);
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

/** What a run has learned of one of its accounts. */
interface AccountState {
	gateway: Gateway;
	pace: RequestPace;
	/** Why no further request leaves for it. */
	stoppedBy: Refusal | null;
	/** Whether the gateway took a request of it in this run. */
	wasAccepted: boolean;
	/** Requests one after another that certainly never connected. */
	unreachableInARow: number;
}

class SendRun {
	private successes = 0;
	/** How long the first request took that was accepted, with the claim of its keys, in ms. */
	private firstAttemptMs = 0;
	/** Why the run was stopped, once it was. */
	private stoppedBy: Refusal | null = null;
	private readonly accounts = new Map<string, AccountState>();
	/** Pauses one after another that the gateway asked for, and in which it took nothing. */
	private pausesInARow = 0;

	/** Bound of requests in flight: halved at each pause, one more after each success. */
	private mostInFlight = MAX_UNDER_WAY;
	private inFlight = 0;
	private readonly waitingForPlace: Array<() => void> = [];

	constructor(private readonly options: SendRunOptions) {
		for (const [id, gateway] of options.gateways) {
			const pace = options.paces.get(id);
			if (!pace) throw new Error('An account has no pace');
			this.accounts.set(id, {
				gateway,
				pace,
				stoppedBy: null,
				wasAccepted: false,
				unreachableInARow: 0,
			});
		}
	}

	/** Resolves when one more request may go beside those under way. */
	async waitForTurn(underWay: ReadonlySet<Promise<void>>): Promise<void> {
		const mustWait = () =>
			underWay.size >= MAX_UNDER_WAY || (this.successes === 0 && underWay.size > 0);
		while (mustWait()) await Promise.race(underWay);
		if (underWay.size === 0 || this.stoppedBy) return;
		await Promise.race([...underWay, this.options.clock.sleep(this.staggerMs())]);
	}

	private staggerMs(): number {
		if (this.firstAttemptMs > SLOW_ANSWER_MS) return LAST_STAGGER_MS;
		const step = Math.floor(this.successes / SUCCESSES_PER_STEP);
		return Math.max(LAST_STAGGER_MS, FIRST_STAGGER_MS / 2 ** step);
	}

	/** Never rejects: every way to end is a share. */
	async deliver(batch: Batch): Promise<ItemShare[]> {
		let connectionRetries = 0;
		for (;;) {
			const { shares, repeatable } = await this.attemptInTurn(batch);
			if (!repeatable) return shares;
			const account = this.accountOf(batch);
			if (repeatable.kind === 'rateLimit') {
				if (!this.pauseAfter(account, repeatable)) return shares;
			} else {
				account.unreachableInARow += 1;
				if (account.unreachableInARow >= MAX_UNREACHABLE) {
					this.stopAccount(account, repeatable);
					return shares;
				}
				const { clock, stopSignal } = this.options;
				await clock.sleep(backoffMs(connectionRetries++, clock.random()), stopSignal);
			}
		}
	}

	/** One attempt, when there is a place in flight and in the pace for it. */
	private async attemptInTurn(batch: Batch): Promise<Attempt> {
		while (this.inFlight >= this.mostInFlight) {
			await new Promise<void>((resolve) => this.waitingForPlace.push(resolve));
		}
		this.inFlight += 1;
		try {
			const { pace } = this.accountOf(batch);
			const slot = this.stopReason(batch) ? null : await pace.acquire();
			if (slot && !this.stopReason(batch)) return await this.attempt(batch, slot);
			if (slot) pace.giveBack(slot);
			return { shares: this.notAttempted(batch, batch.messages), repeatable: null };
		} finally {
			this.inFlight -= 1;
			for (const goOn of this.waitingForPlace.splice(0)) goOn();
		}
	}

	/** One request, for those messages whose keys are new. */
	private async attempt(batch: Batch, slot: Slot): Promise<Attempt> {
		const { clock, ledger, claimKeys, stopSignal } = this.options;
		const { pace, gateway } = this.accountOf(batch);
		slot.startedAt = Infinity;
		const beganAt = clock.now();
		let claim: Claim;
		try {
			claim = await claimMessages(batch.messages, claimKeys);
		} catch (fault) {
			pace.giveBack(slot);
			const refusal = unusableStore(fault);
			return { shares: this.refused(batch, batch.messages, refusal), repeatable: null };
		}
		const { fresh, skipped, close } = claim;
		let shares: ItemShare[];
		let unsent = fresh;
		let repeatable: Refusal | null = null;
		if (fresh.length === 0 || this.stopReason(batch) || stopSignal.aborted) {
			pace.giveBack(slot);
			shares = this.notAttempted(batch, fresh);
		} else {
			slot.startedAt = clock.now();
			const result = await gateway.send({ ...batch, messages: fresh });
			pace.answered(slot);
			if (this.successes === 0) this.firstAttemptMs = clock.now() - beganAt;
			shares = this.accounted(result, batch, fresh);
			unsent = unsentOf(result, fresh);
			if (result.refused && isRepeatable(result.refusal.kind)) repeatable = result.refusal;
		}
		shares.forEach((share) => ledger.record(share));
		const note = await close(keysOf(unsent));
		if (note === null) return { shares: [...skipped, ...shares], repeatable };
		// With its keys still recorded, a repeated request would take its own messages for sent.
		const noted = shares.map((share) => notedShare(share, note));
		return { shares: [...skipped, ...noted], repeatable: null };
	}

	private accounted(result: SendResult, batch: Batch, messages: OutgoingMessage[]): ItemShare[] {
		if (result.refused) return this.refused(batch, messages, result.refusal);
		const account = this.accountOf(batch);
		account.wasAccepted = true;
		account.unreachableInARow = 0;
		this.successes += 1;
		this.pausesInARow = 0;
		this.mostInFlight = Math.min(MAX_UNDER_WAY, this.mostInFlight + 1);
		if (result.stops) this.stopAccount(account, result.stops);
		return sharesOf(messages, result.outcome);
	}

	private refused(batch: Batch, messages: OutgoingMessage[], refusal: Refusal): ItemShare[] {
		const account = this.accountOf(batch);
		if (refusal.kind !== 'unavailable') account.unreachableInARow = 0;
		const concernsAll =
			refusal.kind === 'credentials' ||
			refusal.kind === 'balance' ||
			(refusal.kind === 'address' && !account.wasAccepted);
		if (concernsAll) this.stopAccount(account, refusal);
		const status = refusal.kind === 'unknownOutcome' ? 'unknown' : 'failed';
		return sharesOf(messages, outcomeWithoutSend(status, messages.length, refusal));
	}

	private notAttempted(batch: Batch, messages: OutgoingMessage[]): ItemShare[] {
		const refusal = this.stopReason(batch) ?? stoppedByUser();
		return sharesOf(messages, outcomeWithoutSend('notAttempted', messages.length, refusal));
	}

	/** False when it is time to give up: too long a pause, or too many without any success between them. */
	private pauseAfter({ pace }: AccountState, { retryAfter }: Refusal): boolean {
		const { clock } = this.options;
		const waitMs =
			retryAfterMs(retryAfter, clock.date()) ?? backoffMs(this.pausesInARow, clock.random());
		if (waitMs > LONGEST_WAIT_MS) return false;
		if (pace.pauseFor(waitMs)) {
			this.pausesInARow += 1;
			this.mostInFlight = Math.max(1, Math.floor(this.mostInFlight / 2));
		}
		return this.pausesInARow <= MAX_RATE_LIMIT_PAUSES;
	}

	private accountOf({ envelope }: Batch): AccountState {
		const account = this.accounts.get(envelope.accountId);
		if (!account) throw new Error('A batch has no account');
		return account;
	}

	private stopReason(batch: Batch): Refusal | null {
		return this.stoppedBy ?? this.accountOf(batch).stoppedBy;
	}

	/** No further request leaves for the account; where it is the only one, the run is over. */
	private stopAccount(account: AccountState, refusal: Refusal): void {
		account.stoppedBy ??= refusal;
		if (this.accounts.size === 1) this.stop(refusal);
	}

	/** No further request leaves; those under way are awaited. */
	stop(refusal: Refusal): void {
		this.stoppedBy ??= refusal;
		this.options.stop();
	}
}

/** n8n knows such an end by the word "canceled". */
function stoppedByUser(): Refusal {
	return makeRefusal('input', 'The execution was canceled', {
		advice: 'Nothing was sent for this item',
	});
}
