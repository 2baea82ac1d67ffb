import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { MamboSmsAccountApi } from '../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../credentials/MboaSmsJwtApi.credentials';
import { MamboSms } from '../nodes/MamboSms/MamboSms.node';
import { MboaSms } from '../nodes/MboaSms/MboaSms.node';
import { MAX_SENDER_ID_LENGTH } from '../nodes/shared/fields/fields';
import { MAX_FILE_BYTES } from '../nodes/shared/table/cells';
import { MAX_PART_BYTES } from '../nodes/shared/xlsx/xml';
import { ROOT } from './helpers/sourceFiles';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const readme = read('README.md');
const limits = read('docs/limits.md');
const versions = read('docs/n8n-versions.md');

const descriptions = { mboaSms: new MboaSms().description, mamboSms: new MamboSms().description };
const credentials = [
	new MboaSmsJwtApi(),
	new MboaSmsBasicApi(),
	new MamboSmsApi(),
	new MamboSmsAccountApi(),
];

/** The part below a heading, to the next one of its level. */
function part(text: string, heading: string): string {
	const [, rest = ''] = text.split(`\n${heading}\n`);
	const [hashes = ''] = heading.split(' ');
	return rest.split(new RegExp(`\n#{1,${hashes.length}} `))[0] ?? '';
}

/** The cells of each row of the tables in it. */
function rowsOf(text: string): string[][] {
	const lines = text.split('\n').filter((line) => line.startsWith('|'));
	const rows = lines.map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);
	return rows.filter(([first = '']) => !/^:?-+$/.test(first));
}

function optionsOf(node: keyof typeof descriptions, operation: string): INodeProperties[] {
	const shown = descriptions[node].properties.filter(({ name, displayOptions }) => {
		const operations = displayOptions?.show?.operation ?? [];
		return name === 'options' && operations.includes(operation);
	});
	return shown.flatMap(({ options }) => (options ?? []) as INodeProperties[]);
}

/** Every label that the nodes and credentials show. */
const labels = new Set(
	[
		...JSON.stringify([descriptions, credentials]).matchAll(
			/"(?:displayName|name|action|default)":"((?:[^"\\]|\\.)+)"/g,
		),
	].map(([, name = '']) => name),
);

/** Words of n8n's own screen, of the gateways' dashboards and of the list of promises. */
const elsewhere = [
	'Settings → Community nodes → Install',
	'Save',
	'Execute workflow',
	'Continue',
	'On Error: Stop Workflow',
	'API Settings',
	'Decline',
	'Send and Wait',
	'Numbers',
	'Texts',
	'Header',
	'Cells',
	'Broken rows',
	'Everyone is accounted for',
];

test('what stands in bold is the name of something on the screen', () => {
	const bold = [...readme.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words);
	expect(bold.length).toBeGreaterThan(50);
	const unknown = bold.filter(
		(words) => !labels.has(words) && !elsewhere.includes(words) && !words.endsWith('.'),
	);
	expect(unknown).toEqual([]);
});

test('the table of options has the options of Send, their order and their defaults', () => {
	const rows = rowsOf(part(readme, '### Send'));
	const told = rows.slice(1).map(([name = '', value = '']) => [name, value]);
	const fields = optionsOf('mboaSms', 'send');
	const shown = (name: string, value: unknown, other: unknown): string => {
		if (name === 'Sender ID') return '';
		if (name === 'Default Country') return 'Cameroon / Uganda';
		if (name === 'Requests per Minute') return `${String(value)} / no limit`;
		if (name === 'Batch Size') return 'what suits';
		if (name === 'Segment Limit') return 'none';
		if (name === 'Output') return 'Summary';
		if (name === 'Remove Duplicates') return 'on';
		if (typeof value === 'boolean') return 'off';
		expect([name, value]).toEqual([name, other]);
		return value === '' || value === 0 ? '' : String(value);
	};
	const others = optionsOf('mamboSms', 'send');
	const wanted = fields.map(({ displayName, default: value }) => {
		const other = others.find((field) => field.displayName === displayName);
		const name = displayName === 'Sender ID' ? 'Sender ID (MboaSMS)' : displayName;
		return [name, shown(displayName, value, other?.default)];
	});
	expect(told).toEqual(wanted);
});

