import { randomBytes } from 'node:crypto';
import type { ArmedFault, Fault, FaultOrder } from './faults';
import { gatewayNames, type EndpointName, type GatewayName, type UploadedPart } from './gateway';
import type { DeliveredMessage, RecordedRequest, Text } from './records';
import { countSegments } from './segments';

const messagesKept = 200_000;
const requestsKept = 20_000;
const requestBytesKept = 256 * 1024 * 1024;
const rateLimitWindowMs = 60_000;
/** Enough to show what a gateway said. */
const answerCharactersKept = 2_000;
export const sessionLifetimeMs = 60 * 60 * 1000;

const defaultBalances = { mboasms: 250_000, mambosms: 10_000_000 } as const;
const defaultRequestsPerMinute = { mboasms: 100, mambosms: null } as const;

/** An upload that was taken as a job. */
export interface UploadJob {
	jobId: string;
	/** Milliseconds since 1970. */
	endsAt: number;
	totalSent: number;
	totalFailed: number;
}

/** A place that the page leads to. */
export interface PageLink {
	title: string;
	url: string;
}

/** Everything the sandbox remembers. Tests in the same process use it; others use the control endpoints. */
export class SandboxState {
	readonly messages: DeliveredMessage[] = [];
	readonly requests: RecordedRequest[] = [];
	readonly faults: ArmedFault[] = [];
	/** Credits at MboaSMS, shillings at Mambo SMS. */
	readonly balances: Record<GatewayName, number> = { ...defaultBalances };
	readonly jobs = new Map<string, UploadJob>();
	/** Uploads become jobs that end so much later; null: they are answered with totals, as documented. */
	jobDurationMs: number | null = null;
	/** Where the page leads: workflows that send to this sandbox. */
	links: PageLink[] = [];
	/** Grows with every change. */
	revision = 0;
	private readonly listeners = new Set<() => void>();
	private readonly sessions = new Map<string, number>();
	private rateLimits = freshRateLimits();
	private requestBytes = 0;
	private lastId = 0;

	constructor(readonly now: () => number) {}

	/** Back to the beginning: nothing sent, nothing armed, full balances, nobody logged in, default limits. */
	reset(): void {
		for (const list of [this.messages, this.requests, this.faults]) list.length = 0;
		this.requestBytes = 0;
		this.sessions.clear();
		this.jobs.clear();
		this.jobDurationMs = null;
		this.rateLimits = freshRateLimits();
		Object.assign(this.balances, defaultBalances);
		this.changed();
	}

	setBalance(gateway: GatewayName, balance: number): void {
		this.balances[gateway] = balance;
		this.changed();
	}

	/** @param requestsPerMinute null switches the limit off */
	setRateLimit(gateway: GatewayName, requestsPerMinute: number | null): void {
		this.rateLimits[gateway] = new RateLimit(requestsPerMinute);
		this.changed();
	}

	setLinks(links: PageLink[]): void {
		this.links = links;
		this.changed();
	}

	/** What happened to a request after it had been recorded. */
	answered(recorded: RecordedRequest, statusCode: number, answer: unknown): void {
		recorded.statusCode = statusCode;
		recorded.answerText = typeof answer === 'string' ? answer.slice(0, answerCharactersKept) : null;
		recorded.ended = 'answered';
		this.changed();
	}

	requestsPerMinute(gateway: GatewayName): number | null {
		return this.rateLimits[gateway].requestsPerMinute;
	}

	/** Seconds the request has to wait, or null when it may pass (and is counted). */
	secondsToWait(gateway: GatewayName): number | null {
		return this.rateLimits[gateway].secondsToWait(this.now());
	}

	armFault(order: FaultOrder): ArmedFault {
		const armed = {
			id: this.nextId(),
			gateway: order.gateway,
			path: order.path ?? null,
			skipsLeft: order.skip ?? 0,
			countLeft: order.count,
			fault: order.fault,
		};
		this.faults.push(armed);
		this.changed();
		return armed;
	}

	disarmFaults(): void {
		this.faults.length = 0;
		this.changed();
	}

