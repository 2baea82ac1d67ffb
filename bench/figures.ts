import { fork } from 'node:child_process';

/** One line of the table: what was measured, and beside what in the same run. */
export interface Figure {
	measure: string;
	against: string;
	/** As it is compared with the goal. */
	value: number;
	/** `x`: a ratio; otherwise the unit. */
	unit: 'x' | 'ms';
	/** At most. */
	goal: number;
	/** The figures behind it. */
	detail: string;
}

/** How much is measured: everything, or just enough to see that it works. */
export interface Extent {
	rounds: number;
	/** Part of the full number of rows, items and requests. */
	scale: number;
}

export function scaled(count: number, { scale }: Extent): number {
	return Math.max(10, Math.round(count * scale));
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[sorted.length >> 1] ?? NaN;
}

/** Seconds that each takes, in turns, so that a change of the machine's speed meets all of them: medians. */
export async function secondsSideBySide(
	rounds: number,
	works: ReadonlyArray<() => Promise<unknown>>,
): Promise<number[]> {
	const seconds = works.map((): number[] => []);
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, work] of works.entries()) {
			const start = performance.now();
			await work();
			seconds[index]?.push((performance.now() - start) / 1000);
		}
	}
	return seconds.map(median);
}

export function ratioFigure(
	names: Pick<Figure, 'measure' | 'against' | 'goal'>,
	own = NaN,
	other = NaN,
): Figure {
	const detail = `${own.toFixed(2)} s beside ${other.toFixed(2)} s`;
	return { ...names, value: own / other, unit: 'x', detail };
}

/** Runs a script with arguments in a process of its own, and gives what it sends. */
export async function inOwnProcess<Message>(script: string, args: string[]): Promise<Message> {
	return await new Promise((resolve, reject) => {
		const child = fork(script, args);
		child.on('message', (message) => resolve(message as Message));
		child.on('error', reject);
		child.on('exit', (code) => code !== 0 && reject(new Error(`${script}: exit ${code}`)));
	});
}
