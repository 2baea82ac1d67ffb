import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ICredentialDataDecryptedObject, ICredentialType } from 'n8n-workflow';

import { MamboSmsAccountApi } from '../credentials/MamboSmsAccountApi.credentials';
import { MamboSmsApi } from '../credentials/MamboSmsApi.credentials';
import { MboaSmsBasicApi } from '../credentials/MboaSmsBasicApi.credentials';
import { MboaSmsJwtApi } from '../credentials/MboaSmsJwtApi.credentials';
import { demoCredentials } from '../sandbox/demoCredentials';
import type { Fault } from '../sandbox/faults';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { checkAccount, reportOf, type StepResult } from '../scripts/account/check';
import { AccountRequests } from '../scripts/account/requests';
import { balanceStep, mamboSmsSteps, mboaSmsSteps, type Step } from '../scripts/account/steps';
import { ROOT } from './helpers/sourceFiles';
import { goodCredentials } from './helpers/smsRuns';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

const MBOA_NUMBER = '+237677123456';
const MAMBO_NUMBER = '+256772123456';

interface Account {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
	steps: Step[];
}

function accounts(): Record<string, Account> {
	const { url } = sandbox;
	const mboaSteps = mboaSmsSteps(MBOA_NUMBER, false);
	const dataOf = (set: Record<string, ICredentialDataDecryptedObject>) => Object.values(set)[0]!;
	return {
		token: {
			type: new MboaSmsJwtApi(),
			data: dataOf(goodCredentials.mboaSmsToken(url)),
			steps: mboaSteps,
		},
		apiKey: {
			type: new MboaSmsJwtApi(),
			data: dataOf(goodCredentials.mboaSmsApiKey(url)),
			steps: mboaSteps,
		},
		logIn: {
			type: new MboaSmsJwtApi(),
			data: dataOf(goodCredentials.mboaSmsLogIn(url)),
			steps: mboaSteps,
		},
		basic: {
			type: new MboaSmsBasicApi(),
			data: dataOf(goodCredentials.mboaSmsBasic(url)),
			steps: mboaSmsSteps(MBOA_NUMBER, true),
		},
		mambo: {
			type: new MamboSmsApi(),
			data: dataOf(goodCredentials.mamboSms(url)),
			steps: mamboSmsSteps(MAMBO_NUMBER, 'School'),
		},
		balance: {
			type: new MamboSmsAccountApi(),
			data: dataOf(goodCredentials.mamboAccount(url)),
			steps: [balanceStep],
		},
	};
}

async function check(name: string, answers: (question: string) => string = () => 'y') {
	const account = accounts()[name]!;
	const said: string[] = [];
	const requests = await AccountRequests.open(account.type, account.data);
	const results = await checkAccount(requests, account.steps, {
		say: (text) => said.push(text),
		ask: async (question) => answers(question),
	});
	return { results, said, report: reportOf('Gateway', name, results) };
}

const deviating = (results: StepResult[]) =>
	results.filter(({ deviations }) => deviations.length > 0).map(({ title }) => title);

const texts = () => sandbox.state.messages.map(({ recipient, text }) => [recipient, text]);
const test1 = (number: string) => [number, 'Test 1'];
const test2 = [MBOA_NUMBER, 'Test 2: un; deux, "trois" fin'];

describe('an account that answers as documented', () => {
	test.each([
		['token', [test1(MBOA_NUMBER), test2]],
		['apiKey', [test1(MBOA_NUMBER), test2]],
		['logIn', [test1(MBOA_NUMBER), test2]],
		['basic', [test1(MBOA_NUMBER)]],
		['mambo', [test1(MAMBO_NUMBER)]],
		['balance', []],
	])(
		'%s: nothing is other than expected, and only the own number is texted',
		async (name, sent) => {
			const { results, report } = await check(name);
			expect(deviating(results)).toEqual([]);
			expect(texts()).toEqual(sent);
			const secrets = [
				...Object.values(demoCredentials.mboaSms),
				...Object.values(demoCredentials.mamboSms),
				...Object.values(demoCredentials.mamboAccount),
				MBOA_NUMBER.slice(4),
				MAMBO_NUMBER.slice(4),
				'Test 1',
				'Jane Doe',
			];
			expect(secrets.filter((secret) => report.includes(String(secret)))).toEqual([]);
		},
	);

	test('without a yes nothing is asked of it', async () => {
		const { results, report } = await check('token', () => '');
		expect(sandbox.state.requests).toEqual([]);
		expect(results.every(({ statusCode }) => statusCode === null)).toBe(true);
		expect(report).toContain('Left out.');
	});

	test('every step says before it is taken what it does and costs', async () => {
		const { said } = await check('mambo', () => 'n');
		expect(said.filter((text) => /It costs (?:nothing|one SMS)\.$/.test(text))).toHaveLength(3);
	});

	test('an upload that becomes a job is followed to the job', async () => {
		sandbox.state.setJobDuration(60_000);
		const { results } = await check('token');
		expect(deviating(results)).toEqual([]);
		expect(results.map(({ title }) => title)).toContain('The job of that upload');
		expect(results.flatMap(({ found }) => found)).toContain('an upload is answered with: a job');
	});
});

