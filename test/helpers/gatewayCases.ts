import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';
import type { Engine, NodeResult, NodeRun } from './engine';
import { fileItem, mamboSmsRun, mboaSmsRun } from './smsRuns';

/** What differs between the two gateways in tests that run against both. */
export interface GatewayCase {
	provider: 'mboasms' | 'mambosms';
	displayName: string;
	run: typeof mboaSmsRun;
	/** Mobile numbers of the default country. */
	numberOf(index: number): string;
	/** What the sandbox charges for one segment. */
	price: number;
	/** The balance that a fresh sandbox names after the given cost; null where the gateway names none. */
	balanceAfter(cost: number): number | null;
	successWords(recipientCount: number): string;
}

const padded = (index: number, length: number) => String(index).padStart(length, '0');

export const mboaSms: GatewayCase = {
	provider: 'mboasms',
	displayName: 'MboaSMS',
	run: mboaSmsRun,
	numberOf: (index) => `+2376${padded(70_000_000 + index, 8)}`,
	price: 1,
	balanceAfter: () => null,
	successWords: () => 'SMS sent successfully',
};

export const mamboSms: GatewayCase = {
	provider: 'mambosms',
	displayName: 'Mambo SMS',
	run: mamboSmsRun,
	numberOf: (index) => `+2567${padded(70_000_000 + index, 8)}`,
	price: 50,
	balanceAfter: (cost) => 10_000_000 - cost,
	successWords: (count) => `SMS successfully sent to ${count} recipients.`,
};

/** Lets the gateway answer so many requests as documented, and the next `count` of them with the fault. */
export function armFault(
	{ state }: Sandbox,
	gateway: GatewayCase,
	skip: number,
	fault: Fault,
	count = 1,
): void {
	state.armFault({ gateway: gateway.provider, skip, count, fault });
}

export const gatewayCases = [
	['MboaSMS', mboaSms],
	['Mambo SMS', mamboSms],
] as const;

export function numbersOf(gateway: GatewayCase, count: number, first = 1): string[] {
	return Array.from({ length: count }, (_, index) => gateway.numberOf(first + index));
}

/** The whole output of Send when the sandbox took one segment for each recipient. */
export function sentJson(
	gateway: GatewayCase,
	recipients: string[],
	differences: IDataObject = {},
): IDataObject {
	const cost = gateway.price * recipients.length;
	return {
		provider: gateway.provider,
		operation: 'send',
		status: 'sent',
		recipients,
		recipientCount: recipients.length,
		sentCount: recipients.length,
		failedCount: 0,
		rejectedRecipients: [],
		encoding: 'GSM-7',
		segments: 1,
		cost,
		balance: gateway.balanceAfter(cost),
		providerMessage: gateway.successWords(recipients.length),
		...differences,
	};
}

/** The whole output of Send for an item of which nobody got anything. */
export function unsentJson(
	gateway: GatewayCase,
	recipients: string[],
	differences: IDataObject = {},
): IDataObject {
	return sentJson(gateway, recipients, {
		status: 'failed',
		sentCount: 0,
		failedCount: recipients.length,
		cost: null,
		balance: null,
		providerMessage: null,
		...differences,
	});
}

/** One item for each number, with the same text. */
export function itemPerNumber(
	gateway: GatewayCase,
	baseUrl: string,
	numbers: string[],
	options: IDataObject = {},
	rest: Partial<NodeRun> = {},
): NodeRun {
	return gateway.run(
		baseUrl,
		{ recipients: '={{ $json.number }}', message: 'Hello', options },
		{ items: numbers.map((number) => ({ json: { number } })), ...rest },
	);
}

/** A run of Send Bulk with one file. */
export function bulkRun(
	gateway: GatewayCase,
	baseUrl: string,
	file: string | Uint8Array,
	{ message, ...options }: IDataObject = {},
	rest: Partial<NodeRun> = {},
): NodeRun {
	return gateway.run(
		baseUrl,
		{
			operation: 'sendBulk',
			binaryPropertyName: 'data',
			message: message ?? '',
			options,
		},
		{ items: [fileItem(file)], ...rest },
	);
}

/** Four good rows, one double and two bad ones below a title. */
export function mixedFile(gateway: GatewayCase): string {
	const [first, second, third, fourth] = numbersOf(gateway, 4);
	return [
		'Choir of the parish;;',
		'Phone;Name;Text',
		`${first};Ada;`,
		`${second};Ben;Own text`,
		`${first};Ada;`,
		'123;Chloé;',
		`${third};;`,
		`${fourth};Dan;`,
	].join('\r\n');
}

/** What arrived on the phones, in the order in which it arrived. */
export function arrivals(sandbox: Sandbox): string[] {
	return sandbox.state.messages.map(({ recipient }) => recipient);
}

/** Requests that can cost money: all but log-ins and balance inquiries. */
export function sendRequests(sandbox: Sandbox) {
	return sandbox.state.requests.filter(
		({ endpoint }) => endpoint !== 'login' && endpoint !== 'balance',
	);
}

/** Retries a failed execution as the list of executions does, possibly with an edited workflow. */
export async function retry(
	engine: Engine,
	run: NodeRun,
	failed: NodeResult,
	executionId?: string,
): Promise<NodeResult> {
	return await engine.run({ ...run, retryOf: failed, executionId });
}