test('File Layout has the fields that are named', () => {
	const layout = descriptions.mboaSms.properties.find(({ name }) => name === 'fileLayout');
	const fields = (layout?.options ?? []) as Array<INodeProperties | INodePropertyCollection>;
	const said = part(readme, '### Send Bulk');
	for (const { displayName } of fields) {
		expect([displayName, said.includes(displayName)]).toEqual([displayName, true]);
	}
});

test('the output fields are those of the schemas, in their order', () => {
	const fields = (node: string, operation: string) => {
		const schema = JSON.parse(read(`nodes/${node}/__schema__/v1.0.0/${operation}.json`)) as {
			properties: object;
		};
		return Object.keys(schema.properties);
	};
	const told = new Map(
		(part(readme, '## Output').split('\n\nWhat a gateway')[0] ?? '')
			.split('\n- ')
			.slice(1)
			.map((entry) => {
				const [, name = ''] = /^\*\*([^*]+)\*\*/.exec(entry) ?? [];
				const names = [...entry.matchAll(/`([a-zA-Z]+)`/g)].map(([, field = '']) => field);
				return [name, names];
			}),
	);
	expect(told.get('Send')).toEqual(fields('MboaSms', 'sms/send'));
	expect(told.get('Send Bulk')).toEqual(fields('MboaSms', 'sms/sendBulk'));
	expect(told.get('Get bulk job')).toEqual(fields('MboaSms', 'bulkJob/get'));
	expect(told.get('Get Balance')).toEqual(fields('MamboSms', 'account/getBalance'));
});

test('the credentials are those that there are', () => {
	const told = rowsOf(part(readme, '## Credentials')).map(([name]) => name);
	expect(told.slice(1)).toEqual(credentials.map(({ displayName }) => displayName));
});

test('every example workflow is listed, and no other', () => {
	const told = rowsOf(part(readme, '## Example workflows')).slice(1);
	expect(told.map(([file]) => file?.replaceAll('`', '')).sort()).toEqual(
		readdirSync(path.join(ROOT, 'examples')).sort(),
	);
});

test('numbers are those of the code', () => {
	const constant = (file: string, name: string) => {
		const [, digits = ''] = new RegExp(`\\b${name} = ([\\d_]+)`).exec(read(file)) ?? [];
		return Number(digits.replaceAll('_', ''));
	};
	const bulk = part(readme, '### Send Bulk');
	expect(bulk).toContain(`A file may be up to ${MAX_FILE_BYTES / 1024 / 1024} MB`);
	expect(bulk).toContain(`and ${MAX_PART_BYTES / 1024 / 1024} MiB per part once unpacked`);
	const rows = constant('nodes/shared/sending/batches.ts', 'ROWS_OF_AN_UPLOAD');
	expect(bulk).toContain(`in uploads of ${rows.toLocaleString('en')} rows`);
	expect(part(readme, '### Send')).toContain(`at most ${MAX_SENDER_ID_LENGTH} characters`);
	expect(limits).toContain('n8n keeps 200,000 keys per node');
});

test('every n8n that is said to have run is one that a command runs', () => {
	const told = rowsOf(versions).map(([name = '']) => name.replaceAll('*', ''));
	const script = read('scripts/testVersions.mjs');
	const run = [...script.matchAll(/\['([\d.]+)', /g)].map(([, version = '']) => version);
	const { dependencies } = JSON.parse(read('playground/package.json')) as {
		dependencies: Record<string, string>;
	};
	const tried = told.filter((name) => /^\d/.test(name) && name !== '1.41.1');
	expect(tried.sort()).toEqual([...run, dependencies.n8n ?? ''].sort());
	const [, oldest = ''] = /test:versions -- ([\d.]+)/.exec(read('.ci/run')) ?? [];
	expect(told).toContain(oldest);
	expect(versions).toContain(`n8n ${oldest.split('.').slice(0, 2).join('.')} or newer`);
});