describe('what is other than documented is found', () => {
	const planted: Array<[string, string, number, Fault, string]> = [
		['counts as texts', 'token', 2, { kind: 'numbersAsStrings' }, 'One SMS to yourself'],
		['no counts', 'token', 2, { kind: 'countsMissing' }, 'One SMS to yourself'],
		['another shape', 'token', 2, { kind: 'wrongShape', json: { ok: 1 } }, 'One SMS to yourself'],
		['a refused credential', 'apiKey', 0, { kind: 'status', status: 401 }, 'Credential test'],
		[
			'a test that is not refused',
			'token',
			0,
			{ kind: 'wrongShape', json: { success: true } },
			'Credential test',
		],
		[
			'a number that is taken',
			'token',
			1,
			{ kind: 'wrongShape', json: { success: true, message: 'sent' } },
			'A number that does not exist',
		],
		['a web page', 'basic', 2, { kind: 'unreadableBody' }, 'One SMS to yourself'],
		[
			'an upload that is too large',
			'token',
			0,
			{ kind: 'status', status: 413 },
			'An upload of one row',
		],
		['a lost connection', 'token', 0, { kind: 'resetBeforeAnswer' }, 'An upload of one row'],
		[
			'a refusal with HTTP 200',
			'mambo',
			2,
			{ kind: 'refusal', words: 'Invalid sender' },
			'One SMS to yourself',
		],
		['prices as texts', 'mambo', 2, { kind: 'numbersAsStrings' }, 'One SMS to yourself'],
		['a balance as text', 'balance', 0, { kind: 'numbersAsStrings' }, 'Balance'],
	];

	test.each(planted)('%s', async (_name, account, skip, fault, title) => {
		const gateway = account === 'mambo' || account === 'balance' ? 'mambosms' : 'mboasms';
		const isUpload = title === 'An upload of one row';
		sandbox.state.armFault({ gateway, skip: isUpload ? 3 : skip, count: 1, fault });
		const { results, report } = await check(account);
		expect(deviating(results)).toEqual([title]);
		expect(report).toContain('**other than expected**');
	});

	test('a text that did not arrive whole', async () => {
		const { results } = await check('token', (question) => (/whole/.test(question) ? 'n' : 'y'));
		expect(deviating(results)).toEqual(['An upload of one row']);
	});

	test('a job in a state that nobody knows', async () => {
		sandbox.state.setJobDuration(60_000);
		sandbox.state.armFault({
			gateway: 'mboasms',
			skip: 4,
			count: 1,
			fault: { kind: 'wrongShape', json: { success: true, data: { status: 'SLEEPING' } } },
		});
		expect(deviating((await check('token')).results)).toEqual(['The job of that upload']);
	});
});

test('on the terminal: asks, sends after a yes, and writes the report', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'check-account-'));
	const typed = ['3', 'DEMO', sandbox.url, '237', MBOA_NUMBER, ...Array<string>(8).fill('y'), ''];
	typed[1] = demoCredentials.mboaSms.token;
	const child = spawn(
		process.execPath,
		['--import', require.resolve('tsx'), path.join(ROOT, 'scripts/checkAccount.ts')],
		{ cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] },
	);
	let printed = '';
	child.stdout.on('data', (chunk: Buffer) => {
		printed += chunk.toString('utf8');
	});
	child.stdin.end(typed.join('\n'));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	expect([code, printed.slice(-300)]).toEqual([
		0,
		expect.stringMatching(/Written to account-report/),
	]);
	expect(texts()).toEqual([test1(MBOA_NUMBER), test2]);
	expect(readFileSync(path.join(folder, 'account-report.md'), 'utf8')).toContain('as expected');
	expect(printed).not.toContain(demoCredentials.mboaSms.token);
	rmSync(folder, { recursive: true });
}, 60_000);
