import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import {
	nodes,
	credentials,
	isProperty,
	choicesOf,
	everything,
	operationsOf,
	fieldsOf,
	summaryOf,
} from '../helpers/descriptions';
import { ROOT } from '../helpers/sourceFiles';

const text = ['string', '', false];
const requiredText = ['string', '', true];
const number = (fallback: number) => ['number', fallback, false];
const choice = (fallback: string) => ['options', fallback, false];

/** Off while it is absent; adding it switches it on. */
const added = ['boolean', true, false];

const SHARED_OPTIONS = {
	batchSize: number(0),
	deduplicationKey: text,
	doNotText: text,
	dryRun: added,
	includeResponse: added,
	output: choice('summary'),
	pricePerSegment: number(0),
	removeDuplicates: added,
	segmentLimit: number(0),
	smartEncoding: added,
};
const SEND_OPTIONS = { ...SHARED_OPTIONS, combineItems: added, timeoutSeconds: number(30) };
const BULK_OPTIONS = {
	...SHARED_OPTIONS,
	onInvalidRows: choice('skip'),
	rejectedRowsField: text,
	timeoutSeconds: number(300),
};
const QUESTION_OPTIONS = {
	batchSize: number(0),
	deduplicationKey: text,
	doNotText: text,
	limitWaitTime: [
		'fixedCollection',
		{ values: { limitType: 'afterTimeInterval', resumeAmount: 45, resumeUnit: 'minutes' } },
		false,
	],
	pageWords: ['fixedCollection', {}, false],
	pricePerSegment: number(0),
	segmentLimit: number(0),
	smartEncoding: added,
	timeoutSeconds: number(30),
};
const MBOA = { senderId: text, defaultCountry: choice('CM'), requestsPerMinute: number(100) };
const MAMBO = { defaultCountry: choice('UG'), requestsPerMinute: number(0) };
const MAMBO_SENDER = { messageCategory: choice('non_customised'), senderId: requiredText };
const SEND = {
	recipients: requiredText,
	message: requiredText,
	options: ['collection', {}, false],
};
const BULK = {
	binaryPropertyName: ['string', 'data', true],
	message: text,
	fileLayout: ['collection', {}, false],
	options: ['collection', {}, false],
};
const QUESTION = {
	...SEND,
	responseType: choice('approval'),
	approvalOptions: ['fixedCollection', {}, false],
};
const AUTHENTICATION = { authentication: choice('jwt') };

/** contract.md, "Parameters of Send" and "Parameters of Send Bulk". */
const PARAMETERS: Array<[node: number, resource: string, operation: string, object, object]> = [
	[0, 'sms', 'send', { ...SEND, ...AUTHENTICATION }, { ...SEND_OPTIONS, ...MBOA }],
	[0, 'sms', 'sendBulk', { ...BULK, ...AUTHENTICATION }, { ...BULK_OPTIONS, ...MBOA }],
	[1, 'sms', 'send', { ...SEND, ...MAMBO_SENDER }, { ...SEND_OPTIONS, ...MAMBO }],
	[1, 'sms', 'sendBulk', { ...BULK, ...MAMBO_SENDER }, { ...BULK_OPTIONS, ...MAMBO }],
	[0, 'sms', 'sendAndWait', { ...QUESTION, ...AUTHENTICATION }, { ...QUESTION_OPTIONS, ...MBOA }],
	[1, 'sms', 'sendAndWait', { ...QUESTION, ...MAMBO_SENDER }, { ...QUESTION_OPTIONS, ...MAMBO }],
	[0, 'bulkJob', 'get', { ...AUTHENTICATION, jobId: requiredText }, {}],
	[1, 'account', 'getBalance', {}, {}],
];

