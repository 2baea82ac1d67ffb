/**
 * Reading a list, checking every number, removing duplicates and counting segments, side by side with what n8n's
 * Extract From File does to merely read the same file. Every measurement has a process of its own.
 *
 *     npx tsx bench/readFile.ts [rounds]
 */
import { fork } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse as createCsvParser } from 'csv-parse';
import * as xlsx from 'xlsx';

import { read } from '../test/helpers/recipientFiles';

interface Measurement {
	timeMs: number;
	peakMb: number;
	longestBlockMs: number;
	rowCount: number;
}

const ROWS = 100_000;
const SCALE = [1_000, 10_000, 100_000, 200_000] as const;
const GOALS = { csv: 1.0, xlsx: 0.6, memory: 0.9, blockMs: 50 };

type CellValue = string | number;

/** Numbers as lists have them: 1 % bad, 20 % number cells, 3 % duplicates. */
function table(rowCount: number): CellValue[][] {
	const rows: CellValue[][] = [['Téléphone', 'Nom', 'Message']];
	for (let index = 0; index < rowCount; index++) {
		const person = index % 33 === 7 ? index - 7 : index;
		const national = `6${person % 3 === 0 ? 7 : 9}${String(10_000_000 + person).slice(1)}`;
		const number: CellValue =
			index % 100 === 50
				? 'à vérifier'
				: index % 5 === 0
					? Number(national)
					: index % 5 === 1
						? `+237 ${national}`
						: index % 5 === 2
							? `237${national}`
							: index % 5 === 3
								? national.replace(/(\d)(\d\d)(\d\d)(\d\d)(\d\d)/, '$1 $2 $3 $4 $5')
								: `00237${national}`;
		const name = `Élève ${index}`;
		rows.push([
			number,
			name,
			`Bonjour ${name}, la réunion des parents est samedi à 9h, salle ${index % 40}`,
		]);
	}
	return rows;
}

function csvOf(rows: CellValue[][]): string {
	return rows
		.map((row) => row.map((cell) => (/[",]/.test(String(cell)) ? `"${cell}"` : cell)).join(','))
		.join('\r\n');
}

function xlsxOf(rows: CellValue[][]): Buffer {
	const book = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), 'Liste');
	return xlsx.write(book, { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: true });
}

/** n8n-nodes-base, SpreadsheetFile/v2/fromFile.operation.ts, with the binary data on disk. */
async function extractFromFile(path: string): Promise<number> {
	let rows: unknown[] = [];
	if (path.endsWith('.csv')) {
		const parser = createCsvParser({
			columns: true,
			onRecord: (record: Record<string, string>) => {
				rows.push(Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '')));
				return null;
			},
		});
		const stream = createReadStream(path);
		await new Promise<void>((resolve, reject) => {
			parser.on('error', reject);
			parser.on('readable', () => {
				stream.unpipe(parser);
				stream.destroy();
				resolve();
			});
			stream.pipe(parser);
		});
	} else {
		const workbook = xlsx.read(readFileSync(path), {});
		rows = xlsx.utils.sheet_to_json(workbook.Sheets[workbook.SheetNames[0] ?? ''] ?? {}, {});
	}
	const items = rows.map((row) => ({ json: row, pairedItem: { item: 0 } }));
	return items.length;
}

async function ours(path: string): Promise<number> {
	const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
	const file = await read(readFileSync(path), {}, pause);
	return file.rowCount;
}

async function measure(path: string, reader: string, warmUpPath?: string): Promise<Measurement> {
	if (warmUpPath !== undefined) for (let round = 0; round < 20; round++) await ours(warmUpPath);
	let longestBlockMs = 0;
	let last = performance.now();
	const timer = setInterval(() => {
		longestBlockMs = Math.max(longestBlockMs, performance.now() - last);
		last = performance.now();
	}, 1);
	const before = process.memoryUsage.rss();
	const start = performance.now();
	const rowCount = await (reader === 'ours' ? ours(path) : extractFromFile(path));
	const timeMs = performance.now() - start;
	longestBlockMs = Math.max(longestBlockMs, performance.now() - last);
	clearInterval(timer);
	const peakMb = (process.resourceUsage().maxRSS * 1024 - before) / 1024 / 1024;
	return { timeMs, peakMb, longestBlockMs, rowCount };
}

