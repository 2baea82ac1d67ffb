import path from 'node:path';

import { importsOf, packageSources, type SourceFile } from './helpers/sourceFiles';

interface Room {
	name: string;
	holds: RegExp;
	/** Files of ours outside the room that it may import. */
	mayImport?: RegExp[];
	/** Files of ours that it may import with `import()` only, so that they are not loaded with n8n. */
	mayLoadLazily?: RegExp[];
	/** What it may import in its own room; left out: everything there. */
	within?: RegExp[];
	/** Packages that it may import. */
	packages?: RegExp[];
}

const [FIELDS, OPERATIONS, N8N, SENDING, GATEWAYS, RECIPIENT_FILE, TABLE, XLSX, TEXT, PHONE] = [
	/^nodes\/shared\/fields\//,
	/^nodes\/shared\/operations\//,
	/^nodes\/shared\/n8n\//,
	/^nodes\/shared\/sending\//,
	/^nodes\/shared\/gateways\//,
	/^nodes\/shared\/recipientFile\//,
	/^nodes\/shared\/table\//,
	/^nodes\/shared\/xlsx\//,
	/^nodes\/shared\/text\//,
	/^nodes\/shared\/phone\//,
] as const;
const OPERATION_FILE = /^nodes\/(?!shared\/)\w+\/actions\/\w+\/\w+\.operation$/;
const RESOURCE_FILE = /^nodes\/(?!shared\/)\w+\/actions\/\w+\/\w+\.resource$/;
const ACTION_FILE = /^nodes\/(?!shared\/)\w+\/actions\/(\w+\/)?\w+$/;
const WORKFLOW = /^n8n-workflow$/;
const CRYPTO = /^crypto$/;

/** The house, from the door to the phone: a file stands in the first room that holds it. */
const ROOMS: Room[] = [
	{
		name: 'node',
		holds: /^nodes\/(?!shared\/)\w+\/\w+\.node$/,
		mayImport: [RESOURCE_FILE, OPERATION_FILE, ACTION_FILE, FIELDS, N8N, GATEWAYS],
		mayLoadLazily: [OPERATIONS],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'resource',
		holds: RESOURCE_FILE,
		mayImport: [OPERATION_FILE, ACTION_FILE, FIELDS, N8N],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'operation of a node',
		holds: OPERATION_FILE,
		mayImport: [ACTION_FILE, FIELDS, N8N],
		mayLoadLazily: [OPERATIONS],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'action of a node',
		holds: ACTION_FILE,
		mayImport: [FIELDS, N8N, GATEWAYS],
		mayLoadLazily: [OPERATIONS],
		packages: [WORKFLOW],
	},
	{
		name: 'credential',
		holds: /^credentials\/\w+\.credentials$/,
		mayImport: [FIELDS, N8N, GATEWAYS],
		within: [],
		packages: [WORKFLOW],
	},
	{ name: 'fields', holds: FIELDS, packages: [WORKFLOW] },
	{
		name: 'operations',
		holds: OPERATIONS,
		mayImport: [
			FIELDS,
			N8N,
			RECIPIENT_FILE,
			/^nodes\/shared\/table\/unreadableFile$/,
			SENDING,
			GATEWAYS,
			TEXT,
			PHONE,
		],
		packages: [WORKFLOW, CRYPTO],
	},
	{ name: 'n8n', holds: N8N, mayImport: [SENDING, GATEWAYS], packages: [WORKFLOW, CRYPTO] },
	{ name: 'sending', holds: SENDING, mayImport: [GATEWAYS, PHONE] },
	{ name: 'gateways', holds: GATEWAYS, mayImport: [PHONE] },
	{ name: 'recipientFile', holds: RECIPIENT_FILE, mayImport: [XLSX, TABLE, TEXT, PHONE] },
	{ name: 'xlsx', holds: XLSX, mayImport: [TABLE], packages: [/^saxen$/, /^numfmt$/] },
	{ name: 'table', holds: TABLE },
	{ name: 'text', holds: TEXT },
	{ name: 'phone', holds: PHONE, packages: [/^libphonenumber-js(\/|$)/] },
];

