import { faultCatalogue, type CataloguedFault } from '../../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../../sandbox/server';
import { Engine, type NodeResult, type NodeRun } from '../../helpers/engine';
import { fileItem, mamboSmsRun, mboaSmsRun } from '../../helpers/smsRuns';
import { wrappedByN8n } from '../../helpers/testNode';

/**
 * Every fault of the sandbox x Send, Send combined, Send combined with personal texts, Send Bulk x both gateways x
 * Stop, Continue, Continue with error output x what happens to the run: nothing more, Retry On Fail, two retries of
 * the failed execution, a loop that brings the failed items back, a text that is another one at each try. The
 * second of three requests meets the fault. Every error is also wrapped as n8n does on its way out of sub-workflows.
 */

type Mode = 'send' | 'combined' | 'personal' | 'bulk';
type Column = 'plain' | 'retryOnFail' | 'retriedTwice' | 'loopedBack' | 'changingText';
type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

/** What a request that met the fault is followed by. From the promises, not from the code. */
interface Ending {
	/** What the item says, and what a file says of which one request in three met the fault. */
	status: string;
	ofFile: string;
	/** Whether the item is an error, and whether the file is. */
	isError: boolean;
	isErrorOfFile: boolean;
	/** Whether Retry On Fail, which finds the gateway well again, sends after all. */
	isMended: boolean;
	/** What the item says when it comes back in a loop, and how many people then have their text; null: it does not. */
	loop: { status: string; arrived: number | null } | null;
}

const RECIPIENTS = 6;
const isWell = { isError: false, isErrorOfFile: false, isMended: false, loop: null };
const sent: Ending = { ...isWell, status: 'sent', ofFile: 'sent' };
const accepted: Ending = { ...isWell, status: 'accepted', ofFile: 'accepted' };
const partial: Ending = { ...isWell, status: 'partial', ofFile: 'partial' };
/** The node waited, and made the request again. */
const repeated = sent;
const unknown: Ending = {
	status: 'unknown',
	ofFile: 'unknown',
	isError: true,
	isErrorOfFile: true,
	isMended: false,
	loop: { status: 'unknown', arrived: null },
};
const refused: Ending = {
	status: 'failed',
	ofFile: 'partial',
	isError: true,
	isErrorOfFile: false,
	isMended: true,
	loop: { status: 'sent', arrived: RECIPIENTS },
};
/** The last of the three requests is not made, and its items do not come back. */
const stopsRun: Ending = { ...refused, loop: { status: 'sent', arrived: RECIPIENTS - 2 } };

const endings: Record<string, Ending> = {
	badRequest: refused,
	badRequestHtml: refused,
	unauthorized: stopsRun,
	paymentRequired: stopsRun,
	forbidden: refused,
	forbiddenHtml: refused,
	notFound: refused,
	notFoundHtml: refused,
	methodNotAllowed: refused,
	requestTimeout: unknown,
	requestTimeoutUnsent: unknown,
	payloadTooLarge: refused,
	payloadTooLargeHtml: refused,
	rateLimitSeconds: repeated,
	rateLimitDate: repeated,
	rateLimitBare: repeated,
	rateLimitHtml: repeated,
	serverError: unknown,
	serverErrorAfterSending: unknown,
	badGateway: unknown,
	serviceUnavailable: unknown,
	serviceUnavailableRetryAfter: unknown,
	serviceUnavailableAfterSending: unknown,
	gatewayTimeout: unknown,
	slowAnswer: sent,
	noAnswer: unknown,
	noAnswerAfterSending: unknown,
	resetBeforeAnswer: unknown,
	resetAfterSending: unknown,
	resetMidBody: unknown,
	truncatedBody: unknown,
	emptyBody: unknown,
	emptyBodyUnsent: unknown,
	htmlInsteadOfJson: unknown,
	htmlInsteadOfJsonUnsent: unknown,
	cutJson: unknown,
	wrongShapeObject: unknown,
	wrongShapeArray: unknown,
	wrongShapeNull: unknown,
	wrongShapeText: unknown,
	refusedSenderId: refused,
	refusedBalance: stopsRun,
	refusedErrorMessage: refused,
	refusedStatusCodeNumber: refused,
	refusedStatusCodeText: stopsRun,
	partial: partial,
	noneAccepted: refused,
	jobPending: accepted,
	jobPendingInsideData: accepted,
	jobProcessing: accepted,
	jobCompleted: sent,
	jobPartial: partial,
	jobFailed: refused,
	countsMissing: sent,
	numbersAsStrings: sent,
	unsupportedContactsAsNumber: sent,
	redirectFound: unknown,
	redirectKeepingMethod: refused,
};

