import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';

import { balanceNotice } from '../shared/fields/fields';
import { shownValue } from '../shared/fields/optionKinds';
import { makeRefusal, type Refusal } from '../shared/gateways/gateway';
import { type Balance, readBalanceAnswer } from '../shared/gateways/mamboSmsBalance';
import { noAnswerOf } from '../shared/n8n/connectionFaults';
import { plainBaseUrl } from '../shared/n8n/credentialTests';
import { answerOf, withoutSecrets } from '../shared/n8n/requests';
import { fingerprint } from '../shared/n8n/sentKeys';
import { balanceError } from '../shared/n8n/errors';
import { isSupportedN8n, MAIN, unsupportedN8n } from '../shared/n8n/supportedN8n';

const CREDENTIAL = 'mamboSmsAccountApi';

const TIMEOUT_MS = 30_000;

/** What the trigger remembers between polls and restarts, in n8n's workflow static data. */
interface Memory {
	/** Whether the last poll found the balance below the threshold. */
	isBelow?: boolean;
}

export class MamboSmsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mambo SMS Trigger',
		name: 'mamboSmsTrigger',
		icon: { light: 'file:../../icons/mambosms.svg', dark: 'file:../../icons/mambosms.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "Balance below " + $parameter["threshold"] }}',
		// n8n's list of nodes shows the description of the trigger for both.
		description:
			'Send SMS in Uganda with Mambo SMS, one by one or from a file, or start a workflow when the balance falls too low',
		defaults: { name: 'Mambo SMS Trigger' },
		polling: true,
		inputs: [],
		outputs: [MAIN],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			balanceNotice,
			{
				displayName: 'Threshold',
				name: 'threshold',
				type: 'number',
				typeOptions: { minValue: 0 },
				required: true,
				default: 5000,
				placeholder: 'e.g. 5000',
				description:
					'The balance that is still enough, in the currency of the account (UGX): any lower one starts the workflow. To ask every hour is often enough.',
			},
			{
				displayName:
					'The workflow starts once when the balance falls below the threshold, and again only after you have topped up to at least the threshold. A test shows the balance as it is, also a high one',
				name: 'notice',
				type: 'notice',
				default: '',
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		if (!isSupportedN8n) throw unsupportedN8n(this.getNode());
		const threshold = thresholdOf(this);
		const balance = await balanceOf(this);
		const output = [[{ json: { provider: 'mambosms', ...balance, threshold } }]];
		// A person who tries the node wants to see an item, and the memory is not to change by it.
		if (this.getMode() === 'manual') return output;

		// n8n stores a change when the workflow starts and when it is activated. So a rise that is seen
		// just before n8n stops counts only if the balance is still up when n8n is back.
		const memory: Memory = this.getWorkflowStaticData('node');
		const wasBelow = memory.isBelow === true;
		const isBelow = balance.balance < threshold;
		if (isBelow !== wasBelow) memory.isBelow = isBelow;
		return isBelow && !wasBelow ? output : null;
	}
}

/** A threshold that is no number would never be undercut, so it fails at once. */
function thresholdOf(context: IPollFunctions): number {
	const stored: unknown = context.getNodeParameter('threshold');
	const text = typeof stored === 'number' ? String(stored) : stored;
	if (typeof text === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text);
	throw new NodeOperationError(context.getNode(), "'Threshold' is no number", {
		description: `The balance was not asked for. It is ${shownValue(stored)}: enter a number such as 5000, without blanks`,
	});
}

interface RefusedAccount {
	refusal: Refusal;
	count: number;
	/** Milliseconds since the epoch. */
	askAgainAt: number;
}

/** Accounts that were refused, by what was sent: asked again and again, they get suspended. Empty after a restart. */
const refusedAccounts = new Map<string, RefusedAccount>();
const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Throws what n8n shows as a failed poll when the balance cannot be told. */
async function balanceOf(context: IPollFunctions): Promise<Balance> {
	const credential = await context.getCredentials(CREDENTIAL);
	const account = fingerprint([credential]);
	const refused = refusedAccounts.get(account);
	if (refused && Date.now() < refused.askAgainAt && context.getMode() !== 'manual') {
		throw balanceError(context.getNode(), 0, notAskedAgain(refused));
	}
	const baseUrl = plainBaseUrl(credential.baseUrl);
	if (baseUrl === null) {
		throw new NodeOperationError(
			context.getNode(),
			"The 'Base URL' of the credential is no usable address",
			{ description: "Open the credential with the pencil beside its name and correct 'Base URL'" },
		);
	}
	let refusal: Refusal;
	try {
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL,
			{
				method: 'POST',
				url: `${baseUrl}/v1/accounts/balance`,
				headers: { 'Content-Type': 'application/json' },
				body: {},
				timeout: TIMEOUT_MS,
				returnFullResponse: true,
				encoding: 'stream',
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
			},
		);
		const whole = await answerOf(answer, AbortSignal.timeout(TIMEOUT_MS));
		const read = readBalanceAnswer(withoutSecrets(whole, credential));
		if (!read.refused) {
			refusedAccounts.delete(account);
			return read.balance;
		}
		refusal = read.refusal;
		const isRefused = refusal.kind === 'credentials' || refusal.kind === 'input';
		if (isRefused && context.getMode() !== 'manual') {
			const count = (refused?.count ?? 0) + 1;
			const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1));
			refusedAccounts.set(account, { refusal, count, askAgainAt: Date.now() + waitMs });
		}
	} catch (error) {
		refusal = makeRefusal('unavailable', noAnswerOf(error).message);
	}
	throw balanceError(context.getNode(), 0, refusal);
}

/** The refusal that was remembered, with when the account is asked again. */
function notAskedAgain({ refusal, askAgainAt }: RefusedAccount): Refusal {
	const time = new Date(askAgainAt).toISOString().slice(0, 16).replace('T', ' ');
	const reason = `${refusal.reason} (not asked again before ${time} UTC, so that the account is not suspended; a corrected credential is asked at once)`;
	return { ...refusal, reason };
}
