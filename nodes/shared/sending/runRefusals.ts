import type { OutgoingMessage, Refusal, SendResult } from '../gateways/gateway';
import type { ItemShare } from './outcomes';

/** Adds what the user must know besides the gateway's words. */
export function addNote(shares: ItemShare[], note: string): void {
	for (const { outcome } of shares) {
		outcome.providerMessage = [outcome.providerMessage, note].filter(Boolean).join('; ');
		if (outcome.refusal)
			outcome.refusal = { ...outcome.refusal, reason: `${outcome.refusal.reason}; ${note}` };
	}
}

/** The messages that the gateway certainly did not send. */
export function notSent(result: SendResult, messages: OutgoingMessage[]): OutgoingMessage[] {
	if (result.refused) return result.refusal.kind === 'unknownOutcome' ? [] : messages;
	const named = new Set(result.outcome.rejectedRecipients.map(({ recipient }) => recipient));
	return messages.filter(({ recipient }) => named.has(recipient));
}

/** When the user stopped the execution. n8n knows such an end by the word "canceled". */
export const stoppedByUser: Refusal = {
	kind: 'input',
	reason: 'the execution was canceled',
	advice: 'Run the workflow again to send the rest',
	httpCode: null,
};

/** n8n's store of sent keys could not be used: nothing was sent. */
export function refusalOfClaim(error: unknown): Refusal {
	const { message, description } = error as { message?: string; description?: string };
	return {
		kind: 'input',
		reason: message ?? String(error),
		advice: description ?? 'Nothing was sent',
		httpCode: null,
	};
}
