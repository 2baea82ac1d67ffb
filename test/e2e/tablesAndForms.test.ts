import { createDataTables } from '../../playground/demoContents';
import { waitFor } from '../../playground/waiting';
import { Editor, jsonOf, sandbox, waiting } from './helpers/editor';
import { ExampleRuns, postJson, Visit } from './helpers/exampleRuns';

let editor: Editor;
let examples: ExampleRuns;
let tables: Map<string, string>;

beforeAll(async () => {
	editor = await Editor.open();
	examples = new ExampleRuns(editor, editor.credentials);
	tables = await createDataTables(editor.client);
});

beforeEach(async () => sandbox.reset());

async function rowsOf(table: string): Promise<Array<Record<string, unknown>>> {
	const { data } = await editor.client.get<{ data: Array<Record<string, unknown>> }>(
		`${tables.get(table)}/rows`,
	);
	return data.sort((one, other) => Number(one.id) - Number(other.id));
}

const people = new Blob(
	['phone,message\n699000001,Bonjour Amina\n699000002,Bonjour Bello\n12,Bonjour\n'],
	{ type: 'text/csv' },
);

describe('the example', () => {
	test('ask-before-sending shows what would be sent, and sends after a yes only', async () => {
		const workflow = await examples.published('ask-before-sending');
		const first = await Visit.begin('sms-check-first', people);
		const page = await first.page('What now?');
		for (const words of [
			'Send to 2 people?',
			'2 people, 2 SMS, about 24.',
			'row 4',
			'+237699000001: Bonjour Amina',
		]) {
			expect(page).toContain(words);
		}
		expect(await sandbox.messages()).toEqual([]);
		await first.answer('Cancel');
		await first.page('Nothing was sent.');
		await first.end();
		expect(await sandbox.messages()).toEqual([]);

		const second = await Visit.begin('sms-check-first', people);
		await second.page('What now?');
		await second.answer('Send');
		await second.page('2 of 2 SMS were taken by the gateway, 0 were not.');
		expect(await sandbox.texts()).toEqual([
			['+237699000001', 'Bonjour Amina'],
			['+237699000002', 'Bonjour Bello'],
		]);
		await second.end();
		expect((await examples.execution(workflow, 2)).status).toBe('success');
	});

	test('ask-before-sending says what is wrong with a file', async () => {
		const visit = await Visit.begin('sms-check-first', new Blob(['name\nAmina\n']));
		await visit.page('Status: failed');
		expect(await sandbox.messages()).toEqual([]);
	});

	test('sheet-with-status texts new rows once and writes what became of each', async () => {
		const workflow = await examples.stored('sheet-with-status');
		const first = await editor.client.runWorkflow(workflow, 'Every Morning');
		expect([first.status, first.error]).toEqual(['success', null]);
		const rows = await rowsOf('invoices');
		expect(rows.map(({ status }) => status)).toEqual(['sent', 'sent', 'invalid', 'sent']);
		expect(rows[2]?.reason).toMatch(/\S/);
		await editor.client.runWorkflow(workflow, 'Every Morning');
		expect(await sandbox.texts()).toEqual([
			['+237699000001', expect.stringContaining('Bonjour Amina, votre facture de 12 500 FCFA')],
			['+237699000002', expect.stringContaining('Bonjour Bello, votre facture de 3 000 FCFA')],
		]);
		const requests = await sandbox.requests();
		expect(requests.map(({ endpoint }) => endpoint)).toEqual(['send-bulk']);
	});

	test('opt-outs texts nobody who asked not to be', async () => {
		const workflow = await examples.published('opt-outs');
		const all = await editor.client.runWorkflow(workflow, 'When We Have News');
		expect(jsonOf(all, 'Send the News').map(({ status }) => status)).toEqual(['sent', 'sent']);
		await sandbox.reset();
		await postJson('/webhook/sms-opt-out', { phone: '+237 699 00 00 01' });
		await waitFor(
			'the opt-out',
			async () => ((await rowsOf('opt-outs')).length === 1 ? true : undefined),
			{ timeoutMs: 20_000 },
		);
		const later = await editor.client.runWorkflow(workflow, 'When We Have News');
		expect(jsonOf(later, 'Send the News')).toMatchObject([
			{ status: 'skipped', excludedCount: 1 },
			{ status: 'sent', excludedCount: 0 },
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000002': 1 });
	});

	test('verification-code verifies with the right code, once, in three tries', async () => {
		await examples.published('verification-code');
		const begin = async (phone: string) => {
			await sandbox.reset();
			const visit = await Visit.begin('sms-verify', phone);
			await visit.page('Le code reçu par SMS');
			const [message] = await sandbox.messages();
			const code = /Votre code est (\d{6})\./.exec(message?.text ?? '')?.[1] ?? '';
			expect(message?.segments).toBe(1);
			return { visit, code, wrong: code === '000000' ? '000001' : '000000' };
		};
		const good = await begin('699 00 00 01');
		await good.visit.answer(good.wrong);
		await waitFor(
			'the second try',
			async () => ((await rowsOf('codes'))[0]?.tries === 1 ? true : undefined),
			{ timeoutMs: 20_000 },
		);
		await good.visit.page('Le code reçu par SMS');
		await good.visit.answer(` ${good.code} `);
		await good.visit.page('Votre numéro est vérifié.');
		expect((await rowsOf('codes'))[0]).toMatchObject({ isUsed: true, tries: 1 });

		const guessing = await begin('699 00 00 02');
		for (let tries = 1; tries <= 3; tries++) {
			await guessing.visit.page('Le code reçu par SMS');
			await guessing.visit.answer(guessing.wrong);
			await waitFor(
				`try ${tries}`,
				async () => ((await rowsOf('codes'))[1]?.tries === tries ? true : undefined),
				{ timeoutMs: 20_000 },
			);
		}
		await guessing.visit.page('Demandez un nouveau code.');
		expect((await rowsOf('codes'))[1]).toMatchObject({ isUsed: false, tries: 3 });
	});

	test('two-countries takes the other gateway if one certainly failed, and never in doubt', async () => {
		const workflow = await examples.published('two-countries');
		const send = async (country: string, phone: string, count: number) => {
			await postJson('/webhook/sms-two-countries', { country, phone, text: 'Bonjour' });
			return await examples.execution(workflow, count);
		};
		const gatewaysUsed = async () =>
			(await sandbox.messages()).map(({ gateway, recipient }) => [gateway, recipient]);
		await send('UG', '0756 000 001', 1);
		await send('CM', '699 00 00 01', 2);
		expect(await gatewaysUsed()).toEqual([
			['mambosms', '+256756000001'],
			['mboasms', '+237699000001'],
		]);
		await sandbox.reset();
		await sandbox.arm({ gateway: 'mambosms', count: 1, preset: 'refusedSenderId' });
		await send('UG', '0756 000 001', 3);
		expect(await gatewaysUsed()).toEqual([['mboasms', '+256756000001']]);
		await sandbox.reset();
		await sandbox.arm({ gateway: 'mambosms', count: 1, preset: 'resetAfterSending' });
		const doubtful = await send('UG', '0756 000 001', 4);
		expect(doubtful.status).toBe('error');
		expect(doubtful.error?.message).toMatch(/^It is not known whether \+256756000001 got the SMS/);
		expect(await gatewaysUsed()).toEqual([['mambosms', '+256756000001']]);
	});

	test('payout-approved-by-sms pays after a tap only, and asks nobody for little', async () => {
		const workflow = await examples.published('payout-approved-by-sms');
		const payout = { payee: 'Martin', reason: 'ciment' };
		await postJson('/webhook/sms-payout', { ...payout, amount: 5_000 });
		const little = await examples.execution(workflow, 1);
		expect(little.lastNode).toBe('Pay Out');
		expect(await sandbox.messages()).toEqual([]);
		for (const [count, tap, last] of [
			[2, 'approve', 'Pay Out'],
			[3, 'disapprove', 'Refuse'],
		] as const) {
			await sandbox.reset();
			await postJson('/webhook/sms-payout', { ...payout, amount: 800_000 });
			const link = await sandbox.link();
			await waiting(editor.client, { workflowId: workflow.id });
			const page = await (await fetch(link)).text();
			expect(page).toContain('Payer 800000 FCFA a Martin (ciment) ?');
			expect(page).toContain('>Refuser</button>');
			await fetch(link, { method: 'POST', body: new URLSearchParams({ answer: tap }) });
			expect((await examples.execution(workflow, count)).lastNode).toBe(last);
		}
	});

	test('bulk-job-to-its-end asks until the job has ended', async () => {
		await sandbox.runJobs(4_000);
		const saved = await examples.stored('bulk-job-to-its-end');
		const nodes = saved.nodes.map((each) =>
			each.name === 'Wait a Minute'
				? { ...each, parameters: { amount: 1, unit: 'seconds' } }
				: each,
		);
		const workflow = await editor.client.updateWorkflow(saved.id, { nodes });
		await editor.client.activateWorkflow(workflow);
		await Visit.begin('sms-bulk-job', people);
		const done = await waitFor(
			'the end of the job',
			async () => {
				const [newest] = await editor.client.executions(workflow.id);
				return newest?.status === 'success' ? newest.id : undefined;
			},
			{ timeoutMs: 60_000 },
		);
		const execution = await editor.client.finished(done);
		expect(jsonOf(execution, 'Send to All Rows')).toMatchObject([
			{ status: 'partial', invalidCount: 1, jobId: expect.stringMatching(/./) },
		]);
		expect(execution.runs['Ask for the Job']?.length).toBeGreaterThan(1);
		expect(jsonOf(execution, 'The Result')).toEqual([
			{ status: 'sent', sentCount: 2, failedCount: 0 },
		]);
	});
});
