import path from 'node:path';

import {
	crossings,
	fileCircles,
	folderCircles,
	homeless,
	importsIn,
	ROOMS,
	roomOf,
	sharedLibraries,
	shown,
	worldlyLines,
} from './helpers/house';
import { packageSources, sourcesBelow, type SourceFile } from './helpers/sourceFiles';

const sources = packageSources();
const imports = importsIn(sources);

describe('the rooms', () => {
	test('hold every file, and every room holds one', () => {
		expect(homeless(sources)).toEqual([]);
		expect(new Set(sources.map(({ file }) => roomOf(file)?.name))).toEqual(
			new Set(ROOMS.map(({ name }) => name)),
		);
	});

	test('are left by the arrows only', () => {
		expect(crossings(imports).map(shown)).toEqual([]);
	});

	test('have no circle of files', () => {
		expect(fileCircles(imports).map(shown)).toEqual([]);
	});

	test('have no circle of folders', () => {
		expect(folderCircles(imports).map(shown)).toEqual([]);
	});

	test('around the package have no circle of files either', () => {
		const around = importsIn(sourcesBelow('sandbox', 'playground', 'scripts', 'bench', 'test'));
		expect(fileCircles(around).map(({ file, line, name }) => `${file}:${line} ${name}`)).toEqual(
			[],
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
		['nodes/shared/table/csvRows.ts', "export * from '../xlsx/workbook';", '../xlsx/workbook'],
		[
			'nodes/shared/xlsx/numberFormats.ts',
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
			"import { rowsOfWorkbook } from '../xlsx/workbook';",
			'../xlsx/workbook',
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
			"import { sendBatches } from '../../../shared/sending/sendRun';",
			'../../../shared/sending/sendRun',
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
