import { faultCatalogue, type CataloguedFault } from '../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { Engine, type NodeResult, type NodeRun } from '../helpers/engine';
import { fileItem, mamboSmsRun, mboaSmsRun } from '../helpers/smsRuns';

/**
 * Every fault of the sandbox x Send, Send combined, Send Bulk x both gateways x Stop, Continue,
 * Continue with error output x Retry On Fail off and on. The second of three requests meets the fault.
 */

type Mode = 'send' | 'combined' | 'bulk';
type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

/** What the node has to say of a request that met the fault. From the promises, not from the code. */
type Ending = 'sent' | 'accepted' | 'partial' | 'unknown' | 'refused' | 'stopsRun' | 'repeated';

const endings: Record<string, Ending> = {
	badRequest: 'refused',
	badRequestHtml: 'refused',
	unauthorized: 'stopsRun',
	paymentRequired: 'stopsRun',
	forbidden: 'refused',
	forbiddenHtml: 'refused',
	notFound: 'refused',
	notFoundHtml: 'refused',
	methodNotAllowed: 'refused',
	requestTimeout: 'unknown',
	requestTimeoutUnsent: 'unknown',
	payloadTooLarge: 'refused',
	payloadTooLargeHtml: 'refused',
	rateLimitSeconds: 'repeated',
	rateLimitDate: 'repeated',
	rateLimitBare: 'repeated',
	rateLimitHtml: 'repeated',
	serverError: 'unknown',
	serverErrorAfterSending: 'unknown',
	badGateway: 'unknown',
	serviceUnavailable: 'unknown',
	serviceUnavailableRetryAfter: 'unknown',
	serviceUnavailableAfterSending: 'unknown',
	gatewayTimeout: 'unknown',
	slowAnswer: 'sent',
	noAnswer: 'unknown',
	noAnswerAfterSending: 'unknown',
	resetBeforeAnswer: 'unknown',
	resetAfterSending: 'unknown',
	resetMidBody: 'unknown',
	truncatedBody: 'unknown',
	emptyBody: 'unknown',
	emptyBodyUnsent: 'unknown',
	htmlInsteadOfJson: 'unknown',
	htmlInsteadOfJsonUnsent: 'unknown',
	cutJson: 'unknown',
	wrongShapeObject: 'unknown',
	wrongShapeArray: 'unknown',
	wrongShapeNull: 'unknown',
	wrongShapeText: 'unknown',
	refusedSenderId: 'refused',
	refusedBalance: 'stopsRun',
	refusedErrorMessage: 'refused',
	refusedStatusCodeNumber: 'refused',
	refusedStatusCodeText: 'stopsRun',
	partial: 'partial',
	noneAccepted: 'refused',
	jobPending: 'accepted',
	jobPendingInsideData: 'accepted',
	jobProcessing: 'accepted',
	jobCompleted: 'sent',
	jobPartial: 'partial',
	jobFailed: 'refused',
	countsMissing: 'sent',
	numbersAsStrings: 'sent',
	unsupportedContactsAsNumber: 'sent',
	redirectFound: 'unknown',
	redirectKeepingMethod: 'refused',
};

interface Cell {
	fault: CataloguedFault;
	gateway: 'mboasms' | 'mambosms';
	mode: Mode;
	onError: OnError;
	retryOnFail: boolean;
}

const RECIPIENTS = 6;
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
	const endpoint = mode === 'bulk' && gateway === 'mboasms' ? 'send-bulk' : 'send';
	const faults = faultCatalogue.filter(
		({ appliesTo }) =>
			appliesTo.gateways.includes(gateway) && appliesTo.endpoints.includes(endpoint),
	);
	const choices: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];
	return faults.flatMap((fault) =>
		choices.flatMap((onError) =>
			[false, true].map((retryOnFail) => ({ fault, gateway, mode, onError, retryOnFail })),
		),
	);
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
function runOf({ fault, gateway, mode, onError, retryOnFail }: Cell, url: string): NodeRun {
	const run = gateway === 'mboasms' ? mboaSmsRun : mamboSmsRun;
	const numbers = localNumbers[gateway];
	const rest = { onError, retryOnFail, maxTries: 3 };
	const options = { timeoutSeconds: fault.answers === 'never' ? 1 : 10, requestsPerMinute: 0 };
	if (mode === 'bulk') {
		const csv = numbers.map((number) => `${number},Same text for all`).join('\n');
		return run(
			url,
			{ operation: 'sendBulk', options: { ...options, batchSize: 2 } },
			{ ...rest, items: [fileItem(csv)] },
		);
	}
	if (mode === 'combined') {
		return run(
			url,
			{
				recipients: '={{ $json.number }}',
				message: 'Same text for all',
				options: { ...options, combineItems: true, batchSize: 2 },
			},
			{ ...rest, items: numbers.map((number) => ({ json: { number } })) },
		);
	}
	return run(
		url,
		{ recipients: '={{ $json.numbers }}', message: '=Hello {{ $json.name }}', options },
		{
			...rest,
			items: [0, 2, 4].map((start) => ({
				json: { numbers: numbers.slice(start, start + 2), name: `group ${start}` },
			})),
		},
	);
}

