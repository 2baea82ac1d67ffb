import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { GatewayFields } from '../fields/options';
import type { Gateway } from '../gateways/gateway';
import type { BatchRules } from '../sending/batches';
import { inputError } from '../n8n/errors';

/** Everything that differs between the two nodes when they send. Each node has one, in `actions/gateway`. */
export interface GatewayNode extends GatewayFields {
	provider: Gateway['provider'];
	/** The name people know the gateway by. */
	displayName: string;
	/** Whether Send Bulk uploads a file, or lists the numbers that get the same text. */
	hasUpload: boolean;
	/** Makes the gateway with the credential of the node. Throws when there is none that fits. */
	connect(context: IExecuteFunctions): Promise<Gateway>;
}

/** The parameters that Send and Send Bulk share, checked. */
export interface SendSettings {
	defaultCountry: string;
	smartEncoding: boolean;
	isDryRun: boolean;
	removeDuplicates: boolean;
	includeResponse: boolean;
	deduplicationKey: string;
	requestsPerMinute: number;
	rules: BatchRules;
	/** The collection as stored, for the options of one operation only. */
	options: IDataObject;
}

const MAX_SENDER_ID_LENGTH = 11;
const DEFAULT_RECIPIENTS_PER_REQUEST = 100;

/** Reads the shared parameters with the item's own index. Throws when one is unusable. */
export function sendSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	gatewayNode: GatewayNode,
	operation: 'send' | 'sendBulk',
): SendSettings {
	const options = context.getNodeParameter('options', itemIndex, {});
	const number = numberReader(context, itemIndex, options);
	const isBulk = operation === 'sendBulk';
	return {
		defaultCountry: textOption(options.defaultCountry, gatewayNode.defaultCountry).toUpperCase(),
		smartEncoding: isTrue(options.smartEncoding, false),
		isDryRun: isTrue(options.dryRun, false),
		removeDuplicates: isTrue(options.removeDuplicates, true),
		includeResponse: isTrue(options.includeResponse, false),
		deduplicationKey: textOption(options.deduplicationKey, ''),
		requestsPerMinute: number(
			'requestsPerMinute',
			'Requests per Minute',
			gatewayNode.pace.default,
			0,
		),
		rules: {
			envelope: {
				senderId: senderIdOf(context, itemIndex, gatewayNode, options),
				messageCategory:
					gatewayNode.senderIdDescription === null
						? textOption(context.getNodeParameter('messageCategory', itemIndex), 'non_customised')
						: '',
				timeoutSeconds: number('timeoutSeconds', 'Timeout (Seconds)', isBulk ? 300 : 30, 0.001),
				form: isBulk && gatewayNode.hasUpload ? 'upload' : 'list',
			},
			batchSize: isBulk
				? number('rowsPerRequest', 'Rows per Request', gatewayNode.batch.default, 1)
				: number(
						'recipientsPerRequest',
						'Recipients per Request',
						DEFAULT_RECIPIENTS_PER_REQUEST,
						1,
					),
			canShare: !isBulk && isTrue(options.combineItems, false),
		},
		options,
	};
}

function senderIdOf(
	context: IExecuteFunctions,
	itemIndex: number,
	gatewayNode: GatewayNode,
	options: IDataObject,
): string {
	if (gatewayNode.senderIdDescription !== null) return textOption(options.senderId, '');
	const senderId = textOption(context.getNodeParameter('senderId', itemIndex), '');
	if (senderId === '') {
		throw inputError(
			context.getNode(),
			itemIndex,
			`'Sender ID' is empty, and ${gatewayNode.displayName} needs one`,
			'Enter the name or number that the message shall come from, at most 11 characters',
		);
	}
	if (senderId.length > MAX_SENDER_ID_LENGTH) {
		throw inputError(
			context.getNode(),
			itemIndex,
			`'Sender ID' has ${senderId.length} characters: ${senderId}`,
			`Shorten it: ${gatewayNode.displayName} takes at most ${MAX_SENDER_ID_LENGTH} characters`,
		);
	}
	return senderId;
}

function numberReader(context: IExecuteFunctions, itemIndex: number, options: IDataObject) {
	return (name: string, displayName: string, fallback: number, minimum: number): number => {
		const written = options[name];
		if (written === undefined || written === null || written === '') return fallback;
		const value = Number(written);
		if (Number.isFinite(value) && value >= minimum)
			return minimum === 1 ? Math.floor(value) : value;
		throw inputError(
			context.getNode(),
			itemIndex,
			`'${displayName}' is not a usable number: ${String(written)}`,
			`Enter a number of at least ${minimum === 0.001 ? 1 : minimum}, or remove the option`,
		);
	};
}

/** A text parameter without the blanks around it; also for values that arrive as numbers. */
export function textOption(value: unknown, fallback: string): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text === '' ? fallback : text;
}

/** A boolean option, also when an expression made a text of it. */
export function isTrue(value: unknown, fallback: boolean): boolean {
	if (value === undefined || value === null || value === '') return fallback;
	return typeof value === 'string' ? value.trim().toLowerCase() === 'true' : Boolean(value);
}
