import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { ItemResult, PlannedItem } from './plannedItem';

/** Balances below this many units are pointed out after sending. Both gateways count in small units. */
const LOW_BALANCE = 100;

export interface RunFacts {
	displayName: string;
	planned: readonly PlannedItem[];
	results: readonly ItemResult[];
	resumedItemCount: number;
	throttledMs: number;
	requestsPerMinute: number;
}

/** Shows what the user should know and did not ask for, above the output. */
export function addRunHints(context: IExecuteFunctions, facts: RunFacts): void {
	const hints = hintsOf(facts);
	// Older n8n do not have it where an agent calls the node itself.
	if (hints.length > 0 && typeof context.addExecutionHints === 'function') {
		context.addExecutionHints(...hints);
	}
}

export function hintsOf(facts: RunFacts): NodeExecutionHint[] {
	const { planned, results, displayName } = facts;
	const sum = (countOf: (item: PlannedItem) => number) =>
		planned.reduce((total, item) => total + countOf(item), 0);
	const duplicates = sum((item) => item.notes.duplicateCount);
	const leftOut = sum((item) => item.notes.leftOutCount);
	const titles = sum((item) => item.notes.titleRowCount);
	const unknown = results.filter((result) => result.status === 'unknown').length;
	return [
		unknown > 0 &&
			warning(
				`${counted(unknown, 'item')} may or may not have been sent: no trustworthy answer came. Check the history at ${displayName} before sending again.`,
			),
		facts.resumedItemCount > 0 &&
			info(
				`${counted(facts.resumedItemCount, 'item')} had been sent in an earlier try of this execution and ${facts.resumedItemCount === 1 ? 'was' : 'were'} not sent again.`,
			),
		leftOut > 0 &&
			warning(
				`${counted(leftOut, 'number')} could not be used and ${leftOut === 1 ? 'was' : 'were'} left out. The output says which and why.`,
			),
		duplicates > 0 &&
			info(`${counted(duplicates, 'duplicate number')} left out, each number is texted once.`),
		titles > 0 && info(`${counted(titles, 'row')} above the header taken as title and left out.`),
		...encodingHint(planned),
		...balanceHint(facts),
		...paceHint(facts),
	].filter((hint): hint is NodeExecutionHint => hint !== false);
}

function paceHint({ throttledMs, requestsPerMinute }: RunFacts): NodeExecutionHint[] {
	const seconds = Math.round(throttledMs / 1000);
	if (seconds === 0) return [];
	const limit =
		requestsPerMinute > 0 ? `at most ${requestsPerMinute} requests per minute are sent, and ` : '';
	return [
		info(
			`The run was slowed by ${seconds} s: ${limit}the gateway is given the pauses it asks for.`,
		),
	];
}

function encodingHint(planned: readonly PlannedItem[]): NodeExecutionHint[] {
	const characters = [...new Set(planned.flatMap((item) => item.notes.ucs2Characters))];
	if (characters.length === 0) return [];
	const toSave = planned.reduce((total, item) => total + item.notes.segmentsToSave, 0);
	const named = characters
		.slice(0, 5)
		.map((character) => `'${character}'`)
		.join(', ');
	const advice =
		toSave > 0 ? ` The option 'Smart Encoding' would save ${counted(toSave, 'segment')}.` : '';
	return [
		info(
			`${named} ${characters.length === 1 ? 'forces' : 'force'} the UCS-2 encoding, which fits 70 instead of 160 characters into a message.${advice}`,
		),
	];
}

function balanceHint({ results, displayName }: RunFacts): NodeExecutionHint[] {
	const balance = results.reduce<number | null>(
		(last, { outcome }) => outcome.balance ?? last,
		null,
	);
	if (balance === null) return [];
	const lastCost = results.reduce<number>(
		(most, { outcome }) => Math.max(most, outcome.cost ?? 0),
		0,
	);
	if (balance >= Math.max(LOW_BALANCE, lastCost)) return [];
	return [
		warning(`The balance at ${displayName} is down to ${balance}. Top up before the next run.`),
	];
}

function info(message: string): NodeExecutionHint {
	return { message, type: 'info', location: 'outputPane' };
}

function warning(message: string): NodeExecutionHint {
	return { message, type: 'warning', location: 'outputPane' };
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