interface Cell {
	fault: CataloguedFault;
	gateway: 'mboasms' | 'mambosms';
	mode: Mode;
	onError: OnError;
	column: Column;
}

const PARALLEL = 6;
const totals = { runs: 0, duplicates: 0, losses: 0 };

let engine: Engine;
let sandboxes: Sandbox[];

beforeAll(async () => {
	engine = await Engine.start();
	sandboxes = await Promise.all(Array.from({ length: PARALLEL }, async () => await startSandbox()));
});

afterAll(async () => {
	await Promise.all(sandboxes.map(async (sandbox) => await sandbox.close()));
	process.stdout.write(
		`fault matrix: ${totals.runs} runs, ${totals.duplicates} duplicates, ${totals.losses} losses\n`,
	);
});

function cellsOf(gateway: Cell['gateway'], mode: Mode): Cell[] {
	const isUpload = gateway === 'mboasms' && (mode === 'bulk' || mode === 'personal');
	const endpoint = isUpload ? 'send-bulk' : 'send';
	const faults = faultCatalogue.filter(
		({ appliesTo }) =>
			appliesTo.gateways.includes(gateway) && appliesTo.endpoints.includes(endpoint),
	);
	return faults.flatMap((fault) =>
		columns
			.filter(([, column]) => canBe(column, fault, mode))
			.map(([onError, column]) => ({ fault, gateway, mode, onError, column })),
	);
}

const columns: Array<[OnError, Column]> = [
	['stopWorkflow', 'plain'],
	['stopWorkflow', 'retryOnFail'],
	['stopWorkflow', 'retriedTwice'],
	['stopWorkflow', 'changingText'],
	['continueRegularOutput', 'plain'],
	['continueRegularOutput', 'retryOnFail'],
	['continueErrorOutput', 'plain'],
	['continueErrorOutput', 'retryOnFail'],
	['continueErrorOutput', 'loopedBack'],
];

/** A file that comes back is new rows. Only what left through the error output comes back, whole. */
function canBe(column: Column, fault: CataloguedFault, mode: Mode): boolean {
	if (column === 'loopedBack') return mode !== 'bulk' && endings[fault.name]?.loop !== null;
	// A text of its own for each item is combined in uploads only: the mode "personal".
	return column !== 'changingText' || mode !== 'combined';
}

const localNumbers = {
	mboasms: Array.from({ length: RECIPIENTS }, (_, index) => `67000000${index}`),
	mambosms: Array.from({ length: RECIPIENTS }, (_, index) => `077200000${index}`),
};
const recipientsOf = (gateway: Cell['gateway']) =>
	localNumbers[gateway].map((number) =>
		gateway === 'mboasms' ? `+237${number}` : `+256${number.slice(1)}`,
	);

/** Three requests with two recipients each, whatever the mode. */
function runOf(cell: Cell, url: string): NodeRun {
	const { fault, gateway, mode, onError, column } = cell;
	const run = gateway === 'mboasms' ? mboaSmsRun : mamboSmsRun;
	const numbers = localNumbers[gateway];
	const retryOnFail = column === 'retryOnFail' || column === 'changingText';
	const rest = { onError, retryOnFail, maxTries: 3 };
	const options = { timeoutSeconds: fault.answers === 'never' ? 1 : 10, requestsPerMinute: 0 };
	// Another one whenever the expression is evaluated; one for all items of a try, so that they can be combined.
	const changes = column === 'changingText' ? ' {{ $now.toMillis() }} {{ Math.random() }}' : '';
	if (mode === 'bulk') {
		const message = changes === '' ? 'Same text for all' : `=Code${changes}`;
		return run(
			url,
			{ operation: 'sendBulk', message, options: { ...options, batchSize: 2 } },
			{ ...rest, items: [fileItem(`Phone\n${numbers.join('\n')}`)] },
		);
	}
	const isCombined = mode === 'combined' || mode === 'personal';
	const items = isCombined
		? numbers.map((numbers, index) => ({ json: { numbers, name: `person ${index}` } }))
		: [0, 2, 4].map((start) => ({
				json: { numbers: numbers.slice(start, start + 2), name: `group ${start}` },
			}));
	const ownText = mode === 'combined' ? 'Same text for all' : 'Hello {{ $json.name }}';
	return run(
		url,
		{
			recipients: '={{ $json.numbers }}',
			message: `=${ownText}${changes}`,
			options: { ...options, ...(isCombined && { combineItems: true, batchSize: 2 }) },
		},
		column === 'loopedBack'
			? { ...rest, rounds: [items, isCombined ? items.slice(2, 4) : items.slice(1, 2)] }
			: { ...rest, items },
	);
}

