import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { MamboSmsAccountApi } from '../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../credentials/MboaSmsJwtApi.credentials';
import { MamboSms } from '../nodes/MamboSms/MamboSms.node';
import { MboaSms } from '../nodes/MboaSms/MboaSms.node';
import { ROOT, packageSources, textsOf } from './helpers/sourceFiles';

const credentials = [
	new MboaSmsJwtApi(),
	new MboaSmsBasicApi(),
	new MamboSmsApi(),
	new MamboSmsAccountApi(),
];

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

const docs = readdirSync(path.join(ROOT, 'docs'))
	.filter((file) => file.endsWith('.md'))
	.map((file) => `docs/${file}`);
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs];
const accountPages = ['docs/mboasms.md', 'docs/mambo-sms.md'];

/** Everything that n8n shows as the name of something. */
function namesIn(described: unknown): string[] {
	const found = JSON.stringify(described).matchAll(/"(?:displayName|name)":"([^"]+)"/g);
	return [...found].map(([, name = '']) => name);
}

/** As GitHub makes an address of a heading. */
function anchorsOf(text: string): string[] {
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replace(/ /g, '-'),
	);
}

describe.each(pages)('%s', (page) => {
	const text = read(page);

	test('leads only to what is there', () => {
		const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, link = '']) => link)
			.filter((link) => !/^https?:|^mailto:/.test(link))
			.filter((link) => {
				const [file = '', anchor] = link.split('#');
				const target = file === '' ? page : path.join(path.dirname(page), file);
				if (!existsSync(path.join(ROOT, target))) return true;
				return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
			});
		expect(broken).toEqual([]);
	});

	test('names only commands that exist', () => {
		const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
		const commands = [...text.matchAll(/(?:`|^)npm (?:run )?([a-z0-9:]+)/gm)].map(
			([, name = '']) => name,
		);
		const ownWords = ['ci', 'install', 'version', 'publish', 'pack'];
		const unknown = commands.filter((name) => !(name in scripts) && !ownWords.includes(name));
		expect(unknown).toEqual([]);
	});
});

test('the Docs button of every credential leads to the page of its gateway', () => {
	for (const { name, documentationUrl } of credentials) {
		const [, file = ''] = /\/blob\/main\/(docs\/[\w-]+\.md)$/.exec(documentationUrl) ?? [];
		expect([name, accountPages.includes(file)]).toEqual([name, true]);
		expect(read(file)).toContain(name.startsWith('mboa') ? 'MboaSMS' : 'Mambo SMS');
	}
});

describe.each(accountPages)('%s', (page) => {
	const text = read(page);
	const gateway = page.includes('mboasms') ? 'MboaSMS' : 'Mambo SMS';

	/** Names on the screen: fields, their values, credentials, and the words of n8n and of the dashboards. */
	const onScreen = new Set([
		...'Save,Execute workflow,Retry execution,History,API Settings,Send to Cameroon,Send to Uganda'.split(
			',',
		),
		...credentials.map(({ displayName }) => displayName),
		...namesIn([
			credentials,
			new MboaSms().description,
			new MamboSms().description,
			JSON.parse(read('examples/test-sms.json')),
		]),
	]);

	test('writes in bold only what stands on a screen', () => {
		const bold = [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words);
		expect(bold.length).toBeGreaterThan(10);
		const unknown = bold.filter((words) => !onScreen.has(words) && words !== 'Not this service:');
		expect(unknown).toEqual([]);
	});

	test('quotes what the node says', () => {
		const said = packageSources()
			.filter(({ file }) => file.includes('errors'))
			.flatMap((source) => textsOf(source).map(({ text: words }) => words.trim()));
		const quoted = [...text.matchAll(/^\| `([^`]+)`/gm)]
			.map(([, words = '']) => words)
			.filter((words) => words.includes(' '));
		expect(quoted.length).toBeGreaterThan(3);
		for (const words of quoted) {
			const pieces = words.split(gateway).map((piece) => piece.trim());
			for (const piece of pieces.filter(Boolean)) {
				expect([piece, said.some((one) => one.includes(piece))]).toEqual([piece, true]);
			}
		}
	});
});
