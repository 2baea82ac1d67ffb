import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import { MamboSmsAccountApi } from '../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../credentials/MboaSmsJwtApi.credentials';
import { MamboSms } from '../nodes/MamboSms/MamboSms.node';
import { MamboSmsTrigger } from '../nodes/MamboSms/MamboSmsTrigger.node';
import { MboaSms } from '../nodes/MboaSms/MboaSms.node';
import { operations as bulkJobOperations } from '../nodes/MboaSms/actions/bulkJob/BulkJob.resource';
import { operations as mboaSmsOperations } from '../nodes/MboaSms/actions/sms/Sms.resource';
import packageJson from '../package.json';
import { packageSources, ROOT, textsOf } from './helpers/sourceFiles';

const nodes: Array<{ folder: string; type: INodeType; operations: Record<string, object> }> = [
	{
		folder: 'MboaSms',
		type: new MboaSms(),
		operations: { sms: mboaSmsOperations, bulkJob: bulkJobOperations },
	},
	{ folder: 'MamboSms', type: new MamboSms(), operations: {} },
];
const triggers: INodeType[] = [new MamboSmsTrigger()];
const credentials: ICredentialType[] = [
	new MboaSmsJwtApi(),
	new MboaSmsBasicApi(),
	new MamboSmsApi(),
	new MamboSmsAccountApi(),
];

type Choice = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** A property with the place where it stands, for messages. */
interface Placed {
	place: string;
	property: INodeProperties;
}

function isProperty(choice: Choice): choice is INodeProperties {
	return 'type' in choice && 'default' in choice;
}

function isChoice(choice: Choice): choice is INodePropertyOptions {
	return 'value' in choice;
}

/** The properties and those inside collections. */
function placed(where: string, properties: readonly INodeProperties[]): Placed[] {
	return properties.flatMap((property) => {
		const place = `${where} > ${property.name}`;
		const inside = (property.options ?? []).filter(isProperty);
		return [{ place, property }, ...placed(place, inside)];
	});
}

function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter(isChoice);
}

const allNodes = [...nodes.map(({ type }) => type), ...triggers];
const nodeProperties = allNodes.flatMap(({ description }) =>
	placed(description.name, description.properties),
);
const credentialProperties = credentials.flatMap(({ name, properties }) =>
	placed(name, properties),
);
const everything = [...nodeProperties, ...credentialProperties];
const shownFields = everything.filter(
	({ property }) => property.type !== 'hidden' && property.type !== 'notice',
);
const everyChoice = everything.flatMap(({ place, property }) =>
	choicesOf(property).map((choice) => ({ place: `${place} > ${choice.name}`, choice })),
);

/** Every sentence that a person can read in the descriptions. */
const allTexts = [
	...everything.flatMap(({ place, property }) =>
		[property.displayName, property.description, property.placeholder, property.hint].map(
			(text) => ({ place, text: text ?? '' }),
		),
	),
	...everyChoice.flatMap(({ place, choice }) =>
		[choice.name, choice.description, choice.action].map((text) => ({ place, text: text ?? '' })),
	),
	...allNodes.map(({ description }) => ({
		place: description.name,
		text: description.description,
	})),
];

function placesWhere<Entry extends { place: string }>(
	entries: readonly Entry[],
	isWrong: (entry: Entry) => boolean,
): string[] {
	return entries.filter(isWrong).map(({ place }) => place);
}

/** [resource, operation] of a node, as its dropdowns offer them. */
function operationsOf({ description }: INodeType) {
	const resources = description.properties.filter(({ name }) => name === 'resource');
	return resources.flatMap(choicesOf).flatMap((resource) => {
		const operations = description.properties.filter(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource.value),
		);
		return operations
			.flatMap(choicesOf)
			.map((option) => ({ resource: String(resource.value), option }));
	});
}

/** The fields that an operation shows, by name. */
function fieldsOf({ description }: INodeType, resource: string, operation: string) {
	const isShown = ({ displayOptions }: INodeProperties) =>
		(displayOptions?.show?.resource ?? [resource]).includes(resource) &&
		(displayOptions?.show?.operation ?? [operation]).includes(operation);
	const fields = description.properties
		.filter(isShown)
		.filter(({ name, type }) => name !== 'resource' && name !== 'operation' && type !== 'hidden');
	return new Map(fields.map((field) => [field.name, field]));
}

/** Name -> type, default and whether it is required. */
function summaryOf(fields: Iterable<INodeProperties>) {
	return Object.fromEntries(
		[...fields].map(({ name, type, default: fallback, required }) => [
			name,
			[type, fallback, required ?? false],
		]),
	);
}

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

