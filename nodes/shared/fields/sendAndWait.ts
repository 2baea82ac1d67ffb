import type { INodeProperties, IWebhookDescription } from 'n8n-workflow';

import { choiceOption, fieldOf } from './optionKinds';
import { optionsField, questionOptions, type GatewayFields } from './options';

/** What the editor shows of Send and Wait beside the fields of Send. Names as in n8n's own nodes. */

/** The link of the SMS leads to these: opening it shows the page, its button goes on. */
export const sendAndWaitWebhooks: IWebhookDescription[] = (['GET', 'POST'] as const).map(
	(httpMethod) => ({
		name: 'default',
		httpMethod,
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		restartWebhook: true,
		isFullPath: true,
	}),
);

/** Shown by n8n while it waits. */
export const waitingNodeTooltip =
	'={{ $parameter.operation === "sendAndWait" ? "The workflow goes on when the SMS has been answered" : "" }}';

export const responseTypeOption = choiceOption({
	displayName: 'Response Type',
	options: [
		{
			name: 'Approval',
			value: 'approval',
			description: 'The page has a button to approve, and one to decline if you want it',
		},
		{
			name: 'Free Text',
			value: 'freeText',
			description: 'The page has a field to write an answer into',
		},
	],
	default: 'approval',
	description: 'How the person can answer on the page',
});

const approvalButtons: INodeProperties[] = [
	{
		displayName: 'Type of Approval',
		name: 'approvalType',
		type: 'options',
		options: [
			{ name: 'Approve and Disapprove', value: 'double' },
			{ name: 'Approve Only', value: 'single' },
		],
		default: 'single',
		description: 'Whether the person can also say no',
	},
	{
		displayName: 'Approve Button Label',
		name: 'approveLabel',
		type: 'string',
		default: 'Approve',
		placeholder: 'e.g. Approuver',
		description: 'The words on the button that says yes',
	},
	{
		displayName: 'Disapprove Button Label',
		name: 'disapproveLabel',
		type: 'string',
		default: 'Decline',
		placeholder: 'e.g. Refuser',
		displayOptions: { show: { approvalType: ['double'] } },
		description: 'The words on the button that says no',
	},
];

/** The default words on the buttons, by the name of their field. */
export const BUTTON_WORDS = defaultsOf(approvalButtons);

export const responseFields: INodeProperties[] = [
	fieldOf('responseType', responseTypeOption),
	{
		displayName: 'Approval Options',
		name: 'approvalOptions',
		type: 'fixedCollection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { responseType: ['approval'] } },
		description: 'The buttons of the page',
		options: [
			{
				displayName: 'Values',
				name: 'values',
				values: approvalButtons,
			},
		],
	},
];

const limitWaitTimeOption: INodeProperties = {
	displayName: 'Limit Wait Time',
	name: 'limitWaitTime',
	type: 'fixedCollection',
	default: { values: { limitType: 'afterTimeInterval', resumeAmount: 45, resumeUnit: 'minutes' } },
	description:
		'How long to wait. After that the workflow goes on with the input of this node, without an answer.',
	options: [
		{
			displayName: 'Values',
			name: 'values',
			values: [
				{
					displayName: 'Limit Type',
					name: 'limitType',
					type: 'options',
					options: [
						{ name: 'After Time Interval', value: 'afterTimeInterval' },
						{ name: 'At Specified Time', value: 'atSpecifiedTime' },
					],
					default: 'afterTimeInterval',
					description: 'Whether the wait ends some time after the SMS, or at a certain moment',
				},
				{
					displayName: 'Amount',
					name: 'resumeAmount',
					type: 'number',
					typeOptions: { minValue: 0, numberPrecision: 2 },
					default: 1,
					displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					description: 'How many of the unit below',
				},
				{
					displayName: 'Unit',
					name: 'resumeUnit',
					type: 'options',
					options: [
						{ name: 'Days', value: 'days' },
						{ name: 'Hours', value: 'hours' },
						{ name: 'Minutes', value: 'minutes' },
					],
					default: 'hours',
					displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					description: 'What the amount counts',
				},
				{
					displayName: 'Max Date and Time',
					name: 'maxDateAndTime',
					type: 'dateTime',
					default: '',
					displayOptions: { show: { limitType: ['atSpecifiedTime'] } },
					description: 'The moment at which the workflow goes on without an answer',
				},
			],
		},
	],
};

const pageWords: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: 'A Question for You',
		placeholder: 'e.g. Une question pour vous',
		description: 'The heading of the page',
	},
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		default: 'You can answer once.',
		placeholder: 'e.g. Vous pouvez répondre une seule fois.',
		description: 'What stands below the buttons',
	},
	{
		displayName: 'Answer Label',
		name: 'answer',
		type: 'string',
		default: 'Your answer',
		placeholder: 'e.g. Votre réponse',
		description: 'What stands above the field of a free text',
	},
	{
		displayName: 'Send Button Label',
		name: 'submit',
		type: 'string',
		default: 'Send',
		placeholder: 'e.g. Envoyer',
		description: 'The words on the button below a free text',
	},
	{
		displayName: 'Thanks',
		name: 'thanks',
		type: 'string',
		default: 'Thank you. Your answer has arrived; you can close this page.',
		placeholder: 'e.g. Merci. Votre réponse est bien arrivée.',
		description: 'What the person reads after the answer',
	},
];

/** The default words of the page, by the name of their field. */
export const PAGE_WORDS = defaultsOf(pageWords);

const pageWordsOption: INodeProperties = {
	displayName: 'Page Words',
	name: 'pageWords',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Add words',
	description: "The words of the page around the message, in the recipients' language",
	options: [
		{
			displayName: 'Values',
			name: 'values',
			values: pageWords,
		},
	],
};

/** The collection 'Options' of Send and Wait. */
export function questionOptionsField(gateway: GatewayFields): INodeProperties {
	const field = optionsField(questionOptions(gateway));
	const options = [...(field.options as INodeProperties[]), limitWaitTimeOption, pageWordsOption];
	const sorted = options.sort((one, other) => (one.displayName < other.displayName ? -1 : 1));
	return { ...field, options: sorted };
}

function defaultsOf(fields: readonly INodeProperties[]): Record<string, string> {
	return Object.fromEntries(fields.map((field) => [field.name, String(field.default)]));
}
