import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import type { Gateway } from '../gateways/gateway';
import { systemClock } from '../n8n/clock';
import { inputError, type ItemError } from '../n8n/errors';
import { unlessRefused, type GatewayNode } from '../n8n/gatewayNode';
import { isRetryable, letOthersRun, openLedger, stopSwitch } from '../n8n/nodeRuns';
import { claimSentKeys, fingerprint } from '../n8n/sentKeys';
import { isSupportedN8n, unsupportedN8n } from '../n8n/supportedN8n';
import { batchesOf, type ItemMessages } from '../sending/batches';
import {
	addUpOutcomes,
	FailedItems,
	outcomeWithoutSend,
	type ItemShare,
} from '../sending/outcomes';
import { RequestPace, windowOf } from '../sending/requestPace';
import { sendBatches } from '../sending/sendRun';
import { SentLedger, type ResumedShare, type StoredLedger } from '../sending/sentLedger';
import { segmentCounter } from '../text/messageText';
import { addRunHints, counted } from './hints';
import { estimatedCostOf, outputItems } from './itemOutput';
import { NO_NOTES, type ItemResult, type ItemToSend, type PlannedItem } from './plannedItem';

/** Items read between two pauses, so that the event loop stays free. */
const ITEMS_PER_PAUSE = 500;

/**
 * Reads and checks every input item before anything is sent. An item that cannot be read becomes a
 * planned item with an error and the output fields of `emptyJson`.
 */
export async function planItems(
	context: IExecuteFunctions,
	planItem: (itemIndex: number) => Promise<PlannedItem> | PlannedItem,
	emptyJson: () => IDataObject,
): Promise<PlannedItem[]> {
	const planned: PlannedItem[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		if (itemIndex % ITEMS_PER_PAUSE === ITEMS_PER_PAUSE - 1) await letOthersRun();
		try {
			if (!isSupportedN8n) throw unsupportedN8n(context.getNode(), itemIndex);
			planned.push(await planItem(itemIndex));
		} catch (error) {
			planned.push({
				itemIndex,
				messages: [],
				leftOutCount: 0,
				leftOut: [],
				inputError: itemErrorOf(context.getNode(), error, itemIndex),
				notes: NO_NOTES,
				writeJson: emptyJson,
			});
		}
	}
	return planned;
}

/** The error as n8n shows it. */
function itemErrorOf(node: INode, error: unknown, itemIndex: number): ItemError {
	if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, { itemIndex });
}

/**
 * The one way through, for Send and Send Bulk of both gateways: planned items -> what an earlier try
 * already sent -> limit -> batches -> pace -> gateway -> outcomes -> output items.
 */
export async function sendItems(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	planned: PlannedItem[],
): Promise<INodeExecutionData[][]> {
	const isStopping = !context.continueOnFail();
	const accounts = await openAccounts(context, gatewayNode, planned);
	throwFirst(planned, isStopping);
	const stored = await ledgerFor(context, planned);
	const canRetry = isRetryable(context);
	const ledger = new SentLedger(stored);

	const resumed: ResumedShare[] = [];
	const toSend: ItemToSend[] = [];
	for (const item of planned) {
		if (item.inputError || item.settings?.isDryRun) continue;
		const earlier = ledger.resume(item.itemIndex, item.messages, item.isOwnDoubt);
		resumed.push(...earlier.resumed);
		toSend.push({ item, remaining: earlier.remaining });
	}
	checkSegmentLimit(context, toSend);
	throwFirst(planned, isStopping);

	const requestsPerMinute = lowestRequestLimit(planned);
	const batches = batchesOf(toSend.flatMap((one) => messagesOf(one, accounts)));
	const { signal, stop, release } = stopSwitch(context);
	const world = { clock: systemClock, signal };
	const paces = new Map(
		[...accounts.gateways.keys()].map((id) => [
			id,
			new RequestPace(requestsPerMinute, windowOf(id), world),
		]),
	);
	const resumedItems = new Set(resumed.map((share) => share.itemIndex));
	const sent = await sendBatches(batches, {
		gateways: accounts.gateways,
		paces,
		clock: systemClock,
		ledger,
		claimKeys: async (keys) => await claimSentKeys(context, keys),
		stopSignal: signal,
		stop,
		failedItems: isStopping ? new FailedItems(batches, resumedItems) : null,
	});
	release();

	const results = resultsOf(planned, [...resumed, ...sent]);
	const items = await outputItems({
		context,
		gatewayNode,
		planned,
		results,
		resumed,
		isRetryable: canRetry,
	});
	const throttledMs = [...paces.values()].reduce((sum, pace) => sum + pace.throttledMs, 0);
	addRunHints(context, {
		displayName: gatewayNode.displayName,
		planned,
		results,
		resumedItemCount: resumedItems.size,
		throttledMs,
		requestsPerMinute,
		isRetryable: canRetry,
		hasErrorOutput: context.getNode().onError === 'continueErrorOutput',
	});
	return [items];
}

/** Of a retry that may not go on every item says so, and nothing is sent. */
async function ledgerFor(
	context: IExecuteFunctions,
	planned: readonly PlannedItem[],
): Promise<StoredLedger> {
	try {
		return await openLedger(context);
	} catch (error) {
		for (const item of planned) {
			item.inputError ??= itemErrorOf(context.getNode(), error, item.itemIndex);
		}
		return { entries: [], run: '', earlierExecutionsEntryCount: 0, fingerprint };
	}
}

