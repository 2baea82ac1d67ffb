import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { LONGEST_ANSWER, PAGE_HEADERS, questionPage, thanksPage, type Question } from './page';

/** Where the question of a node waits for its answer, in n8n's node context. */
export const QUESTION = 'question';

/**
 * The link of the SMS. Opened, it shows the question and lets the workflow wait on: phones and
 * scanners open links by themselves. Only a button goes on.
 */
export async function answerQuestion(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const question = questionOf(context);
	const isButton = context.getRequestObject().method === 'POST';
	const data = isButton ? givenAnswer(question, context.getBodyData()) : null;
	if (data === null) return show(context, questionPage(question));
	const json = {
		data: { ...data, respondedAt: new Date().toISOString() },
		respondedBy: respondentOf(context, question),
		recipients: question.recipients,
		status: question.status,
	};
	return {
		...show(context, thanksPage(question)),
		workflowData: [[{ json, pairedItem: { item: 0 } }]],
	};
}

/** The answer that was sent; null for none, after which the page is shown again. */
function givenAnswer(
	{ responseType, words }: Question,
	{ answer, text }: IDataObject,
): { approved: boolean } | { text: string } | null {
	if (responseType === 'freeText') {
		const written = typeof text === 'string' ? text.trim().slice(0, LONGEST_ANSWER) : '';
		return written === '' ? null : { text: written };
	}
	if (answer === 'approve') return { approved: true };
	return answer === 'disapprove' && words.disapprove !== null ? { approved: false } : null;
}

/** Each person has a link of their own. n8n has checked that its parameters were not changed. */
function respondentOf(context: IWebhookFunctions, { recipients }: Question): string | null {
	const { to } = context.getQueryData() as { to?: unknown };
	return typeof to === 'string' && /^\d+$/.test(to) ? (recipients[Number(to)] ?? null) : null;
}

/** A webhook has no node context of its own, but expressions read the one that the send filled. */
function questionOf(context: IWebhookFunctions): Question {
	const name = JSON.stringify(context.getNode().name);
	const stored = `{{ JSON.stringify($node[${name}].context.${QUESTION}) }}`;
	return JSON.parse(String(context.evaluateExpression(stored, 0))) as Question;
}

function show(context: IWebhookFunctions, page: string): IWebhookResponseData {
	const response = context.getResponseObject();
	for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
	response.send(page);
	return { noWebhookResponse: true };
}
