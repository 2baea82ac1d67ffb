import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { csvOf, workbookOf } from '../test/helpers/workbooks';
import { type Extent, type Figure, inOwnProcess, median, scaled } from './figures';
import { table } from './lists';
import type { Reading } from './readingProcess';

const ROWS = 100_000;
const SCRIPT = path.join(__dirname, 'readingProcess.ts');
const BLOCK_GOAL_MS = 30;

const kinds = [
	{ kind: 'csv', make: csvOf, timeGoal: 0.35, memoryGoal: 0.9 },
	{ kind: 'xlsx', make: workbookOf, timeGoal: 0.3, memoryGoal: 0.4 },
] as const;

/** Reading a list, checking every number, removing duplicates and counting segments, beside merely reading it. */
export async function readingFigures(extent: Extent): Promise<Figure[]> {
	const rowCount = scaled(ROWS, extent);
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-lists-'));
	try {
		const figures: Figure[] = [];
		for (const { kind, make, timeGoal, memoryGoal } of kinds) {
			const file = path.join(folder, `list.${kind}`);
			writeFileSync(file, make(table(rowCount)));
			const own: Reading[] = [];
			const extract: Reading[] = [];
			for (let round = 0; round < extent.rounds; round += 1) {
				own.push(await inOwnProcess<Reading>(SCRIPT, [file, 'ours']));
				extract.push(await inOwnProcess<Reading>(SCRIPT, [file, 'extract']));
			}
			figures.push(...figuresOf({ kind, rowCount, timeGoal, memoryGoal, own, extract }));
		}
		return figures;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

interface Comparison {
	kind: string;
	rowCount: number;
	timeGoal: number;
	memoryGoal: number;
	own: Reading[];
	extract: Reading[];
}

function figuresOf({ kind, rowCount, timeGoal, memoryGoal, own, extract }: Comparison): Figure[] {
	const timeMs = [own, extract].map((list) => median(list.map((one) => one.timeMs)));
	const peakMb = [own, extract].map((list) => median(list.map((one) => one.peakMb)));
	const blockMs = median(own.map((one) => one.longestBlockMs));
	const measure = `${kind.toUpperCase()}, ${rowCount} rows: read, check, dedupe, count`;
	const against = 'Extract From File, which only reads';
	const ratio = ([ours = NaN, theirs = NaN]: number[]) => ours / theirs;
	const beside = ([ours = NaN, theirs = NaN]: number[], unit: string) =>
		`${ours.toFixed(0)} ${unit} beside ${theirs.toFixed(0)} ${unit}`;
	return [
		{
			measure: `${measure}, time`,
			against,
			value: ratio(timeMs),
			unit: 'x',
			goal: timeGoal,
			detail: beside(timeMs, 'ms'),
		},
		{
			measure: `${measure}, memory`,
			against,
			value: ratio(peakMb),
			unit: 'x',
			goal: memoryGoal,
			detail: beside(peakMb, 'MB'),
		},
		{
			measure: `${measure}, longest block of the event loop`,
			against: '',
			value: blockMs,
			unit: 'ms',
			goal: BLOCK_GOAL_MS,
			detail: '',
		},
	];
}