/** contract.md, "Output". */
const OUTPUT: Record<string, string[]> = {
	send: [
		'status',
		'sentCount',
		'failedCount',
		'rejectedRecipients',
		'recipients',
		'recipientCount',
		'encoding',
		'segments',
		'cost',
		'balance',
		'providerMessage',
		'provider',
		'operation',
	],
	sendBulk: [
		'status',
		'sentCount',
		'invalidCount',
		'duplicateCount',
		'failedCount',
		'rejectedRows',
		'rowCount',
		'recipientCount',
		'fileName',
		'phoneColumn',
		'messageColumn',
		'segments',
		'requestCount',
		'cost',
		'balance',
		'jobId',
		'providerMessage',
		'provider',
		'operation',
	],
	get: [
		'provider',
		'operation',
		'jobId',
		'status',
		'recipientCount',
		'sentCount',
		'failedCount',
		'providerMessage',
	],
	sendAndWait: ['data', 'respondedBy', 'recipients', 'status'],
	getBalance: [
		'provider',
		'operation',
		'balance',
		'accountId',
		'accountName',
		'phoneNumber',
		'email',
		'providerMessage',
	],
};

describe('the contract', () => {
	test('names the nodes, their resources and their operations', () => {
		const offered = nodes.map(({ type }) => ({
			name: type.description.name,
			displayName: type.description.displayName,
			version: type.description.version,
			operations: operationsOf(type).map(({ resource, option }) => `${resource}.${option.value}`),
		}));
		expect(offered).toEqual([
			{
				name: 'mboaSms',
				displayName: 'MboaSMS',
				version: 1,
				operations: ['sms.send', 'sms.sendAndWait', 'sms.sendBulk', 'bulkJob.get'],
			},
			{
				name: 'mamboSms',
				displayName: 'Mambo SMS',
				version: 1,
				operations: ['sms.send', 'sms.sendAndWait', 'sms.sendBulk', 'account.getBalance'],
			},
		]);
	});

	test.each(PARAMETERS)(
		'names the parameters of node %i, %s %s, their types and defaults',
		(index, resource, operation, parameters, options) => {
			const fields = fieldsOf(nodes[index]!.type, resource, operation);
			const asked = [...fields.values()].filter(({ type }) => type !== 'notice');
			expect(summaryOf(asked)).toEqual(parameters);
			const inside = fields.get('options')?.options?.filter(isProperty) ?? [];
			expect(summaryOf(inside)).toEqual(options);
		},
	);

	test.each<[string, string[]]>([
		['messageCategory', ['customised', 'info', 'non_customised']],
		[
			'defaultCountry',
			'BF BI BJ CD CF CG CI CM FR GA GN GQ KE ML NG RW SN SS TD TG TZ UG'.split(' '),
		],
		['output', ['recipients', 'summary']],
		['hasHeaderRow', ['auto', 'no', 'yes']],
		['onInvalidRows', ['skip', 'stop']],
		['method', ['apiKey', 'login', 'token']],
	])('names the values of %s', (name, values) => {
		const found = everything.filter(({ property }) => property.name === name);
		expect(found.length).toBeGreaterThan(0);
		for (const { property } of found) {
			expect(
				choicesOf(property)
					.map(({ value }) => value)
					.sort(),
			).toEqual(values);
		}
	});

	test('shows the ways to sign in without rules, as the editor hides the fields that rules name', () => {
		const ways = everything.filter(({ property }) => property.name === 'authentication');
		expect(ways.map(({ property }) => property.displayOptions)).toEqual(ways.map(() => undefined));
		expect(choicesOf(fieldsOf(nodes[0]!.type, 'sms', 'send').get('authentication')!)).toHaveLength(
			2,
		);
	});

	test('says beside Basic that Send Bulk needs JWT', () => {
		const notices = everything.filter(({ property }) => property.type === 'notice');
		const rules = notices.map(({ property }) => property.displayOptions?.show);
		expect(rules).toContainEqual({ operation: ['sendBulk'], authentication: ['basic'] });
	});

	test('names the credentials, their fields and defaults', () => {
		const summary = Object.fromEntries(
			credentials.map(({ name, properties }) => [
				name,
				Object.fromEntries(properties.map((property) => [property.name, property.default])),
			]),
		);
		const baseUrl = 'https://api.mboasms.com';
		const mamboUrl = 'https://api-mongolia.mambosms.com';
		expect(summary).toEqual({
			mboaSmsJwtApi: {
				method: 'token',
				token: '',
				email: '',
				password: '',
				apiKey: '',
				baseUrl,
				loginPath: '/api/v1/auth/login',
				sessionToken: '',
			},
			mboaSmsBasicApi: { username: '', password: '', baseUrl },
			mamboSmsApi: { apiKey: '', baseUrl: mamboUrl },
			mamboSmsAccountApi: { username: '', password: '', baseUrl: mamboUrl },
		});
	});

	test('says which credential belongs to which choice', () => {
		const shown = nodes.map(({ type }) =>
			(type.description.credentials ?? []).map(({ name, required, displayOptions }) => [
				name,
				required,
				displayOptions?.show?.authentication ?? displayOptions?.show?.resource,
			]),
		);
		expect(shown).toEqual([
			[
				['mboaSmsJwtApi', true, ['jwt']],
				['mboaSmsBasicApi', true, ['basic']],
			],
			[
				['mamboSmsApi', true, ['sms']],
				['mamboSmsAccountApi', true, ['account']],
			],
		]);
	});
});

