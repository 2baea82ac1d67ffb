const LONGEST_CELL = 88;

/** Prints rows in columns that are as wide as their longest cell. */
export function printTable(rows: string[][]): void {
	const cells = rows.map((row) => row.map(shortened));
	const widths = cells.reduce<number[]>(
		(widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
		[],
	);
	for (const row of cells) {
		console.log(
			`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
		);
	}
}

function shortened(cell: string): string {
	const line = cell.replace(/\s+/g, ' ');
	return line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1)}…` : line;
}
