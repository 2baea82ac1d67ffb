import { parseArgs } from 'node:util';
import { demoCredentials } from './demoCredentials';
import { startSandbox } from './server';

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { port: { type: 'string', default: '4010' } } });
	const wanted = Number(values.port);
	if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
		throw new Error(`--port takes a number from 0 to 65535, not "${values.port}"`);
	}
	const sandbox = await startSandbox({ port: wanted });
	const { mboaSms, mamboSms, mamboAccount } = demoCredentials;
	const lines = [
		`SMS sandbox: ${sandbox.url}  (open it to see the phones; it is also the base URL of both gateways)`,
		...(wanted !== 0 && sandbox.port !== wanted ? [`Port ${wanted} is taken.`] : []),
		'',
		'Demo credentials',
		`  MboaSMS, token         ${mboaSms.token}`,
		`  MboaSMS, log-in        ${mboaSms.email}  ${mboaSms.password}`,
		`  MboaSMS, Basic         ${mboaSms.username}  ${mboaSms.basicPassword}`,
		`  Mambo SMS, API key     ${mamboSms.apiKey}`,
		`  Mambo SMS, account     ${mamboAccount.username}  ${mamboAccount.password}`,
		'',
		'Ctrl+C stops it.',
	];
	process.stdout.write(`${lines.join('\n')}\n`);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			sandbox.close().then(
				() => process.exit(0),
				(failure: unknown) => stopWith(failure),
			);
		});
	}
}

function stopWith(failure: unknown): never {
	process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
	process.exit(1);
}

main().catch(stopWith);