describe('every operation', () => {
	const offered = nodes.flatMap(({ folder, type, operations }) =>
		operationsOf(type).map(({ resource, option }) => ({
			title: `${folder} ${resource} ${option.value}`,
			folder,
			type,
			own: operations[resource],
			resource,
			option,
		})),
	);

	test.each(offered)('is handled: $title', ({ type, own, resource, option }) => {
		const name = String(option.value);
		const custom = type.customOperations?.[resource]?.[name];
		const executed = own && type.execute ? Reflect.get(own, name) : undefined;
		const handlers = [custom, option.routing, executed].filter((handler) => handler !== undefined);
		expect(handlers).toHaveLength(1);
	});

	test.each(offered)('shows its output fields before the first run: $title', (one) => {
		const { folder, resource, option } = one;
		const file = path.join(
			ROOT,
			`nodes/${folder}/__schema__/v1.0.0/${resource}/${option.value}.json`,
		);
		const schema = JSON.parse(readFileSync(file, 'utf8')) as {
			type: string;
			version: number;
			properties: Record<string, { type: string }>;
		};
		expect([schema.type, schema.version]).toEqual(['object', 1]);
		expect(Object.keys(schema.properties)).toEqual(OUTPUT[String(option.value)]);
		for (const [name, { type }] of Object.entries(schema.properties)) {
			const isNumber = /Count$|^(segments|cost|balance|accountId)$/.test(name);
			const isList = /^(recipients|rejected\w+)$/.test(name);
			const isObject = name === 'data';
			const expected = isNumber ? 'number' : isList ? 'array' : isObject ? 'object' : 'string';
			expect([name, type]).toEqual([name, expected]);
		}
	});

	test('has a schema, and no schema is left over', () => {
		const files = nodes.flatMap(({ folder }) =>
			readdirSync(path.join(ROOT, 'nodes', folder, '__schema__'), {
				recursive: true,
				encoding: 'utf8',
			})
				.filter((file) => file.endsWith('.json'))
				.map((file) => `${folder}/${file}`),
		);
		expect(files.sort()).toEqual(
			offered
				.map(({ folder, resource, option }) => `${folder}/v1.0.0/${resource}/${option.value}.json`)
				.sort(),
		);
	});

	test.each(offered)('is described in other words than its action: $title', ({ option }) => {
		expect(option.action).toMatch(/^[A-Z][a-z]+ /);
		expect(option.action).not.toMatch(/\b(a|an|the)\b/);
		expect(option.description).toBeTruthy();
		expect(option.description).not.toBe(option.action);
	});
});
