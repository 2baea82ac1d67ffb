import type { Batch, OutgoingMessage } from '../core/batches';
import { receiptWithoutSend, type Refusal } from '../core/outcome';
import {
	backoffMs,
	LONGEST_WAIT_MS,
	MAX_CONNECTION_RETRIES,
	MAX_RATE_LIMIT_WAITS,
	retryAfterMs,
} from '../core/retryTiming';
import { sharesOf, type ItemShare } from '../core/sharedReceipt';
import type { Gateway, SendResult } from '../gateways/gateway';
import type { Clock, RequestPace } from './requestPace';

/** Enough for 500 requests a minute at 6 s an answer; more would only press a slow gateway. */
const MAX_IN_FLIGHT = 50;

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
	/** Whether any refusal ends the run (Stop Workflow), or only one that all others would share. */
	isStoppedByAnyRefusal: boolean;
}

/**
 * Sends the batches and accounts for every message of them. The first request goes alone and each
 * success lets one more go beside it, so that a wrong password or an empty account costs one request.
 */
export async function sendBatches(batches: Batch[], ports: SendRunPorts): Promise<ItemShare[]> {
	const sharesOfBatch: ItemShare[][] = batches.map(() => []);
	const underWay = new Set<Promise<void>>();
	const run = new SendRun(ports);
	for (const [index, batch] of batches.entries()) {
		while (underWay.size >= run.maxUnderWay) await Promise.race(underWay);
		const delivery = run.deliver(batch).then((shares) => {
			sharesOfBatch[index] = shares;
			underWay.delete(delivery);
		});
		underWay.add(delivery);
	}
	await Promise.all(underWay);
	return sharesOfBatch.flat();
}

class SendRun {
	maxUnderWay = 1;

	/** Why the run was stopped, once it was. */
	private stoppedBy: Refusal | null = null;

	/** Set when a connection could not be made in all tries; further requests then try once. */
	private isUnreachable = false;

	constructor(private readonly ports: SendRunPorts) {}

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
			const { refusal } = attempt;
			if (refusal.kind === 'rateLimit') {
				const waitMs = this.rateLimitWaitMs(refusal, waits++);
				if (waits > MAX_RATE_LIMIT_WAITS || waitMs > LONGEST_WAIT_MS) {
					return this.refused(batch.messages, refusal);
				}
				this.ports.pace.pauseFor(waitMs);
			} else {
				if (this.isUnreachable || retries >= MAX_CONNECTION_RETRIES) {
					this.isUnreachable = true;
					return this.refused(batch.messages, refusal);
				}
				const { clock, stopSignal } = this.ports;
				await clock.sleep(backoffMs(retries++, clock.random()), stopSignal);
			}
		}
	}

	/** One request. A refusal comes back only when the request may be repeated. */
	private async attempt(
		batch: Batch,
		slot: { startedAt: number },
	): Promise<{ shares: ItemShare[] } | { refusal: Refusal }> {
		const { pace, record, gateway, clock } = this.ports;
		let claim: Claim;
		try {
			claim = await record.claim(batch.messages);
		} catch (error) {
			pace.giveBack(slot);
			return { shares: this.refused(batch.messages, refusalOfClaim(error)) };
		}
		const skipped = sharesOf(
			claim.alreadySent,
			receiptWithoutSend('skipped', claim.alreadySent.length),
		);
		if (claim.fresh.length === 0 || this.stoppedBy || this.ports.stopSignal.aborted) {
			pace.giveBack(slot);
			await claim.close(claim.fresh);
			const left = sharesOf(claim.fresh, this.notAttempted(claim.fresh.length));
			return { shares: [...skipped, ...left] };
		}
		slot.startedAt = clock.now();
		const result = await gateway.send({ ...batch, messages: claim.fresh });
		const outcome = this.outcomeOf(result, claim.fresh);
		if ('shares' in outcome) record.settled(outcome.shares);
		const note = await claim.close(notSent(result, claim.fresh));
		if ('shares' in outcome && note) addNote(outcome.shares, note);
		// A repeatable request claims its batch anew, so the skipped ones are found again then.
		return 'shares' in outcome ? { shares: [...skipped, ...outcome.shares] } : outcome;
	}

	private outcomeOf(
		result: SendResult,
		messages: OutgoingMessage[],
	): { shares: ItemShare[] } | { refusal: Refusal } {
		if (!result.refused) {
			this.maxUnderWay = Math.min(MAX_IN_FLIGHT, this.maxUnderWay + 1);
			this.isUnreachable = false;
			return { shares: sharesOf(messages, result.receipt) };
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
		const concernsAll = refusal.kind === 'credentials' || refusal.kind === 'balance';
		if (concernsAll || this.ports.isStoppedByAnyRefusal) {
			this.stoppedBy ??= refusal;
			this.ports.stop();
		}
		const status = refusal.kind === 'unknownOutcome' ? 'unknown' : 'failed';
		return sharesOf(messages, receiptWithoutSend(status, messages.length, refusal));
	}

	private notAttempted(messageCount: number) {
		return receiptWithoutSend('notAttempted', messageCount, this.stoppedBy ?? stoppedByUser);
	}

	private rateLimitWaitMs(refusal: Refusal, waits: number): number {
		const { clock } = this.ports;
		return retryAfterMs(refusal.retryAfter, clock.now()) ?? backoffMs(waits, clock.random());
	}
}

function addNote(shares: ItemShare[], note: string): void {
	for (const { receipt } of shares) {
		receipt.providerMessage = [receipt.providerMessage, note].filter(Boolean).join('; ');
		if (receipt.refusal)
			receipt.refusal = { ...receipt.refusal, words: `${receipt.refusal.words}; ${note}` };
	}
}

/** The messages that the gateway certainly did not send. */
function notSent(result: SendResult, messages: OutgoingMessage[]): OutgoingMessage[] {
	if (result.refused) return result.refusal.kind === 'unknownOutcome' ? [] : messages;
	const named = new Set(result.receipt.rejectedRecipients.map(({ recipient }) => recipient));
	return messages.filter(({ recipient }) => named.has(recipient));
}

const stoppedByUser: Refusal = {
	kind: 'unavailable',
	words: 'the execution was stopped',
	httpCode: null,
};

/** n8n's store of sent keys could not be used: nothing was sent. */
function refusalOfClaim(error: unknown): Refusal {
	const words = error instanceof Error ? error.message : String(error);
	return { kind: 'input', words, httpCode: null };
}