/** Imports that still go the wrong way. This list only gets shorter, and a line of it that is done fails. */
const STILL_OPEN: string[] = [
	'nodes/MamboSms/MamboSmsTrigger.node.ts imports ../shared/sending/outcome',
	'nodes/MamboSms/actions/account/balanceInquiry.ts imports ../../../shared/sending/outcome',
	'nodes/MamboSms/actions/gateway.ts imports ../../shared/operations/settings',
	'nodes/MboaSms/actions/gateway.ts imports ../../shared/operations/settings',
	'nodes/shared/gateways/gateway.ts imports ../sending/batches',
	'nodes/shared/gateways/gateway.ts imports ../sending/outcome',
	'nodes/shared/gateways/mamboSms.ts imports ../sending/batches',
	'nodes/shared/gateways/mamboSms.ts imports ../sending/outcome',
	'nodes/shared/gateways/mamboSmsBalance.ts imports ../sending/outcome',
	'nodes/shared/gateways/mboaSms.ts imports ../sending/batches',
	'nodes/shared/gateways/mboaSms.ts imports ../sending/outcome',
	'nodes/shared/gateways/mboaSmsLogIn.ts imports ../sending/outcome',
	'nodes/shared/gateways/refusals.ts imports ../sending/outcome',
	'nodes/shared/n8n/sentRecord.ts imports ../operations/plannedItem',
	'nodes/shared/phone/phoneCell.ts imports ../table/cells',
	'nodes/shared/recipientFile/recipientCollector.ts imports ./recipientFile',
	'nodes/shared/sending/sendRun.ts imports ../n8n/claim',
	'nodes/shared/sending/sendRun.ts imports ../operations/failedItems',
	'nodes/shared/sending/sentLedger.ts imports ../n8n/toolCalls',
	'nodes/shared/sending/sentLedger.ts imports crypto',
	'nodes/shared/sending/sentLedger.ts imports n8n-workflow',
];

interface Import {
	file: string;
	line: number;
	name: string;
	isLazy: boolean;
	/** The file of ours that it names, without `.ts`; null for a package. */
	target: string | null;
}

const withoutExtension = (file: string) => file.replace(/\.ts$/, '');
const roomOf = (file: string) => ROOMS.find(({ holds }) => holds.test(withoutExtension(file)));
const shown = ({ file, line, name }: Import) =>
	`${file}:${line} (${roomOf(file)?.name}) imports ${name}`;
const isOpen = ({ file, name }: Import) => STILL_OPEN.includes(`${file} imports ${name}`);

function importsIn(sources: readonly SourceFile[]): Import[] {
	return sources.flatMap((source) =>
		importsOf(source).map((found) => ({
			...found,
			file: source.file,
			target: found.name.startsWith('.')
				? path.posix.join(path.posix.dirname(source.file), found.name)
				: null,
		})),
	);
}

/** The imports that no arrow of the house allows. */
const crossings = (imports: readonly Import[]) => imports.filter((each) => !isAllowed(each));

function isAllowed({ file, name, target, isLazy }: Import): boolean {
	const room = roomOf(file);
	if (!room) return false;
	const allows = (patterns: readonly RegExp[] | undefined, text: string) =>
		patterns?.some((pattern) => pattern.test(text)) ?? false;
	if (target === null) return allows(room.packages, name);
	const nodeOf = (path: string) => /^nodes\/(?!shared\/)(\w+)\//.exec(path)?.[1];
	const isOtherNode =
		nodeOf(target) !== undefined && nodeOf(file) !== undefined && nodeOf(target) !== nodeOf(file);
	if (isOtherNode) return false;
	if (roomOf(target) === room) return allows(room.within ?? [room.holds], target);
	return allows(room.mayImport, target) || (isLazy && allows(room.mayLoadLazily, target));
}

/** The imports that lie on a circle of places; a place is a file or the folder it is in. */
function onCircles(imports: readonly Import[], placeOf: (file: string) => string): Import[] {
	const steps = imports.flatMap((each) => {
		if (each.target === null) return [];
		const [from, to] = [placeOf(withoutExtension(each.file)), placeOf(each.target)];
		return from === to && each.target !== withoutExtension(each.file) ? [] : [{ each, from, to }];
	});
	const nextOf = new Map<string, string[]>();
	for (const { from, to } of steps) nextOf.set(from, [...(nextOf.get(from) ?? []), to]);
	const reaches = (start: string, goal: string) => {
		const seen = new Set([start]);
		for (const place of seen) nextOf.get(place)?.forEach((to) => seen.add(to));
		return seen.has(goal);
	};
	return steps.filter(({ from, to }) => reaches(to, from)).map(({ each }) => each);
}

