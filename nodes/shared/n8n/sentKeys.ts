import { createHash } from 'crypto';
import {
	NodeOperationError,
	type IDeduplicationOutput,
	type IExecuteFunctions,
} from 'n8n-workflow';

import type { SentKeyStore } from '../sending/sendRun';
import type { LedgerEntry, StoredLedger } from '../sending/sentLedger';
import { isTool } from './toolCalls';

/**
 * How many keys n8n keeps per node; the oldest go first. Enough for two files of 100,000 rows: n8n
 * reads and writes the whole list at every request (24 bytes a key), so more would slow every send.
 */
export const MAX_KEYS = 200_000;

/**
 * n8n reads the list, adds to it and writes it back without a lock. Within one process the calls
 * queue up here; two processes at the same instant can still both see a key as new.
 */
let lastAccess: Promise<unknown> = Promise.resolve();

async function oneAtATime<Result>(access: () => Promise<Result>): Promise<Result> {
	const turn = lastAccess.then(access, access);
	lastAccess = turn.catch(() => undefined);
	return await turn;
}

/** The keys "what was sent to whom" in n8n's database, seen by all its workers (Skip Already Sent). */
export class SentKeys implements SentKeyStore {
	/** Keys whose request is under way in this run: whether they stay is not decided yet. */
	private readonly undecided = new Map<string, Promise<void>>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** Throws when this n8n has no store for processed keys. */
	assertAvailable(itemIndex: number): void {
		if (typeof this.context.helpers.checkProcessedAndRecord === 'function') return;
		throw new NodeOperationError(
			this.context.getNode(),
			"This version of n8n cannot remember what was sent, which the option 'Deduplication Key' needs",
			{ itemIndex, description: "Update n8n, or remove the option 'Deduplication Key'" },
		);
	}

	/** Records the keys and returns those that were new; call just before the request. */
	async claim(keys: readonly string[]): Promise<{ isNew: Set<string>; decide: () => void }> {
		const distinct = [...new Set(keys)];
		// Of several that wait for a key, the first to go on makes the others wait again.
		while (distinct.some((key) => this.undecided.has(key))) {
			await Promise.all(distinct.map(async (key) => await this.undecided.get(key)));
		}
		let decide: () => void = () => undefined;
		const decision = new Promise<void>((resolve) => {
			decide = () => {
				for (const key of distinct) {
					if (this.undecided.get(key) === decision) this.undecided.delete(key);
				}
				resolve();
			};
		});
		for (const key of distinct) this.undecided.set(key, decision);
		try {
			const { new: fresh } = await oneAtATime(async () => await this.record(distinct));
			return { isNew: new Set(fresh.map(String)), decide };
		} catch (error) {
			decide();
			throw this.storeFault(error);
		}
	}

	/** Withdraws keys whose request was certainly refused. Answers what the user must know if it cannot. */
	async withdraw(keys: readonly string[]): Promise<string | null> {
		if (keys.length === 0) return null;
		try {
			await oneAtATime(
				async () =>
					await this.context.helpers.removeProcessed([...new Set(keys)], 'node', {
						mode: 'entries',
						maxEntries: MAX_KEYS,
					}),
			);
			return null;
		} catch (error) {
			const words = error instanceof Error ? error.message : String(error);
			return `n8n could not withdraw the deduplication key (${words}), so the next execution will skip these recipients`;
		}
	}

	private async record(keys: string[]): Promise<IDeduplicationOutput> {
		const { checkProcessedAndRecord } = this.context.helpers;
		const options = { mode: 'entries', maxEntries: MAX_KEYS } as const;
		const record = async () => await checkProcessedAndRecord(keys, 'node', options);
		return await record().catch(async (error: unknown) => {
			// Another process wrote the very first keys of this node at the same instant: nothing was recorded.
			if (/constraint|duplicate key/i.test(String(error))) return await record();
			return await Promise.reject(error);
		});
	}

	private storeFault(error: unknown): NodeOperationError {
		const words = error instanceof Error ? error.message : String(error);
		return new NodeOperationError(
			this.context.getNode(),
			`n8n could not look up what was already sent: ${words}`,
			{
				description:
					"Nothing was sent. Try again, or remove the option 'Deduplication Key' to send without this check",
			},
		);
	}
}

const LEDGER_KEY = 'mboaMamboSentLedger';

/** What n8n keeps for the node, in this execution and in the retries of it. */
interface NodeMemory {
	entries: LedgerEntry[];
	/** The executions that added to it, the latest last. */
	executionIds: string[];
	/** How many entries there were when the latest of them began. */
	entryCountBefore: number;
}

/** The ledger in n8n's node context, which Retry On Fail and a retried execution find again. */
export function storedLedger(context: IExecuteFunctions): StoredLedger {
	const stored = context.getContext('node');
	const found = stored[LEDGER_KEY] as NodeMemory | undefined;
	const memory = found ?? { entries: [], executionIds: [], entryCountBefore: 0 };
	stored[LEDGER_KEY] = memory;
	const executionId = context.getExecutionId?.() ?? '';
	if (memory.executionIds.at(-1) !== executionId) {
		memory.executionIds.push(executionId);
		memory.entryCountBefore = memory.entries.length;
	}
	return {
		entries: memory.entries,
		run: runOf(context),
		earlierExecutionsEntryCount: memory.entryCountBefore,
		fingerprint,
	};
}

/** 66 bits of SHA-256: two messages of a 100,000-row file meet by chance once in 10^10 files. */
const FINGERPRINT_LENGTH = 11;

/** A short text that stands for the parts. */
export function fingerprint(parts: readonly unknown[]): string {
	return createHash('sha256')
		.update(JSON.stringify(parts))
		.digest('base64url')
		.slice(0, FINGERPRINT_LENGTH);
}

/**
 * Each round of a loop is a run of its own. An agent that repeats a call also makes a new run, but
 * that must not send again.
 */
function runOf(context: IExecuteFunctions): string {
	if (isTool(context)) return 'tool';
	const { $runIndex: runIndex } = (context.getWorkflowDataProxy?.(0) ?? {}) as {
		$runIndex?: unknown;
	};
	return String(runIndex ?? 0);
}