function endingOf({ fault, gateway, mode }: Cell): Ending {
	// Mambo SMS names who was refused, so each of the combined items knows its own fate.
	const isNamed = fault.name === 'partial' && gateway === 'mambosms' && mode === 'combined';
	const ending = isNamed ? refused : endings[fault.name];
	if (!ending) throw new Error(`The promises name no ending of ${fault.name}`);
	return mode === 'bulk'
		? { ...ending, status: ending.ofFile, isError: ending.isErrorOfFile, isMended: false }
		: ending;
}

function countDuplicates(sandbox: Sandbox): number {
	const seen = new Set<string>();
	let duplicates = 0;
	// Nobody is meant to get two texts, so a text that differs is no excuse.
	for (const { recipient } of sandbox.state.messages) {
		if (seen.has(recipient)) duplicates += 1;
		seen.add(recipient);
	}
	return duplicates;
}

const arrivals = (sandbox: Sandbox) =>
	new Set(sandbox.state.messages.map(({ recipient }) => recipient));

async function check(cell: Cell, sandbox: Sandbox): Promise<string[]> {
	sandbox.reset();
	sandbox.state.setRateLimit('mboasms', null);
	sandbox.state.armFault({ gateway: cell.gateway, count: 1, skip: 1, fault: cell.fault.fault });
	const run = runOf(cell, sandbox.url);
	const result = await engine.run(run);
	const complaints: string[] = [];
	const expect = (isTrue: boolean, words: string) => {
		if (!isTrue) complaints.push(words);
	};
	const ending = endingOf(cell);
	if (ending.loop && cell.column === 'loopedBack') {
		checkLoop(ending.loop, result, sandbox, expect);
	} else if (cell.onError === 'stopWorkflow') {
		checkStopped(cell, ending, result, sandbox, expect);
	} else {
		const items = result.outputs.flat();
		const lost = lostIn(
			cell,
			items.map((item) => item.json),
			sandbox,
		);
		totals.losses += lost;
		expect(lost === 0, `${lost} recipients are not accounted for`);
		expect(result.status === 'success', `the execution ended as ${result.status}`);
		const errors = items.filter((item) => 'errorMessage' in item.json);
		expect(errors.length > 0 === ending.isError, `${errors.length} items with an error`);
		expect(
			errors.every((item) =>
				['failed', 'unknown', 'notAttempted'].includes(String(item.json.status)),
			),
			'an error item with a status that is none',
		);
		if (cell.onError === 'continueErrorOutput') {
			expect(
				(result.outputs[1] ?? []).length === errors.length,
				'errors are not on the error branch',
			);
		}
		const statuses = items.map((item) => String(item.json.status));
		expect(statuses.includes(ending.status), `no item says ${ending.status}: ${statuses.join()}`);
	}
	const duplicates = countDuplicates(sandbox);
	totals.duplicates += duplicates;
	totals.runs += 1;
	expect(duplicates === 0, `${duplicates} recipients got the same text twice`);

	if (result.status === 'error') {
		const wrapped = changedByWrapping(result.error);
		expect(wrapped === null, `n8n makes of it: ${wrapped}`);
		// A person retries the execution from the list: everybody gets the text once, or is told apart.
		const retried = await engine.run({ ...run, retryOf: result });
		const again = countDuplicates(sandbox);
		totals.duplicates += again;
		expect(again === 0, `${again} recipients got the same text twice after the retry`);
		expect(
			retried.status === 'success',
			`the retry ended as ${retried.status}: ${retried.error?.message}`,
		);
		const lost = lostIn(cell, retried.json, sandbox);
		totals.losses += lost;
		expect(lost === 0, `${lost} recipients are not accounted for after the retry`);
		if (cell.column === 'retriedTwice') {
			const requests = sandbox.state.requests.length;
			const second = await engine.run({ ...run, retryOf: result });
			expect(second.error?.message === 'This execution was already retried', 'a second retry ran');
			expect(sandbox.state.requests.length === requests, 'a second retry asked the gateway');
		}
	}
	return complaints.map((words) => `${nameOf(cell)}: ${words}`);
}

