import type { INodeProperties } from 'n8n-workflow';

/** Options that both operations of both nodes share, by name. Labels are the same everywhere. */
const sharedOptions = {
	deduplicationKey: {
		displayName: 'Deduplication Key',
		name: 'deduplicationKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.orderId }}-confirmation',
		description:
			'What this message is about. A number that already got a message under the same key from this node is skipped, also in later executions. Leave empty to send every time',
	},
	dryRun: {
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description: 'Whether to only check the numbers and count the segments, and send nothing',
	},
	includeResponse: {
		displayName: 'Include Response',
		name: 'includeResponse',
		type: 'boolean',
		default: false,
		description: "Whether to add the gateway's own answer to the output, in the field 'response'",
	},
	messageColumn: {
		displayName: 'Message Column',
		name: 'messageColumn',
		type: 'string',
		default: '',
		placeholder: 'e.g. Message',
		description:
			'Header name or number of the column with the text of each row. If empty, a column named message, text or sms is used, else the second.',
	},
	onInvalidRows: {
		displayName: 'On Invalid Rows',
		name: 'onInvalidRows',
		type: 'options',
		options: [
			{
				name: 'Send Nothing',
				value: 'stop',
				description: 'Send no message if any row is wrong',
			},
			{
				name: 'Skip Them',
				value: 'skip',
				description: 'Send to the good rows and list the wrong ones in the output',
			},
		],
		default: 'skip',
		description: 'What to do when rows of the file cannot be used',
	},
	phoneColumn: {
		displayName: 'Phone Column',
		name: 'phoneColumn',
		type: 'string',
		default: '',
		placeholder: 'e.g. Téléphone',
		description:
			'Header name or number of the column with the phone numbers. If empty, a column named phone, téléphone, numéro, mobile or similar is used, else the first.',
	},
	hasHeaderRow: {
		displayName: 'Header Row',
		name: 'hasHeaderRow',
		type: 'options',
		options: [
			{
				name: 'Detect Automatically',
				value: 'auto',
				description: 'Look for a row that names a phone column',
			},
			{ name: 'No', value: 'no', description: 'All rows are data' },
			{ name: 'Yes', value: 'yes', description: 'The first row holds the column names' },
		],
		default: 'auto',
		description: 'Whether the file has a row with column names',
	},
	rejectedRowsField: {
		displayName: 'Rejected Rows Field',
		name: 'rejectedRowsField',
		type: 'string',
		default: '',
		placeholder: 'e.g. rejected',
		description:
			'Name of a binary output field for a CSV file with the rows that were not sent and the reason for each, to mend and send again. If empty, no file is made.',
	},
	removeDuplicates: {
		displayName: 'Remove Duplicates',
		name: 'removeDuplicates',
		type: 'boolean',
		default: true,
		description: 'Whether a number that appears several times is texted only once',
	},
	sheetName: {
		displayName: 'Sheet Name',
		name: 'sheetName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Clients',
		description: 'Sheet of the Excel file to read. If empty, the first sheet.',
	},
	smartEncoding: {
		displayName: 'Smart Encoding',
		name: 'smartEncoding',
		type: 'boolean',
		default: false,
		description:
			"Whether to replace characters such as ê or ’ by e or ' where that makes the message cheaper. One such character lets only 70 instead of 160 characters into an SMS; a text that needs them anyway (an emoji, Arabic) is left alone.",
	},
} satisfies Record<string, INodeProperties>;

const combineItems: INodeProperties = {
	displayName: 'Combine Items',
	name: 'combineItems',
	type: 'boolean',
	default: false,
	description:
		'Whether items with the same text and sender share requests. Faster for many items, but where the gateway takes only some numbers it may not say which.',
};

const recipientsPerRequest: INodeProperties = {
	displayName: 'Recipients per Request',
	name: 'recipientsPerRequest',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 100,
	description: 'How many numbers go into one request at most',
};

const defaultCountry: INodeProperties = {
	displayName: 'Default Country',
	name: 'defaultCountry',
	type: 'options',
	options: [
		{ name: 'Cameroon (+237)', value: 'CM' },
		{ name: 'Uganda (+256)', value: 'UG' },
	],
	default: 'CM',
	description:
		'Country of numbers that are written without country code. An expression may give any two-letter country code.',
};

const requestsPerMinute: INodeProperties = {
	displayName: 'Requests per Minute',
	name: 'requestsPerMinute',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'How many requests are sent per minute at most. 0 means no limit.',
};

const rowsPerRequest: INodeProperties = {
	displayName: 'Rows per Request',
	name: 'rowsPerRequest',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 100,
	description: 'How many rows go into one request at most',
};

const timeoutSeconds: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeoutSeconds',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 30,
	description:
		'How long to wait for the answer to one request. After that it is not known whether the message was sent.',
};

/** What the fields of a node need to know of its gateway. */
export interface GatewayFields {
	defaultCountry: 'CM' | 'UG';
	/** What the option 'Sender ID' says; null where sender and category are parameters of their own. */
	senderIdDescription: string | null;
	/** `default` in requests per minute; 0: no limit. */
	pace: { default: number; description: string };
	/** `default`: rows of one upload, or numbers of one request. */
	batch: { default: number; description: string };
}

function ownOptions(gateway: GatewayFields, defaultTimeoutSeconds: number): INodeProperties[] {
	const senderId: INodeProperties[] = gateway.senderIdDescription
		? [
				{
					displayName: 'Sender ID',
					name: 'senderId',
					type: 'string',
					default: '',
					placeholder: 'e.g. MboaShop',
					description: gateway.senderIdDescription,
				},
			]
		: [];
	return [
		{ ...defaultCountry, default: gateway.defaultCountry },
		{ ...requestsPerMinute, ...gateway.pace },
		...senderId,
		{ ...timeoutSeconds, default: defaultTimeoutSeconds },
	];
}

/** The collection "Options" of Send, sorted by label. */
export function sendOptions(gateway: GatewayFields): INodeProperties[] {
	const { deduplicationKey, dryRun, includeResponse, removeDuplicates, smartEncoding } =
		sharedOptions;
	return byLabel([
		...ownOptions(gateway, 30),
		combineItems,
		recipientsPerRequest,
		deduplicationKey,
		dryRun,
		includeResponse,
		removeDuplicates,
		smartEncoding,
	]);
}

/** The collection "Options" of Send Bulk, sorted by label. */
export function sendBulkOptions(gateway: GatewayFields): INodeProperties[] {
	return byLabel([
		...ownOptions(gateway, 300),
		{ ...rowsPerRequest, ...gateway.batch },
		...Object.values(sharedOptions),
	]);
}

function byLabel(options: INodeProperties[]): INodeProperties[] {
	return options.sort((one, other) => one.displayName.localeCompare(other.displayName));
}
