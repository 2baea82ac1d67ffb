import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { exampleWorkflows, importExamples } from '../../playground/demoContents';
import type { StoredCredential } from '../../playground/n8nClient';
import { filesFolder } from '../../playground/n8nProcess';
import { waitFor } from '../../playground/waiting';
import { Editor, jsonOf, n8nUrl, sandbox } from './helpers/editor';
import { ExampleRuns, postJson, textOf, userFolder } from './helpers/exampleRuns';
import { Mailbox, textOfMail } from './helpers/mailbox';

let editor: Editor;
let mailbox: Mailbox;
let credentials: StoredCredential[];
let examples: ExampleRuns;

beforeAll(async () => {
	editor = await Editor.open();
	mailbox = await Mailbox.open();
	const smtp = await editor.client.createCredential('Mailbox', 'smtp', {
		host: '127.0.0.1',
		port: mailbox.port,
		secure: false,
		disableStartTls: true,
		user: '',
		password: '',
	});
	credentials = [...editor.credentials, smtp];
	examples = new ExampleRuns(editor, credentials);
});

beforeEach(async () => {
	await sandbox.reset();
	mailbox.mails.length = 0;
});

afterAll(() => mailbox.close());

describe('the example', () => {
	test('order-confirmation confirms each order once', async () => {
		const workflow = await examples.published('order-confirmation');
		const order = { orderNumber: 'B-17', name: 'Jean', phone: '699 12 34 56', total: 12_500 };
		await postJson('/webhook/order-received', order);
		expect((await examples.execution(workflow)).status).toBe('success');
		await postJson('/webhook/order-received', order);
		const second = await examples.execution(workflow, 2);
		expect(jsonOf(second, 'Send Confirmation')).toMatchObject([{ status: 'skipped' }]);
		expect(await sandbox.messages()).toMatchObject([
			{
				recipient: '+237699123456',
				encoding: 'GSM-7',
				text: 'Bonjour Jean, nous avons bien recu votre commande B-17 de 12500 FCFA. Merci !',
			},
		]);
		await editor.client.deactivateWorkflow(workflow.id);
	});

	// n8n 1 waits for the webhook when it is asked over REST to run what begins with one.
	const unlessOlder = process.env.E2E_N8N_VERSION ? test.skip : test;
	unlessOlder('order-confirmation can be tried with its pinned order', async () => {
		const workflow = await examples.stored('order-confirmation');
		const tried = await editor.client.runWorkflow(workflow, 'Order Received');
		expect(tried.status).toBe('success');
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1 });
	});

	test('order-confirmation fails where somebody must look', async () => {
		const published = await examples.published('order-confirmation');
		const phone = '699 12 34 57, 12';
		await postJson('/webhook/order-received', {
			orderNumber: 'B-18',
			name: 'Zoé',
			phone,
			total: 1,
		});
		const wrong = await examples.execution(published);
		expect([wrong.status, wrong.error?.message]).toEqual([
			'error',
			expect.stringMatching(/^partial: 12 \(.*too short/),
		]);
		await editor.client.deactivateWorkflow(published.id);
	});

	test("appointment-reminders reminds once of tomorrow's appointments only", async () => {
		const workflow = await examples.stored('appointment-reminders');
		const first = await editor.client.runWorkflow(workflow, 'Every Morning');
		expect(jsonOf(first, 'Send Reminder').map(({ status }) => status)).toEqual(['sent', 'sent']);
		const second = await editor.client.runWorkflow(workflow, 'Every Morning');
		expect(jsonOf(second, 'Send Reminder').map(({ status }) => status)).toEqual([
			'skipped',
			'skipped',
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+256756000001': 1, '+256772000002': 1 });
	});

	test('form-upload-bulk texts the good rows and mails the others back', async () => {
		const workflow = await examples.published('form-upload-bulk');
		const page = await fetch(`${n8nUrl}/form/bulk-sms-upload`);
		expect(await page.text()).toContain('Bulk SMS');
		const form = new FormData();
		form.append('field-0', 'jean@example.com');
		const rows = 'phone,message\n699000001,Hello\n12,Too short\n';
		form.append('field-1', new Blob([rows], { type: 'text/csv' }), 'people.csv');
		const answer = await fetch(`${n8nUrl}/form/bulk-sms-upload`, { method: 'POST', body: form });
		expect(answer.status).toBe(200);
		const done = await examples.execution(workflow);
		expect([done.status, done.error]).toEqual(['success', null]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1 });
		const mail = textOfMail(mailbox.mails[0] ?? '');
		expect(mail).toContain('To: jean@example.com');
		expect(mail).toContain('1 of 2 rows could not be used');
		expect(mail).toContain('1 SMS were accepted');
		expect(mail).toContain('Too short');
	});

	test('weekly-file-bulk texts the people in the file, and later only the new ones', async () => {
		await importExamples(editor.client, userFolder, credentials);
		const workflow = await examples.stored('weekly-file-bulk');
		const first = await editor.client.runWorkflow(workflow, 'Every Friday');
		expect(jsonOf(first, 'Send to All Rows')).toMatchObject([
			{ status: 'partial', sentCount: 3, invalidCount: 1 },
		]);
		expect([first.status, first.error?.message]).toEqual([
			'error',
			expect.stringMatching(/^partial: 1 of 4 rows could not be used, 0 were not sent/),
		]);
		const file = path.join(filesFolder(userFolder), 'customers.csv');
		writeFileSync(file, 'name,phone\nAmina,0756 000 001\nDora,0756000004\n');
		const second = await editor.client.runWorkflow(workflow, 'Every Friday');
		expect(jsonOf(second, 'Send to All Rows')).toMatchObject([{ sentCount: 1 }]);
		expect(await sandbox.textsPerRecipient()).toEqual({
			'+256756000001': 1,
			'+256772000002': 1,
			'+256756000003': 1,
			'+256756000004': 1,
		});
		expect((await sandbox.messages())[0]?.text).toBe(
			'Dear Amina, our market is open on Saturday from 8 to 13. Welcome!',
		);
	});

	test('low-balance-alert warns the manager', async () => {
		await sandbox.setBalance('mambosms', 4_999);
		const workflow = await examples.published('low-balance-alert');
		expect((await examples.execution(workflow)).status).toBe('success');
		expect(await sandbox.messages()).toMatchObject([
			{
				recipient: '+256756000009',
				text: 'Mambo SMS: 4999 left, please top up the account Jane Doe.',
			},
		]);
		await editor.client.deactivateWorkflow(workflow.id);
	});

	test('ask-a-human sends again when the person says so', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'serverError' });
		const workflow = await examples.published('ask-a-human');
		await postJson('/webhook/alarm', { phone: '699000001', text: 'Cold room is at 9 degrees' });
		const mail = await waitFor('the mail', () => mailbox.mails[0], { timeoutMs: 30_000 });
		const text = textOfMail(mail);
		expect(text).toContain('Subject: SMS unknown: please decide');
		expect(text).toContain('It may have been sent');
		expect(await sandbox.messages()).toEqual([]);
		const link = /Answer here: (\S+)/.exec(text)?.[1] ?? '';
		expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/form-waiting\//);
		await waitFor(
			'the form',
			async () => {
				const page = await textOf(link);
				return page.includes('What now?') ? true : undefined;
			},
			{ timeoutMs: 40_000 },
		);
		const form = new FormData();
		form.append('field-0', 'Send again');
		// The answer to the form may come late; that it arrived shows in the execution.
		await textOf(link, { method: 'POST', body: form });
		const done = await examples.execution(workflow);
		expect([done.status, done.error]).toEqual(['success', null]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1 });
	});
});

describe('every example', () => {
	test.each([...exampleWorkflows()])('%s explains itself in a note', (_name, { nodes }) => {
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(notes).toHaveLength(1);
		const { content } = (notes[0]?.parameters ?? {}) as { content?: string };
		const note = content ?? '';
		for (const line of ['To change', 'To try it:', 'To start it:', 'Other gateway?']) {
			expect(note).toContain(`**${line}**`);
		}
	});

	test.each([...exampleWorkflows()])('%s can be tried, its webhook too', (_name, workflow) => {
		const webhooks = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.webhook');
		const { pinData } = workflow as { pinData?: object };
		expect(Object.keys(pinData ?? {})).toEqual(webhooks.map(({ name }) => name));
	});

	test.each([...exampleWorkflows()])('%s binds no credential', (_name, { nodes }) => {
		const slots = nodes.flatMap(({ credentials: slots }) => Object.values(slots ?? {}));
		expect(slots.length).toBeGreaterThan(0);
		for (const slot of slots) expect(slot.id).toBe('');
	});
});
