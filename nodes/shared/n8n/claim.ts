import type { OutgoingMessage } from '../sending/batches';
import type { ItemShare } from '../sending/sharedOutcome';

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
