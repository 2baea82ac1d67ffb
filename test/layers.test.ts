import path from 'node:path';

import { importsOf, packageSources, type SourceFile } from './helpers/sourceFiles';

interface Layer {
	name: string;
	holds: RegExp;
	/** Files of ours that it may import. */
	mayImport: RegExp[];
	/** Packages that it may import. */
	packages: RegExp[];
}

const NONE: RegExp[] = [];
const N8N = [/^n8n-workflow$/];
const CORE = /^nodes\/shared\/core\//;
const GATEWAYS = /^nodes\/shared\/gateways\//;
const N8N_BINDING = /^nodes\/shared\/n8n\//;
const PROFILE = /^nodes\/\w+\/\w+Profile$/;
const OPERATION = /^nodes\/\w+\/actions\/\w+\/\w+\.operation$/;
const RESOURCE = /^nodes\/\w+\/actions\/\w+\/\w+\.resource$/;

/** From the top down, as the design draws them. A file belongs to the first layer that holds it. */
const LAYERS: Layer[] = [
	{
		name: 'node',
		holds: /^nodes\/\w+\/\w+\.node$/,
		// The trigger has no operation to stand between, so it reads the gateway's answer itself.
		mayImport: [RESOURCE, OPERATION, PROFILE, N8N_BINDING, GATEWAYS, CORE],
		packages: N8N,
	},
	{
		name: 'resource',
		holds: RESOURCE,
		mayImport: [OPERATION, PROFILE, N8N_BINDING],
		packages: N8N,
	},
	{ name: 'operation', holds: OPERATION, mayImport: [PROFILE, N8N_BINDING], packages: N8N },
	{ name: 'profile', holds: PROFILE, mayImport: [N8N_BINDING, GATEWAYS, CORE], packages: N8N },
	{
		name: 'credential',
		holds: /^credentials\/\w+\.credentials$/,
		mayImport: [GATEWAYS, /^nodes\/shared\/n8n\/credentialTests$/],
		packages: N8N,
	},
	{
		name: 'n8n binding',
		holds: N8N_BINDING,
		mayImport: [N8N_BINDING, GATEWAYS, CORE],
		packages: [...N8N, /^crypto$/],
	},
	{ name: 'gateway', holds: GATEWAYS, mayImport: [GATEWAYS, CORE], packages: NONE },
	{
		name: 'phone numbers',
		holds: /^nodes\/shared\/core\/phoneNumber$/,
		mayImport: [CORE],
		packages: [/^libphonenumber-js(\/|$)/],
	},
	{
		name: 'XML reader',
		holds: /^nodes\/shared\/core\/xmlReader$/,
		mayImport: [CORE],
		packages: [/^saxen$/],
	},
	{ name: 'core', holds: CORE, mayImport: [CORE], packages: NONE },
];

/** One line per import that crosses a layer: file, line and what is wrong. */
function crossings(sources: readonly SourceFile[]): string[] {
	return sources.flatMap((source) => {
		const own = source.file.replace(/\.ts$/, '');
		const layer = LAYERS.find(({ holds }) => holds.test(own));
		if (!layer) return [`${source.file}:1 belongs to no layer`];
		return importsOf(source)
			.filter(({ name }) => !isAllowed(own, layer, name))
			.map(({ line, name }) => `${source.file}:${line} (${layer.name}) imports ${name}`);
	});
}

function isAllowed(own: string, layer: Layer, name: string): boolean {
	if (!name.startsWith('.')) return layer.packages.some((pattern) => pattern.test(name));
	const target = path.posix.join(path.posix.dirname(own), name);
	const nodeOf = (file: string) => /^nodes\/(\w+)\//.exec(file)?.[1];
	const isOtherNode =
		nodeOf(target) !== 'shared' && nodeOf(own) !== undefined && nodeOf(own) !== nodeOf(target);
	return !isOtherNode && layer.mayImport.some((pattern) => pattern.test(target));
}

