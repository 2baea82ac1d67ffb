import type { Execution } from '../../playground/executionData';
import type { WorkflowNode } from '../../playground/n8nClient';
import { faultCatalogue } from '../../sandbox/faults';
import {
	Editor,
	type PublishedWorkflow,
	mamboSend,
	mboaSend,
	n8nUrl,
	sandbox,
} from './helpers/editor';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 20);
const WORKFLOWS = 10;
const ROUND_MS = 60_000;
const MOST_ROWS = 20;

/** A started n8n grows while it fills its caches; what comes after may not. */
const WARM_UP_ROUNDS = 3;
const MOST_GROWTH = 1.25;
const LONGEST_LAG_MS = 1_000;

/** Status of an item -> how often its text may have arrived. */
const ARRIVALS: Record<string, readonly number[]> = {
	sent: [1],
	failed: [0],
	notAttempted: [0],
	skipped: [0],
	unknown: [0, 1],
	partial: [0, 1],
};

const faults = faultCatalogue.filter(({ appliesTo }) => appliesTo.endpoints.includes('send'));

let editor: Editor;
let workflows: PublishedWorkflow[];
let lastNumber = 0;

beforeAll(async () => {
	editor = await Editor.open();
	const settings = { onError: 'continueRegularOutput' };
	const parameters = { options: { requestsPerMinute: 0, timeoutSeconds: 2 } };
	const nodeOf = (index: number): WorkflowNode =>
		index % 2 === 0
			? mboaSend(editor.credential('MboaSMS (sandbox)'), parameters, settings)
			: mamboSend(editor.credential('Mambo SMS (sandbox)'), parameters, settings);
	workflows = await Promise.all(
		Array.from({ length: WORKFLOWS }, async (_, index) => await editor.publish([nodeOf(index)])),
	);
});

interface Vitals {
	heapMb: number;
	lagMs: number;
}

/** What n8n tells of its process; the lag of the event loop is the longest since it was last asked. */
async function vitals(): Promise<Vitals> {
	const text = await (await fetch(`${n8nUrl}/metrics`)).text();
	const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
	return {
		heapMb: valueOf('n8n_nodejs_heap_size_used_bytes') / 1e6,
		lagMs: valueOf('n8n_nodejs_eventloop_lag_max_seconds') * 1000,
	};
}

/** Arms a random fault now and then, until the round is over. */
async function breakThings(until: number): Promise<void> {
	while (performance.now() < until) {
		const fault = faults[Math.floor(Math.random() * faults.length)]!;
		await sandbox.arm({
			preset: fault.name,
			...(Math.random() < 0.5 ? { gateway: 'mboasms' } : { gateway: 'mambosms' }),
			skip: Math.floor(Math.random() * 10),
			count: 1 + Math.floor(Math.random() * 3),
		});
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}

/** Posts rows to a workflow again and again; answers what became of each number. */
async function keepSending(index: number, until: number): Promise<Array<[string, string]>> {
	const verdicts: Array<[string, string]> = [];
	while (performance.now() < until) {
		const rows = Array.from({ length: 1 + Math.floor(Math.random() * MOST_ROWS) }, () => {
			const digits = String((lastNumber += 1)).padStart(6, '0');
			return { to: index % 2 === 0 ? `+237670${digits}` : `+256770${digits}`, text: 'Bonjour' };
		});
		const execution = await workflows[index]!.run(rows, 300_000);
		const items = itemsOf(execution);
		expect(items).toHaveLength(rows.length);
		items.forEach(({ status }, row) => verdicts.push([rows[row]!.to, String(status)]));
	}
	return verdicts;
}

function itemsOf(execution: Execution): Array<Record<string, unknown>> {
	const runs = execution.runs.MboaSMS ?? execution.runs['Mambo SMS'] ?? [];
	return runs.flatMap(({ outputs }) => outputs.flat().map(({ json }) => json));
}

test(
	`${WORKFLOWS} workflows for ${MINUTES} minutes, with every fault of the sandbox`,
	async () => {
		const counts: Record<string, number> = {};
		const heaps: number[] = [];
		const lags: number[] = [];
		for (let round = 0; round < MINUTES; round += 1) {
			await sandbox.reset();
			for (const gateway of ['mboasms', 'mambosms'] as const) {
				await sandbox.setRateLimit(gateway, null);
			}
			const until = performance.now() + ROUND_MS;
			const [verdicts] = await Promise.all([
				Promise.all(workflows.map(async (_, index) => await keepSending(index, until))),
				breakThings(until),
			]);
			const texts = new Map(Object.entries(await sandbox.textsPerRecipient()));
			for (const [number, status] of verdicts.flat()) {
				counts[status] = (counts[status] ?? 0) + 1;
				const arrived = texts.get(number) ?? 0;
				if (!ARRIVALS[status]?.includes(arrived)) {
					throw new Error(`${number} is '${status}' and got ${arrived} texts`);
				}
				texts.delete(number);
			}
			expect([...texts]).toEqual([]);
			const { heapMb, lagMs } = await vitals();
			heaps.push(Math.round(heapMb));
			lags.push(Math.round(lagMs));
			process.stdout.write(
				`${round + 1} of ${MINUTES} minutes: ${JSON.stringify(counts)}, heap ${heaps.at(-1)} MB, longest lag ${lags.at(-1)} ms\n`,
			);
		}
		const later = heaps.slice(WARM_UP_ROUNDS);
		const half = Math.floor(later.length / 2);
		const least = (values: number[]) => Math.min(...values);
		if (half > 0) {
			const growth = least(later.slice(half)) / least(later.slice(0, half));
			expect(growth).toBeLessThan(MOST_GROWTH);
		}
		expect(Math.max(...lags)).toBeLessThan(LONGEST_LAG_MS);
		expect(Object.keys(counts).sort()).toEqual(
			expect.arrayContaining(['failed', 'sent', 'unknown']),
		);
	},
	(MINUTES + 10) * ROUND_MS,
);
