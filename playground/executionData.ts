import { parse } from 'flatted';

/** What the tests and the playground read of an execution. */
export interface Execution {
	id: string;
	status: string;
	finished: boolean;
	mode: string;
	retryOf: string | null;
	runs: Record<string, NodeRun[]>;
	/** The error that ended the execution. */
	error: ExecutionError | null;
	lastNode: string | null;
}

export interface NodeRun {
	status: string;
	durationMs: number;
	error: ExecutionError | null;
	hints: Array<{ message: string; type?: string }>;
	/** Items per output: 0 is the main one, 1 the error branch. */
	outputs: Item[][];
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, { fileName?: string; mimeType: string; data: string }>;
	pairedItem?: unknown;
	error?: ExecutionError;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	httpCode?: string | null;
	name?: string;
}

/** As `/rest/executions/:id` answers it; `data` is written by the library flatted. */
export interface StoredExecution {
	id: string;
	status: string;
	finished: boolean;
	mode: string;
	retryOf?: string | null;
	data?: string;
}

interface RunData {
	resultData?: {
		runData?: Record<string, StoredRun[]>;
		error?: ExecutionError;
		lastNodeExecuted?: string;
	};
}

interface StoredRun {
	executionStatus?: string;
	/** Milliseconds. */
	executionTime?: number;
	error?: ExecutionError;
	hints?: NodeRun['hints'];
	data?: { main?: Array<Item[] | null> };
}

export function executionOf(stored: StoredExecution): Execution {
	const data = parse(stored.data ?? '[]') as RunData | undefined;
	const resultData = data?.resultData ?? {};
	const runs = Object.entries(resultData.runData ?? {}).map(([node, own]): [string, NodeRun[]] => [
		node,
		own.map((run) => ({
			status: run.executionStatus ?? 'unknown',
			durationMs: run.executionTime ?? 0,
			error: run.error ?? null,
			hints: run.hints ?? [],
			outputs: (run.data?.main ?? []).map((items) => items ?? []),
		})),
	]);
	return {
		id: stored.id,
		status: stored.status,
		finished: stored.finished,
		mode: stored.mode,
		retryOf: stored.retryOf ?? null,
		runs: Object.fromEntries(runs),
		error: resultData.error ?? null,
		lastNode: resultData.lastNodeExecuted ?? null,
	};
}