/** What failed for certain is sent when it comes back, once; what is in doubt never. */
function checkLoop(
	{ status: wanted, arrived: wantedArrivals }: NonNullable<Ending['loop']>,
	{ runExecutionData }: NodeResult,
	sandbox: Sandbox,
	expect: (isTrue: boolean, words: string) => void,
): void {
	const rounds = runExecutionData.resultData.runData.SMS ?? [];
	expect(rounds.length === 2, `${rounds.length} rounds`);
	const statusesIn = (round: (typeof rounds)[number] | undefined) =>
		(round?.data?.main ?? []).flatMap((items) => (items ?? []).map(({ json }) => json.status));
	const statuses = statusesIn(rounds.at(-1));
	expect(
		statuses.length > 0 && statuses.every((status) => status === wanted),
		`the second round says ${statuses.join()} in place of ${wanted}`,
	);
	if (wantedArrivals === null) return;
	const arrived = arrivals(sandbox).size;
	// On a busy machine the last request is under way before the refusal of the one before it comes.
	const isStopped = statusesIn(rounds[0]).includes('notAttempted');
	expect(arrived === (isStopped ? wantedArrivals : RECIPIENTS), `${arrived} arrived`);
}

/** What n8n shows of an error that comes out of a sub-workflow, where it is another; null where it is not. */
function changedByWrapping(error: NodeResult['error']): string | null {
	if (!error) return 'nothing';
	const wrapped = wrappedByN8n(error);
	const isSame = wrapped.message === error.message && wrapped.description === error.description;
	return isSame ? null : `${wrapped.message} / ${wrapped.description}`;
}

function checkStopped(
	cell: Cell,
	ending: Ending,
	result: NodeResult,
	sandbox: Sandbox,
	expect: (isTrue: boolean, words: string) => void,
): void {
	const isRepeated = cell.column === 'retryOnFail' || cell.column === 'changingText';
	const isMended = isRepeated && ending.isMended;
	expect(
		(result.status === 'error') === (ending.isError && !isMended),
		`the execution ended as ${result.status}: ${result.error?.message}`,
	);
	if (result.status === 'error') {
		const said = `${result.error?.message} ${result.error?.description}`;
		expect(said.length > 40, 'the error says too little');
		if (cell.mode !== 'bulk')
			expect(/already sent/.test(said), `nothing about what was sent: ${said}`);
	}
	if (isMended)
		expect(arrivals(sandbox).size === RECIPIENTS, `only ${arrivals(sandbox).size} arrived`);
}

/** Recipients that neither the phones nor the output know of, or that the output wrongly calls sent. */
function lostIn(cell: Cell, json: NodeResult['json'], sandbox: Sandbox): number {
	const arrived = arrivals(sandbox);
	if (cell.mode === 'bulk') {
		const [file] = json;
		if (!file) return RECIPIENTS;
		const rows = (file.rejectedRows as Array<{ recipient: string }>).map(
			({ recipient }) => recipient,
		);
		return recipientsOf(cell.gateway).filter((recipient) => {
			const isTold = rows.includes(recipient) || file.status === 'unknown';
			const isUntellable =
				file.status === 'partial' && cell.gateway === 'mboasms' && rows.length === 0;
			return !arrived.has(recipient) && !isTold && !isUntellable;
		}).length;
	}
	return (
		json.filter((item) => {
			const recipients = item.recipients as string[];
			const isSaidSent = item.status === 'sent' || item.status === 'accepted';
			return isSaidSent && recipients.some((recipient) => !arrived.has(recipient));
		}).length + Math.max(0, (cell.mode === 'send' ? 3 : RECIPIENTS) - json.length)
	);
}

function nameOf({ fault, gateway, mode, onError, column }: Cell): string {
	return `${fault.name} x ${gateway} ${mode} x ${onError} x ${column}`;
}

test('every fault of the sandbox has an ending that the promises name', () => {
	expect(Object.keys(endings).sort()).toEqual(faultCatalogue.map(({ name }) => name).sort());
});

test.each([
	['mboasms', 'send'],
	['mboasms', 'combined'],
	['mboasms', 'personal'],
	['mboasms', 'bulk'],
	['mambosms', 'send'],
	['mambosms', 'combined'],
	['mambosms', 'bulk'],
] as const)(
	'%s %s: nobody is texted twice, everybody is accounted for, the status is the right one',
	async (gateway, mode) => {
		const cells = cellsOf(gateway, mode);
		const complaints: string[] = [];
		await Promise.all(
			sandboxes.map(async (sandbox) => {
				for (let cell = cells.shift(); cell; cell = cells.shift()) {
					complaints.push(...(await check(cell, sandbox)));
				}
			}),
		);
		expect(complaints).toEqual([]);
	},
	300_000,
);
