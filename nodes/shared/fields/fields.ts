import type { INodeProperties, NodeHint } from 'n8n-workflow';

import { choiceOption, fieldOf, textOption, yesNoOption, type OptionList } from './optionKinds';
import { collectionField } from './options';

/** The fields of one operation of the resource SMS, shown for that only. */
export function smsFields(operation: string, fields: INodeProperties[]): INodeProperties[] {
	const displayOptions = { show: { resource: ['sms'], operation: [operation] } };
	return fields.map((field) => ({ ...field, displayOptions }));
}

export const smsOperationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['sms'] } },
	options: [
		{
			name: 'Send',
			value: 'send',
			action: 'Send SMS',
			description: 'Text one or more phone numbers',
		},
		{
			name: 'Send and Wait for Response',
			value: 'sendAndWait',
			action: 'Send SMS and wait for response',
			description: 'Ask by SMS, and go on when the person has answered on the page behind the link',
			// A call of an agent cannot wait; n8n makes a tool for reviews of its own from this operation.
			displayOptions: { hide: { '@tool': [true] } },
		},
		{
			name: 'Send Bulk',
			value: 'sendBulk',
			action: 'Send bulk SMS from file',
			description: 'Text every row of a CSV or Excel file, checked first',
			// An agent has no file to give.
			displayOptions: { hide: { '@tool': [true] } },
		},
	],
	default: 'send',
};

/** Before the first run of Send Bulk, above its output. */
export const bulkHint: NodeHint = {
	type: 'info',
	message: "'Execute step' texts everyone in the file. To look first, add the option 'Dry Run'",
	displayCondition:
		'={{ $parameter["operation"] === "sendBulk" && $parameter["options"]?.dryRun !== true }}',
	whenToDisplay: 'beforeExecution',
	location: 'outputPane',
};

/** What whoever gives a tool to an agent should know first. */
export const agentNotice: INodeProperties = {
	displayName:
		"Let the model write the 'Message'. Set 'Recipients' yourself where you can: whoever chats with the agent could otherwise have it text any number at your cost",
	name: 'agentNotice',
	type: 'notice',
	displayOptions: { show: { operation: ['send'], '@tool': [true] } },
	default: '',
};

/** Fields that nodes show in the same words. Where they appear is for the operation to say. */
export const recipientsField: INodeProperties = {
	displayName: 'Recipients',
	name: 'recipients',
	type: 'string',
	required: true,
	default: '',
	description:
		'Phone numbers, separated by comma, semicolon or new line. Local or international writing, with or without spaces; an expression may also give a list.',
};

export const messageField: INodeProperties = {
	displayName: 'Message',
	name: 'message',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: '',
	description:
		'The text to send. 160 characters fit into one SMS; only 70 if it holds a character outside the GSM-7 alphabet, such as ê, ç or an emoji.',
};

/** The fields of Send Bulk that both gateways need. */
export const bulkFields: INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input field that holds the file',
		description:
			'CSV or Excel file (.xlsx) with one recipient per row. The columns with the numbers and the texts are found by their names.',
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. Hello {name}, your appointment is on {date}.',
		description:
			'The text for rows that have none of their own. A column name in braces, such as {name}, is filled from the row.',
	},
];

export const MAX_SENDER_ID_LENGTH = 11;

/** Mambo SMS wants a category with every message. */
export const messageCategoryOption = choiceOption({
	displayName: 'Message Category',
	options: [
		{
			name: 'Customised',
			value: 'customised',
			description: 'From your own sender ID, once it is registered with MTN, Airtel and UTL',
		},
		{ name: 'Info', value: 'info', description: 'From the sender INFO' },
		{
			name: 'Non-Customised',
			value: 'non_customised',
			description: 'From a random number',
		},
	],
	default: 'non_customised',
	description: 'Which kind of sender the recipients see',
});

/** For a gateway that wants category and sender with every message: Mambo SMS. */
export const senderFields: INodeProperties[] = [
	fieldOf('messageCategory', messageCategoryOption),
	{
		displayName: 'Sender ID',
		name: 'senderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. MamboSMS',
		hint: `At most ${MAX_SENDER_ID_LENGTH} characters. Mambo SMS wants one in every category, and shows it only in 'Customised'`,
		description: 'The name that the message comes from',
	},
];

/** How to read the file of Send Bulk: a collection of its own. */
export const fileLayoutOptions = {
	hasHeaderRow: choiceOption({
		displayName: 'Header Row',
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
	}),
	includeHiddenRows: yesNoOption({
		displayName: 'Include Hidden Rows',
		absent: false,
		description: 'Whether rows that a filter or a person has hidden are texted like the others',
	}),
	messageColumn: textOption({
		displayName: 'Message Column',
		placeholder: 'e.g. Message',
		description:
			'Header name or number of the column with the text of each row. If empty, a column that is named message, text or similar and holds texts is used.',
	}),
	phoneColumn: textOption({
		displayName: 'Phone Column',
		placeholder: 'e.g. Téléphone',
		hint: 'Its name as in the header, or its number. Several, separated by commas: the first with a mobile number',
		description:
			'Header name or number of the column with the phone numbers. If empty, it is found by the names of the columns and by what stands in them.',
	}),
	sheetName: textOption({
		displayName: 'Sheet Name',
		placeholder: 'e.g. Clients',
		description: 'Sheet of the Excel file to read. If empty, the first one that is not hidden.',
	}),
} satisfies OptionList;

/** The collection 'File Layout' of Send Bulk. */
export const fileLayoutField: INodeProperties = collectionField(
	{ displayName: 'File Layout', name: 'fileLayout', placeholder: 'Add option' },
	fileLayoutOptions,
);

/** Whoever has the key alone looks for it here in vain. */
export const balanceNotice: INodeProperties = {
	displayName:
		'Reading the balance takes the user name and password of your Mambo SMS account. The API key is for sending only',
	name: 'balanceNotice',
	type: 'notice',
	default: '',
};
