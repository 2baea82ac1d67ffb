import ts from 'typescript';
import vm from 'node:vm';

import { packageSources } from './helpers/sourceFiles';

const LENGTH = 1_048_576;
/** Of a pattern that looks at each character a bounded number of times; one that goes back again and again takes hours. */
const ENOUGH_MS = 20_000;

interface Pattern {
	where: string;
	source: string;
	flags: string;
}

/** Every pattern of the package, wherever it stands: nobody can say of one that foreign text never meets it. */
const patterns: Pattern[] = packageSources().flatMap(({ file, text }) => {
	const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const found: Pattern[] = [];
	const visit = (node: ts.Node) => {
		if (ts.isRegularExpressionLiteral(node)) {
			const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
			const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1;
			found.push({ where: `${file}:${line}`, source, flags });
		}
		ts.forEachChild(node, visit);
	};
	visit(parsed);
	return found;
});

/** What repeats in foreign text: each character and each piece that the pattern itself names. */
function worstOf({ source }: Pattern): string[] {
	const plain = source
		.replace(/\\[pP]\{[^}]*\}|\\u\{?[0-9a-fA-F]+\}?|\\x[0-9a-fA-F]{2}/g, 'a')
		.replace(/\\d/g, '1')
		.replace(/\\s/g, ' ')
		.replace(/\\[wbB]/g, 'a')
		.replace(/\{\d+(?:,\d*)?\}|[()|?*+^$]/g, '')
		.replace(/\\/g, '');
	const pieces = new Set([' ', 'a', '1', '\n', '"', '<', ...plain.slice(0, 40)]);
	for (let length = 2; length <= 6; length += 2) {
		for (let at = 0; at + length <= Math.min(plain.length, 24); at += 1) {
			pieces.add(plain.slice(at, at + length));
		}
	}
	return [...pieces].filter((piece) => piece !== '');
}

/** Milliseconds that a pattern may take are bounded by the engine itself, which can end it in the middle. */
function isLinear({ source, flags }: Pattern, piece: string): boolean {
	const text = `${piece.repeat(Math.ceil(LENGTH / piece.length))}\u0000`;
	try {
		vm.runInNewContext(
			'text.replace(new RegExp(source, flags), "")',
			{ text, source, flags },
			{ timeout: ENOUGH_MS },
		);
		return true;
	} catch (error) {
		if (/timed out/.test(String(error))) return false;
		throw error;
	}
}

test('there are patterns to look at', () => {
	expect(patterns.length).toBeGreaterThan(100);
});

test.each(patterns.map((pattern) => [`${pattern.where} ${pattern.source}`, pattern] as const))(
	'%s takes 1 MB of its worst in one go',
	(_name, pattern) => {
		expect(worstOf(pattern).filter((piece) => !isLinear(pattern, piece))).toEqual([]);
	},
	600_000,
);
