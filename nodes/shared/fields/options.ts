import type { INodeProperties } from 'n8n-workflow';

import {
	choiceOption,
	fieldOf,
	numberOption,
	rawOption,
	textOption,
	UnusableOption,
	shownValue,
	writtenText,
	yesNoOption,
	type Option,
	type OptionList,
} from './optionKinds';

/** What the options of a node need to know of its gateway. */
export interface GatewayFields {
	defaultCountry: 'CM' | 'UG';
	/** What the option 'Sender ID' says; null where sender and category are parameters of their own. */
	senderIdDescription: string | null;
	/** `default` in requests per minute; 0: no limit. */
	pace: { default: number; description: string };
	/** Which items may share requests. */
	combineDescription: string;
}

/** The options of both operations. */
function sharedOptions(gateway: GatewayFields, defaultTimeoutSeconds: number) {
	return {
		defaultCountry: defaultCountryOption(gateway.defaultCountry),
		batchSize: numberOption({
			displayName: 'Batch Size',
			minimum: 0,
			isWhole: true,
			default: 0,
			description:
				'How many recipients go into one request at most. 0 means as many as suit the request: 100 numbers that get the same text, or 1,000 rows of an upload.',
		}),
		// What of it is nothing is judged where its expression is known.
		deduplicationKey: rawOption({
			displayName: 'Deduplication Key',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.orderId }}-confirmation',
			hint: 'Each number gets one SMS per key, ever. Use what makes the message one of its kind: an order number, or a date',
			description:
				'What this message is about. A number that already got a message under the same key from this node is skipped, also in later executions. A dry run does not use up the key',
		}),
		// Numbers in any writing; the room of phone numbers reads them.
		doNotText: rawOption({
			displayName: 'Do Not Text',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. +237670000000, 699 12 34 56',
			description:
				'Numbers that are never texted, such as people who opted out: separated by comma, semicolon or new line, or a list from an expression',
		}),
		dryRun: yesNoOption({
			displayName: 'Dry Run',
			absent: false,
			description:
				'Whether to only check the numbers and count the SMS, and send nothing. Adding this option switches it on',
		}),
		includeResponse: yesNoOption({
			displayName: 'Include Response',
			absent: false,
			description: "Whether to add the gateway's own answer to the output, in the field 'response'",
		}),
		output: choiceOption({
			displayName: 'Output',
			options: [
				{
					name: 'One Item per Recipient',
					value: 'recipients',
					description: 'An item for each person: number, text, status and reason',
				},
				{
					name: 'Summary',
					value: 'summary',
					description: 'An item for each input item, with counts',
				},
			],
			default: 'summary',
			description: 'What the node puts out',
		}),
		pricePerSegment: numberOption({
			displayName: 'Price per Segment',
			minimum: 0,
			default: 0,
			description:
				'What one SMS costs you. Above 0, the output says about how much the messages cost, also in a dry run. Long texts are several SMS.',
		}),
		removeDuplicates: yesNoOption({
			displayName: 'Remove Duplicates',
			absent: true,
			description: 'Whether the same text goes to the same number only once',
		}),
		requestsPerMinute: numberOption({
			displayName: 'Requests per Minute',
			minimum: 0,
			...gateway.pace,
		}),
		segmentLimit: {
			...numberOption({
				displayName: 'Segment Limit',
				minimum: 0,
				isWhole: true,
				default: 0,
				description:
					'How many SMS one run may cost. They are counted before anything is sent, and above the limit nothing is sent. 0 means no limit; as a tool of an agent the limit is 100 unless you set another.',
			}),
			// What holds then is for the operation to say: an agent gets another default.
			absent: null,
		} as Option<number | null>,
		...(gateway.senderIdDescription !== null && {
			senderId: textOption({
				displayName: 'Sender ID',
				placeholder: 'e.g. MboaShop',
				description: gateway.senderIdDescription,
			}),
		}),
		smartEncoding: yesNoOption({
			displayName: 'Smart Encoding',
			absent: false,
			description:
				"Whether to replace characters such as ê or ’ by e or ' where that saves SMS. One such character lets only 70 instead of 160 characters into an SMS; a text that needs them anyway (an emoji, Arabic) is left alone.",
		}),
		timeoutSeconds: numberOption({
			displayName: 'Timeout (Seconds)',
			minimum: 1,
			default: defaultTimeoutSeconds,
			description:
				'How long to wait for the answer to one request. After that it is not known whether the message was sent.',
		}),
	};
}

