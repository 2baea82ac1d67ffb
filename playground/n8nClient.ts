import { executionOf, type Execution, type StoredExecution } from './executionData';
import { waitFor } from './waiting';

export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

export interface WorkflowNode {
	name: string;
	type: string;
	credentials?: Record<string, { id: string | null; name: string }>;
	[setting: string]: unknown;
}

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

export interface StoredWorkflow extends Workflow {
	id: string;
	versionId: string;
}

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

export interface CredentialVerdict {
	status: 'OK' | 'Error';
	message: string;
}

interface Publication {
	status: string;
	triggers: Array<{ errorMessage: string | null }>;
}

const FINISHED = new Set(['success', 'error', 'crashed', 'canceled']);

/** The REST interface that n8n's editor uses, with the log-in kept as a cookie. */
export class N8nClient {
	private cookie = '';

	constructor(readonly url: string) {}

	/** What a browser needs to be signed in. */
	get logInCookie(): string {
		return this.cookie;
	}

	/** Makes the owner's account on a new n8n, and logs in on one that has it. */
	async signIn(owner: Owner): Promise<{ isNew: boolean }> {
		const settings = await this.get<{ userManagement?: { showSetupOnFirstLoad?: boolean } }>(
			'/rest/settings',
		);
		const isNew = settings.userManagement?.showSetupOnFirstLoad === true;
		const { email, password } = owner;
		if (isNew) await this.post('/rest/owner/setup', owner);
		// The name of the field was another before n8n 1.82.
		else await this.post('/rest/login', { email, emailOrLdapLoginId: email, password });
		return { isNew };
	}

	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		return await this.post('/rest/credentials', { name, type, data });
	}

	/** What the button Test of the credential answers. */
	async testCredential(
		type: string,
		data: Record<string, unknown>,
		id = '',
	): Promise<CredentialVerdict> {
		return await this.post('/rest/credentials/test', {
			credentials: { id, name: 'Tested', type, data },
		});
	}

	async createWorkflow(workflow: Workflow): Promise<StoredWorkflow> {
		return await this.post('/rest/workflows', { settings: {}, active: false, ...workflow });
	}

	async updateWorkflow(id: string, change: Partial<Workflow>): Promise<StoredWorkflow> {
		return await this.patch(`/rest/workflows/${id}`, change);
	}

	/** Publishes the workflow and waits until its triggers listen. Throws with n8n's words if they cannot. */
	async activateWorkflow({ id, versionId }: StoredWorkflow): Promise<void> {
		await this.setActive(id, true, versionId);
		const { status, triggers } = await waitFor(
			`the triggers of workflow ${id}`,
			async () => {
				const answer = await this.publicationOf(id);
				return ['in_progress', 'not_published'].includes(answer.status) ? undefined : answer;
			},
			{ timeoutMs: 40_000 },
		);
		if (status !== 'published') {
			const words = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
			throw new Error(`Workflow ${id} is not published: ${words.join('; ') || status}`);
		}
	}

	async deactivateWorkflow(id: string): Promise<void> {
		await this.setActive(id, false);
	}

	/** Older n8n 1 has no route for it: there `active` is a field of the workflow. */
	private async setActive(id: string, active: boolean, versionId?: string): Promise<void> {
		try {
			await this.post(`/rest/workflows/${id}/${active ? 'activate' : 'deactivate'}`, { versionId });
		} catch (error) {
			if (!isMissingRoute(error)) throw error;
			await this.patch(`/rest/workflows/${id}`, { active, versionId });
		}
	}

	/** n8n 1 has no route for it, because there the triggers listen before the request is answered. */
	private async publicationOf(id: string): Promise<Publication> {
		try {
			return await this.get<Publication>(`/rest/workflows/${id}/publication-status`);
		} catch (error) {
			if (isMissingRoute(error)) return { status: 'published', triggers: [] };
			throw error;
		}
	}

	/** Starts the workflow as the button Execute Workflow does; answers the execution's id. */
	async startWorkflow(workflow: StoredWorkflow, triggerName: string): Promise<string> {
		const { executionId } = await this.post<{ executionId: string }>(
			`/rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: triggerName } },
		);
		return executionId;
	}

	async runWorkflow(
		workflow: StoredWorkflow,
		triggerName: string,
		timeoutMs = 60_000,
	): Promise<Execution> {
		return await this.finished(await this.startWorkflow(workflow, triggerName), timeoutMs);
	}

	/** Waits until the execution has ended, and answers it whole. */
	async finished(executionId: string, timeoutMs = 60_000): Promise<Execution> {
		return await waitFor(
			`the end of execution ${executionId}`,
			async () => {
				const stored = await this.get<StoredExecution | undefined>(
					`/rest/executions/${executionId}`,
				);
				if (stored === undefined || !FINISHED.has(stored.status)) return undefined;
				const execution = executionOf(stored);
				// n8n 1 stores the status a moment before the data.
				const isWhole = execution.error !== null || Object.keys(execution.runs).length > 0;
				return isWhole || ['canceled', 'crashed'].includes(execution.status)
					? execution
					: undefined;
			},
			{ timeoutMs, pollMs: 100 },
		);
	}

	/** Retries a failed execution from the list; `loadWorkflow` takes the workflow as it is now. */
	async retryExecution(executionId: string, loadWorkflow: boolean): Promise<Execution> {
		await this.post(`/rest/executions/${executionId}/retry`, { loadWorkflow });
		const retried = await waitFor(
			`the retry of execution ${executionId}`,
			async () => (await this.executions()).find(({ retryOf }) => retryOf === executionId)?.id,
			{ timeoutMs: 30_000 },
		);
		return await this.finished(retried);
	}

	/** The newest first. */
	async executions(workflowId?: string): Promise<StoredExecution[]> {
		const filter = encodeURIComponent(JSON.stringify(workflowId ? { workflowId } : {}));
		const { results } = await this.get<{ results: StoredExecution[] }>(
			`/rest/executions?limit=100&filter=${filter}`,
		);
		return results;
	}

	async get<Answer = unknown>(path: string): Promise<Answer> {
		return await this.request('GET', path);
	}

	async post<Answer = unknown>(path: string, body: unknown): Promise<Answer> {
		return await this.request('POST', path, body);
	}

	async patch<Answer = unknown>(path: string, body: unknown): Promise<Answer> {
		return await this.request('PATCH', path, body);
	}

	/** A page or file that needs the log-in, as it is. */
	async fetch(path: string): Promise<Response> {
		return await fetch(this.url + path, {
			headers: { cookie: this.cookie },
			signal: AbortSignal.timeout(30_000),
		});
	}

	private async request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const answer = await fetch(this.url + path, {
			method,
			headers: { cookie: this.cookie, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(60_000),
		});
		const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';', 1)[0] ?? '';
		const text = await answer.text();
		if (!answer.ok) throw new RestError(answer.status, `${method} ${path}: ${text.slice(0, 500)}`);
		return (JSON.parse(text) as { data: Answer }).data;
	}
}

/** n8n answered a request with a status that says no. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(`HTTP ${status} to ${message}`);
	}
}

function isMissingRoute(error: unknown): boolean {
	return error instanceof RestError && error.status === 404;
}
