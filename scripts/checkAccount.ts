/** `npm run check:account`: compares what a real account answers with what the nodes expect. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { ICredentialDataDecryptedObject, ICredentialType } from 'n8n-workflow';

import { MamboSmsAccountApi } from '../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../credentials/MboaSmsJwtApi.credentials';
import { checkAccount, type Person, reportOf } from './account/check';
import { AccountRequests } from './account/requests';
import { balanceStep, mamboSmsSteps, mboaSmsSteps, type Step } from './account/steps';

const REPORT = 'account-report.md';

interface Way {
	gateway: string;
	name: string;
	type: ICredentialType;
	/** Fields that are asked for. */
	fields: string[];
	fixed?: ICredentialDataDecryptedObject;
	needsNumber: boolean;
	needsSender?: boolean;
	steps(ownNumber: string, senderId: string): Step[];
}

const mboa = (number: string) => mboaSmsSteps(number, false);

const ways: Way[] = [
	{
		gateway: 'MboaSMS',
		name: 'API key',
		type: new MboaSmsJwtApi(),
		fields: ['apiKey'],
		fixed: { method: 'apiKey' },
		needsNumber: true,
		steps: mboa,
	},
	{
		gateway: 'MboaSMS',
		name: 'log-in',
		type: new MboaSmsJwtApi(),
		fields: ['email', 'password'],
		fixed: { method: 'login', sessionToken: '' },
		needsNumber: true,
		steps: mboa,
	},
	{
		gateway: 'MboaSMS',
		name: 'token',
		type: new MboaSmsJwtApi(),
		fields: ['token'],
		fixed: { method: 'token' },
		needsNumber: true,
		steps: mboa,
	},
	{
		gateway: 'MboaSMS',
		name: 'Basic',
		type: new MboaSmsBasicApi(),
		fields: ['username', 'password'],
		needsNumber: true,
		steps: (number) => mboaSmsSteps(number, true),
	},
	{
		gateway: 'Mambo SMS',
		name: 'API key',
		type: new MamboSmsApi(),
		fields: ['apiKey'],
		needsNumber: true,
		needsSender: true,
		steps: mamboSmsSteps,
	},
	{
		gateway: 'Mambo SMS',
		name: 'account log-in',
		type: new MamboSmsAccountApi(),
		fields: ['username', 'password'],
		needsNumber: false,
		steps: () => [balanceStep],
	},
];

async function main(): Promise<void> {
	let isHidden = false;
	const output = new Writable({
		write(chunk: Buffer, _encoding, done) {
			if (!isHidden) process.stdout.write(chunk);
			done();
		},
	});
	const { isTTY: terminalMode } = process.stdin;
	const terminal = createInterface({ input: process.stdin, output, terminal: terminalMode });
	const lines = terminal[Symbol.asyncIterator]();
	const ask = async (question: string) => {
		process.stdout.write(question);
		const { value } = await lines.next();
		return value ?? '';
	};
	const askHidden = async (question: string) => {
		process.stdout.write(question);
		isHidden = true;
		const typed = await ask('');
		isHidden = false;
		process.stdout.write('\n');
		return typed;
	};
	const person: Person = { say: (text) => console.log(text), ask };
	try {
		person.say('Which credential do you want to check?');
		ways.forEach(({ gateway, name }, index) => person.say(`  ${index + 1}  ${gateway}, ${name}`));
		const way = ways[Number(await person.ask('Its number: ')) - 1];
		if (!way) throw new Error('There is no credential of that number');
		const data: ICredentialDataDecryptedObject = { ...way.fixed };
		for (const { name, displayName, default: usual, typeOptions } of way.type.properties) {
			if (name === 'baseUrl' || name === 'loginPath') {
				const typed = await person.ask(`${displayName} (Enter: ${String(usual)}): `);
				data[name] = typed.trim() || String(usual);
			} else if (way.fields.includes(name)) {
				const label = `${displayName}: `;
				data[name] = typeOptions?.password ? await askHidden(label) : await ask(label);
			}
		}
		const number = way.needsNumber ? await ownNumber(person) : '';
		const sender = way.needsSender ? await person.ask('Your sender ID: ') : '';
		const requests = await AccountRequests.open(way.type, data);
		const results = await checkAccount(requests, way.steps(number, sender.trim()), person);
		writeFileSync(REPORT, reportOf(way.gateway, way.name, results));
		person.say(
			`\nWritten to ${REPORT}. It holds no secret, no number and no text: you can put it into an issue.`,
		);
	} finally {
		terminal.close();
	}
}

/** Only a whole international number: a test to a stranger would be no test. */
async function ownNumber(person: Person): Promise<string> {
	for (;;) {
		const typed = (await person.ask('Your own number, as +237… or +256…: ')).replace(/[\s.-]/g, '');
		if (/^\+[1-9]\d{7,14}$/.test(typed)) return typed;
		person.say('  It begins with + and the country code, and has digits only.');
	}
}

void main().catch((failure: unknown) => {
	console.error(failure instanceof Error ? failure.message : failure);
	process.exitCode = 1;
});
