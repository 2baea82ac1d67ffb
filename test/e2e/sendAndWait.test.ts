import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { executionOf, type Execution, type StoredExecution } from '../../playground/executionData';
import { N8nClient, type WorkflowNode } from '../../playground/n8nClient';
import { createCredentials, demoOwner } from '../../playground/demoContents';
import { playground } from '../../playground/install';
import { startN8n } from '../../playground/n8nProcess';
import { installPackage } from '../../playground/packedPackage';
import { freePort } from '../../playground/waiting';
import { AgentRuns, asks, gateways as agentGateways } from './helpers/agentRuns';
import { SMS_TOOL } from './helpers/agentWorkflow';
import {
	Editor,
	folder,
	jsonOf,
	node,
	PACKAGE,
	sandbox,
	waiting,
	type PublishedWorkflow,
} from './helpers/editor';

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => await sandbox.reset());

type Tested = readonly [type: string, credential: string, number: string, sender: object];

const gateways: Tested[] = [
	['mboaSms', 'MboaSMS (sandbox)', '+237699000001', {}],
	['mamboSms', 'Mambo SMS (sandbox)', '+256772000002', { senderId: 'Shop' }],
];

/** A workflow that asks and then goes on. */
async function asking(
	[type, credential, number, sender]: Tested,
	parameters: Record<string, unknown> = {},
	inEditor = editor,
): Promise<PublishedWorkflow> {
	const ask: WorkflowNode = node(
		'Ask',
		`${PACKAGE}.${type}`,
		{
			resource: 'sms',
			operation: 'sendAndWait',
			recipients: number,
			message: 'Pay 800,000 to <Martin>?',
			...sender,
			...parameters,
		},
		{ credentials: inEditor.credential(credential) },
	);
	return await inEditor.publish([ask, node('Then', 'n8n-nodes-base.noOp', {})]);
}

async function isWaiting(workflow: PublishedWorkflow, id: string): Promise<boolean> {
	const found = (await workflow.executions()).find((one) => one.id === id);
	return found?.status === 'waiting';
}

const answer = async (link: string, fields: Record<string, string>) =>
	await fetch(link, { method: 'POST', body: new URLSearchParams(fields) });