describe('every field', () => {
	test('with choices has them sorted by label', () => {
		const unsorted = placesWhere(everything, ({ property }) => {
			// What most people want stands first there.
			if (['resource', 'defaultCountry'].includes(property.name)) return false;
			const labels = (property.options ?? []).map((one) =>
				isProperty(one) ? one.displayName : one.name,
			);
			const sorted = [...labels].sort((one, other) => one.localeCompare(other));
			return labels.join() !== sorted.join();
		});
		expect(unsorted).toEqual([]);
	});

	test('that is optional comes last, in the Options', () => {
		for (const { type } of nodes) {
			for (const { resource, option } of operationsOf(type)) {
				const fields = [...fieldsOf(type, resource, String(option.value)).values()];
				const last = fields.filter((field) => field.type !== 'notice').at(-1);
				expect(last?.required === true || (last?.name ?? 'options') === 'options').toBe(true);
			}
		}
	});

	test('is described, itself or choice by choice', () => {
		const undescribed = placesWhere(shownFields, ({ property }) => {
			const { name, type, description } = property;
			if (name === 'resource' || name === 'operation' || type === 'collection') return false;
			const choices = choicesOf(property);
			const isEachDescribed = choices.length > 0 && choices.every((one) => one.description);
			return !description && !isEachDescribed;
		});
		expect(undescribed).toEqual([]);
	});

	test('of one name has one label and one type, in both nodes', () => {
		const kinds = new Map<string, Set<string>>();
		for (const { property } of nodeProperties) {
			if (property.type === 'hidden') continue;
			const kind = `${property.displayName} (${property.type})`;
			kinds.set(property.name, (kinds.get(property.name) ?? new Set()).add(kind));
		}
		const differing = [...kinds].filter(([, { size }]) => size > 1);
		expect(differing.map(([name, found]) => [name, ...found])).toEqual([]);
	});

	test('of one label has one name, in both nodes', () => {
		const names = new Map<string, Set<string>>();
		for (const { property } of nodeProperties) {
			if (property.type === 'hidden') continue;
			const { displayName, name } = property;
			names.set(displayName, (names.get(displayName) ?? new Set()).add(name));
		}
		expect([...names].filter(([, { size }]) => size > 1).map(([label]) => label)).toEqual([]);
	});

	test('has a label in Title Case', () => {
		const small = /^(a|an|and|at|by|for|in|of|on|or|per|the|to|with)$/;
		const isTitle = (label: string) =>
			label
				.split(/[ -]/)
				.every((word, index) => /^[A-Z0-9(+]/.test(word) || (index > 0 && small.test(word)));
		const labels = [
			...shownFields.map(({ place, property }) => ({ place, label: property.displayName })),
			...everyChoice.map(({ place, choice: { name } }) => ({ place, label: name })),
			...allNodes.map(({ description }) => ({
				place: description.name,
				label: description.displayName,
			})),
			...credentials.map(({ name, displayName }) => ({ place: name, label: displayName })),
		];
		expect(placesWhere(labels, ({ label }) => !isTitle(label))).toEqual([]);
	});

	test('that holds a secret is a password field', () => {
		const open = placesWhere(
			everything,
			({ property }) =>
				/password|token|apiKey|secret/i.test(property.name) &&
				property.typeOptions?.password !== true,
		);
		expect(open).toEqual([]);
	});

	test('with an example says "e.g.", but for an email address and the Options', () => {
		const wrong = placesWhere(everything, ({ property: { name, type, placeholder } }) => {
			if (placeholder === undefined) return false;
			if (type === 'collection') return placeholder !== 'Add option';
			if (type === 'fixedCollection') return !/^Add \w+$/.test(placeholder);
			if (name === 'email') return placeholder !== 'name@example.com';
			return !/^e\.g\. \S/.test(placeholder);
		});
		expect(wrong).toEqual([]);
	});

	test('that is yes or no says "Whether"', () => {
		const wrong = placesWhere(
			everything,
			({ property: { type, description = '' } }) =>
				type === 'boolean' && !description.startsWith('Whether '),
		);
		expect(wrong).toEqual([]);
	});

	test('stores values that are not its labels', () => {
		expect(placesWhere(everyChoice, ({ choice: { name, value } }) => name === value)).toEqual([]);
	});
});

describe('every text', () => {
	function sentenceCount(sentence: string): number {
		return sentence.replace(/e\.g\./g, 'eg').split(/[.!?] (?=[A-Z0-9'"])/).length;
	}

	test('of one sentence has no final period', () => {
		const wrong = placesWhere(
			allTexts.filter(({ text: one }) => !one.startsWith('e.g.')),
			({ text: one }) => one.endsWith('.') && sentenceCount(one) === 1,
		);
		expect(wrong).toEqual([]);
	});

	test('is trimmed, in one piece and begins with a capital letter', () => {
		const wrong = placesWhere(
			allTexts.filter(({ text: one }) => one !== '' && !one.startsWith('e.g.')),
			({ text: one }) => one !== one.trim() || / {2}/.test(one) || /^[a-z](?!ame@)/.test(one),
		);
		expect(wrong).toEqual([]);
	});

	const sourceTexts = packageSources().flatMap((source) =>
		textsOf(source).map(({ line, text: one }) => ({ place: `${source.file}:${line}`, text: one })),
	);

	test('avoids the words error, problem, failure and mistake', () => {
		const wrong = [...allTexts, ...sourceTexts].filter(
			// A word alone in small letters is a name in code, such as that of an event or a field.
			({ text: one }) =>
				/\b(error|problem|failure|mistake)s?\b/i.test(one) && !/^[a-z]+(\.[a-z]+)*$/.test(one),
		);
		expect(wrong).toEqual([]);
	});

	const labels = new Set([
		...everything.map(({ property }) => property.displayName),
		...everyChoice.map(({ choice: { name } }) => name),
	]);

	test('that names an option or a field names one that exists', () => {
		const wrong = sourceTexts.flatMap(({ place, text: one }) =>
			[...one.matchAll(/\b(?:options?|fields?|the|with|Choose|or) '([A-Z][^']*)'/g)]
				.map((match) => match[1] ?? '')
				.filter((label) => !labels.has(label))
				.map((label) => `${place} ${label}`),
		);
		expect(wrong).toEqual([]);
	});

	test('puts the names of fields in single quotation marks', () => {
		// In expressions they are quoted as JavaScript has it.
		const texts = sourceTexts.filter(({ text: one }) => !one.startsWith('={{'));
		const wrong = texts.flatMap(({ place, text: one }) =>
			[...one.matchAll(/"([^"]+)"/g)]
				.map((match) => match[1] ?? '')
				.filter((label) => labels.has(label))
				.map((label) => `${place} ${label}`),
		);
		expect(wrong).toEqual([]);
	});
});

describe('the package', () => {
	const listed = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials];

	test('names every node and credential that there is', () => {
		const files = packageSources()
			.map(({ file }) => file)
			.filter((file) => /\.(node|credentials)\.ts$/.test(file));
		const built = files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
		expect([...listed].sort()).toEqual(built.sort());
	});

	test('gives every class the name of its file and type', () => {
		const typeNames = [
			...allNodes.map((type) => [type.constructor.name, type.description.name]),
			...credentials.map((type) => [type.constructor.name, type.name]),
		];
		for (const [className = '', name = ''] of typeNames) {
			expect(className).toBe(name.charAt(0).toUpperCase() + name.slice(1));
		}
	});

	test.each(allNodes.map((type) => [type.description.name, type] as const))(
		'has a codex file for %s, with categories and other names',
		(name, type) => {
			const folder = name.startsWith('mboa') ? 'MboaSms' : 'MamboSms';
			const file = path.join(ROOT, 'nodes', folder, `${type.constructor.name}.node.json`);
			const codex = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
			expect(codex).toMatchObject({
				node: `${packageJson.name}.${name}`,
				nodeVersion: '1.0',
				codexVersion: '1.0',
				categories: expect.arrayContaining(['Communication']),
				alias: expect.arrayContaining(['sms']),
				resources: {
					credentialDocumentation: [{ url: expect.stringMatching(/^https:\/\//) }],
					primaryDocumentation: [{ url: expect.stringMatching(/^https:\/\//) }],
				},
			});
			const alias = codex.alias as string[];
			expect(new Set(alias).size).toBe(alias.length);
		},
	);

	test.each([
		...allNodes.map(({ description }) => ({
			name: description.name,
			icon: description.icon,
			folder: 'nodes/MboaSms',
		})),
		...credentials.map(({ name, icon }) => ({ name, icon, folder: 'credentials' })),
	])('has a light and a dark icon of a few kB for $name', ({ icon, folder }) => {
		if (typeof icon !== 'object') throw new Error('There is one icon only');
		const files = [icon.light, icon.dark].map((file) =>
			path.join(ROOT, folder, file.replace(/^file:/, '')),
		);
		expect(new Set(files).size).toBe(2);
		for (const file of files) {
			expect(existsSync(file)).toBe(true);
			expect(statSync(file).size).toBeLessThan(8_000);
			expect(readFileSync(file, 'utf8')).toMatch(/^\s*(<\?xml[^>]*>\s*)?<svg /);
		}
	});

	test.each(nodes.map(({ type }) => [type.description.name, type] as const))(
		'shows %s to agents, with a subtitle, by its own name',
		(_, { description }) => {
			expect([description.usableAsTool, description.defaults.name]).toEqual([
				true,
				description.displayName,
			]);
			expect(description.subtitle).toBeTruthy();
		},
	);

	test.each(credentials.map((type) => [type.name, type] as const))(
		'can test the credential %s, and says where it is explained',
		(_, type) => {
			expect(type.test).toBeDefined();
			expect(type.authenticate).toBeDefined();
			expect(type.documentationUrl).toMatch(/^https:\/\/.*\/docs\/[\w-]+\.md$/);
		},
	);

	test('tests no credential with a request that could send an SMS', () => {
		const bodies = credentials.map(({ test: { request } = { request: {} } }) => request.body);
		const hasRecipient = JSON.stringify(bodies).match(/\d{6,}|\+\d/);
		expect(hasRecipient).toBeNull();
		expect(bodies).toEqual([
			{ phoneNumbers: [] },
			{ phoneNumbers: [] },
			{ message: '', recipients: '', message_category: '', sender_id: '' },
			{},
		]);
	});
});
