import type { Batch, Gateway, OutgoingMessage, Refusal, SendResult } from '../gateways/gateway';
import { type ItemShare, outcomeWithoutSend, sharesOf } from './outcomes';
import {
	backoffMs,
	LONGEST_WAIT_MS,
	MAX_CONNECTION_RETRIES,
	MAX_RATE_LIMIT_WAITS,
	retryAfterMs,
} from './retryTiming';
import { FailedItems } from './failedItems';
import type { Clock, RequestPace, Slot } from './requestPace';
import { addNote, notSent, refusalOfClaim, stoppedByUser } from './runRefusals';

/** Enough for 500 requests a minute at 6 s an answer; more would only press a slow gateway. */
const MAX_UNDER_WAY = 50;

/** A request waits this long for the answers before it, so that a quick refusal stops it in time. */
const FIRST_STAGGER_MS = 250;
const LAST_STAGGER_MS = 5;

/** After so many successes the wait is halved. */
const SUCCESSES_PER_STEP = 5;

/** Which messages may go now, and what is to be remembered of them. */
export interface SentRecord {
	/** Splits off the messages that an earlier execution sent. Called just before each request. */
	claim(messages: OutgoingMessage[]): Promise<Claim>;
	/** Called as each request ends. */
	settled(shares: ItemShare[]): void;
}

export interface Claim {
	fresh: OutgoingMessage[];
	alreadySent: OutgoingMessage[];
	/** Ends the claim, given the messages that were certainly not sent. Answers what the user must know. */
	close(refused: OutgoingMessage[]): Promise<string | null>;
}

export interface SendRunPorts {
	gateway: Gateway;
	pace: RequestPace;
	record: SentRecord;
	clock: Clock;
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
export async function sendBatches(batches: Batch[], ports: SendRunPorts): Promise<ItemShare[]> {
	const sharesOfBatch: ItemShare[][] = batches.map(() => []);
	const underWay = new Set<Promise<void>>();
	const run = new SendRun(ports);
	const failedItems = new FailedItems(batches, ports.partlySentItems);
	for (const [index, batch] of batches.entries()) {
		await run.waitForTurn(underWay);
		const delivery = run.deliver(batch).then((shares) => {
			sharesOfBatch[index] = shares;
			const refusal = failedItems.add(shares);
			if (refusal && ports.isStoppedByFailedItem) run.stop(refusal);
			underWay.delete(delivery);
		});
		underWay.add(delivery);
	}
	await Promise.all(underWay);
	return sharesOfBatch.flat();
}

class SendRun {
	private successes = 0;

	/** Why the run was stopped, once it was. */
	private stoppedBy: Refusal | null = null;

	/** Set when a connection could not be made in all tries; further requests then try once. */
	private isUnreachable = false;

	constructor(private readonly ports: SendRunPorts) {}

	/** Resolves when one more request may go beside those under way. */
	async waitForTurn(underWay: ReadonlySet<Promise<void>>): Promise<void> {
		const mustWait = () =>
			underWay.size >= MAX_UNDER_WAY || (this.successes === 0 && underWay.size > 0);
		while (mustWait()) await Promise.race(underWay);
		if (underWay.size === 0 || this.stoppedBy) return;
		const step = Math.floor(this.successes / SUCCESSES_PER_STEP);
		const staggerMs = Math.max(LAST_STAGGER_MS, FIRST_STAGGER_MS / 2 ** step);
		await Promise.race([...underWay, this.ports.clock.sleep(staggerMs)]);
	}

