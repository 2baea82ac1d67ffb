import type { Answer } from './gateway';

const documented: Record<number, [message: string, code: string, details: string]> = {
	400: ['Invalid request', 'INVALID_REQUEST', 'Missing or malformed parameters'],
	401: ['Unauthorized', 'UNAUTHORIZED', 'Invalid or missing JWT token / Basic Auth credentials'],
	402: ['Payment required', 'INSUFFICIENT_CREDITS', 'Recharge your account to continue sending'],
	403: ['Forbidden', 'FORBIDDEN', 'This account may not do that'],
	404: ['Not found', 'NOT_FOUND', 'There is no such endpoint'],
	405: ['Method not allowed', 'METHOD_NOT_ALLOWED', 'Use POST'],
	408: ['Request timeout', 'REQUEST_TIMEOUT', 'The request took too long'],
	413: ['Payload too large', 'PAYLOAD_TOO_LARGE', 'The file is larger than 30 MB'],
	429: ['Too many requests', 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded, wait before retrying'],
	500: ['Internal server error', 'INTERNAL_ERROR', 'Contact support if the issue persists'],
};

/** The documented error shape; `details` takes the place of the standard words. */
export function mboaSmsRefusal(status: number, details?: string, code?: string): Answer {
	const [message, standardCode, standardDetails] = documented[status] ?? [
		`HTTP ${status}`,
		`HTTP_${status}`,
		'No further details',
	];
	const error = { code: code ?? standardCode, details: details ?? standardDetails };
	return { status, json: { success: false, message, error } };
}

export const invalidPhoneNumber = (): Answer =>
	mboaSmsRefusal(400, 'One or more phone numbers are invalid', 'INVALID_PHONE_NUMBER');

export function mboaSmsTotals(
	message: 'SMS sent successfully' | 'Bulk SMS processed successfully',
	data: { totalSent: number; totalFailed: number; creditsUsed: number },
): Answer {
	return { status: 200, json: { success: true, message, data } };
}
