import { makeRefusal, type GatewayAnswer, type RefusalKind, type Refused } from './gateway';

/** Reads fields of answers whose types vary between servers (see the vendors' documents). */

export type AnswerObject = Record<string, unknown>;

export function isAnswerObject(value: unknown): value is AnswerObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an answer, whether they stand in `data` or beside it. */
export function dataOf(body: AnswerObject): AnswerObject {
	return isAnswerObject(body.data) ? { ...body, ...body.data } : body;
}

/** A finite number, also when it came as text; null for anything else. */
export function numberOf(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string' || value.trim() === '') return null;
	const parsed = Number(value.replace(/,(?=\d{3}\b)/g, ''));
	return Number.isFinite(parsed) ? parsed : null;
}

/** A text that says something; null for anything else. */
export function textOf(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Texts of a list, or the one text, joined into a sentence; null when there is none. */
export function sentenceOf(value: unknown): string | null {
	const parts = (Array.isArray(value) ? value : [value]).map(textOf);
	const texts = parts.filter((part): part is string => part !== null);
	return texts.length > 0 ? texts.join(' ') : null;
}

export interface Counts {
	sentCount: number | null;
	failedCount: number | null;
}

/**
 * Stated counts held against the number of recipients asked for; null when they contradict it. More
 * sent than asked is no contradiction: a gateway may count segments. Recipients that neither count
 * covers leave `failedCount` unknown.
 */
export function agreedCounts(
	{ sentCount, failedCount }: Counts,
	recipientCount: number,
): Counts | null {
	const stated = [sentCount, failedCount].filter((count) => count !== null);
	if (stated.some((count) => !Number.isInteger(count) || count < 0)) return null;
	if (sentCount === null) return failedCount ? null : { sentCount, failedCount };
	if (sentCount >= recipientCount) {
		return failedCount ? null : { sentCount: recipientCount, failedCount };
	}
	const ended = sentCount + (failedCount ?? 0);
	if (ended > recipientCount) return null;
	return { sentCount, failedCount: ended === recipientCount ? failedCount : null };
}

const LONGEST_QUOTE = 300;

/**
 * The kind of refusal that an HTTP status and the reason given with it stand for. The status may come
 * from the HTTP answer or, for Mambo SMS, from `statusCode` in a body that arrived with 200.
 */
function refusalKindOf(statusCode: number, reason: string): RefusalKind {
	if (statusCode === 401) return 'credentials';
	if (statusCode === 402) return 'balance';
	if (statusCode === 429) return 'rateLimit';
	if (ADDRESS_STATUSES.has(statusCode)) return 'address';
	if (!isCertainRefusal(statusCode)) return 'unknownOutcome';
	const code = CODE.exec(reason)?.[1] ?? '';
	if (BALANCE_CODE.test(code)) return 'balance';
	if (CREDENTIAL_CODE.test(code)) return 'credentials';
	// What stands in quotation marks is not said by the gateway but repeated by it.
	const said = withoutAccents(reason.slice(0, LONGEST_JUDGED).replace(QUOTED, ' '));
	if (saysNoBalance(said)) return 'balance';
	return saysNoCredentials(said) ? 'credentials' : 'input';
}

/** The address, or what the account may do, is wrong for every request (RFC 9110, 15.4 and 15.5). */
const ADDRESS_STATUSES = new Set([301, 307, 308, 403, 404]);

/** MboaSMS puts it behind its words. */
const CODE = /\(([A-Z][A-Z0-9_]{2,60})\)$/;
const BALANCE_CODE = /^INSUFFICIENT_(?:CREDITS?|BALANCE|FUNDS)$|^PAYMENT_REQUIRED$/;
const CREDENTIAL_CODE =
	/^(?:UNAUTHORIZED|INVALID_TOKEN|TOKEN_EXPIRED|INVALID_CREDENTIALS|INVALID_API_KEY)$/;
const QUOTED =
	/"[^"]{0,200}"|«[^»]{0,200}»|“[^”]{0,200}”|(?<![\p{L}\d])'[^']{0,200}'(?![\p{L}\d])/gu;
