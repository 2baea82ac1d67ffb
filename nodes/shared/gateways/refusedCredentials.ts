import type { Gateway, Refusal, Refused } from './gateway';

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

/** What a JWT credential of MboaSMS can sign with, in words. */
const SIGNATURES = new Map<unknown, string>([
	['apiKey', 'API key'],
	['login', 'log-in'],
	['token', 'token'],
]);

/** The refusal of a credential says which of the three was refused. */
export function namingCredential(refused: Refused, method: unknown): Refused {
	const signature = SIGNATURES.get(method);
	const { refusal } = refused;
	if (signature === undefined || refusal.kind !== 'credentials') return refused;
	return { ...refused, refusal: { ...refusal, signature } };
}
