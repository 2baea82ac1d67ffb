/** `npm start`: the nodes in a real n8n, beside a sandbox that stands in for both gateways. */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { openInBrowser } from './browserWindow';
import { stopAll } from './childProcesses';
import { type Playground, startPlayground } from './playground';

const SANDBOX_PORT = 4010;
const N8N_PORT = 5678;

let playground: Playground | null = null;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { port: { type: 'string' } } });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => void stop(0));
	}
	playground = await startPlayground({
		userFolder: path.join(__dirname, '.n8n'),
		n8nPort: Number(values.port ?? N8N_PORT),
		sandboxPort: SANDBOX_PORT,
		say,
	});
	openInBrowser(playground.link);
	const n8n = playground.n8n.process;
	const ended = setInterval(() => {
		if (n8n.endedBy === null) return;
		clearInterval(ended);
		say(`n8n ended (${n8n.endedBy}):\n${n8n.log.slice(-2_000)}`);
		void stop(1);
	}, 1_000);
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

let isStopping = false;

async function stop(code: number): Promise<void> {
	if (isStopping) return;
	isStopping = true;
	say('Stopping …');
	await stopAll();
	await playground?.close();
	process.exit(code);
}

main().catch((failure: unknown) => {
	say(failure instanceof Error ? failure.message : String(failure));
	void stop(1);
});