	/**
	 * The fault for this request, used up by asking. Of several that match, the one armed first; `skip` counts
	 * every request since arming.
	 */
	takeFault(gateway: GatewayName, endpoint: EndpointName): Fault | null {
		const matching = this.faults.filter(
			(each) => each.gateway === gateway && (each.path === null || each.path === endpoint),
		);
		if (matching.length === 0) return null;
		const due = matching.find((each) => each.skipsLeft === 0);
		for (const each of matching) each.skipsLeft = Math.max(0, each.skipsLeft - 1);
		if (due !== undefined && --due.countLeft <= 0) this.faults.splice(this.faults.indexOf(due), 1);
		this.changed();
		return due?.fault ?? null;
	}

	/** @param durationMs null switches jobs off */
	setJobDuration(durationMs: number | null): void {
		this.jobDurationMs = durationMs;
		this.changed();
	}

	/** Null where uploads are answered with totals. */
	openJob({ totalSent, totalFailed }: Pick<UploadJob, 'totalSent' | 'totalFailed'>) {
		if (this.jobDurationMs === null) return null;
		const jobId = `job-${this.nextId()}`;
		const endsAt = this.now() + this.jobDurationMs;
		const job: UploadJob = { jobId, endsAt, totalSent, totalFailed };
		this.jobs.set(jobId, job);
		return job;
	}

	openSession(): string {
		const token = randomBytes(24).toString('base64url');
		this.sessions.set(token, this.now() + sessionLifetimeMs);
		return token;
	}

	isSession(token: string): boolean {
		return (this.sessions.get(token) ?? 0) > this.now();
	}

	/** Ends all sessions that began with a log-in; the pasted token stays good. */
	expireSessions(): void {
		this.sessions.clear();
	}

	deliver(gateway: GatewayName, sender: string, texts: readonly Text[], requestId: number): void {
		const at = this.now();
		for (const { recipient, text } of texts) {
			const counted = countSegments(text);
			const id = this.nextId();
			this.messages.push({ id, at, gateway, sender, recipient, text, ...counted, requestId });
		}
		this.messages.splice(0, this.messages.length - messagesKept);
		this.changed();
	}

	recordRequest(arrived: Pick<RecordedRequest, 'method' | 'path' | 'headers'>): RecordedRequest {
		const recorded: RecordedRequest = {
			id: this.nextId(),
			at: this.now(),
			gateway: null,
			endpoint: null,
			...arrived,
			bodyText: '',
			parts: null,
			fault: null,
			statusCode: null,
			answerText: null,
			ended: 'open',
		};
		this.requests.push(recorded);
		return recorded;
	}

	recordBody(recorded: RecordedRequest, body: Buffer, parts: UploadedPart[] | null): void {
		recorded.bodyText = body.toString('utf8');
		recorded.parts = parts;
		this.requestBytes += sizeOf(recorded);
		while (this.requests.length > requestsKept || this.requestBytes > requestBytesKept) {
			const oldest = this.requests.shift();
			if (oldest === undefined) return;
			this.requestBytes -= sizeOf(oldest);
		}
	}

	/** @returns a function that ends the subscription */
	onChange(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	private nextId(): number {
		return ++this.lastId;
	}

	private changed(): void {
		this.revision++;
		for (const listener of this.listeners) listener();
	}
}

function freshRateLimits(): Record<GatewayName, RateLimit> {
	const [mboasms, mambosms] = gatewayNames;
	return {
		[mboasms]: new RateLimit(defaultRequestsPerMinute.mboasms),
		[mambosms]: new RateLimit(defaultRequestsPerMinute.mambosms),
	};
}

function sizeOf({ bodyText, parts }: RecordedRequest): number {
	return bodyText.length + (parts ?? []).reduce((sum, part) => sum + part.bytes.length, 0);
}

/** A sliding window of 60 s: what was let through counts, what was refused does not. */
class RateLimit {
	private readonly passedAt: number[] = [];

	/** @param requestsPerMinute null switches the limit off */
	constructor(public requestsPerMinute: number | null) {}

	/** Counts the request and returns null, or returns the seconds until the next one may pass. */
	secondsToWait(now: number): number | null {
		while (this.passedAt[0] !== undefined && this.passedAt[0] <= now - rateLimitWindowMs) {
			this.passedAt.shift();
		}
		if (this.requestsPerMinute === null || this.passedAt.length < this.requestsPerMinute) {
			this.passedAt.push(now);
			return null;
		}
		const blocking = this.passedAt[this.passedAt.length - this.requestsPerMinute] ?? now;
		return Math.max(1, Math.ceil((blocking + rateLimitWindowMs - now) / 1000));
	}
}
