/** One reading of one file, in a process of its own: `readingProcess.ts <file> <reader>`. */
import { createReadStream, readFileSync } from 'node:fs';

import { parse as createCsvParser } from 'csv-parse';
import * as xlsx from 'xlsx';

import { read } from '../test/helpers/recipientFiles';

export interface Reading {
	timeMs: number;
	peakMb: number;
	longestBlockMs: number;
	rowCount: number;
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

async function measure(path: string, reader: string): Promise<Reading> {
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

const [path = '', reader = ''] = process.argv.slice(2);
void measure(path, reader).then((result) => process.send?.(result));
