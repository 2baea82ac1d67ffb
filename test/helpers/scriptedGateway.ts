import type {
	Batch,
	Gateway,
	Outcome,
	RefusalKind,
	SendResult,
} from '../../nodes/shared/gateways/gateway';
import type { VirtualClock } from './virtualClock';

/** How one request goes. */
export interface Step {
	result: 'sent' | 'accepted' | 'partial' | RefusalKind;
	/** Virtual milliseconds until the answer. */
	takesMs?: number;
	retryAfter?: string;
	/** Recipients named as not served, for `partial`. */
	rejected?: string[];
}

/** One request as the gateway saw it. Both moments are places in the one order of all events. */
export interface SeenRequest {
	batch: Batch;
	step: Step;
	startedAt: number;
	startEvent: number;
	/** Undefined until the answer has gone out. */
	endEvent?: number;
}

/** A gateway that takes virtual time to answer and keeps every request. */
export class ScriptedGateway implements Gateway {
	readonly provider = 'mboasms';

	readonly hasUpload = true;

	readonly displayName = 'MboaSMS';

	readonly requests: SeenRequest[] = [];

	private events = 0;

	constructor(
		private readonly clock: VirtualClock,
		private readonly stepOf: (requestIndex: number, batch: Batch) => Step,
	) {}

	/** Virtual times at which requests left, in ms since the first. */
	get starts(): number[] {
		const first = this.requests[0]?.startedAt ?? 0;
		return this.requests.map((request) => request.startedAt - first);
	}

	async send(batch: Batch): Promise<SendResult> {
		const step = this.stepOf(this.requests.length, batch);
		const request: SeenRequest = {
			batch,
			step,
			startedAt: this.clock.now(),
			startEvent: this.events++,
		};
		this.requests.push(request);
		if (step.takesMs) await this.clock.sleep(step.takesMs);
		request.endEvent = this.events++;
		return resultOf(step, batch);
	}
}

function resultOf({ result, retryAfter, rejected = [] }: Step, batch: Batch): SendResult {
	const recipientCount = batch.messages.length;
	switch (result) {
		case 'sent':
			return accepted('sent', recipientCount, recipientCount, []);
		case 'accepted':
			return accepted('accepted', recipientCount, null, []);
		case 'partial':
			return accepted('partial', recipientCount, recipientCount - rejected.length, rejected);
		default:
			return {
				refused: true,
				refusal: {
					kind: result,
					reason: `scripted ${result}`,
					httpCode: null,
					...(retryAfter !== undefined && { retryAfter }),
				},
			};
	}
}

function accepted(
	status: Outcome['status'],
	recipientCount: number,
	sentCount: number | null,
	rejected: readonly string[],
): SendResult {
	return {
		refused: false,
		outcome: {
			status,
			recipientCount,
			sentCount,
			failedCount: sentCount === null ? null : recipientCount - sentCount,
			rejectedRecipients: rejected.map((recipient) => ({ recipient, reason: 'not supported' })),
			cost: null,
			balance: null,
			providerMessage: null,
			jobId: null,
		},
	};
}

/** The most requests that any 60 seconds hold, both ends included. */
export function busiestMinute(starts: readonly number[]): number {
	const sorted = [...starts].sort((one, other) => one - other);
	let most = 0;
	let oldest = 0;
	for (const [index, start] of sorted.entries()) {
		while (start - sorted[oldest]! > 60_000) oldest++;
		most = Math.max(most, index - oldest + 1);
	}
	return most;
}
