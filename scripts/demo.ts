import type { INodeExecutionData } from 'n8n-workflow';

import { demoCredentials } from '../sandbox/demoCredentials';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { Engine, type NodeResult, type NodeRun } from '../test/helpers/engine';
import { fileItem, goodCredentials, mamboSmsRun, mboaSmsRun } from '../test/helpers/smsRuns';
import { printTable } from './table';

/** One workflow of the demo, and what has to come out of it. */
interface Scene {
	title: string;
	run: NodeRun;
	/** Messages that arrive on phones. */
	arriving: number;
	isAsDescribed(result: NodeResult): boolean;
}

const frenchText =
	'Chère cliente, votre commande nº 12 est prête : passez à la boutique jusqu’à 18 h. Merci de votre fidélité !';

const recipientsCsv = [
	'Liste des clients;;',
	'Nom;Téléphone;Message',
	'Jean;670 00 00 00;Bonjour Jean, votre commande est prete.',
	'Marie;+237 699 12 34 56;',
	'Paul;2.37E+11;',
	'Marie;699123456;',
].join('\r\n');

function scenesOf(url: string): Scene[] {
	const wrongToken = { mboaSmsJwtApi: { method: 'token', token: 'not-the-token', baseUrl: url } };
	return [
		{
			title: 'MboaSMS, Send with a JWT: two numbers, written as people write them',
			run: mboaSmsRun(url, { recipients: '670 00 00 00; +237 699-12-34-56', message: 'Bonjour!' }),
			arriving: 2,
			isAsDescribed: ({ json: [item] }) => item?.status === 'sent' && item.sentCount === 2,
		},
		{
			title: 'MboaSMS, Send with Basic authentication',
			run: {
				...mboaSmsRun(url, {
					authentication: 'basic',
					recipients: '677123456',
					message: 'Basic works.',
				}),
				credentials: goodCredentials.mboaSmsBasic(url),
			},
			arriving: 1,
			isAsDescribed: ({ json: [item] }) => item?.status === 'sent',
		},
		{
			title: 'MboaSMS, a French text with accents: UCS-2, two segments',
			run: mboaSmsRun(url, { recipients: '677123456', message: frenchText }),
			arriving: 1,
			isAsDescribed: ({ json: [item], hints }) =>
				item?.encoding === 'UCS-2' && item.segments === 2 && hints.length === 1,
		},
		{
			title: 'MboaSMS, the same text with Smart Encoding: GSM-7, one segment',
			run: mboaSmsRun(url, {
				recipients: '677123456',
				message: frenchText,
				options: { smartEncoding: true },
			}),
			arriving: 1,
			isAsDescribed: ({ json: [item] }) => item?.encoding === 'GSM-7' && item.segments === 1,
		},
		{
			title: 'Mambo SMS, Send to three numbers, one of them unsupported',
			run: mamboSmsRun(url, {
				recipients: '0772123456, 0756123456, +237670000000',
				message: 'Dear parent, school opens on Monday.',
			}),
			arriving: 2,
			isAsDescribed: ({ json: [item] }) =>
				item?.status === 'partial' && item.sentCount === 2 && item.failedCount === 1,
		},
		{
			title: 'Mambo SMS, Get Balance',
			run: {
				type: 'mamboSms',
				parameters: { resource: 'account', operation: 'getBalance' },
				credentials: goodCredentials.mamboAccount(url),
			},
			arriving: 0,
			isAsDescribed: ({ json: [item] }) => typeof item?.balance === 'number',
		},
		{
			title: 'MboaSMS, Send Bulk: a CSV with a title row, a lost number and a duplicate',
			run: mboaSmsRun(
				url,
				{ operation: 'sendBulk', message: 'Bonjour {Nom}, a bientot.' },
				{ items: [fileItem(recipientsCsv, 'clients.csv')] },
			),
			arriving: 2,
			isAsDescribed: ({ json: [item] }) =>
				item?.rowCount === 4 &&
				item.sentCount === 2 &&
				item.duplicateCount === 1 &&
				item.invalidCount === 1,
		},
		{
			title: 'MboaSMS with a wrong token, On Error: Continue',
			run: {
				...mboaSmsRun(url, { recipients: '677123456', message: 'Never sent' }),
				credentials: wrongToken,
				onError: 'continueRegularOutput',
			},
			arriving: 0,
			isAsDescribed: ({ json: [item] }) =>
				item?.status === 'failed' &&
				/did not accept the credential/.test(String(item.errorMessage)),
		},
	];
}

async function main(): Promise<void> {
	const sandbox = await startSandbox();
	console.log(`Sandbox for both gateways: ${sandbox.url}\n`);
	const engine = await Engine.start();
	let wrong = 0;
	for (const scene of scenesOf(sandbox.url)) wrong += (await play(scene, engine, sandbox)) ? 0 : 1;
	printPhones(sandbox);
	await sandbox.close();
	console.log(
		wrong === 0
			? '\nEverything went as described.'
			: `\n${wrong} of the scenes did not go as described.`,
	);
	process.exitCode = wrong === 0 ? 0 : 1;
}

async function play(scene: Scene, engine: Engine, sandbox: Sandbox): Promise<boolean> {
	const before = sandbox.state.messages.length;
	const result = await engine.run(scene.run);
	const arrived = sandbox.state.messages.length - before;
	const isGood =
		result.status === 'success' && arrived === scene.arriving && scene.isAsDescribed(result);
	console.log(`${isGood ? '✔' : '✘'} ${scene.title}`);
	for (const item of result.items) printTable(rowsOf(item));
	if (result.error) console.log(`  ${result.error.message}`);
	for (const hint of result.hints) console.log(`  Hint: ${hint.message}`);
	console.log('');
	return isGood;
}

function rowsOf({ json }: INodeExecutionData): string[][] {
	return Object.entries(json)
		.filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
		.map(([name, value]) => [
			name,
			typeof value === 'object' ? JSON.stringify(value) : String(value),
		]);
}

function printPhones(sandbox: Sandbox): void {
	console.log('What the phones received:');
	const rows = sandbox.state.messages.map((message) => [
		message.recipient,
		message.sender,
		String(message.segments),
		message.text,
	]);
	printTable([['Phone', 'Sender', 'Segments', 'Text'], ...rows]);
	const { mboasms, mambosms } = sandbox.state.balances;
	console.log(`  Balances: MboaSMS ${mboasms} credits, Mambo SMS ${mambosms} UGX`);
	console.log(`  Signed in to Mambo SMS as ${demoCredentials.mamboAccount.name}`);
}

void main();
