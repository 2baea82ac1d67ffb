import { createHash } from 'node:crypto';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDeduplicationOutput,
} from 'n8n-workflow';

/**
 * n8n's store of processed keys, as `DeduplicationHelper` of n8n 2.41 behaves: MD5 hashes per node,
 * read, changed and written back without a lock, all keys new at the very first call, oldest dropped.
 */
export class ProcessedKeys {
	/** Milliseconds between read and write, to provoke what happens without a lock. */
	latencyMs = 0;

	/** Makes the next calls throw, as a database that is away does. */
	faultWords: string | null = null;

	private readonly byContext = new Map<string, string[]>();

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		this.throwIfFaulty();
		const context = contextOf(contextData);
		const stored = this.byContext.get(context);
		await this.pass();
		if (!stored) {
			this.byContext.set(context, keepNewest(items.map(hashOf), options.maxEntries));
			return { new: items, processed: [] };
		}
		const known = new Set(stored);
		const result: IDeduplicationOutput = { new: [], processed: [] };
		const written = [...stored];
		for (const item of items) {
			if (known.has(hashOf(item))) result.processed.push(item);
			else {
				result.new.push(item);
				written.push(hashOf(item));
			}
		}
		this.byContext.set(context, keepNewest(written, options.maxEntries));
		return result;
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		this.throwIfFaulty();
		const context = contextOf(contextData);
		const stored = [...(this.byContext.get(context) ?? [])];
		await this.pass();
		const removed = new Set(items.map(hashOf));
		this.byContext.set(
			context,
			stored.filter((hash) => !removed.has(hash)),
		);
	}

	countOf(contextData: ICheckProcessedContextData): number {
		return this.byContext.get(contextOf(contextData))?.length ?? 0;
	}

	clear(): void {
		this.byContext.clear();
	}

	private async pass(): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
	}

	private throwIfFaulty(): void {
		if (this.faultWords !== null) throw new Error(this.faultWords);
	}
}

function hashOf(item: DeduplicationItemTypes): string {
	return createHash('md5').update(item.toString()).digest('base64');
}

function contextOf({ workflow, node }: ICheckProcessedContextData): string {
	return `${workflow.id} n:${node?.id}`;
}

function keepNewest(hashes: string[], maxEntries: number | undefined): string[] {
	return maxEntries ? hashes.slice(-maxEntries) : hashes;
}
