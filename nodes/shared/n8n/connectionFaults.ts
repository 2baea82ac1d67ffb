import { NoAnswer, type Refusal } from '../gateways/gateway';

/** Faults that only a connection that was never made can have (Node.js, `errors` and `dns`). */
const NEVER_CONNECTED = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
]);

/** Faults that can also hit an established connection, unless the call was `connect`. */
const NEVER_CONNECTED_IF_CONNECTING = new Set([
	'ETIMEDOUT',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	'ECONNRESET',
]);

/** Certificate verdicts of OpenSSL, as Node.js names them: given before the request is written. */
const CERTIFICATE_REFUSED =
	/^(CERT_|UNABLE_TO_|ERR_TLS_CERT_|SELF_SIGNED_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|HOSTNAME_MISMATCH$)/;

const NO_TLS =
	/before secure TLS connection was established|wrong version number|unsupported protocol|handshake failure/i;

const WORDS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
	ENOTFOUND: 'the host name was not found (ENOTFOUND)',
	EAI_AGAIN: 'the host name could not be looked up (EAI_AGAIN)',
	ECONNRESET: 'the connection was reset (ECONNRESET)',
	ECONNABORTED: 'no answer came in time (ECONNABORTED)',
	ETIMEDOUT: 'no answer came in time (ETIMEDOUT)',
	ERR_CANCELED: 'no answer came in time',
	ERR_INVALID_CHAR:
		'the credential holds a character that cannot be sent, perhaps an invisible one: copy it again',
};

/** n8n knows by the word "canceled" that it ended an execution itself. */
const CANCELED = 'the execution was canceled while the request was under way';

/** One fault in a chain of causes; the fields that Node.js, axios and our log-in set. */
interface Fault {
	message?: string;
	code?: string;
	syscall?: string;
	errors?: unknown[];
	cause?: unknown;
	name?: string;
	request?: ClientRequest;
	logInRefusal?: Refusal;
	response?: ThrownResponse;
}

/** What Node.js tells of a request that has ended; see `hasNotConnected`. */
interface ClientRequest {
	socket?: Partial<ClientSocket> | null;
}

/** `timeout` is undefined until one is set; `connecting` is there in every socket of Node.js (net.Socket). */
interface ClientSocket {
	encrypted: boolean;
	alpnProtocol: unknown;
	connecting: boolean;
	timeout: number;
}

/** What is known of a request that failed. */
interface RequestState {
	timeoutMs?: number;
	isCanceled?: boolean;
	isAnswering?: boolean;
}

/** An answer as axios puts it into an error. */
interface ThrownResponse {
	status?: number;
	headers?: unknown;
	data?: unknown;
}

/**
 * What a thrown request says: whether it can have left this machine. Only what proves that no
 * connection was made counts as not left; everything else may have reached the gateway. `timeoutMs`:
 * of the request; `isCanceled`: by the user or by n8n; `isAnswering`: it failed after the answer had begun.
 */
export function noAnswerOf(
	error: unknown,
	{ timeoutMs, isCanceled = false, isAnswering = false }: RequestState = {},
): NoAnswer {
	const chain = chainOf(error);
	const logInRefusal = chain.find((fault) => fault.logInRefusal)?.logInRefusal;
	if (logInRefusal) return new NoAnswer(logInRefusal.reason, false, logInRefusal);
	const isNeverSent =
		!isAnswering &&
		(chain.some(isNeverConnected) || chain.some((fault) => hasNotConnected(fault, timeoutMs)));
	return new NoAnswer(isCanceled ? CANCELED : faultWords(chain), !isNeverSent);
}

/** The answer inside an error, for the statuses that n8n raises. */
export function thrownResponseOf(error: unknown): ThrownResponse | undefined {
	return chainOf(error).find((fault) => typeof fault.response?.status === 'number')?.response;
}

function chainOf(error: unknown): Fault[] {
	const chain: Fault[] = [];
	let next: unknown = error;
	while (typeof next === 'object' && next !== null && chain.length < 10) {
		const fault: Fault = next;
		chain.push(fault);
		next = fault.cause;
	}
	return chain;
}

function isNeverConnected(fault: Fault): boolean {
	const code = fault.code ?? '';
	if (NEVER_CONNECTED.has(code) || CERTIFICATE_REFUSED.test(code)) return true;
	if (NEVER_CONNECTED_IF_CONNECTING.has(code) && fault.syscall === 'connect') return true;
	if (NO_TLS.test(fault.message ?? '') || fault.name === 'URIError') return true;
	// Several addresses were tried one after another (RFC 8305): all of them have to have failed so.
	const tried = Array.isArray(fault.errors) ? fault.errors : [];
	return tried.length > 0 && tried.every((one) => chainOf(one).some(isNeverConnected));
}

/**
 * Dropped packets, a name that is never looked up and a handshake that never ends look like a gateway that
 * is silent, but for the socket. It is missing before a connection; over TLS `alpnProtocol` is null until the
 * handshake is done (Node.js, tls); over http the time of the request reaches the socket only once it is
 * connected (Node.js, request.setTimeout).
 */
function hasNotConnected({ request }: Fault, timeoutMs: number | undefined): boolean {
	if (typeof request !== 'object' || request === null || !('socket' in request)) return false;
	const { socket } = request;
	if (!socket) return true;
	if (socket.encrypted) return socket.alpnProtocol === null;
	return timeoutMs !== undefined && 'connecting' in socket && socket.timeout !== timeoutMs;
}

function faultWords(chain: Fault[]): string {
	const code = chain.find((fault) => typeof fault.code === 'string' && fault.code)?.code;
	const message = chain.at(-1)?.message ?? '';
	if (/^timeout of \d+ms exceeded/.test(message)) return 'no answer came in time';
	if (code && WORDS[code]) return WORDS[code];
	if (message === '') return code ?? 'the connection ended';
	return code && !message.includes(code) ? `${message} (${code})` : message;
}
