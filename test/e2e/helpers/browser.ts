import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { demoOwner } from '../../../playground/demoContents';
import type { WorkflowNode } from '../../../playground/n8nClient';
import { chain, type Editor, folder, n8nUrl, node, TRIGGER } from './editor';

/** Where pictures go: below the folder of the run, or where `E2E_SCREENSHOTS` says. */
const pictures = path.resolve(process.env.E2E_SCREENSHOTS ?? path.join(folder, 'screenshots'));

export async function openBrowser(): Promise<Browser> {
	mkdirSync(pictures, { recursive: true });
	return await chromium.launch({
		executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
		headless: false,
		args: [
			'--no-sandbox',
			'--headless=new',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
			'--disable-quic',
			// The editor looks up community packages elsewhere; nothing here leaves this computer.
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
		],
	});
}

/** A window in which the owner is logged in. */
export async function openWindow(
	browser: Browser,
	colorScheme: 'light' | 'dark' = 'light',
): Promise<{ context: BrowserContext; page: Page }> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme });
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	await page.goto(`${n8nUrl}/signin`);
	await page.fill('input[name="emailOrLdapLoginId"]', demoOwner.email);
	await page.fill('input[name="password"]', demoOwner.password);
	await page.click('button:has-text("Sign in")');
	await page.waitForURL(/\/home\/|\/workflow/);
	await page.getByText('Overview').first().waitFor();
	return { context, page };
}

export async function picture(page: Page, name: string): Promise<void> {
	await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
}

export function byId(page: Page, id: string) {
	return page.locator(`[data-test-id="${id}"]`);
}

export async function fillParameter(page: Page, name: string, value: string): Promise<void> {
	const field = byId(page, `parameter-input-${name}`).locator('input, textarea').last();
	await field.fill(value);
}

export async function executeNode(page: Page): Promise<void> {
	await byId(page, 'node-execute-button').click();
}

/** Waits until the output shows these words. */
export async function readOutput(page: Page, ...words: string[]): Promise<void> {
	const panel = byId(page, 'output-panel');
	for (const each of words) await panel.getByText(each).first().waitFor();
}

/** The list 'Add option' of the collection with that label. */
function adder(page: Page, collection: string) {
	return byId(page, 'parameter-item')
		.filter({ hasText: new RegExp(`^\\s*${collection}`) })
		.locator('[data-test-id="collection-parameter-add"]');
}

/** The labels that a collection offers to add, from top to bottom. */
export async function offeredOptions(page: Page, collection: string): Promise<string[]> {
	await adder(page, collection).click();
	const options = page.locator('[data-test-id="collection-parameter-option"]:visible');
	await options.first().waitFor();
	const labels = await options.allInnerTexts();
	await adder(page, collection).click();
	await options.first().waitFor({ state: 'hidden' });
	return labels.map((label) => label.trim());
}

/** Adds an option as a person does: from the list, by its label. */
export async function addOption(page: Page, collection: string, label: string): Promise<void> {
	// The preview below a field that is being written in lies over what comes next.
	await page.keyboard.press('Tab');
	await adder(page, collection).click();
	await page
		.locator('[data-test-id="collection-parameter-option"]:visible')
		.getByText(label, { exact: true })
		.click();
}

/** Chooses from the list of a field. */
export async function chooseOption(page: Page, name: string, label: string): Promise<void> {
	await byId(page, `parameter-input-${name}`).last().click();
	await page
		.locator('.el-select-dropdown__item:visible')
		.filter({ hasText: label })
		.first()
		.click();
}

/** Opens the last of these nodes, behind a manual trigger that gives the items. */
export async function openLastNode(
	{ page, editor }: { page: Page; editor: Editor },
	nodes: WorkflowNode[],
	items: object[] = [{}],
): Promise<void> {
	const trigger = node(TRIGGER, 'n8n-nodes-base.manualTrigger', {});
	const workflow = await editor.save({
		...chain('In the browser', [trigger, ...nodes]),
		pinData: { [TRIGGER]: items.map((json) => ({ json })) },
	});
	const last = nodes.at(-1);
	await page.goto(`${n8nUrl}/workflow/${workflow.id}`);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${last?.name}"]`).dblclick();
	await byId(page, 'ndv').waitFor();
}
