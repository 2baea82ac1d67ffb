import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { OutgoingMessage } from '../gateways/gateway';
import { IN_SUB_WORKFLOW } from '../n8n/errors';
import { segmentCounter, shownCharacter } from '../text/messageText';
import type { ItemResult, LeftOut, PlannedItem } from './plannedItem';

/** A balance for fewer SMS is pointed out. */
const FEW_SMS = 20;

export interface RunFacts {
	displayName: string;
	planned: readonly PlannedItem[];
	results: readonly ItemResult[];
	resumedItemCount: number;
	throttledMs: number;
	requestsPerMinute: number;
	/** Whether a retry of this execution knows what was sent; not so in a sub-workflow. */
	isRetryable: boolean;
	/** Whether items that went wrong leave by an output of their own. */
	hasErrorOutput: boolean;
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
	const isDryRun = results.length > 0 && results.every(({ status }) => status === 'dryRun');
	const unusable = sumOver(planned, (item) => item.notes.unusableDoNotTextCount);
	return [
		isDryRun && info(dryRunSentence(planned)),
		...doubtHints(facts),
		facts.resumedItemCount > 0 &&
			info(
				`${counted(facts.resumedItemCount, 'item')} had been sent in an earlier try of this execution and ${facts.resumedItemCount === 1 ? 'was' : 'were'} not sent again.`,
			),
		!facts.isRetryable && !isDryRun && info(`${IN_SUB_WORKFLOW}.`),
		...leftOutHints(planned, isDryRun),
		unusable > 0 &&
			warning(
				`${counted(unusable, 'entry', 'entries')} of 'Do Not Text' ${unusable === 1 ? 'is' : 'are'} no phone number, so nobody is left out by ${unusable === 1 ? 'it' : 'them'}. Write numbers with their country code.`,
			),
		...skippedHint(results),
		...planned.flatMap((item) => item.notes.aboutFile).map(info),
		...encodingHint(planned),
		...balanceHint(results, displayName),
		...paceHint(facts),
	].filter((hint): hint is NodeExecutionHint => hint !== false);
}

function dryRunSentence(planned: readonly PlannedItem[]): string {
	const messages = planned.flatMap((item) => item.messages);
	const sms = `${segmentsOf(messages)} SMS`;
	const would = isAboutRows(planned)
		? `${messages.length} of ${counted(everybodyIn(planned), 'row')} would be texted with ${sms}`
		: `${counted(messages.length, 'message')} would be sent with ${sms}`;
	const invalid = sumOver(planned, (item) => item.notes.leftOutCount);
	const duplicates = sumOver(planned, (item) => item.notes.duplicateCount);
	const others = [
		invalid > 0 && `${invalid} cannot be used`,
		duplicates > 0 && (duplicates === 1 ? '1 is a duplicate' : `${duplicates} are duplicates`),
	].filter((part) => part !== false);
	const rest = others.length > 0 ? `; ${others.join(', ')}` : '';
	return `Dry run: nothing was sent. ${would}${rest}. Switch 'Dry Run' off to send.`;
}

function sumOver(planned: readonly PlannedItem[], countOf: (item: PlannedItem) => number): number {
	return planned.reduce((total, item) => total + countOf(item), 0);
}

function everybodyIn(planned: readonly PlannedItem[]): number {
	return sumOver(
		planned,
		({ messages, notes }) =>
			messages.length + notes.leftOutCount + notes.duplicateCount + notes.excludedCount,
	);
}

/** Whether the input is files: what is counted are their rows then. */
function isAboutRows(planned: readonly PlannedItem[]): boolean {
	return planned.some(
		({ messages, leftOut }) =>
			messages[0]?.row !== undefined || typeof leftOut[0]?.row === 'number',
	);
}

function segmentsOf(messages: readonly OutgoingMessage[]): number {
	const count = segmentCounter();
	return messages.reduce((sum, { text }) => sum + count(text), 0);
}

function doubtHints({ results, displayName, hasErrorOutput }: RunFacts): NodeExecutionHint[] {
	const unknown = results.filter((result) => result.status === 'unknown').length;
	if (unknown === 0) return [];
	const hint = warning(
		`${counted(unknown, 'item')} may have been sent: no trustworthy answer came. Check the history at ${displayName} before sending again.`,
	);
	if (!hasErrorOutput) return [hint];
	const toFallback = warning(
		"Items that may have been sent leave by the second output too. Before anything there sends again, let only items with the status 'failed' through.",
	);
	return [hint, toFallback];
}