describe.each(gateways)('Send and Wait with %s', (...tested) => {
	const number = tested[2];

	async function start(parameters: Record<string, unknown> = {}) {
		const workflow = await asking(tested, parameters);
		const id = await workflow.start([{}]);
		const link = await sandbox.link();
		await waiting(editor.client, { id });
		const ended = async (): Promise<Execution> => await editor.client.finished(id);
		return { workflow, id, link, ended };
	}

	test('opens a page that resumes nothing, and goes on with the button', async () => {
		const { workflow, id, link, ended } = await start();
		for (const method of ['GET', 'HEAD', 'GET']) {
			const opened = await fetch(link, { method });
			expect(opened.status).toBe(200);
			if (method === 'HEAD') continue;
			expect(opened.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
			expect(await opened.text()).toContain('Pay 800,000 to &lt;Martin&gt;?');
		}
		expect(await isWaiting(workflow, id)).toBe(true);
		const thanks = await answer(link, { answer: 'approve' });
		expect([thanks.status, await thanks.text()]).toEqual([
			200,
			expect.stringContaining('Thank you.'),
		]);
		expect(jsonOf(await ended(), 'Then')).toEqual([
			{
				data: { approved: true, respondedAt: expect.any(String) },
				respondedBy: number,
				recipients: [number],
				status: 'sent',
			},
		]);
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('takes a no where there is one, and no other answer', async () => {
		const approvalOptions = {
			values: { approvalType: 'double', approveLabel: 'Oui', disapproveLabel: 'Non' },
		};
		const { workflow, id, link, ended } = await start({ approvalOptions });
		const nonsense = await answer(link, { answer: 'perhaps' });
		expect(await nonsense.text()).toContain('>Non</button>');
		expect(await isWaiting(workflow, id)).toBe(true);
		await answer(link, { answer: 'disapprove' });
		expect(jsonOf(await ended(), 'Then')).toMatchObject([{ data: { approved: false } }]);
	});

	test('takes a free text, and a forged link is refused by n8n', async () => {
		const { workflow, id, link, ended } = await start({ responseType: 'freeText' });
		const forged = await answer(link.replace('to=0', 'to=1'), { text: 'Oui' });
		expect(forged.status).toBe(401);
		await answer(link, { text: '   ' });
		expect(await isWaiting(workflow, id)).toBe(true);
		await answer(link, { text: 'Oui, mais demain' });
		expect(jsonOf(await ended(), 'Then')).toMatchObject([
			{ data: { text: 'Oui, mais demain' }, respondedBy: number },
		]);
	});

	test('goes on with the input when nobody answers in time', async () => {
		const limitWaitTime = {
			values: { limitType: 'afterTimeInterval', resumeAmount: 0.05, resumeUnit: 'minutes' },
		};
		const workflow = await asking(tested, { options: { limitWaitTime } });
		const execution = await workflow.run([{ order: 7 }], 90_000);
		expect(jsonOf(execution, 'Then')).toEqual([{ order: 7 }]);
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('sends nothing for several items, or for a limit that is no time', async () => {
		const several = await (await asking(tested)).run([{ a: 1 }, { a: 2 }]);
		expect(several.error?.message).toMatch(/^There are 2 items, and one question/);
		const values = { limitType: 'atSpecifiedTime', maxDateAndTime: '2001-01-01' };
		const late = await asking(tested, { options: { limitWaitTime: { values } } });
		expect((await late.run([{}])).error?.message).toMatch(/^'Limit Wait Time' is no time/);
		expect(await sandbox.messages()).toEqual([]);
	});

	test('fails before it waits when the gateway refuses', async () => {
		const gateway = tested[0] === 'mboaSms' ? 'mboasms' : 'mambosms';
		await sandbox.arm({ gateway, count: 1, preset: 'refusedSenderId' });
		const execution = await (await asking(tested)).run([{}]);
		expect(execution.error?.message).toMatch(/ refused the message$/);
	});

	test('waits when it is unknown whether the question was sent, and says so', async () => {
		const gateway = tested[0] === 'mboaSms' ? 'mboasms' : 'mambosms';
		await sandbox.arm({ gateway, count: 1, preset: 'resetAfterSending' });
		const { link, ended } = await start();
		await answer(link, { answer: 'approve' });
		expect(jsonOf(await ended(), 'Then')).toMatchObject([
			{ data: { approved: true }, respondedBy: number, status: 'unknown' },
		]);
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('says that no phone can open the address of this computer', async () => {
		const { id } = await start();
		const stored = await editor.client.get<StoredExecution>(`/rest/executions/${id}`);
		const hints = executionOf(stored).runs.Ask?.flatMap((run) => run.hints) ?? [];
		expect(hints.map(({ message }) => message).join('\n')).toMatch(/WEBHOOK_URL/);
	});
});

test('a question survives a restart of n8n', async () => {
	const userFolder = path.join(folder, 'restarted');
	mkdirSync(userFolder, { recursive: true });
	installPackage(userFolder);
	const port = await freePort();
	const start = async () => await startN8n({ installation: playground, userFolder, port });
	let n8n = await start();
	try {
		const client = new N8nClient(n8n.url);
		await client.signIn(demoOwner);
		await createCredentials(client, sandbox.url);
		const workflow = await asking(gateways[0] as Tested, {}, await Editor.open(n8n.url));
		const id = await workflow.start([{}]);
		const link = await sandbox.link();
		await waiting(client, { id });
		await n8n.stop();
		n8n = await start();
		await answer(link, { answer: 'approve' });
		const again = await Editor.open(n8n.url);
		expect(jsonOf(await again.client.finished(id), 'Then')).toMatchObject([
			{ data: { approved: true }, respondedBy: '+237699000001' },
		]);
		expect(await sandbox.messages()).toHaveLength(1);
	} finally {
		await n8n.stop();
	}
});

describe.each(agentGateways)('the review of what an agent wants, with $type', (tested) => {
	let agents: AgentRuns;

	beforeAll(async () => {
		agents = await AgentRuns.open();
	});

	afterAll(async () => await agents.close());

	/** The agent wants to text Amina, and Bello is asked first. */
	async function ask(approvalOptions = {}) {
		const { type, credential, amina, bello } = tested;
		const sender = type === 'mamboSms' ? { senderId: 'School' } : {};
		const review = node(
			'Ask Bello',
			`${PACKAGE}.${type}HitlTool`,
			{
				resource: 'sms',
				operation: 'sendAndWait',
				responseType: 'approval',
				recipients: bello.written,
				message: '=May I use {{ $tool.name }}?',
				approvalOptions,
				...sender,
			},
			{ credentials: agents.editor.credential(credential) },
		);
		const wish = { toolParameters: asks(amina.written, 'Hello').arguments, hitlParameters: {} };
		const calls = [{ tool: SMS_TOOL, arguments: wish }];
		const id = await agents.startReviewed(agents.toolOf(tested), review, [{ calls }]);
		const link = await sandbox.link();
		await waiting(agents.editor.client, { id });
		return { link, ended: async () => await agents.editor.client.finished(id) };
	}

	test('lets the tool run after a yes', async () => {
		const { link, ended } = await ask();
		await answer(link, { answer: 'approve' });
		expect((await ended()).status).toBe('success');
		const texts = await sandbox.texts();
		expect(texts).toHaveLength(2);
		expect(texts[1]).toEqual([tested.amina.number, 'Hello']);
	});

	test('tells the model of a no, and the tool does not run', async () => {
		const { link, ended } = await ask({ values: { approvalType: 'double' } });
		await answer(link, { answer: 'disapprove' });
		expect((await ended()).status).toBe('success');
		expect(await sandbox.messages()).toHaveLength(1);
		expect(agents.model.resultsOf(SMS_TOOL).join()).toMatch(/rejected/i);
	});
});
