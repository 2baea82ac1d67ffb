import ts from 'typescript';

import { packageSources } from '../helpers/sourceFiles';

/**
 * Rules for what a shopkeeper reads, over every refusal, reason and hint that stands in the code: what happened and
 * what to do; "Nothing was sent." where it is so; names of fields in single quotation marks.
 */

interface Words {
	where: string;
	/** The text, with … for each value in it; a choice of texts as each of them. */
	texts: string[];
}

const sources = packageSources().map(({ file, text }) =>
	ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true),
);

/** Constants of the code that hold a text, by name. */
const constants = new Map<string, ts.Expression>();
for (const source of sources) {
	const visit = (node: ts.Node) => {
		if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
			constants.set(node.name.text, node.initializer);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
}

function textsOf(node: ts.Expression | undefined): string[] {
	if (!node) return [];
	if (ts.isStringLiteralLike(node)) return [node.text];
	if (ts.isTemplateExpression(node)) {
		return [
			node.templateSpans.reduce((text, span) => `${text}…${span.literal.text}`, node.head.text),
		];
	}
	if (ts.isConditionalExpression(node)) {
		return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
	}
	if (ts.isIdentifier(node)) {
		const constant = constants.get(node.text);
		return constant && constant !== node ? textsOf(constant) : [];
	}
	return [];
}

function fieldOf(node: ts.Node | undefined, name: string): ts.Expression | undefined {
	if (!node || !ts.isObjectLiteralExpression(node)) return undefined;
	for (const property of node.properties) {
		if (property.name?.getText() !== name) continue;
		if (ts.isPropertyAssignment(property)) return property.initializer;
		if (ts.isShorthandPropertyAssignment(property)) return property.name;
	}
	return undefined;
}

function callsOf(...names: string[]): ts.CallExpression[] | ts.NewExpression[] {
	const calls: Array<ts.CallExpression | ts.NewExpression> = [];
	const visit = (node: ts.Node) => {
		const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
		if (isCall && names.includes(node.expression.getText())) calls.push(node);
		ts.forEachChild(node, visit);
	};
	sources.forEach(visit);
	return calls as ts.CallExpression[];
}

const whereIs = (node: ts.Node) => {
	const source = node.getSourceFile();
	return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

const wordsOf = (node: ts.Node, expression: ts.Expression | undefined): Words => ({
	where: whereIs(node),
	texts: textsOf(expression),
});

/** Refusals of what a person entered: nothing has left yet. */
const refusals = [
	...callsOf('inputError').map((call) => ({
		message: wordsOf(call, fieldOf(call.arguments?.[1], 'message')),
		description: wordsOf(call, fieldOf(call.arguments?.[1], 'description')),
	})),
	...callsOf('UnusableOption').map((call) => ({
		message: wordsOf(call, call.arguments?.[0]),
		description: wordsOf(call, call.arguments?.[1]),
	})),
	...callsOf('NodeOperationError').map((call) => ({
		message: wordsOf(call, call.arguments?.[1]),
		description: wordsOf(call, fieldOf(call.arguments?.[2], 'description')),
	})),
];

/** Refusals of a file; Send Bulk says in front of them that nothing was sent. */
const files = callsOf('UnreadableFile').map((call) => ({
	message: wordsOf(call, call.arguments?.[0]),
	description: wordsOf(call, call.arguments?.[1]),
}));

/** Every text in which a reason is given, by the name of the field or of the table. */
const reasons: Words[] = sources.flatMap((source) => {
	const found: Words[] = [];
	const visit = (node: ts.Node) => {
		const isReason =
			ts.isPropertyAssignment(node) &&
			(node.name.getText() === 'reason' ||
				node.parent.parent.getText().startsWith('SENTENCES: Record<PhoneRefusalReason'));
		if (isReason) found.push(wordsOf(node, node.initializer));
		ts.forEachChild(node, visit);
	};
	if (/recipientFile|phoneResult/.test(source.fileName)) visit(source);
	return found;
});

const all = [...refusals, ...files].flatMap(({ message, description }) => [message, description]);
const wrongIn = (words: Words[], isWrong: (text: string) => boolean) =>
	words.flatMap(({ where, texts }) => texts.filter(isWrong).map((text) => `${where} ${text}`));

test('the walk finds them', () => {
	expect(refusals.length).toBeGreaterThan(30);
	expect(files.length).toBeGreaterThan(20);
	expect(reasons.flatMap(({ texts }) => texts).length).toBeGreaterThan(20);
});

test('a refusal of what was entered begins with "Nothing was sent"', () => {
	/** Read or listen only, so there is nothing that could have been sent; and the trigger. */
	const sendsNothing = /operations\/(?:balance|getBulkJob)/;
	const descriptions = refusals
		.map(({ description }) => description)
		.filter(({ where }) => !sendsNothing.test(where));
	expect(wrongIn(descriptions, (text) => !/^(?:Nothing was sent|…)/.test(text))).toEqual([]);
});

test('every refusal says what to do', () => {
	const descriptions = [...refusals, ...files].map(({ description }) => description);
	const isSilent = (text: string) => {
		const advice = text.replace(/^Nothing was sent\.?/, '').trim();
		return advice.length < 15 && !advice.includes('…');
	};
	expect(wrongIn(descriptions, isSilent)).toEqual([]);
});

test('every reason of a row ends in what to do', () => {
	// A word alone names one of the sentences.
	const sentences = reasons.map(({ where, texts }) => ({
		where,
		texts: texts.filter((text) => text.includes(' ')),
	}));
	expect(wrongIn(sentences, (text) => !/(?:, so |: |\. )\S/.test(text))).toEqual([]);
});

test('a message is one sentence without a final period', () => {
	const messages = [...refusals, ...files].map(({ message }) => message);
	expect(wrongIn(messages, (text) => /[.!]$|\. [A-Z]/.test(text))).toEqual([]);
});

test('names stand in single quotation marks', () => {
	// In a message; a description may show what a workbook calls its sheets.
	const messages = [...refusals, ...files].map(({ message }) => message);
	expect(wrongIn(messages, (text) => /"(?!\))[^"]+"/.test(text))).toEqual([]);
});

test('no text has a word that n8n does not want', () => {
	expect(
		wrongIn([...all, ...reasons], (text) => /\b(?:error|problem|failure|mistake)s?\b/i.test(text)),
	).toEqual([]);
});

test('no message has the letters of a code for which n8n puts a sentence of its own', () => {
	const codes =
		/ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ERRADDRINUSE|EADDRNOTAVAIL|ECONNABORTED|EHOSTUNREACH|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|GETADDRINFO/i;
	const messages = [...refusals, ...files].map(({ message }) => message);
	expect(wrongIn(messages, (text) => codes.test(text))).toEqual([]);
});
