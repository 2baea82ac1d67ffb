import type { IExecuteFunctions } from 'n8n-workflow';

import type { Gateway, Refusal, SendRequest } from '../gateways/gateway';
import { requestSender } from './requests';
import { fingerprint } from './sentKeys';

/** An account of a gateway, ready for requests. */
export interface Account {
	/** Different for every account that a run uses; holds no secret. */
	id: string;
	gateway: Gateway;
}

/** Everything that differs between the two nodes when they send. Each node has one, in `actions/gateway`. */
export interface GatewayNode {
	provider: Gateway['provider'];
	/** The name people know the gateway by. */
	displayName: string;
	/** For numbers that are written without country code. */
	defaultCountry: 'CM' | 'UG';
	/** What the option 'Sender ID' says; null where sender and category are parameters of their own. */
	senderIdDescription: string | null;
	/** `default` in requests per minute; 0: no limit. */
	pace: { default: number; description: string };
	/** Which items may share requests. */
	combineDescription: string;
	/** The account that an item is sent with. Throws when its credential does not fit. */
	connect(context: IExecuteFunctions, itemIndex: number): Promise<Account>;
}

/** The credential of one item, and requests that are signed with it. */
export interface SignedRequests {
	/** Different for every account; holds no secret. */
	accountId: string;
	/** What the credential signs with, where it has several ways. */
	method: unknown;
	sendRequest: SendRequest;
}

/** Of the runs that are under way, by credential type: null where each item may have its own. */
const sharedByItems = new WeakMap<object, Map<string, Promise<SignedRequests | null>>>();

/** To read a credential is a query of n8n's database: below so many items it is not worth looking whether it can differ. */
const FEW_ITEMS = 5;

/** The credential that an item is set to. Throws when its base URL is none. */
export async function signedRequests(
	context: IExecuteFunctions,
	type: string,
	itemIndex: number,
): Promise<SignedRequests> {
	if (context.getInputData().length < FEW_ITEMS) return await ownRequests(context, type, itemIndex);
	const ofRun = sharedByItems.get(context) ?? new Map<string, Promise<SignedRequests | null>>();
	sharedByItems.set(context, ofRun);
	const shared = ofRun.get(type) ?? sharedRequests(context, type);
	ofRun.set(type, shared);
	return (await shared) ?? (await ownRequests(context, type, itemIndex));
}

/** The one credential of all items, or null where its fields can differ, or cannot be used and every item says so. */
async function sharedRequests(
	context: IExecuteFunctions,
	type: string,
): Promise<SignedRequests | null> {
	try {
		return (await canDiffer(context, type)) ? null : await ownRequests(context, type, 0);
	} catch {
		return null;
	}
}

/** No item has this place. */
const NOWHERE = 1e9;

/**
 * Whether fields of a credential are expressions that look at the item: n8n evaluates them for each item, and does
 * not say which are. Seen by whether the input is looked at, and whether an item that is not there gets the same.
 */
async function canDiffer(context: IExecuteFunctions, type: string): Promise<boolean> {
	let isLookedAt = false;
	const look = (target: object, key: PropertyKey): unknown => {
		isLookedAt = true;
		return Reflect.get(target, key);
	};
	const watched = new Proxy(context.getInputData(), { get: look });
	const probe = Object.create(context, {
		connectionInputData: { value: watched },
	}) as typeof context;
	probe.evaluateExpression('{{ $json }}', 0);
	const isWatching = isLookedAt;
	isLookedAt = false;
	const first = await probe.getCredentials(type, 0);
	const nowhere = await probe.getCredentials(type, NOWHERE);
	return !isWatching || isLookedAt || fingerprint([first]) !== fingerprint([nowhere]);
}

async function ownRequests(
	context: IExecuteFunctions,
	type: string,
	itemIndex: number,
): Promise<SignedRequests> {
	const data = await context.getCredentials(type, itemIndex);
	const { id = null, name = '' } = context.getNode().credentials?.[type] ?? {};
	const sendRequest = requestSender({ context, itemIndex, type, id, name }, data.baseUrl);
	// A renewed token is still the same account's.
	const account = { ...data, sessionToken: undefined };
	const accountId = `${type} ${id ?? ''} ${fingerprint([account])}`;
	return { accountId, method: data.method, sendRequest };
}

/** What an execution has learned of an account. */
interface Experience {
	/** Why the gateway does not accept it. */
	refusal: Refusal | null;
	/** Whether the gateway accepted it last time: one refusal after that may be a slip of the gateway. */
	wasAccepted: boolean;
}

/**
 * By execution and account: "suspended due to too many failed attempts", say the vendors. A loop and Retry On
 * Fail keep the id of the execution, so they do not ask again; a retry from the list of executions has a new id
 * and asks once, and a corrected credential is another account.
 */
const experiences = new Map<string, Map<string, Experience>>();

/** Of the latest executions; the oldest is forgotten. */
const MAX_EXECUTIONS = 1_000;

/** Why the gateway did not accept the account earlier in this execution; null where it did not refuse. */
export function earlierRefusal(executionId: string, accountId: string): Refusal | null {
	return experiences.get(executionId)?.get(accountId)?.refusal ?? null;
}

/** Remembers an answer of the gateway; of refusals only those of the credential. */
export function rememberAnswer(
	executionId: string,
	accountId: string,
	refusal: Refusal | null,
): void {
	if (!executionId || (refusal && refusal.kind !== 'credentials')) return;
	const ofExecution = experiences.get(executionId) ?? new Map<string, Experience>();
	const { wasAccepted = false } = ofExecution.get(accountId) ?? {};
	ofExecution.set(accountId, {
		refusal: wasAccepted ? null : refusal,
		wasAccepted: refusal === null,
	});
	experiences.set(executionId, ofExecution);
	const [oldest] = experiences.keys();
	if (experiences.size > MAX_EXECUTIONS && oldest !== undefined) experiences.delete(oldest);
}

/** The gateway of an account, which is not asked again once it refused the credential. */
export function unlessRefused(executionId: string, accountId: string, gateway: Gateway): Gateway {
	return {
		provider: gateway.provider,
		displayName: gateway.displayName,
		hasUpload: gateway.hasUpload,
		async send(batch) {
			const earlier = earlierRefusal(executionId, accountId);
			if (earlier) return { refused: true, refusal: earlier };
			const result = await gateway.send(batch);
			const refusal = result.refused ? result.refusal : (result.stops ?? null);
			rememberAnswer(executionId, accountId, refusal);
			return result;
		},
	};
}
