import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';

/** A tool that the model wants called, by the name under which it was offered. */
export interface ToolCall {
	tool: string;
	arguments: Record<string, unknown>;
}

/** What the model says next: words that end the conversation, calls of tools, or an HTTP status that fails. */
export type Turn = { says: string } | { calls: ToolCall[] } | { status: number };

interface Message {
	role: string;
	content: unknown;
	tool_call_id?: string;
}

/** What n8n's OpenAI Chat Model sends to `/chat/completions`. */
interface ModelRequest {
	model: string;
	stream?: boolean;
	messages: Message[];
	tools?: OfferedTool[];
}

interface OfferedTool {
	function: { name: string; description: string; parameters: { properties: object } };
}

/** A server that speaks OpenAI's Chat Completions on 127.0.0.1, and says what it was told to say. */
export class ScriptedModel {
	private readonly requests: ModelRequest[] = [];

	private turns: Turn[] = [];

	/** The tool of each call, by the call's id. */
	private readonly toolOfCall = new Map<string, string>();

	private constructor(private readonly app: FastifyInstance) {
		app.get('/v1/models', () => ({ object: 'list', data: [{ id: 'scripted', object: 'model' }] }));
		app.post<{ Body: ModelRequest }>('/v1/chat/completions', async (request, reply) => {
			this.requests.push(request.body);
			const turn: Turn = request.body.stream
				? { status: 400 }
				: (this.turns.shift() ?? { says: 'Done.' });
			if ('status' in turn) {
				return await reply.code(turn.status).send({ error: { message: 'The model failed' } });
			}
			return this.completion(turn);
		});
	}

	static async start(): Promise<ScriptedModel> {
		const model = new ScriptedModel(fastify({ forceCloseConnections: true }));
		await model.app.listen({ port: 0, host: '127.0.0.1' });
		return model;
	}

	/** As the credential of n8n's OpenAI nodes wants it. */
	get url(): string {
		return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}/v1`;
	}

	/** From now on the model says this, one turn a request, and then that it is done. */
	script(...turns: Turn[]): void {
		this.turns = turns;
		this.requests.length = 0;
	}

	/** How often the model was asked. */
	get requestCount(): number {
		return this.requests.length;
	}

	/** The tools that the model was offered in its first turn. */
	get offeredTools(): Array<OfferedTool['function']> {
		return (this.requests[0]?.tools ?? []).map((tool) => tool.function);
	}

	/** What a tool answered to the model, call by call. */
	resultsOf(tool: string): string[] {
		const results = new Map<string, string>();
		for (const { role, tool_call_id: id, content } of this.requests.flatMap(messagesOf)) {
			if (role === 'tool' && id && this.toolOfCall.get(id) === tool) {
				results.set(id, textOf(content));
			}
		}
		return [...results.values()];
	}

	async close(): Promise<void> {
		await this.app.close();
	}

	private idOf({ tool }: ToolCall): string {
		const id = `call_${this.toolOfCall.size + 1}`;
		this.toolOfCall.set(id, tool);
		return id;
	}

	private completion(turn: Exclude<Turn, { status: number }>) {
		const message =
			'says' in turn
				? { content: turn.says }
				: {
						content: null,
						tool_calls: turn.calls.map((call) => ({
							id: this.idOf(call),
							type: 'function',
							function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
						})),
					};
		return {
			id: `completion-${this.requests.length}`,
			object: 'chat.completion',
			created: 0,
			model: 'scripted',
			choices: [
				{
					index: 0,
					message: { role: 'assistant', ...message },
					finish_reason: 'says' in turn ? 'stop' : 'tool_calls',
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

function messagesOf(request: ModelRequest): Message[] {
	return request.messages;
}

/** The content of a message, which may come as a text or in parts. */
function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return JSON.stringify(content);
	return content.map((part) => String((part as { text?: unknown }).text ?? '')).join('');
}
