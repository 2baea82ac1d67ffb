import type { PhoneNumber } from '../phone/phoneNumber';
import type { ItemShare, SendStatus } from '../sending/outcomes';

export interface NotSent {
	recipient: PhoneNumber;
	/** The spreadsheet row, for Send Bulk. */
	row?: number;
	reason: string;
	mayHaveArrived: boolean;
}

/**
 * Recipients that one request of an item left without a message while another request of the same
 * item went through, each with the reason. An item that fails as a whole says it in its error.
 */
export function recipientsNotSent(status: SendStatus, shares: readonly ItemShare[]): NotSent[] {
	const isMixed = new Set(shares.map((share) => share.outcome.status)).size > 1;
	if (!isMixed || (status !== 'partial' && status !== 'unknown')) return [];
	return shares.flatMap(({ messages, outcome }) => {
		const reason = reasonOf(outcome.status, outcome.refusal?.reason ?? '');
		const mayHaveArrived = outcome.status === 'unknown';
		return reason === null
			? []
			: messages.map(({ recipient, row }) => ({ recipient, row, reason, mayHaveArrived }));
	});
}

function reasonOf(status: SendStatus, words: string): string | null {
	switch (status) {
		case 'failed':
			return `Not sent: ${words}`;
		case 'notAttempted':
			return `Not attempted, because the run was stopped: ${words}`;
		case 'unknown':
			return `May have been sent, no trustworthy answer came: ${words}`;
		case 'sent':
		case 'accepted':
		case 'partial':
		case 'skipped':
		case 'dryRun':
			return null;
	}
}
