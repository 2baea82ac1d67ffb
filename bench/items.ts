import { stringify } from 'flatted';

import { bulkRun, mboaSms } from '../test/helpers/gatewayCases';
import { csvOf } from '../test/helpers/workbooks';
import { type Figure, ratioFigure, scaled, secondsSideBySide } from './figures';
import { table } from './lists';
import { editFieldsRun, httpRequestRun } from './n8nNodes';
import { type Bench, itemsOf, ownRun, send } from './requests';

const OUTPUT_ITEMS = 100_000;
const SENT_ITEMS = 10_000;

/** What the node costs beside the sending: output items, claims, and what n8n stores. */
export async function itemFigures(bench: Bench): Promise<Figure[]> {
	return [await outputFigure(bench), await claimFigure(bench), await dataFigure(bench)];
}

async function outputFigure({ engine, sandbox, extent }: Bench): Promise<Figure> {
	const count = scaled(OUTPUT_ITEMS, extent);
	const file = csvOf(table(count));
	const listed = bulkRun(mboaSms, sandbox.url, file, { dryRun: true, output: 'recipients' });
	const { items } = await engine.run(listed);
	const [own, edit] = await secondsSideBySide(extent.rounds, [
		async () => await engine.run(listed),
		async () => await engine.run(editFieldsRun(items)),
	]);
	const measure = `${items.length} output items, One Item per Recipient, with reading the list`;
	return ratioFigure({ measure, against: 'Edit Fields on the same items', goal: 1.5 }, own, edit);
}

async function claimFigure(bench: Bench): Promise<Figure> {
	const { engine, sandbox, extent } = bench;
	const items = itemsOf(scaled(SENT_ITEMS, extent));
	const combined = { combineItems: true };
	const keyed = { ...combined, deduplicationKey: 'reunion 2026-11' };
	const [own, other] = await secondsSideBySide(extent.rounds, [
		async () => {
			engine.processedKeys.clear();
			await send(bench, ownRun(sandbox.url, items, keyed), 0);
		},
		async () => await send(bench, ownRun(sandbox.url, items, combined), 0),
	]);
	const measure = `${items.length} items through a claim with a key`;
	return ratioFigure({ measure, against: 'the same without a key', goal: 2 }, own, other);
}

/** As n8n writes it to its database. */
async function dataFigure({ engine, sandbox, extent }: Bench): Promise<Figure> {
	const items = itemsOf(scaled(SENT_ITEMS, extent));
	sandbox.reset();
	sandbox.state.setRateLimit('mboasms', null);
	const runs = [
		ownRun(sandbox.url, items, {}),
		httpRequestRun(sandbox.url, { items, text: '"Bonjour, la reunion est samedi."' }),
	];
	const sizes: number[] = [];
	for (const run of runs) {
		const { runExecutionData } = await engine.run(run);
		sizes.push(stringify(runExecutionData).length);
	}
	const [own = NaN, other = NaN] = sizes;
	return {
		measure: `execution data of a run of ${items.length} items`,
		against: 'the same through HTTP Request',
		value: own / other,
		unit: 'x',
		goal: 1,
		detail: `${(own / 1e6).toFixed(1)} MB beside ${(other / 1e6).toFixed(1)} MB`,
	};
}
