import type {
	Batch,
	Envelope,
	Outcome,
	OutgoingMessage,
} from '../../nodes/shared/gateways/gateway';
import type { PhoneNumber } from '../../nodes/shared/phone/phoneResult';

/** A message of item 0 with a text of no interest, known by its number, unless said otherwise. */
export function messageTo(recipient: string, rest: Partial<OutgoingMessage> = {}): OutgoingMessage {
	return {
		itemIndex: 0,
		writtenAs: recipient,
		text: 'Hello',
		written: rest.text ?? 'Hello',
		identity: recipient,
		deduplicationKey: recipient,
		...rest,
		recipient: recipient as PhoneNumber,
	};
}

export function envelope(rest: Partial<Envelope> = {}): Envelope {
	return {
		accountId: 'account',
		senderId: '',
		messageCategory: '',
		timeoutSeconds: 30,
		form: 'list',
		...rest,
	};
}

/** One request with one text for all recipients. */
export function listBatch(
	recipients: readonly string[],
	text: string,
	rest: Partial<Envelope> = {},
): Batch {
	return {
		envelope: envelope(rest),
		messages: recipients.map((recipient) => messageTo(recipient, { text })),
	};
}

/** One upload with a text for each recipient. */
export function uploadBatch(
	rows: ReadonlyArray<readonly [recipient: string, text: string]>,
	rest: Partial<Envelope> = {},
): Batch {
	return {
		envelope: envelope({ form: 'upload', timeoutSeconds: 300, ...rest }),
		messages: rows.map(([recipient, text], index) =>
			messageTo(recipient, { text, row: index + 1 }),
		),
	};
}

/** What is known of a request when nothing else is said: only how it ended. */
export function outcomeOf(status: Outcome['status'], rest: Partial<Outcome> = {}): Outcome {
	return {
		status,
		recipientCount: 0,
		sentCount: null,
		failedCount: null,
		rejectedRecipients: [],
		cost: null,
		balance: null,
		providerMessage: null,
		jobId: null,
		...rest,
	};
}
