import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { type Extent, type Figure, median } from './figures';

const ROOT = path.join(__dirname, '..');
const GOAL_MS = 2;

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
}

/** Loads n8n-workflow first, as n8n does before any package, and then one built file. */
const LOAD = `
const workflow = require('n8n-workflow');
'b'.localeCompare('a');
const [file] = process.argv.slice(1);
const start = process.hrtime.bigint();
const exported = require(file);
for (const Class of Object.values(exported)) if (typeof Class === 'function') new Class();
process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
`;

/** What each file that n8n loads at its start costs, in a new process. */
export function startUpFigures({ rounds }: Extent): Figure[] {
	const { n8n } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
	return [...n8n.nodes, ...n8n.credentials].map((file) => {
		const times = Array.from({ length: 2 * rounds + 1 }, () =>
			Number(
				execFileSync(process.execPath, ['-e', LOAD, path.join(ROOT, file)], {
					cwd: ROOT,
					encoding: 'utf8',
				}),
			),
		);
		return {
			measure: `n8n's start: ${path.basename(file, '.js')}`,
			against: 'lightest SMS nodes: 0.6 to 3.8 ms',
			value: median(times),
			unit: 'ms',
			goal: GOAL_MS,
			detail: `${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} ms in ${times.length} processes`,
		};
	});
}
