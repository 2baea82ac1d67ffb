import FormData from 'form-data';
import { request as httpRequest } from 'node:http';
import { demoCredentials } from '../../sandbox/demoCredentials';
import { startSandbox, type Sandbox } from '../../sandbox/server';

export const bearer = { authorization: `Bearer ${demoCredentials.mboaSms.token}` };
export const mamboKey = { authorization: demoCredentials.mamboSms.apiKey };

export const sendPath = '/api/v1/developer/sms/send';
export const sendWithAuthPath = '/api/v1/developer/sms/send-with-auth';
export const sendBulkPath = '/api/v1/developer/sms/send-bulk';
export const loginPath = '/api/v1/auth/login';
export const mamboSendPath = '/v1/send-sms';
export const balancePath = '/v1/accounts/balance';

export const hello = { phoneNumbers: ['+237670000000'], message: 'Hello' };
export const mamboHello = {
	message: 'Hello',
	recipients: '0772000001',
	message_category: 'customised',
	sender_id: 'MamboSMS',
};

export interface Received {
	status: number;
	headers: Headers;
	text: string;
	json: unknown;
}

/** One sandbox for the tests of a file, fresh before each; its clock stands still unless a test moves it. */
export function useSandbox() {
	const clock = { now: Date.UTC(2026, 0, 15, 12) };
	const context = { sandbox: undefined as Sandbox | undefined };
	beforeAll(async () => {
		context.sandbox = await startSandbox({ now: () => clock.now });
	});
	beforeEach(() => sandbox().reset());
	afterAll(async () => await sandbox().close());

	function sandbox(): Sandbox {
		if (context.sandbox === undefined) throw new Error('The sandbox has not started');
		return context.sandbox;
	}

	async function call(
		method: string,
		path: string,
		headers: Record<string, string> = {},
		body?: string | Uint8Array<ArrayBuffer>,
		signal?: AbortSignal,
	): Promise<Received> {
		const response = await fetch(`${sandbox().url}${path}`, {
			method,
			headers,
			body,
			signal,
			redirect: 'manual',
		});
		return received(response.status, response.headers, await response.text());
	}

	async function post(
		path: string,
		json: unknown,
		headers: Record<string, string> = {},
		signal?: AbortSignal,
	): Promise<Received> {
		const withType = { 'content-type': 'application/json', ...headers };
		return await call('POST', path, withType, JSON.stringify(json), signal);
	}

	/** Multipart as the `form-data` package writes it, sent by `node:http`. */
	async function upload(
		fileName: string,
		bytes: Buffer | string,
		{ path = sendBulkPath, field = 'file', headers = bearer as Record<string, string> } = {},
	): Promise<Received> {
		const form = new FormData();
		form.append(field, bytes, { filename: fileName });
		return await new Promise((resolve, reject) => {
			const outgoing = httpRequest(
				`${sandbox().url}${path}`,
				{ method: 'POST', headers: { ...form.getHeaders(), ...headers } },
				(response) => {
					const chunks: Buffer[] = [];
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.on('error', reject);
					response.on('end', () => {
						const text = Buffer.concat(chunks).toString('utf8');
						resolve(received(response.statusCode ?? 0, new Headers(), text));
					});
				},
			);
			outgoing.on('error', reject);
			form.pipe(outgoing);
		});
	}

	const messages = () =>
		sandbox().state.messages.map(({ recipient, text }) => ({ recipient, text }));

	return { clock, sandbox, call, post, upload, messages };
}

function received(status: number, headers: Headers, text: string): Received {
	return { status, headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		return undefined;
	}
}
