import type { Outcome } from '../gateways/gateway';
import type { PhoneNumber } from '../phone/phoneNumber';
import type { ItemShare, SendStatus } from '../sending/outcomes';

interface NotSent {
	recipient: PhoneNumber;
	reason: string;
}

/**
 * Recipients that one request of an item left without a message while another request of the same
 * item went through, each with the reason. An item that fails as a whole says it in its error.
 */
export function recipientsNotSent(status: SendStatus, shares: readonly ItemShare[]): NotSent[] {
	const isMixed = new Set(shares.map((share) => share.outcome.status)).size > 1;
	if (!isMixed || (status !== 'partial' && status !== 'unknown')) return [];
	return shares.flatMap(({ messages, outcome }) => {
		const reason = reasonNotSent(outcome) ?? reasonInDoubt(outcome);
		return reason === undefined ? [] : messages.map(({ recipient }) => ({ recipient, reason }));
	});
}

/** Why recipients of a request certainly got nothing; undefined where they may have got something. */
export function reasonNotSent({ status, refusal }: Outcome): string | undefined {
	const words = refusal?.reason ?? 'no reason given';
	if (status === 'failed') return `Not sent: ${words}`;
	if (status === 'notAttempted') return `Not attempted, because the run was stopped: ${words}`;
	return undefined;
}

/** Why it is not known whether recipients of a request got something; undefined where it is. */
export function reasonInDoubt({ status, refusal }: Outcome): string | undefined {
	if (status !== 'unknown') return undefined;
	return `May have been sent, no trustworthy answer came: ${refusal?.reason ?? 'no reason given'}`;
}