function leftOutHints(planned: readonly PlannedItem[], isDryRun: boolean): NodeExecutionHint[] {
	const unusable = sumOver(planned, (item) => item.notes.leftOutCount);
	const duplicates = sumOver(planned, (item) => item.notes.duplicateCount);
	const excluded = sumOver(planned, (item) => item.notes.excludedCount);
	const was = (count: number) =>
		isDryRun ? 'would be left out' : count === 1 ? 'was left out' : 'were left out';
	const hints: NodeExecutionHint[] = [];
	if (unusable > 0) {
		const isFile = isAboutRows(planned);
		const who = isFile
			? `${unusable} of ${counted(everybodyIn(planned), 'row')}`
			: counted(unusable, 'recipient');
		const field = planned.some((item) => item.writeBinary)
			? ''
			: " To get them as a file to mend, add the option 'Rejected Rows Field'.";
		const where = isFile
			? `All of them are in 'rejectedRows'.${field}`
			: "All of them are in 'rejectedRecipients'.";
		hints.push(warning(`${who} ${was(unusable)}: ${reasonsOf(planned)}. ${where}`));
	}
	if (duplicates > 0) {
		hints.push(
			info(
				`${counted(duplicates, 'duplicate')} ${was(duplicates)}: the same text goes to each number once.`,
			),
		);
	}
	if (excluded > 0) {
		hints.push(info(`${counted(excluded, 'number')} on the list 'Do Not Text' ${was(excluded)}.`));
	}
	return hints;
}

const NAMED_REASONS = 3;
const NAMED_OF_A_REASON = 3;
const LONGEST_NAME = 40;

/** The commonest reasons, each with how often it came and where first. */
function reasonsOf(planned: readonly PlannedItem[]): string {
	const places = new Map<string, LeftOut[]>();
	for (const { leftOut } of planned) {
		for (const left of leftOut) {
			if (left.status !== 'invalid') continue;
			const others = places.get(left.reason);
			if (others) others.push(left);
			else places.set(left.reason, [left]);
		}
	}
	return [...places]
		.sort(([, one], [, other]) => other.length - one.length)
		.slice(0, NAMED_REASONS)
		.map(([reason, those]) => `${those.length} × ${reason} (${namesOf(those)})`)
		.join('; ');
}

function namesOf(leftOut: readonly LeftOut[]): string {
	const named = leftOut.slice(0, NAMED_OF_A_REASON).map(({ row, writtenAs }) => {
		const writing = writtenAs === '' ? 'empty' : `'${writtenAs.slice(0, LONGEST_NAME)}'`;
		return row === null ? writing : `row ${row}: ${writing}`;
	});
	return leftOut.length > NAMED_OF_A_REASON ? `${named.join(', ')}, …` : named.join(', ');
}

function skippedHint(results: readonly ItemResult[]): NodeExecutionHint[] {
	const skipped = results
		.flatMap(({ shares }) => shares)
		.filter(({ outcome }) => outcome.status === 'skipped')
		.reduce((sum, { outcome }) => sum + outcome.recipientCount, 0);
	if (skipped === 0) return [];
	const [who, them] =
		skipped === 1 ? ['1 person was', 'this person'] : [`${skipped} people were`, 'them'];
	return [
		info(
			`${who} skipped: they already got an SMS under this 'Deduplication Key'. To send to ${them} again, change the key or remove the option.`,
		),
	];
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

/** Only where the characters cost something. */
function encodingHint(planned: readonly PlannedItem[]): NodeExecutionHint[] {
	const toSave = sumOver(planned, (item) => item.notes.segmentsToSave);
	if (toSave <= 0) return [];
	const characters = [...new Set(planned.flatMap((item) => item.notes.ucs2Characters))];
	const named = characters.slice(0, 5).map(shownCharacter).join(', ');
	return [
		info(
			`Because of ${named} the messages cost more SMS than they need to. Switch 'Smart Encoding' on to save ${counted(toSave, 'SMS', 'SMS')} in this run.`,
		),
	];
}

/** Where the balance would not pay for as much again, at the price of the last answer that told one. */
function balanceHint(results: readonly ItemResult[], displayName: string): NodeExecutionHint[] {
	const shares = results.flatMap((result) => result.shares);
	const balance = shares.reduce<number | null>(
		(last, { outcome }) => outcome.balance ?? last,
		null,
	);
	const paid = shares.filter(({ outcome }) => (outcome.cost ?? 0) > 0).at(-1);
	if (balance === null || !paid) return [];
	const segments = segmentsOf(paid.messages);
	const price = (paid.outcome.cost ?? 0) / segments;
	const left = Math.floor(balance / price);
	const cost = shares.reduce((sum, { outcome }) => sum + (outcome.cost ?? 0), 0);
	if (balance >= cost && left >= FEW_SMS) return [];
	return [
		warning(
			`The balance at ${displayName} is down to ${balance}: enough for about ${left} more SMS at the price of this run. Top up before the next one.`,
		),
	];
}

function info(message: string): NodeExecutionHint {
	return { message, type: 'info', location: 'outputPane' };
}

function warning(message: string): NodeExecutionHint {
	return { message, type: 'warning', location: 'outputPane' };
}

/** "1 row", "2 rows". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : plural}`;
}
