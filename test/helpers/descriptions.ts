import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import { MamboSmsAccountApi } from '../../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../../credentials/MboaSmsJwtApi.credentials';
import { MamboSms } from '../../nodes/MamboSms/MamboSms.node';
import { MamboSmsTrigger } from '../../nodes/MamboSms/MamboSmsTrigger.node';
import { MboaSms } from '../../nodes/MboaSms/MboaSms.node';
import { operations as bulkJobOperations } from '../../nodes/MboaSms/actions/bulkJob/BulkJob.resource';
import { operations as mboaSmsOperations } from '../../nodes/MboaSms/actions/sms/Sms.resource';

export const nodes: Array<{ folder: string; type: INodeType; operations: Record<string, object> }> =
	[
		{
			folder: 'MboaSms',
			type: new MboaSms(),
			operations: { sms: mboaSmsOperations, bulkJob: bulkJobOperations },
		},
		{ folder: 'MamboSms', type: new MamboSms(), operations: {} },
	];
const triggers: INodeType[] = [new MamboSmsTrigger()];
export const credentials: ICredentialType[] = [
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

export function isProperty(choice: Choice): choice is INodeProperties {
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

export function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter(isChoice);
}

export const allNodes = [...nodes.map(({ type }) => type), ...triggers];
export const nodeProperties = allNodes.flatMap(({ description }) =>
	placed(description.name, description.properties),
);
const credentialProperties = credentials.flatMap(({ name, properties }) =>
	placed(name, properties),
);
export const everything = [...nodeProperties, ...credentialProperties];
export const shownFields = everything.filter(
	({ property }) => property.type !== 'hidden' && property.type !== 'notice',
);
export const everyChoice = everything.flatMap(({ place, property }) =>
	choicesOf(property).map((choice) => ({ place: `${place} > ${choice.name}`, choice })),
);

/** Every sentence that a person can read in the descriptions. */
export const allTexts = [
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

export function placesWhere<Entry extends { place: string }>(
	entries: readonly Entry[],
	isWrong: (entry: Entry) => boolean,
): string[] {
	return entries.filter(isWrong).map(({ place }) => place);
}

/** [resource, operation] of a node, as its dropdowns offer them. */
export function operationsOf({ description }: INodeType) {
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
export function fieldsOf({ description }: INodeType, resource: string, operation: string) {
	const isShown = ({ displayOptions }: INodeProperties) =>
		(displayOptions?.show?.resource ?? [resource]).includes(resource) &&
		(displayOptions?.show?.operation ?? [operation]).includes(operation);
	const fields = description.properties
		.filter(isShown)
		.filter(({ name, type }) => name !== 'resource' && name !== 'operation' && type !== 'hidden');
	return new Map(fields.map((field) => [field.name, field]));
}

/** Name -> type, default and whether it is required. */
export function summaryOf(fields: Iterable<INodeProperties>) {
	return Object.fromEntries(
		[...fields].map(({ name, type, default: fallback, required }) => [
			name,
			[type, fallback, required ?? false],
		]),
	);
}
