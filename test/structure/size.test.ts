import path from 'node:path';
import ts from 'typescript';

import { packageSources, sourcesBelow, type SourceFile } from '../helpers/sourceFiles';

const MAX_FILES = 92;
const MAX_FILES_OF_A_FOLDER = 12;
const MAX_LINES = 300;
const MAX_PARAMETERS = 3;
const MAX_FUNCTIONS_WITH_MORE = 8;

/** Tables with a little code that reads them. */
const DATA_TABLES = ['nodes/shared/table/columnNames.ts', 'nodes/shared/text/gsm7Alphabet.ts'];

/** Names that several files share because they mean the same there. */
const SAME_EVERYWHERE = new Set([
	// What n8n and `GatewayNode` call it in every operation and gateway.
	'connect',
	'execute',
	// The stations of a request, one set in each gateway.
	'listRequest',
	'outcomeOf',
	'partlyRefused',
	'providerMessageOf',
	'readAnswer',
	// Of the declarative node: the function that is loaded at the first use, and what loads it.
	'readBalance',
	'requestBalance',
]);

const sources = packageSources();

interface NamedFunction {
	file: string;
	name: string;
	parameterCount: number;
}

/** The functions of a file that others in it, or other files, call by their name. */
function functionsOf({ file, text }: SourceFile): NamedFunction[] {
	const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const functions = parsed.statements.flatMap((statement) => {
		if (ts.isFunctionDeclaration(statement) && statement.name) {
			return [{ name: statement.name.text, parameters: statement.parameters }];
		}
		if (!ts.isVariableStatement(statement)) return [];
		return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
			initializer && ts.isArrowFunction(initializer)
				? [{ name: name.getText(parsed), parameters: initializer.parameters }]
				: [],
		);
	});
	return functions.map(({ name, parameters }) => ({
		file,
		name,
		parameterCount: parameters.length,
	}));
}

/** Names that mean something else in another file. */
function ambiguousNames(files: readonly SourceFile[]): string[] {
	const filesOf = new Map<string, string[]>();
	for (const { name, file } of files.flatMap(functionsOf)) {
		if (SAME_EVERYWHERE.has(name)) continue;
		filesOf.set(name, [...(filesOf.get(name) ?? []), file]);
	}
	return [...filesOf]
		.filter(([, those]) => those.length > 1)
		.map(([name, those]) => `${name}: ${those.join(', ')}`);
}

function tooLong(files: readonly SourceFile[]): string[] {
	return files
		.filter(
			({ file, text }) => !DATA_TABLES.includes(file) && text.split('\n').length - 1 > MAX_LINES,
		)
		.map(({ file }) => file);
}

describe('the size of the house', () => {
	test('is what a stranger can look through', () => {
		expect(sources.length).toBeLessThanOrEqual(MAX_FILES);
		const folders = new Set(sources.map(({ file }) => path.dirname(file)));
		const crowded = [...folders].filter(
			(folder) =>
				sources.filter(({ file }) => path.dirname(file) === folder).length > MAX_FILES_OF_A_FOLDER,
		);
		expect(crowded).toEqual([]);
	});

	test('of each file is one subject', () => {
		expect(tooLong(sources)).toEqual([]);
		expect(tooLong([{ file: 'long.ts', text: '\n'.repeat(MAX_LINES + 1) }])).toEqual(['long.ts']);
	});

	test('of the lists of parameters is small', () => {
		const long = sources
			.flatMap(functionsOf)
			.filter(({ parameterCount }) => parameterCount > MAX_PARAMETERS);
		expect(long.length).toBeLessThanOrEqual(MAX_FUNCTIONS_WITH_MORE);
	});
});

const EXPORTED = /^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm;

/** Names that a file exports and no other file has. */
function unusedExports(files: readonly SourceFile[], users: readonly SourceFile[]): string[] {
	const filesWith = new Map<string, Set<string>>();
	for (const { file, text } of users) {
		for (const word of new Set(text.match(/\w+/g))) {
			filesWith.set(word, (filesWith.get(word) ?? new Set()).add(file));
		}
	}
	return files.flatMap(({ file, text }) =>
		[...text.matchAll(EXPORTED)]
			.map(([, name = '']) => name)
			.filter((name) => ![...(filesWith.get(name) ?? [])].some((other) => other !== file))
			.map((name) => `${file}: ${name}`),
	);
}

describe('what a file exports', () => {
	test('is used by another one', () => {
		const all = sourcesBelow('nodes', 'credentials', 'sandbox', 'test', 'bench', 'scripts');
		const users = all.filter(({ file }) => path.basename(file) !== path.basename(__filename));
		const planted = { file: 'planted.ts', text: 'export const ofNoUse = 1;' };
		expect(unusedExports([...sources, planted], [...users, planted])).toEqual([
			'planted.ts: ofNoUse',
		]);
	});
});

describe('the name of a function', () => {
	test('means one thing, whatever the file', () => {
		expect(ambiguousNames(sources)).toEqual([]);
	});

	test('that a planted file gives to something else is found', () => {
		const planted = { file: 'planted.ts', text: 'export const textOf = (bytes: Buffer) => bytes;' };
		expect(ambiguousNames([...sources, planted])).toEqual([
			'textOf: nodes/shared/gateways/answers.ts, planted.ts',
		]);
	});
});
