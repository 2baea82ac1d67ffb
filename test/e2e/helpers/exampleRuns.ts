import path from 'node:path';

import { examplesFor } from '../../../playground/demoContents';
import type { Execution } from '../../../playground/executionData';
import type { StoredCredential, StoredWorkflow } from '../../../playground/n8nClient';
import { waitFor } from '../../../playground/waiting';
import { folder, n8nUrl, type Editor } from './editor';

export const userFolder = path.join(folder, 'main');

/** The example workflows in the n8n of the tests, with credentials filled in. */
export class ExampleRuns {
	constructor(
		private readonly editor: Editor,
		private readonly credentials: readonly StoredCredential[],
	) {}

	/** Saves the example with this file name and publishes it. */
	async published(name: string): Promise<StoredWorkflow> {
		const saved = await this.stored(name);
		await this.editor.client.activateWorkflow(saved);
		return saved;
	}

	async stored(name: string): Promise<StoredWorkflow> {
		const workflow = examplesFor(userFolder, this.credentials).get(name);
		if (!workflow) throw new Error(`There is no example ${name}`);
		return await this.editor.client.createWorkflow(workflow);
	}

	/** The result of the newest execution, once there are as many as `count`. */
	async execution({ id }: StoredWorkflow, count = 1): Promise<Execution> {
		const newest = await waitFor(
			`execution ${count} of workflow ${id}`,
			async () => {
				const executions = await this.editor.client.executions(id);
				return executions.length >= count ? executions[0]?.id : undefined;
			},
			{ timeoutMs: 30_000 },
		);
		return await this.editor.client.finished(newest);
	}
}

/** The text of a page, empty when it does not come within seconds: asked too early, n8n holds the answer back. */
export async function textOf(url: string, request: RequestInit = {}): Promise<string> {
	try {
		const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(5_000) });
		return await answer.text();
	} catch {
		return '';
	}
}

export async function postJson(route: string, body: object): Promise<void> {
	const answer = await fetch(n8nUrl + route, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(30_000),
	});
	expect(answer.status).toBe(200);
}

/** The form of a workflow and the pages that follow it, as a browser goes through them. */
export class Visit {
	private constructor(private readonly url: string) {}

	/** Fills the form of the trigger; the fields are in its order. */
	static async begin(formPath: string, ...fields: Array<string | Blob>): Promise<Visit> {
		const answer = await fetch(`${n8nUrl}/form/${formPath}`, {
			method: 'POST',
			body: formOf(fields),
			signal: AbortSignal.timeout(30_000),
		});
		const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl: string };
		return new Visit(formWaitingUrl);
	}

	/** Waits for the page that holds the words, and answers its text. */
	async page(words: string): Promise<string> {
		return await waitFor(
			`the page with "${words}"`,
			async () => {
				const text = await textOf(this.url);
				return text.includes(words) ? text : undefined;
			},
			{ timeoutMs: 40_000, pollMs: 300 },
		);
	}

	/** The answer may come late; what came of it shows on the next page. */
	async answer(...fields: string[]): Promise<void> {
		await textOf(this.url, { method: 'POST', body: formOf(fields) });
	}

	/** What the script of the last page does: the execution ends. */
	async end(): Promise<void> {
		await this.answer();
	}
}

function formOf(fields: ReadonlyArray<string | Blob>): FormData {
	const form = new FormData();
	for (const [index, field] of fields.entries()) {
		if (typeof field === 'string') form.append(`field-${index}`, field);
		else form.append(`field-${index}`, field, 'people.csv');
	}
	return form;
}