const LONGEST_JUDGED = 4_000;

/**
 * Whether an answer with this status proves that nothing was processed. RFC 9110: 4xx means the
 * request was at fault, 301, 307 and 308 that it has to be made elsewhere. 302 and 303 are also the
 * answer to a form that was processed, 408 and 409 leave it open, 5xx proves nothing.
 */
function isCertainRefusal(statusCode: number): boolean {
	if (statusCode === 408 || statusCode === 409) return false;
	return statusCode === 200 || statusCode === 201 || (statusCode >= 400 && statusCode < 500);
}

function saysNoBalance(said: string): boolean {
	return (
		(/\b(?:insufficient|not (?:have )?enough|too low|exhausted|used up|no more)\b/i.test(said) &&
			/\b(?:balance|credits?|funds?|units?)\b/i.test(said)) ||
		/\b(?:solde|credits?|unites?|fonds)\b[^.]{0,40}\b(?:insuffisante?s?|epuisee?s?)\b/i.test(
			said,
		) ||
		/\b(?:insuffisance de|pas assez de|plus de) (?:solde|credits?|unites?|fonds)\b/i.test(said)
	);
}

/** A sender that is not authorised is no credential that is not. */
function saysNoCredentials(said: string): boolean {
	if (/\bsender|expediteur/i.test(said)) return false;
	return (
		/\b(?:unauthori[sz]ed|invalid credentials|not authenticated|non autorise|identifiants? (?:invalides?|incorrects?))\b/i.test(
			said,
		) ||
		/\b(?:invalid|missing|wrong|expired) (?:api[ _-]?key|token)\b/i.test(said) ||
		/\b(?:api[ _-]?key|token) (?:is |has )?(?:invalid|missing|wrong|expired)\b/i.test(said) ||
		/\b(?:jeton|cle api) (?:est |a )?(?:invalide|expiree?|manquante?)\b/i.test(said) ||
		/\baccount (?:is )?(?:inactive|suspended)\b|\bcompte (?:est )?(?:inactif|suspendu)\b/i.test(
			said,
		)
	);
}

/** So that \b, which knows ASCII letters only, finds where French words begin and end. */
function withoutAccents(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '');
}

/** Whether the answer came with a status that says yes. */
export function isHttpOk({ statusCode }: GatewayAnswer): boolean {
	return statusCode >= 200 && statusCode < 300;
}

/**
 * The refusal in an answer that gives a reason, or none (null). `statusCode` is given where the body
 * states one of its own.
 */
export function refusedBy(
	answer: GatewayAnswer,
	stated: string | null,
	statusCode = answer.statusCode,
): Refused {
	const reason = stated ?? unreadableReason(answer);
	const retryAfter = answer.headers['retry-after'];
	const refusal = makeRefusal(refusalKindOf(statusCode, reason), reason, {
		httpCode: String(statusCode),
		...(retryAfter !== undefined && { retryAfter }),
		response: answer.body,
	});
	return { refused: true, refusal };
}

/** The refusal that stands for a success answer whose body says nothing trustworthy. */
export function unreadableAnswer(answer: GatewayAnswer): Refused {
	const refusal = makeRefusal('unknownOutcome', unreadableReason(answer), {
		httpCode: String(answer.statusCode),
		response: answer.body,
	});
	return { refused: true, refusal };
}

function unreadableReason(answer: GatewayAnswer): string {
	const text = typeof answer.body === 'string' ? plainTextOf(answer.body) : '';
	const quote = text === '' ? '' : `: "${text}"`;
	return `HTTP ${answer.statusCode} without a readable answer${quote}`;
}

function plainTextOf(body: string): string {
	const begin = body.slice(0, 20 * LONGEST_QUOTE);
	const title = /<title[^<>]{0,200}>([^<]{0,400})</i.exec(begin)?.[1];
	const text = title ?? begin.replace(/<[^<>]{0,500}>/g, ' ');
	return quoted(text.replace(/\s+/g, ' ').trim());
}

/** A text of the gateway, cut to a length that fits a message on the screen. */
export function quoted(text: string): string {
	return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