	/** Never rejects: every way to end is a share. */
	async deliver(batch: Batch): Promise<ItemShare[]> {
		let waits = 0;
		let retries = 0;
		for (;;) {
			const slot = this.stoppedBy ? null : await this.ports.pace.acquire();
			if (!slot || this.stoppedBy) {
				if (slot) this.ports.pace.giveBack(slot);
				return sharesOf(batch.messages, this.notAttempted(batch.messages.length));
			}
			const attempt = await this.attempt(batch, slot);
			if ('shares' in attempt) return attempt.shares;
			const { refusal, giveUp } = attempt;
			if (refusal.kind === 'rateLimit') {
				const waitMs = this.rateLimitWaitMs(refusal, waits++);
				if (waits > MAX_RATE_LIMIT_WAITS || waitMs > LONGEST_WAIT_MS) return giveUp();
				this.ports.pace.pauseFor(waitMs);
			} else {
				if (this.isUnreachable || retries >= MAX_CONNECTION_RETRIES) {
					this.isUnreachable = true;
					return giveUp();
				}
				const { clock, stopSignal } = this.ports;
				await clock.sleep(backoffMs(retries++, clock.random()), stopSignal);
			}
		}
	}

	/** One request. A refusal comes back only when the request may be repeated. */
	private async attempt(
		batch: Batch,
		slot: Slot,
	): Promise<{ shares: ItemShare[] } | { refusal: Refusal; giveUp: () => ItemShare[] }> {
		const { pace, record, gateway, clock } = this.ports;
		slot.startedAt = Infinity;
		let claim: Claim;
		try {
			claim = await record.claim(batch.messages);
		} catch (error) {
			pace.giveBack(slot);
			return { shares: this.refused(batch.messages, refusalOfClaim(error)) };
		}
		const skipped = sharesOf(
			claim.alreadySent,
			outcomeWithoutSend('skipped', claim.alreadySent.length),
		);
		if (claim.fresh.length === 0 || this.stoppedBy || this.ports.stopSignal.aborted) {
			pace.giveBack(slot);
			const note = await claim.close(claim.fresh);
			const left = sharesOf(claim.fresh, this.notAttempted(claim.fresh.length));
			if (note !== null) addNote(left, note);
			return { shares: [...skipped, ...left] };
		}
		slot.startedAt = clock.now();
		const result = await gateway.send({ ...batch, messages: claim.fresh });
		const ended = this.endOf(result, claim.fresh);
		if ('shares' in ended) record.settled(ended.shares);
		const note = await claim.close(notSent(result, claim.fresh));
		if ('shares' in ended) {
			if (note !== null) addNote(ended.shares, note);
			return { shares: [...skipped, ...ended.shares] };
		}
		const { refusal } = ended;
		const giveUp = () => [...skipped, ...this.refused(claim.fresh, refusal)];
		if (note === null) return { refusal, giveUp };
		// Without a withdrawn key, the repeated request would take its own messages for sent.
		const shares = giveUp();
		addNote(shares, note);
		return { shares };
	}

	private endOf(
		result: SendResult,
		messages: OutgoingMessage[],
	): { shares: ItemShare[] } | { refusal: Refusal } {
		if (!result.refused) {
			this.successes += 1;
			this.isUnreachable = false;
			return { shares: sharesOf(messages, result.outcome) };
		}
		switch (result.refusal.kind) {
			case 'rateLimit':
			case 'unavailable':
				return { refusal: result.refusal };
			case 'credentials':
			case 'balance':
			case 'input':
			case 'unknownOutcome':
				return { shares: this.refused(messages, result.refusal) };
		}
	}

	private refused(messages: OutgoingMessage[], refusal: Refusal): ItemShare[] {
		if (refusal.kind === 'credentials' || refusal.kind === 'balance') this.stop(refusal);
		const status = refusal.kind === 'unknownOutcome' ? 'unknown' : 'failed';
		return sharesOf(messages, outcomeWithoutSend(status, messages.length, refusal));
	}

	/** No further request leaves; those under way are awaited. */
	stop(refusal: Refusal): void {
		this.stoppedBy ??= refusal;
		this.ports.stop();
	}

	private notAttempted(messageCount: number) {
		return outcomeWithoutSend('notAttempted', messageCount, this.stoppedBy ?? stoppedByUser);
	}

	private rateLimitWaitMs(refusal: Refusal, waits: number): number {
		const { clock } = this.ports;
		return retryAfterMs(refusal.retryAfter, clock.now()) ?? backoffMs(waits, clock.random());
	}
}
