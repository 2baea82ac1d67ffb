import {
	WAIT_INDEFINITELY,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { readOption, UnusableOption } from '../fields/optionKinds';
import { BUTTON_WORDS, PAGE_WORDS, responseTypeOption } from '../fields/sendAndWait';
import { inputError, type ItemError } from '../n8n/errors';
import type { GatewayNode } from '../n8n/gatewayNode';
import { sendQuestion } from '../operations/sending';
import { QUESTION } from './answer';
import type { PageWords, Question } from './page';

/** Statuses of a send after which somebody may have the link. */
const MAY_BE_ASKED = new Set(['sent', 'accepted', 'partial', 'unknown']);

/** The operation Send and Wait: asks by SMS through the one pipeline, then lets the execution wait. */
export async function executeSendAndWait(
	context: IExecuteFunctions,
	gatewayNode: GatewayNode,
): Promise<INodeExecutionData[][]> {
	checkRun(context);
	const waitTill = waitTillOf(context);
	const responseType = responseTypeOf(context);
	const words = pageWordsOf(context);
	const { items, question } = await sendQuestion(context, gatewayNode, (place) =>
		context.getSignedResumeUrl({ to: String(place) }),
	);
	const [item] = items;
	if (!item || item.error || !question) return [items];
	if (!MAY_BE_ASKED.has(question.status)) throw nobodyAsked(context, question.status);
	const stored: Question = { ...question, responseType, words };
	context.getContext('node')[QUESTION] = stored;
	const hint = addressHint(context.getSignedResumeUrl());
	if (hint) context.addExecutionHints({ message: hint, type: 'warning', location: 'outputPane' });
	await context.putExecutionToWait(waitTill);
	return [items];
}

function checkRun(context: IExecuteFunctions): void {
	const item = { context, itemIndex: 0 };
	if (typeof context.getSignedResumeUrl !== 'function') {
		throw inputError(item, {
			message: "This n8n is too old for 'Send and Wait for Response': it needs n8n 1.110 or newer",
			description: 'Nothing was sent. Update n8n, then run the workflow again',
		});
	}
	const { length } = context.getInputData();
	if (length <= 1) return;
	throw inputError(item, {
		message: `There are ${length} items, and one question can be asked at a time`,
		description:
			"Nothing was sent. Put a 'Loop Over Items' node before this one, or switch on 'Execute Once' in the settings of this node",
	});
}

/** Nobody has a link that leads here, so there is nothing to wait for. */
function nobodyAsked(context: IExecuteFunctions, status: string): ItemError {
	const isSkipped = status === 'skipped';
	return inputError(
		{ context, itemIndex: 0 },
		{
			message: 'Nobody was asked, so there is no answer to wait for',
			description: isSkipped
				? "Nothing was sent. Everybody already got an SMS under this 'Deduplication Key', or is on the list 'Do Not Text'. Change the key, or remove the option"
				: 'Nothing was sent. Look at the output for the reason',
		},
	);
}

function responseTypeOf(context: IExecuteFunctions): Question['responseType'] {
	const value: unknown = context.getNodeParameter('responseType', 0, undefined);
	const read = readOption(responseTypeOption, { value, expression: null });
	if (read instanceof UnusableOption) throw inputError({ context, itemIndex: 0 }, read);
	return read;
}

function pageWordsOf(context: IExecuteFunctions): PageWords {
	const buttons = context.getNodeParameter('approvalOptions.values', 0, {}) as IDataObject;
	const words = context.getNodeParameter('options.pageWords.values', 0, {}) as IDataObject;
	const word = (written: unknown, fallback = '') =>
		typeof written === 'string' && written.trim() !== '' ? written.trim() : fallback;
	return {
		title: word(words.title, PAGE_WORDS.title),
		note: word(words.note, PAGE_WORDS.note),
		answer: word(words.answer, PAGE_WORDS.answer),
		submit: word(words.submit, PAGE_WORDS.submit),
		thanks: word(words.thanks, PAGE_WORDS.thanks),
		approve: word(buttons.approveLabel, BUTTON_WORDS.approveLabel),
		disapprove:
			buttons.approvalType === 'double'
				? word(buttons.disapproveLabel, BUTTON_WORDS.disapproveLabel)
				: null,
	};
}

const MINUTE_MS = 60_000;
const UNIT_MS: Record<string, number> = {
	minutes: MINUTE_MS,
	hours: 60 * MINUTE_MS,
	days: 24 * 60 * MINUTE_MS,
};

/** When the wait ends without an answer. Judged before anything is sent. */
function waitTillOf(context: IExecuteFunctions): Date {
	const limit = context.getNodeParameter('options.limitWaitTime.values', 0, {}) as IDataObject;
	if (Object.keys(limit).length === 0) return WAIT_INDEFINITELY;
	const isMoment = limit.limitType === 'atSpecifiedTime';
	const unitMs = UNIT_MS[String(limit.resumeUnit ?? 'hours')] ?? NaN;
	const waitTill = isMoment
		? new Date(String(limit.maxDateAndTime))
		: new Date(Date.now() + Number(limit.resumeAmount ?? 1) * unitMs);
	if (!Number.isNaN(waitTill.getTime()) && waitTill.getTime() > Date.now()) return waitTill;
	throw inputError(
		{ context, itemIndex: 0 },
		{
			message: "'Limit Wait Time' is no time to wait until",
			description: `Nothing was sent. Give ${isMoment ? "a date that is still to come in 'Max Date and Time'" : "an 'Amount' above 0 and a 'Unit'"}, or remove the option`,
		},
	);
}

/** Names without a dot, private networks (RFC 1918, 3927, 4193) and this machine: no phone can open them. */
const NOT_PUBLIC =
	/^(?:localhost|[^.:]+|.*\.(?:local|localhost|internal|lan)|127\..*|10\..*|192\.168\..*|169\.254\..*|172\.(?:1[6-9]|2\d|3[01])\..*|0\.0\.0\.0|\[(?:::1|f[cd].*|fe80.*)\])$/i;

function addressHint(link: string): string | null {
	const { hostname } = new URL(link);
	if (!NOT_PUBLIC.test(hostname)) return null;
	return `The link in the SMS leads to '${hostname}', which no phone can open. Set WEBHOOK_URL to the public address of this n8n, in the workers' environment too.`;
}