/** The options of Send. */
export function sendOptions(gateway: GatewayFields) {
	return {
		...sharedOptions(gateway, 30),
		combineItems: yesNoOption({
			displayName: 'Combine Items',
			absent: false,
			description: gateway.combineDescription,
		}),
	};
}

/** Of the options of Send, those that a question does not have. */
const NOT_OF_A_QUESTION = new Set([
	'combineItems',
	'dryRun',
	'includeResponse',
	'output',
	'removeDuplicates',
]);

/** Those of the options of Send that a question has too. */
export function questionOptions(gateway: GatewayFields): OptionList {
	const options = Object.entries<OptionList[string]>(sendOptions(gateway));
	return Object.fromEntries(options.filter(([name]) => !NOT_OF_A_QUESTION.has(name)));
}

/** The options of Send Bulk. */
export function sendBulkOptions(gateway: GatewayFields) {
	return {
		...sharedOptions(gateway, 300),
		onInvalidRows: choiceOption({
			displayName: 'On Invalid Rows',
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
		}),
		rejectedRowsField: textOption({
			displayName: 'Rejected Rows Field',
			placeholder: 'e.g. rejected',
			hint: 'A name of your choice. The output then has a file of the rows that were not sent, ready to mend and send again',
			description:
				'Name of a binary output field for a CSV file with the rows that were not sent and the reason for each. If empty, no file is made.',
		}),
	};
}

/** The homes of the gateways first, then where their customers write to most. */
const COUNTRIES: ReadonlyArray<readonly [code: string, name: string, callingCode: number]> = [
	['CM', 'Cameroon', 237],
	['UG', 'Uganda', 256],
	['BJ', 'Benin', 229],
	['BF', 'Burkina Faso', 226],
	['BI', 'Burundi', 257],
	['CF', 'Central African Republic', 236],
	['TD', 'Chad', 235],
	['CG', 'Congo (Brazzaville)', 242],
	['CD', 'Congo (Kinshasa)', 243],
	['GQ', 'Equatorial Guinea', 240],
	['FR', 'France', 33],
	['GA', 'Gabon', 241],
	['GN', 'Guinea', 224],
	['CI', 'Ivory Coast', 225],
	['KE', 'Kenya', 254],
	['ML', 'Mali', 223],
	['NG', 'Nigeria', 234],
	['RW', 'Rwanda', 250],
	['SN', 'Senegal', 221],
	['SS', 'South Sudan', 211],
	['TZ', 'Tanzania', 255],
	['TG', 'Togo', 228],
];

/** The list shows some countries; an expression may give any ISO 3166 code, in any case. */
function defaultCountryOption(home: GatewayFields['defaultCountry']): Option<string> {
	const displayName = 'Default Country';
	return {
		field: {
			displayName,
			type: 'options',
			options: COUNTRIES.map(([value, name, callingCode]) => ({
				name: `${name} (+${callingCode})`,
				value,
			})),
			default: home,
			description:
				'Country of numbers that are written without country code. An expression may give any two-letter country code.',
		},
		absent: home,
		read(stored) {
			const code = writtenText(stored) ?? '';
			if (/^[a-z]{2}$/i.test(code)) return code.toUpperCase();
			return new UnusableOption(
				`'${displayName}' is no country code`,
				`Nothing was sent. It is ${shownValue(stored)}. Give a code of two letters such as CM, UG or FR`,
			);
		},
	};
}

/** A collection of options, sorted by label. */
export function collectionField(
	collection: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder'>,
	options: OptionList,
): INodeProperties {
	return {
		...collection,
		type: 'collection',
		default: {},
		options: Object.entries(options)
			.map(([name, option]) => fieldOf(name, option))
			.sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)),
	};
}

/** The collection 'Options' of an operation. */
export function optionsField(options: OptionList): INodeProperties {
	return collectionField(
		{ displayName: 'Options', name: 'options', placeholder: 'Add option' },
		options,
	);
}

/** Labels are plain English, and comparing them as a language would (localeCompare) loads its rules: 6 ms. */
function sortKey({ displayName }: INodeProperties): string {
	return displayName.toLowerCase();
}
