import { waitFor } from '../../../playground/waiting';
import type { FaultOrder } from '../../../sandbox/faults';
import type { GatewayName } from '../../../sandbox/gateway';
import type { DeliveredMessage, RecordedRequest } from '../../../sandbox/records';

type PresetOrder = Omit<FaultOrder, 'fault'> & { preset: string };

/** The sandbox, over HTTP as a person would see it. */
export class SandboxClient {
	constructor(readonly url: string) {}

	async reset(): Promise<void> {
		await this.call('POST', '/reset', {});
	}

	async messages(): Promise<DeliveredMessage[]> {
		const { messages } = await this.call<{ messages: DeliveredMessage[] }>('GET', '/messages');
		return messages;
	}

	/** Who was texted what. */
	async texts(): Promise<Array<[recipient: string, text: string]>> {
		return (await this.messages()).map(({ recipient, text }) => [recipient, text]);
	}

	/** The link at the end of the first text, once it has arrived. */
	async link(): Promise<string> {
		return await waitFor(
			'a text with a link',
			async () => /\n(https?:\S+)$/.exec((await this.messages())[0]?.text ?? '')?.[1],
			{ timeoutMs: 30_000 },
		);
	}

	/** How often each number was texted. */
	async textsPerRecipient(): Promise<Record<string, number>> {
		const counts: Record<string, number> = {};
		for (const { recipient } of await this.messages()) {
			counts[recipient] = (counts[recipient] ?? 0) + 1;
		}
		return counts;
	}

	async requests(): Promise<RecordedRequest[]> {
		const { requests } = await this.call<{ requests: RecordedRequest[] }>('GET', '/requests');
		return requests;
	}

	async arm(order: FaultOrder | PresetOrder): Promise<void> {
		await this.call('POST', '/faults', order);
	}

	async disarm(): Promise<void> {
		await this.call('DELETE', '/faults');
	}

	async setBalance(gateway: GatewayName, balance: number): Promise<void> {
		await this.call('POST', '/balance', { gateway, balance });
	}

	async setRateLimit(gateway: GatewayName, requestsPerMinute: number | null): Promise<void> {
		await this.call('POST', '/rate-limit', { gateway, requestsPerMinute });
	}

	/** From now on uploads become jobs that end so much later. */
	async runJobs(durationMs: number): Promise<void> {
		await this.call('POST', '/jobs', { durationMs });
	}

	async expireTokens(): Promise<void> {
		await this.call('POST', '/expire-tokens', {});
	}

	private async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const answer = await fetch(`${this.url}/sandbox${path}`, {
			method,
			...(body !== undefined && {
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			}),
			signal: AbortSignal.timeout(10_000),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`Sandbox, ${method} ${path}: ${text}`);
		return JSON.parse(text) as Answer;
	}
}