const fileCircles = (imports: readonly Import[]) => onCircles(imports, (file) => file);
const folderCircles = (imports: readonly Import[]) => onCircles(imports, path.posix.dirname);

/** Libraries are known to one file each; n8n and Node are no libraries. */
function sharedLibraries(imports: readonly Import[]): Import[] {
	const ofLibraries = imports.filter(
		({ name, target }) => target === null && !WORKFLOW.test(name) && !CRYPTO.test(name),
	);
	const libraryOf = ({ name }: Import) => name.split('/')[0];
	return ofLibraries.filter((each) =>
		ofLibraries.some((other) => other.file !== each.file && libraryOf(other) === libraryOf(each)),
	);
}

/** Things of the world that the rooms without n8n are handed, and never take for themselves. */
const WORLD =
	/\b(Date\.now\(|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.|process\.|fetch\(|console\.|globalThis)/;
const WITHOUT_WORLD = [SENDING, GATEWAYS, RECIPIENT_FILE, XLSX, TABLE, TEXT, PHONE];

function worldlyLines(sources: readonly SourceFile[]): string[] {
	return sources
		.filter(({ file }) => WITHOUT_WORLD.some((room) => room.test(file)))
		.flatMap(({ file, text }) =>
			text
				.split('\n')
				.map((line, index) => ({ place: `${file}:${index + 1}`, line }))
				.filter(({ line }) => WORLD.test(line.replace(/\/\/.*|^\s*\/?\*.*/, '')))
				.map(({ place, line }) => `${place} ${line.trim()}`),
		);
}

const homeless = (sources: readonly SourceFile[]) =>
	sources.filter(({ file }) => !roomOf(file)).map(({ file }) => `${file} stands in no room`);

const sources = packageSources();
const imports = importsIn(sources);
const settled = imports.filter((each) => !isOpen(each));

describe('the rooms', () => {
	test('hold every file, and every room holds one', () => {
		expect(homeless(sources)).toEqual([]);
		expect(new Set(sources.map(({ file }) => roomOf(file)?.name))).toEqual(
			new Set(ROOMS.map(({ name }) => name)),
		);
	});

	test('are left by the arrows only', () => {
		expect(crossings(settled).map(shown)).toEqual([]);
	});

	test('have no circle of files', () => {
		expect(fileCircles(settled).map(shown)).toEqual([]);
	});

	test('have no circle of folders', () => {
		expect(folderCircles(settled).map(shown)).toEqual([]);
	});

	test('that have imports still open have exactly those', () => {
		const wrong = new Set([...crossings(imports), ...fileCircles(imports)].filter(isOpen));
		expect([...wrong].map(({ file, name }) => `${file} imports ${name}`).sort()).toEqual(
			[...STILL_OPEN].sort(),
		);
	});

	test('leave each library to one importer', () => {
		expect(sharedLibraries(imports).map(shown)).toEqual([]);
	});

	test('without n8n neither read the clock nor touch the world', () => {
		expect(worldlyLines(sources)).toEqual([]);
	});
});

/** A file with that statement in its second line. */
const planted = (file: string, statement: string): SourceFile => ({
	file,
	text: `// first line\n${statement}\n`,
});

describe('a planted violation', () => {
	const SEND_OPERATION = 'nodes/MboaSms/actions/sms/send.operation.ts';

	test.each<[string, string, string]>([
		['nodes/shared/sending/batches.ts', "import { sleep } from 'n8n-workflow';", 'n8n-workflow'],
		[
			'nodes/shared/sending/batches.ts',
			"import type { INode } from 'n8n-workflow';",
			'n8n-workflow',
		],
		['nodes/shared/sending/batches.ts', "import { createHash } from 'crypto';", 'crypto'],
		['nodes/shared/sending/batches.ts', "import fs from 'node:fs';", 'node:fs'],
		['nodes/shared/sending/batches.ts', "const fs = require('fs');", 'fs'],
		['nodes/shared/sending/batches.ts', "import fs = require('fs');", 'fs'],
		[
			'nodes/shared/sending/sendRun.ts',
			"import { claim } from '../n8n/sentKeys';",
			'../n8n/sentKeys',
		],
		[
			'nodes/shared/sending/sendRun.ts',
			"import { failedItems } from '../operations/failedItems';",
			'../operations/failedItems',
		],
		[
			'nodes/shared/text/messageText.ts',
			"import { isSupportedCountry } from 'libphonenumber-js/mobile';",
			'libphonenumber-js/mobile',
		],
		['nodes/shared/table/csvRows.ts', "import { Parser } from 'saxen';", 'saxen'],
		['nodes/shared/table/csvRows.ts', "import { parse } from 'csv-parse/sync';", 'csv-parse/sync'],
		['nodes/shared/table/csvRows.ts', "import { format } from 'numfmt';", 'numfmt'],
		['nodes/shared/table/csvRows.ts', "export * from '../xlsx/xlsxRows';", '../xlsx/xlsxRows'],
		[
			'nodes/shared/xlsx/dates.ts',
			"import '../recipientFile/columnLayout';",
			'../recipientFile/columnLayout',
		],
		[
			'nodes/shared/phone/recipients.ts',
			"import type { Cell } from '../table/cells';",
			'../table/cells',
		],
		['nodes/shared/text/messageText.ts', "import '../phone/phoneNumber';", '../phone/phoneNumber'],
		[
			'nodes/shared/phone/recipients.ts',
			"export type { Gateway } from '../gateways/gateway';",
			'../gateways/gateway',
		],
		[
			'nodes/shared/phone/recipients.ts',
			"type Gateway = import('../gateways/gateway').Gateway;",
			'../gateways/gateway',
		],
		[
			'nodes/shared/gateways/mboaSms.ts',
			"import type { IDataObject } from 'n8n-workflow';",
			'n8n-workflow',
		],
		[
			'nodes/shared/gateways/mboaSms.ts',
			"import { trimBaseUrl } from '../n8n/credentialTests';",
			'../n8n/credentialTests',
		],
		[
			'nodes/shared/gateways/mboaSms.ts',
			"import type { Outcome } from '../sending/outcomes';",
			'../sending/outcomes',
		],
		['nodes/shared/gateways/mboaSms.ts', "import { Agent } from 'node:http';", 'node:http'],
		['nodes/shared/n8n/requests.ts', "import path from 'node:path';", 'node:path'],
		[
			'nodes/shared/n8n/errors.ts',
			"import { planItems } from '../operations/plannedItem';",
			'../operations/plannedItem',
		],
		[
			'nodes/shared/operations/sendItems.ts',
			"import { gateway } from '../../MboaSms/actions/gateway';",
			'../../MboaSms/actions/gateway',
		],
		[
			'nodes/shared/operations/sendBulk.ts',
			"import { cellText } from '../table/cells';",
			'../table/cells',
		],
		[
			'nodes/shared/operations/sendBulk.ts',
			"import { rowsOfWorkbook } from '../xlsx/xlsxRows';",
			'../xlsx/xlsxRows',
		],
		[
			'nodes/shared/fields/options.ts',
			"import { settings } from '../operations/settings';",
			'../operations/settings',
		],
		['nodes/shared/fields/options.ts', "import { readFileSync } from 'fs';", 'fs'],
		[
			'nodes/MboaSms/MboaSms.node.ts',
			"import { gateway } from '../MamboSms/actions/gateway';",
			'../MamboSms/actions/gateway',
		],
		[
			'nodes/MboaSms/actions/gateway.ts',
			"import type { Gateway } from '../../MamboSms/actions/gateway';",
			'../../MamboSms/actions/gateway',
		],
		[
			'nodes/MboaSms/actions/gateway.ts',
			"import { MboaSms } from '../MboaSms.node';",
			'../MboaSms.node',
		],
		[SEND_OPERATION, "const send = await import('./Sms.resource');", './Sms.resource'],
		[
			SEND_OPERATION,
			"import { listRequest } from '../../../shared/gateways/mboaSms';",
			'../../../shared/gateways/mboaSms',
		],
		[
			SEND_OPERATION,
			"import { executeSend } from '../../../shared/operations/sending';",
			'../../../shared/operations/sending',
		],
		[
			'nodes/MamboSms/MamboSmsTrigger.node.ts',
			"import { outcome } from '../shared/sending/outcomes';",
			'../shared/sending/outcomes',
		],
		[
			'credentials/MboaSmsJwtApi.credentials.ts',
			"import { executeSend } from '../nodes/shared/operations/sending';",
			'../nodes/shared/operations/sending',
		],
		['credentials/MboaSmsJwtApi.credentials.ts', "import axios from 'axios';", 'axios'],
	])('in %s is found with its line: %s', (file, statement, name) => {
		const found = crossings(importsIn([planted(file, statement)])).map(shown);
		expect(found).toEqual([`${file}:2 (${roomOf(file)?.name}) imports ${name}`]);
	});

	test('is not what the arrows allow', () => {
		expect(
			crossings(
				importsIn([
					planted(
						SEND_OPERATION,
						"const all = await import('../../../shared/operations/sending');",
					),
					planted('nodes/shared/sending/sendRun.ts', "import '../gateways/gateway';"),
					planted('nodes/shared/operations/sendBulk.ts', "import '../table/unreadableFile';"),
				]),
			),
		).toEqual([]);
	});

	test('of a file that stands nowhere is found', () => {
		expect(homeless([{ file: 'nodes/shared/utils.ts', text: '' }])).toEqual([
			'nodes/shared/utils.ts stands in no room',
		]);
	});

	test('that closes a circle of two files is found with both lines', () => {
		const circle = importsIn([
			planted('nodes/shared/table/cells.ts', "import type { Names } from './columnNames';"),
			planted('nodes/shared/table/columnNames.ts', "import { cells } from './cells';"),
			planted('nodes/shared/table/csvRows.ts', "import { cells } from './cells';"),
		]);
		expect(fileCircles(circle).map(shown)).toEqual([
			'nodes/shared/table/cells.ts:2 (table) imports ./columnNames',
			'nodes/shared/table/columnNames.ts:2 (table) imports ./cells',
		]);
	});

	test('that closes a circle of three files or of a file with itself is found', () => {
		const circle = importsIn([
			planted('nodes/shared/table/a.ts', "import './b';"),
			planted('nodes/shared/table/b.ts', "import './c';"),
			planted('nodes/shared/table/c.ts', "import './a';"),
			planted('nodes/shared/table/d.ts', "import './d';"),
		]);
		expect(fileCircles(circle).map(({ file }) => path.posix.basename(file))).toEqual([
			'a.ts',
			'b.ts',
			'c.ts',
			'd.ts',
		]);
	});

	test('that closes a circle of folders, though not one of files, is found with both lines', () => {
		const circle = importsIn([
			planted('nodes/MboaSms/MboaSms.node.ts', "import { sms } from './actions/sms/Sms.resource';"),
			planted('nodes/MboaSms/actions/sms/Sms.resource.ts', "import { named } from '../../names';"),
			planted('nodes/MboaSms/names.ts', 'export const named = 1;'),
		]);
		expect(fileCircles(circle)).toEqual([]);
		expect(folderCircles(circle).map(({ file, line }) => `${file}:${line}`)).toEqual([
			'nodes/MboaSms/MboaSms.node.ts:2',
			'nodes/MboaSms/actions/sms/Sms.resource.ts:2',
		]);
	});

	test.each([
		['nodes/shared/phone/recipients.ts', "import { isSupportedCountry } from 'libphonenumber-js';"],
		['nodes/shared/xlsx/workbook.ts', "import { Parser } from 'saxen';"],
	])('of a second importer of a library in %s is found', (file, statement) => {
		const twice = importsIn([...sources, planted(file, statement)]);
		expect(sharedLibraries(twice).map(({ file, line }) => `${file}:${line}`)).toContain(
			`${file}:2`,
		);
	});

	test('that reads the clock is found, and one in a comment is not', () => {
		const text = '// Date.now()\nexport const now = Date.now();\n';
		expect(worldlyLines([{ file: 'nodes/shared/sending/retryTiming.ts', text }])).toEqual([
			'nodes/shared/sending/retryTiming.ts:2 export const now = Date.now();',
		]);
	});
});
