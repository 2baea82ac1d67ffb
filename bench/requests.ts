import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Sandbox } from '../sandbox/server';
import type { Engine, NodeRun } from '../test/helpers/engine';
import { mboaSmsRun } from '../test/helpers/smsRuns';
import { type Extent, type Figure, ratioFigure, scaled, secondsSideBySide } from './figures';
import { httpRequestRun } from './n8nNodes';

const ITEMS = 1_000;
const RECIPIENTS_PER_REQUEST = 100;
const IN_FLIGHT = 50;
const REQUESTS_PER_MINUTE = 500;

export interface Bench {
	engine: Engine;
	sandbox: Sandbox;
	extent: Extent;
}

export function itemsOf(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, index) => ({
		json: { number: `+23767${String(index).padStart(7, '0')}`, name: `Nom ${index}` },
	}));
}

/** Our Send for the items, without a pace of its own unless the options say so. */
export function ownRun(
	url: string,
	items: INodeExecutionData[],
	options: IDataObject,
	message = 'Bonjour, la reunion des parents est samedi a 9h.',
): NodeRun {
	return mboaSmsRun(
		url,
		{
			recipients: '={{ $json.number }}',
			message,
			options: { requestsPerMinute: 0, ...options },
		},
		{ items },
	);
}

const PERSONAL = '=Bonjour {{ $json.name }}, la reunion est samedi.';

/** Time for many items: one by one, combined, and with texts of their own. */
export async function requestFigures(bench: Bench): Promise<Figure[]> {
	const { sandbox, extent } = bench;
	const count = scaled(ITEMS, extent);
	const items = itemsOf(count);
	const { url } = sandbox;
	const sent = (run: NodeRun, delayMs: number) => async () => await send(bench, run, delayMs);
	const equal = (batching?: IDataObject) =>
		httpRequestRun(url, { items, text: '"Bonjour, la reunion est samedi."', batching });
	const personal = (batching?: IDataObject) =>
		httpRequestRun(url, { items, text: '"Bonjour " + $json.name', batching });
	const oneByOne = { batchSize: 1, batchInterval: 0 };
	const paced = { batchSize: 1, batchInterval: 60_000 / REQUESTS_PER_MINUTE };
	const combined = { combineItems: true };

	const figures: Figure[] = [];
	const atOnce = await secondsSideBySide(extent.rounds, [
		sent(ownRun(url, items, combined, PERSONAL), 0),
		sent(personal(oneByOne), 0),
		sent(ownRun(url, items, {}), 0),
		sent(equal(), 0),
	]);
	figures.push(
		ratioFigure(
			{
				measure: `${count} personal items combined, answers at once`,
				against: 'HTTP Request, one by one',
				goal: 0.15,
			},
			atOnce[0],
			atOnce[1],
		),
		ratioFigure(
			{
				measure: `${count} items one by one, answers at once`,
				against: 'HTTP Request',
				goal: 0.6,
			},
			atOnce[2],
			atOnce[3],
		),
	);
	// Its time is given by the pace: one round is enough.
	const [combinedSlow, httpSlow] = await secondsSideBySide(1, [
		sent(
			ownRun(url, items, { ...combined, requestsPerMinute: REQUESTS_PER_MINUTE }, PERSONAL),
			300,
		),
		sent(personal(paced), 300),
	]);
	figures.push(
		ratioFigure(
			{
				measure: `${count} personal items combined, answers after 300 ms, ${REQUESTS_PER_MINUTE} per minute`,
				against: 'HTTP Request, one by one in that pace',
				goal: 0.05,
			},
			combinedSlow,
			httpSlow,
		),
	);
	const [slow, lists] = await secondsSideBySide(extent.rounds, [
		sent(ownRun(url, items, {}), 300),
		sent(ownRun(url, items, { ...combined, batchSize: RECIPIENTS_PER_REQUEST }), 300),
	]);
	figures.push(
		ratioFigure(
			{
				measure: `${count} items one by one, answers after 300 ms`,
				against: `${IN_FLIGHT} in flight all the time`,
				goal: 1.1,
			},
			slow,
			(count / IN_FLIGHT) * 0.3,
		),
		ratioFigure(
			{
				measure: `${Math.ceil(count / RECIPIENTS_PER_REQUEST)} requests of ${RECIPIENTS_PER_REQUEST} combined, answers after 300 ms`,
				against: 'the first alone, the others together: 2 x 0.3 s',
				goal: 1.5,
			},
			lists,
			0.6,
		),
	);
	return figures;
}

/** Runs the node against the sandbox. Throws unless everybody got a message. */
export async function send(
	{ engine, sandbox }: Bench,
	run: NodeRun,
	delayMs: number,
): Promise<void> {
	sandbox.reset();
	sandbox.state.setRateLimit('mboasms', null);
	const count = run.items?.length ?? 0;
	if (delayMs > 0) {
		sandbox.state.armFault({ gateway: 'mboasms', count, fault: { kind: 'delay', delayMs } });
	}
	const result = await engine.run(run);
	if (result.status !== 'success') throw result.error ?? new Error(result.status);
	const arrived = sandbox.state.messages.length;
	if (arrived !== count) throw new Error(`${arrived} of ${count} messages arrived`);
}
