import type { Browser } from 'playwright-core';

import { examplesFor } from '../../playground/demoContents';
import { byId, openBrowser, openWindow, picture } from './helpers/browser';
import { Editor, folder, sandbox } from './helpers/editor';

let browser: Browser;

beforeAll(async () => {
	await sandbox.reset();
	browser = await openBrowser();
});

afterAll(async () => browser.close());

test('is three clicks away for a newcomer: log in, open the workflow, execute it', async () => {
	const editor = await Editor.open();
	const workflow = examplesFor(folder, editor.credentials).get('test-sms');
	if (!workflow) throw new Error('There is no example test-sms');
	await editor.client.createWorkflow(workflow);

	const { page } = await openWindow(browser);
	await page.getByText(workflow.name, { exact: true }).first().click();
	await byId(page, 'execute-workflow-button').click();
	await byId(page, 'canvas-node-status-success').nth(2).waitFor();
	await byId(page, 'execute-workflow-button').getByText('Execute workflow').waitFor();
	await picture(page, 'test-sms');

	const phones = await page.context().newPage();
	await phones.goto(sandbox.url);
	for (const text of ['Bonjour de n8n !', 'Hello from n8n!']) {
		await phones.getByText(text).first().waitFor();
	}
	await picture(phones, 'test-sms-phones');
	expect(await sandbox.textsPerRecipient()).toEqual({ '+237677123456': 1, '+256772123456': 1 });
});
