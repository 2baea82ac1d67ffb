export interface MessageTemplate {
	readonly columns: readonly string[];
	fill(
		valueOf: (column: string) => string | undefined,
	): { ok: true; text: string } | { ok: false; missing: string[] };
}

interface Placeholder {
	column: string;
}

/** What cannot be a column name (quotes, line breaks, braces, nothing) is text: JSON stays as it is. */
const PLACEHOLDER = /\{\{([^{}"\r\n]{1,100})\}\}|\{([^{}"\r\n]{1,100})\}/g;

function templatePieces(
	template: string,
	isColumn: (name: string) => boolean,
): Array<string | Placeholder> {
	const pieces: Array<string | Placeholder> = [];
	let end = 0;
	for (const match of template.matchAll(PLACEHOLDER)) {
		const column = (match[1] ?? match[2] ?? '').trim();
		if (column === '' || !isColumn(column)) continue;
		pieces.push(template.slice(end, match.index), { column });
		end = match.index + match[0].length;
	}
	pieces.push(template.slice(end));
	return pieces;
}

/**
 * Reads a text with `{column}` placeholders, to be filled row by row; `{{column}}`, as other mail
 * merges write it, means the same. There is no escape, and a brace that encloses no column name is
 * a brace. An unknown or blank value makes its column `missing`; values go in as they are.
 */
export function parseTemplate(
	template: string,
	isColumn: (name: string) => boolean = () => true,
): MessageTemplate {
	const pieces = templatePieces(template, isColumn);
	const columns = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.column]));
	return {
		columns: [...new Set(columns)],
		fill: (valueOf) => {
			const missing = new Set<string>();
			let text = '';
			for (const piece of pieces) {
				const value = typeof piece === 'string' ? piece : valueOf(piece.column);
				if (typeof piece !== 'string' && !value?.trim()) missing.add(piece.column);
				text += value ?? '';
			}
			return missing.size > 0 ? { ok: false, missing: [...missing] } : { ok: true, text };
		},
	};
}
