import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const ROOT = path.join(__dirname, '../..');

export interface SourceFile {
	/** From the root of the package, with slashes. */
	file: string;
	text: string;
}

/** All TypeScript files of the package itself: what is below `nodes` and `credentials`. */
export const packageSources = (): SourceFile[] => sourcesBelow('nodes', 'credentials');

export function sourcesBelow(...folders: string[]): SourceFile[] {
	return folders
		.flatMap((folder) => filesBelow(folder))
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
		.sort()
		.map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

/** Without installed packages, which are not ours. */
function filesBelow(folder: string): string[] {
	return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		const file = `${folder}/${entry.name}`;
		if (entry.name === 'node_modules') return [];
		return entry.isDirectory() ? filesBelow(file) : [file];
	});
}

export interface SourceImport {
	line: number;
	/** As written. */
	name: string;
	/** By `import()`: loaded when the line is reached, not with the file. */
	isLazy: boolean;
}

/** Every way in which a file can name another: import, export from, import(), import type, require. */
export function importsOf({ file, text }: SourceFile): SourceImport[] {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const imports: SourceImport[] = [];
	const add = (node: ts.Node, specifier: ts.Node | undefined, isLazy = false) => {
		if (!specifier) return;
		const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		const name = ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText();
		imports.push({ line, name, isLazy });
	};
	const visit = (node: ts.Node) => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
			add(node, node.moduleSpecifier);
		} else if (ts.isImportTypeNode(node)) {
			add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument);
		} else if (ts.isExternalModuleReference(node)) {
			add(node, node.expression);
		} else if (ts.isCallExpression(node)) {
			const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
			const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
			if (isImport || isRequire) add(node, node.arguments[0], isImport);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return imports;
}

/** The words that a file can show: its texts and the fixed parts of its templates. */
export function textsOf({ file, text }: SourceFile): Array<{ line: number; text: string }> {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const texts: Array<{ line: number; text: string }> = [];
	const visit = (node: ts.Node) => {
		const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
		// A type's literals are names in code, not words on a screen.
		if (isImport || ts.isLiteralTypeNode(node)) return;
		if (
			ts.isStringLiteralLike(node) ||
			node.kind === ts.SyntaxKind.TemplateHead ||
			node.kind === ts.SyntaxKind.TemplateMiddle ||
			node.kind === ts.SyntaxKind.TemplateTail
		) {
			const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
			texts.push({ line, text: (node as ts.LiteralLikeNode).text });
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return texts;
}