function endingOf({ fault, gateway, mode }: Cell): Ending | undefined {
	// Mambo SMS names who was refused, so each of the combined items knows its own fate.
	const isNamed = fault.name === 'partial' && gateway === 'mambosms' && mode === 'combined';
	return isNamed ? 'refused' : endings[fault.name];
}

function countDuplicates(sandbox: Sandbox): number {
	const seen = new Set<string>();
	let duplicates = 0;
	for (const { recipient, text } of sandbox.state.messages) {
		if (seen.has(`${recipient} ${text}`)) duplicates += 1;
		seen.add(`${recipient} ${text}`);
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
	const isError = ending === 'unknown' || ending === 'refused' || ending === 'stopsRun';
	const isBulk = cell.mode === 'bulk';
	if (cell.onError === 'stopWorkflow') {
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
		const hasErrorItems = isError && !(isBulk && ending !== 'unknown');
		expect(errors.length > 0 === hasErrorItems, `${errors.length} items with an error`);
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
		const affected = items.find((item) => statusMatches(ending, String(item.json.status), isBulk));
		expect(
			affected !== undefined,
			`no item says ${ending}: ${items.map((item) => item.json.status).join()}`,
		);
	}
	const duplicates = countDuplicates(sandbox);
	totals.duplicates += duplicates;
	totals.runs += 1;
	expect(duplicates === 0, `${duplicates} recipients got the same text twice`);

	if (result.status === 'error') {
		// A person retries the execution from the list: everybody gets the text once, or is told apart.
		const retried = await engine.run({ ...run, retryOf: result, executionId: '2' });
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
	}
	return complaints.map((words) => `${nameOf(cell)}: ${words}`);
}

function checkStopped(
	cell: Cell,
	ending: Ending | undefined,
	result: NodeResult,
	sandbox: Sandbox,
	expect: (isTrue: boolean, words: string) => void,
): void {
	const isBulk = cell.mode === 'bulk';
	// Retry On Fail finds the gateway well again, so what was certainly refused is sent after all.
	const isMended = cell.retryOnFail && (ending === 'refused' || ending === 'stopsRun') && !isBulk;
	const isRaised =
		(ending === 'unknown' || ending === 'refused' || ending === 'stopsRun') && !isMended;
	const isPartialBulk = isBulk && ending !== 'unknown';
	expect(
		(result.status === 'error') === (isRaised && !isPartialBulk),
		`the execution ended as ${result.status}: ${result.error?.message}`,
	);
	if (result.status === 'error') {
		const said = `${result.error?.message} ${result.error?.description}`;
		expect(said.length > 40, 'the error says too little');
		if (!isBulk) expect(/already sent/.test(said), `nothing about what was sent: ${said}`);
	}
	if (isMended)
		expect(arrivals(sandbox).size === RECIPIENTS, `only ${arrivals(sandbox).size} arrived`);
}

function statusMatches(ending: Ending | undefined, status: string, isBulk: boolean): boolean {
	switch (ending) {
		case 'refused':
		case 'stopsRun':
			return status === (isBulk ? 'partial' : 'failed');
		case 'repeated':
			return status === 'sent';
		case undefined:
			return false;
		default:
			return status === ending;
	}
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

function nameOf({ fault, gateway, mode, onError, retryOnFail }: Cell): string {
	return `${fault.name} x ${gateway} ${mode} x ${onError}${retryOnFail ? ' x retry' : ''}`;
}

test('every fault of the sandbox has an ending that the promises name', () => {
	expect(Object.keys(endings).sort()).toEqual(faultCatalogue.map(({ name }) => name).sort());
});

describe.each(['mboasms', 'mambosms'] as const)('%s', (gateway) => {
	test.each(['send', 'combined', 'bulk'] as const)(
		'%s: nobody is texted twice, everybody is accounted for, the status is the right one',
		async (mode) => {
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
});