function inOwnProcess(path: string, reader: string, warmUpPath?: string): Promise<Measurement> {
	return new Promise((resolve, reject) => {
		const child = fork(__filename, [
			path,
			reader,
			...(warmUpPath === undefined ? [] : [warmUpPath]),
		]);
		child.on('message', (message) => resolve(message as Measurement));
		child.on('error', reject);
		child.on('exit', (code) => code !== 0 && reject(new Error(`exit ${code}`)));
	});
}

function median(values: number[]): number {
	return values.sort((left, right) => left - right)[values.length >> 1] ?? NaN;
}

async function medians(
	path: string,
	readers: string[],
	rounds: number,
	warmUpPath?: string,
): Promise<Measurement[]> {
	const results = readers.map((): Measurement[] => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, reader] of readers.entries()) {
			results[index]?.push(await inOwnProcess(path, reader, warmUpPath));
		}
	}
	return results.map((list) => ({
		timeMs: median(list.map((one) => one.timeMs)),
		peakMb: median(list.map((one) => one.peakMb)),
		longestBlockMs: median(list.map((one) => one.longestBlockMs)),
		rowCount: list[0]?.rowCount ?? 0,
	}));
}

function show(label: string, { timeMs, peakMb, longestBlockMs, rowCount }: Measurement): void {
	const figures = [`${timeMs.toFixed(0)} ms`, `${peakMb.toFixed(0)} MB above start`];
	figures.push(`longest block ${longestBlockMs.toFixed(0)} ms`, `${rowCount} rows`);
	console.log(`${label.padEnd(34)} ${figures.join(', ')}`);
}

async function main(rounds: number): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'read-file-'));
	try {
		for (const [kind, make] of [
			['csv', csvOf],
			['xlsx', xlsxOf],
		] as const) {
			const path = join(folder, `list.${kind}`);
			writeFileSync(path, make(table(ROWS)));
			const [own, extract] = await medians(path, ['ours', 'extract'], rounds);
			if (own === undefined || extract === undefined) return;
			show(`${kind}: read, check, dedupe, count`, own);
			show(`${kind}: Extract From File, read only`, extract);
			const time = own.timeMs / extract.timeMs;
			const memory = own.peakMb / extract.peakMb;
			console.log(`  time ${time.toFixed(2)} of it (goal ${GOALS[kind]})`);
			console.log(`  memory ${memory.toFixed(2)} of it (goal ${GOALS.memory})`);
			console.log(`  longest block ${own.longestBlockMs.toFixed(0)} ms (goal ${GOALS.blockMs})`);
			// n8n runs for weeks: what the first thousand rows pay for compiling is no property of their number.
			const warmUp = join(folder, `warm.${kind}`);
			writeFileSync(warmUp, make(table(SCALE[0])));
			for (const rowCount of SCALE) {
				const scaled = join(folder, `scaled.${kind}`);
				writeFileSync(scaled, make(table(rowCount)));
				const [result] = await medians(scaled, ['ours'], rounds, warmUp);
				const microseconds = ((result?.timeMs ?? NaN) / rowCount) * 1000;
				console.log(
					`  ${String(rowCount).padStart(7)} rows: ${microseconds.toFixed(1)} µs per row`,
				);
			}
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const [path, reader, warmUpPath] = process.argv.slice(2);
if (path !== undefined && reader !== undefined) {
	void measure(path, reader, warmUpPath).then((result) => process.send?.(result));
} else {
	void main(Number(path ?? 5));
}
