/**
 * Measures what the README says about speed, each thing beside another in the same run.
 *
 *     npm run bench             all of it, medians of 5: writes bench/RESULTS.md
 *     npm run bench -- --quick  a fiftieth of it, once: only shows that it works
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format } from 'prettier';

import { startSandbox } from '../sandbox/server';
import { printTable } from '../scripts/table';
import { Engine } from '../test/helpers/engine';
import type { Extent, Figure } from './figures';
import { itemFigures } from './items';
import { readingFigures } from './reading';
import { requestFigures } from './requests';
import { startUpFigures } from './startUp';
import { wholeNodeFigures } from './wholeNode';

const isQuick = process.argv.includes('--quick');
const extent: Extent = isQuick ? { rounds: 1, scale: 0.02 } : { rounds: 5, scale: 1 };

const RESULTS = path.join(__dirname, 'RESULTS.md');

async function main(): Promise<void> {
	const sandbox = await startSandbox();
	const engine = await Engine.start();
	const bench = { engine, sandbox, extent };
	const parts: Array<[string, () => Figure[] | Promise<Figure[]>]> = [
		['the start of n8n', () => startUpFigures(extent)],
		['reading lists', async () => await readingFigures(extent)],
		['requests', async () => await requestFigures(bench)],
		['output, claims and execution data', async () => await itemFigures(bench)],
		['Send Bulk in a real n8n', async () => await wholeNodeFigures(sandbox, extent)],
	];
	const figures: Figure[] = [];
	for (const [name, measure] of parts) {
		console.log(`Measuring ${name} …`);
		figures.push(...(await measure()));
	}
	await sandbox.close();
	const rows = figures.map(cellsOf);
	printTable([HEADER, ...rows]);
	if (isQuick) return;
	writeFileSync(RESULTS, await format(page(rows), { parser: 'markdown' }));
	console.log(`\nWritten to ${RESULTS}`);
}

const HEADER = ['measure', 'against', 'figure', 'goal', 'met', 'behind it'];

function cellsOf({ measure, against, value, unit, goal, detail }: Figure): string[] {
	const written = (number: number) =>
		unit === 'x' ? number.toFixed(2) : `${number.toFixed(1)} ms`;
	return [
		measure,
		against,
		written(value),
		`<= ${written(goal)}`,
		value <= goal ? 'yes' : 'no',
		detail,
	];
}

function page(rows: string[][]): string {
	const { dependencies } = JSON.parse(
		readFileSync(path.join(__dirname, '../playground/package.json'), 'utf8'),
	) as { dependencies: Record<string, string> };
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	const [cpu] = os.cpus();
	return [
		'# Speed, measured',
		'',
		`\`npm run bench\`, ${new Date().toISOString().slice(0, 10)}. Machine: ${os.cpus().length} x ${cpu?.model ?? 'CPU'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.arch()}. Node.js ${process.version}, n8n ${dependencies.n8n} on Node.js ${dependencies.node} for the real n8n. Medians of ${extent.rounds}, each measured in turns with what it is held against; only ratios can be compared between machines.`,
		'',
		line(HEADER),
		line(HEADER.map(() => '---')),
		...rows.map(line),
		'',
		readFileSync(path.join(__dirname, 'missed-goals.md'), 'utf8'),
	].join('\n');
}

void main().catch((failure: unknown) => {
	console.error(failure);
	process.exitCode = 1;
});