/** Things of the world that core and gateways are handed, and never take for themselves. */
const WORLD =
	/\b(Date\.now\(|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.|process\.|fetch\(|console\.|globalThis)/;

function worldlyLines(sources: readonly SourceFile[]): string[] {
	return sources
		.filter(({ file }) => CORE.test(file) || GATEWAYS.test(file))
		.flatMap(({ file, text }) =>
			text
				.split('\n')
				.map((line, index) => ({ place: `${file}:${index + 1}`, line }))
				.filter(({ line }) => WORLD.test(line.replace(/\/\/.*|^\s*\/?\*.*/, '')))
				.map(({ place, line }) => `${place} ${line.trim()}`),
		);
}

const sources = packageSources();

describe('the layers', () => {
	test('are not crossed by any import', () => {
		expect(crossings(sources)).toEqual([]);
	});

	test('hold every file, and every layer holds one', () => {
		const names = sources.map(
			({ file }) => LAYERS.find(({ holds }) => holds.test(file.replace(/\.ts$/, '')))?.name,
		);
		expect(new Set(names)).toEqual(new Set(LAYERS.map(({ name }) => name)));
	});

	test('below n8n neither read the clock nor touch the world', () => {
		expect(worldlyLines(sources)).toEqual([]);
	});

	test('leave each library to one importer', () => {
		const importers = sources.flatMap((source) =>
			importsOf(source)
				.filter(({ name }) => /^(libphonenumber-js|csv-parse|saxen)(\/|$)/.test(name))
				.map(({ name }) => `${name} in ${source.file}`),
		);
		expect(importers.sort()).toEqual([
			'libphonenumber-js/mobile in nodes/shared/core/phoneNumber.ts',
			'saxen in nodes/shared/core/xmlReader.ts',
		]);
	});
});

describe('a planted violation', () => {
	test.each<[string, string, string]>([
		['nodes/shared/core/batches.ts', "import { sleep } from 'n8n-workflow';", 'n8n-workflow'],
		['nodes/shared/core/batches.ts', "import type { INode } from 'n8n-workflow';", 'n8n-workflow'],
		['nodes/shared/core/batches.ts', "import { createHash } from 'crypto';", 'crypto'],
		['nodes/shared/core/batches.ts', "import fs from 'node:fs';", 'node:fs'],
		['nodes/shared/core/batches.ts', "const fs = require('fs');", 'fs'],
		['nodes/shared/core/batches.ts', "import fs = require('fs');", 'fs'],
		[
			'nodes/shared/core/recipients.ts',
			"import { isSupportedCountry } from 'libphonenumber-js/mobile';",
			'libphonenumber-js/mobile',
		],
		['nodes/shared/core/recipients.ts', "import { Parser } from 'saxen';", 'saxen'],
		[
			'nodes/shared/core/recipients.ts',
			"import { parse } from 'csv-parse/sync';",
			'csv-parse/sync',
		],
		[
			'nodes/shared/core/batches.ts',
			"export type { Gateway } from '../gateways/gateway';",
			'../gateways/gateway',
		],
		[
			'nodes/shared/core/batches.ts',
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
			"import { trimBaseUrl } from '../n8n/credentialRequests';",
			'../n8n/credentialRequests',
		],
		['nodes/shared/gateways/mboaSms.ts', "import { Agent } from 'node:http';", 'node:http'],
		['nodes/shared/n8n/sendRun.ts', "import path from 'node:path';", 'node:path'],
		[
			'nodes/shared/n8n/sendRun.ts',
			"import { profile } from '../../MboaSms/mboaSmsProfile';",
			'../../MboaSms/mboaSmsProfile',
		],
		[
			'nodes/MboaSms/MboaSms.node.ts',
			"import { profile } from '../MamboSms/mamboSmsProfile';",
			'../MamboSms/mamboSmsProfile',
		],
		[
			'nodes/MboaSms/actions/sms/send.operation.ts',
			"const send = await import('./Sms.resource');",
			'./Sms.resource',
		],
		[
			'nodes/MboaSms/actions/sms/send.operation.ts',
			"import { listRequest } from '../../../shared/gateways/mboaSms';",
			'../../../shared/gateways/mboaSms',
		],
		[
			'credentials/MboaSmsJwtApi.credentials.ts',
			"import { executeSend } from '../nodes/shared/operations/sending';",
			'../nodes/shared/n8n/sending',
		],
		['credentials/MboaSmsJwtApi.credentials.ts', "import axios from 'axios';", 'axios'],
	])('in %s is found with its line: %s', (file, statement, name) => {
		const text = `// first line\n${statement}\n`;
		const found = crossings([{ file, text }]);
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(new RegExp(`^${file.replace(/\./g, '\\.')}:2 \\([\\w ]+\\) imports `));
		expect(found[0]).toContain(` imports ${name}`);
	});

	test('of a file that belongs nowhere is found', () => {
		expect(crossings([{ file: 'nodes/shared/utils.ts', text: '' }])).toEqual([
			'nodes/shared/utils.ts:1 belongs to no layer',
		]);
	});

	test('that reads the clock in core is found, and one in a comment is not', () => {
		const text = '// Date.now()\nexport const now = Date.now();\n';
		expect(worldlyLines([{ file: 'nodes/shared/core/retryTiming.ts', text }])).toEqual([
			'nodes/shared/core/retryTiming.ts:2 export const now = Date.now();',
		]);
	});
});
