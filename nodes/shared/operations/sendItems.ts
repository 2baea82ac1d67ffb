import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Gateway } from '../gateways/gateway';
import { BatchPlan } from '../sending/batches';
import { type ItemShare, addUpOutcomes, outcomeWithoutSend } from '../sending/outcomes';
import { outputItems } from './itemOutput';
import { itemErrorOf } from './planItems';
import type { ItemResult, PlannedItem } from './plannedItem';
import { RequestPace } from '../sending/requestPace';
import { addRunHints } from './hints';
import { stopSwitch, systemClock } from '../n8n/clock';
import { SentLedger, type ResumedShare } from '../sending/sentLedger';
import { SentKeys, storedLedger } from '../n8n/sentKeys';
import { sendBatches } from '../sending/sendRun';
import type { GatewayNode } from './settings';
import { inTurn } from '../n8n/toolCalls';

/**
 * The one way through, for Send and Send Bulk of both gateways: planned items -> what an earlier try
 * already sent -> batches -> pace -> gateway -> outcomes -> one output item per input item.
 */
export async function sendItems(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	planned: PlannedItem[],
): Promise<INodeExecutionData[][]> {
	return await inTurn(context, async () => await sendPlanned(context, gatewayNode, planned));
}

async function sendPlanned(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	planned: PlannedItem[],
): Promise<INodeExecutionData[][]> {
	const isStopping = !context.continueOnFail();
	const gateway = await openGateway(context, gatewayNode, planned);
	const unusable = planned.find((item) => item.inputError);
	// Nothing is sent before all input is known to be usable.
	if (isStopping && unusable?.inputError) throw unusable.inputError;

	const ledger = new SentLedger(storedLedger(context));
	const plan = new BatchPlan();
	const resumed: ResumedShare[] = [];
	const toSend = planned.filter((item) => !item.inputError && !item.settings?.isDryRun);
	for (const { itemIndex, messages, settings } of toSend) {
		const earlier = ledger.resume(itemIndex, messages);
		resumed.push(...earlier.resumed);
		for (const message of earlier.remaining) if (settings) plan.add(message, settings.rules);
	}
	const resumedItems = new Set(resumed.map((share) => share.itemIndex));

	const { signal, stop, release } = stopSwitch(context);
	const requestsPerMinute = lowestRequestLimit(toSend);
	const pace = new RequestPace(requestsPerMinute, systemClock, signal);
	const run = {
		pace,
		clock: systemClock,
		ledger,
		sentKeys: new SentKeys(context),
		stopSignal: signal,
		stop,
		isStoppedByFailedItem: isStopping,
		partlySentItems: resumedItems,
	};
	const sent = gateway ? await sendBatches(plan.batches, { gateway, ...run }) : [];
	release();

	const results = resultsOf(planned, [...resumed, ...sent]);
	const items = await outputItems(context, gatewayNode.displayName, planned, results, resumed);
	addRunHints(context, {
		displayName: gatewayNode.displayName,
		planned,
		results,
		resumedItemCount: resumedItems.size,
		throttledMs: pace.throttledMs,
		requestsPerMinute,
	});
	return [items];
}

/**
 * Without a gateway no item can be sent, and each has to say so: had the node thrown under Continue,
 * n8n would pass the input on as if all were well.
 */
async function openGateway(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
	planned: PlannedItem[],
): Promise<Gateway | null> {
	try {
		return await gatewayNode.connect(context);
	} catch (error) {
		for (const item of planned) {
			item.inputError ??= itemErrorOf(context.getNode(), error, item.itemIndex);
		}
		return null;
	}
}

/** The pace is the run's: the slowest that any item asks for. */
function lowestRequestLimit(items: readonly PlannedItem[]): number {
	const limits = items.map((item) => item.settings?.requestsPerMinute ?? 0);
	const set = limits.filter((limit) => limit > 0);
	return set.length > 0 ? Math.max(1, Math.floor(Math.min(...set))) : 0;
}

function resultsOf(planned: readonly PlannedItem[], shares: readonly ItemShare[]): ItemResult[] {
	const sharesOfItem: ItemShare[][] = planned.map(() => []);
	for (const share of shares) sharesOfItem[share.itemIndex]?.push(share);
	return planned.map((item) => {
		const own = sharesOfItem[item.itemIndex] ?? [];
		if (item.inputError) {
			return {
				status: 'failed',
				outcome: outcomeWithoutSend('failed', item.messages.length),
				shares: [],
			};
		}
		const outcomes = own.map((share) => share.outcome);
		const outcome = addUpOutcomes(outcomes, item.leftOutCount);
		return { status: item.settings?.isDryRun ? 'dryRun' : outcome.status, outcome, shares: own };
	});
}
