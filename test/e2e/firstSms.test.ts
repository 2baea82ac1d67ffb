import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';

import { type Playground, startPlayground } from '../../playground/playground';
import { byId, openBrowser, picture } from './helpers/browser';
import { SandboxClient } from './helpers/sandboxClient';

const userFolder = mkdtempSync(path.join(tmpdir(), 'first-sms-'));

let browser: Browser;
let playground: Playground;
let printed = '';

beforeAll(async () => {
	browser = await openBrowser();
	playground = await startPlayground({
		userFolder,
		say: (text) => {
			printed += `${text}\n`;
		},
	});
}, 300_000);

afterAll(async () => {
	await playground.n8n.stop();
	await playground.close();
	await browser.close();
	rmSync(userFolder, { recursive: true, force: true });
});

/** The address that stands behind a word of what `npm start` prints. */
function printedAddress(word: string): string {
	const address = new RegExp(`^${word}\\s+(\\S+)$`, 'm').exec(printed)?.[1];
	if (!address) throw new Error(`Nothing was printed behind ${word}:\n${printed}`);
	return address;
}

test('is one click away for a newcomer who opens the printed link', async () => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	await page.goto(printedAddress('Open'));
	const execute = byId(page, 'execute-workflow-button');
	await execute.waitFor();
	await picture(page, 'first-sms-1-opened');
	await execute.click();
	await byId(page, 'canvas-node-status-success').nth(2).waitFor();
	await execute.getByText('Execute workflow').waitFor();
	await picture(page, 'test-sms');

	const phones = await context.newPage();
	const sandboxUrl = printedAddress('Phones');
	await phones.goto(sandboxUrl);
	for (const text of ['Bonjour de n8n !', 'Hello from n8n!']) {
		await phones.getByText(text).first().waitFor();
	}
	await phones.getByText('50 UGX').first().waitFor();
	await phones.locator('[data-testid="request"] summary').first().focus();
	await phones.keyboard.press('Enter');
	await phones.getByText('Hello from n8n!').nth(1).waitFor();
	await phones.getByText('Example workflows').click();
	await phones.getByRole('link', { name: 'SMS: send a test message' }).waitFor();
	await phones.getByTestId('fault-preset').selectOption({ label: '402 as documented' });
	await phones.getByTestId('armed-fault').getByText('HTTP 402').waitFor();
	for (const [name, colorScheme, width] of [
		['light', 'light', 1280],
		['dark', 'dark', 1280],
		['phone', 'light', 360],
	] as const) {
		await phones.emulateMedia({ colorScheme });
		await phones.setViewportSize({ width, height: 800 });
		const isWide = await phones.evaluate(
			'document.documentElement.scrollWidth > document.documentElement.clientWidth',
		);
		expect([name, isWide]).toEqual([name, false]);
		await picture(phones, `sandbox-${name}`);
	}
	const sandbox = new SandboxClient(sandboxUrl);
	expect(await sandbox.textsPerRecipient()).toEqual({ '+237677123456': 1, '+256772123456': 1 });
});

test('the link is the only way past the log-in', async () => {
	const { origin } = new URL(printedAddress('Open'));
	const answer = await fetch(`${origin}/`, { redirect: 'manual' });
	expect(answer.status).toBe(404);
	expect(answer.headers.get('set-cookie')).toBeNull();
});