/** Nothing is sent before all input is known to be usable. */
function throwFirst(planned: readonly PlannedItem[], isStopping: boolean): void {
	const unusable = isStopping ? planned.find((item) => item.inputError) : undefined;
	if (unusable?.inputError) throw unusable.inputError;
}

interface Accounts {
	gateways: Map<string, Gateway>;
	/** By item index. */
	accountIdOf: Map<number, string>;
}

/**
 * Each item is sent with its own credential. Without one an item cannot be sent, and has to say so: had
 * the node thrown under Continue, n8n would pass the input on as if all were well.
 */
async function openAccounts(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	planned: PlannedItem[],
): Promise<Accounts> {
	const gateways = new Map<string, Gateway>();
	const accountIdOf = new Map<number, string>();
	for (const item of planned) {
		try {
			const { id, gateway } = await gatewayNode.connect(context, item.itemIndex);
			if (!gateways.has(id)) {
				gateways.set(id, unlessRefused(context.getExecutionId(), id, gateway));
			}
			accountIdOf.set(item.itemIndex, id);
		} catch (error) {
			item.inputError ??= itemErrorOf(context.getNode(), error, item.itemIndex);
		}
	}
	return { gateways, accountIdOf };
}

/** Of an item that cannot be sent there are none. */
function messagesOf(
	{ item: { itemIndex, inputError, settings }, remaining }: ItemToSend,
	{ gateways, accountIdOf }: Accounts,
): ItemMessages[] {
	if (inputError || !settings) return [];
	const accountId = accountIdOf.get(itemIndex) ?? '';
	const hasUpload = gateways.get(accountId)?.hasUpload ?? false;
	return [{ messages: remaining, rules: settings.rules, accountId, hasUpload }];
}

/** The pace is the run's: the slowest that any item asks for. */
function lowestRequestLimit(items: readonly PlannedItem[]): number {
	const limits = items.map((item) => item.settings?.requestsPerMinute ?? 0);
	const lowest = limits.reduce(
		(least, limit) => (limit > 0 && (least === 0 || limit < least) ? limit : least),
		0,
	);
	return lowest === 0 ? 0 : Math.max(1, Math.floor(lowest));
}

function resultsOf(planned: readonly PlannedItem[], shares: readonly ItemShare[]): ItemResult[] {
	const sharesOfItem = new Map<number, ItemShare[]>();
	for (const share of shares) {
		const own = sharesOfItem.get(share.itemIndex) ?? [];
		own.push(share);
		sharesOfItem.set(share.itemIndex, own);
	}
	return planned.map((item) => {
		const { inputError } = item;
		if (inputError) {
			const outcome = outcomeWithoutSend('failed', item.messages.length);
			return { status: 'failed', outcome, shares: [], inputError };
		}
		const own = sharesOfItem.get(item.itemIndex) ?? [];
		const outcome = addUpOutcomes(
			own.map((share) => share.outcome),
			item.leftOutCount,
		);
		const isNobodyLeft =
			own.length === 0 && item.notes.excludedCount > 0 && item.leftOutCount === 0;
		const status = isNobodyLeft ? 'skipped' : outcome.status;
		return { status: item.settings?.isDryRun ? 'dryRun' : status, outcome, shares: own };
	});
}

/** Counts a run before anything leaves. Above the limit every item that was to be sent gets the reason. */
function checkSegmentLimit(context: IExecuteFunctions, toSend: readonly ItemToSend[]): void {
	const limits = toSend.map(({ item }) => item.settings?.segmentLimit ?? 0);
	const limit = limits.reduce(
		(least, one) => (one > 0 && (least === 0 || one < least) ? one : least),
		0,
	);
	if (limit === 0) return;
	const run = countRun(toSend);
	if (run.segments <= limit) return;
	const cost = run.cost === null ? '' : `, about ${run.cost} at your 'Price per Segment'`;
	for (const { item, remaining } of toSend) {
		if (remaining.length === 0) continue;
		item.inputError = inputError(
			{ context, itemIndex: item.itemIndex },
			{
				message: `This run would be ${run.segments} segments, and the 'Segment Limit' is ${limit}`,
				description: `Nothing was sent. It would be ${counted(run.segments, 'segment')} in ${counted(run.messages, 'message')} to ${run.people === 1 ? '1 person' : `${run.people} people`}${cost}. Shorten the texts, send to fewer people, or raise the 'Segment Limit'`,
			},
		);
	}
}

function countRun(toSend: readonly ItemToSend[]) {
	const segmentsOf = segmentCounter();
	const people = new Set<string>();
	let segments = 0;
	let messages = 0;
	let cost: number | null = null;
	for (const { item, remaining } of toSend) {
		let ofItem = 0;
		for (const { text, recipient } of remaining) {
			ofItem += segmentsOf(text);
			people.add(recipient);
		}
		segments += ofItem;
		messages += remaining.length;
		const own = estimatedCostOf(ofItem, item.settings?.pricePerSegment ?? 0);
		if (own !== null) cost = Math.round(((cost ?? 0) + own) * 1e6) / 1e6;
	}
	return { segments, messages, people: people.size, cost };
}
