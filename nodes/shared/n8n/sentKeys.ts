import { createHash, randomUUID } from 'crypto';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import type { KeyClaim } from '../sending/sentLedger';
import { systemClock } from './clock';
import { KeyClaims, type KeyStore } from './keyClaims';

/**
 * How many keys n8n keeps per node; the oldest go first. Enough for two files of 100,000 rows: n8n
 * reads and writes the whole list at every request (24 bytes a key), so more would slow every send.
 */
export const MAX_KEYS = 200_000;

/** One for each list of keys that this process writes; n8n has one list per node. */
const listsOfKeys = new Map<string, ListOfKeys>();

/**
 * The list of the node, or the one that the nodes of a workflow share. All executions of this process
 * that write it go through this one, because n8n calls a key new for everybody who asks in one call.
 */
export function listOfKeys(context: IExecuteFunctions, scope: 'node' | 'workflow'): ListOfKeys {
	const { id: workflowId = '' } = context.getWorkflow();
	const name = scope === 'node' ? `${workflowId} ${context.getNode().id}` : workflowId;
	const list = listsOfKeys.get(name) ?? new ListOfKeys();
	listsOfKeys.set(name, list);
	return list;
}

class ListOfKeys {
	private readonly claims = new KeyClaims(systemClock, newToken);

	/** Keys of claims that are not closed yet; each promise gives those of its claim that stay recorded. */
	private readonly undecided = new Map<string, Promise<ReadonlySet<string>>>();

	/**
	 * Tells which keys are new. Waits for open claims of the same keys: one that stays recorded is not
	 * new. Rejects with what n8n threw.
	 */
	async claim(store: KeyStore, keys: readonly string[]): Promise<KeyClaim> {
		const open = new Set(keys);
		// Of several that wait for a withdrawn key, the first to go on makes the others wait again.
		for (;;) {
			const decisions = [...open].flatMap((key) => this.undecided.get(key) ?? []);
			if (decisions.length === 0) break;
			for (const stay of await Promise.all(new Set(decisions))) {
				for (const key of stay) open.delete(key);
			}
		}
		if (open.size === 0) return { isNew: new Set(), close: async () => null };
		let resolve: (stay: ReadonlySet<string>) => void = () => undefined;
		const decision = new Promise<ReadonlySet<string>>((decided) => (resolve = decided));
		for (const key of open) this.undecided.set(key, decision);
		const decide = (stay: ReadonlySet<string>) => {
			for (const key of open) this.undecided.delete(key);
			resolve(stay);
		};
		const isNew = await this.claims.claim(store, [...open]).catch(async (fault: unknown) => {
			decide(new Set());
			return await Promise.reject(fault);
		});
		const close = async (unsent: readonly string[]) => {
			const withdrawn = new Set(unsent);
			try {
				await this.claims.withdraw(store, [...withdrawn]);
				decide(new Set([...open].filter((key) => !withdrawn.has(key))));
				return null;
			} catch (fault) {
				decide(open);
				return notWithdrawn(fault);
			}
		};
		return { isNew: new Set(isNew), close };
	}
}

/** No user's key looks like it. */
function newToken(): string {
	return `mboa-mambo-sms claim ${randomUUID()}`;
}

/** The list of keys in n8n's database: of the node, or of the workflow, which its nodes share. */
export function keyStore(context: IExecuteFunctions, scope: 'node' | 'workflow'): KeyStore {
	const options = { mode: 'entries', maxEntries: MAX_KEYS } as const;
	return {
		async record(keys) {
			const { new: fresh } = await context.helpers.checkProcessedAndRecord(keys, scope, options);
			return new Set(fresh.map(String));
		},
		async withdraw(keys) {
			await context.helpers.removeProcessed(keys, scope, options);
		},
	};
}

export function hasKeyStore(context: IExecuteFunctions): boolean {
	return typeof context.helpers.checkProcessedAndRecord === 'function';
}

/**
 * Claims keys "what was sent to whom" in n8n's database, which all its workers see, and tells which were new;
 * to be called just before the request, and the claim to be closed after it.
 */
export async function claimSentKeys(
	context: IExecuteFunctions,
	keys: readonly string[],
): Promise<KeyClaim> {
	if (!hasKeyStore(context)) throw noKeyStore(context);
	try {
		return await listOfKeys(context, 'node').claim(keyStore(context, 'node'), keys);
	} catch (error) {
		throw storeFault(context, error);
	}
}

function noKeyStore(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		"This version of n8n cannot remember what was sent, which the option 'Deduplication Key' needs",
		{ description: "Nothing was sent. Update n8n, or remove the option 'Deduplication Key'" },
	);
}

function notWithdrawn(error: unknown): string {
	const words = error instanceof Error ? error.message : String(error);
	return `n8n could not withdraw the deduplication key (${words}), so the next execution will skip these recipients`;
}

export function storeFault(context: IExecuteFunctions, error: unknown): NodeOperationError {
	const words = error instanceof Error ? error.message : String(error);
	return new NodeOperationError(context.getNode(), 'n8n could not look up what was already sent', {
		description: `Nothing was sent. n8n says: ${words}. Try again, or remove the option 'Deduplication Key' to send without this check`,
	});
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
