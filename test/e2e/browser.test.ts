import type { Browser, Page } from 'playwright-core';

import { credentialsFor } from '../../playground/demoContents';
import type { WorkflowNode } from '../../playground/n8nClient';
import { freePort } from '../../playground/waiting';
import { smsTool } from './helpers/agentWorkflow';
import {
	byId,
	executeNode,
	fillParameter,
	openBrowser,
	openLastNode,
	openWindow,
	picture,
} from './helpers/browser';
import {
	Editor,
	fileOf,
	mamboSend,
	mboaSend,
	n8nUrl,
	node,
	PACKAGE,
	sandbox,
} from './helpers/editor';

let editor: Editor;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	editor = await Editor.open();
	browser = await openBrowser();
	({ page } = await openWindow(browser));
}, 120_000);

beforeEach(async () => sandbox.reset());

afterAll(async () => browser.close());

const openNode = async (nodes: WorkflowNode[], items?: object[]) =>
	await openLastNode({ page, editor }, nodes, items);
const execute = async () => await executeNode(page);

async function chooseCredential(name: string): Promise<void> {
	await byId(page, 'node-credentials-select').click();
	await page
		.locator('[data-test-id^="node-credentials-select-item-"]')
		.filter({ hasText: name })
		.first()
		.click();
}

async function searchPanel(window: Page, text: string): Promise<void> {
	await window.goto(`${n8nUrl}/workflow/new`);
	await byId(window, 'canvas-plus-button').first().click();
	await byId(window, 'node-creator').locator('input').first().fill(text);
}

describe('the node panel', () => {
	test.each(['light', 'dark'] as const)('finds both nodes with icons, %s', async (theme) => {
		const { context, page: window } = await openWindow(browser, theme);
		await searchPanel(window, 'bulk sms');
		for (const name of ['MboaSMS', 'Mambo SMS']) {
			const item = byId(window, 'item-iterator-item').filter({ hasText: name }).first();
			await item.waitFor();
			const icon = item.locator('img').first();
			await icon.waitFor();
			expect(await icon.getAttribute('src')).toMatch(
				theme === 'dark' ? /\.dark\.svg$/ : /sms\.svg$/,
			);
			const width = await icon.evaluate((image: { naturalWidth?: number }) => image.naturalWidth);
			expect(width).toBeGreaterThan(0);
		}
		await picture(window, `node-panel-${theme}`);
		await context.close();
	});
});

describe('a credential', () => {
	const secretField: Record<string, string> = {
		mboaSmsJwtApi: 'token',
		mboaSmsBasicApi: 'password',
		mamboSmsApi: 'apiKey',
		mamboSmsAccountApi: 'password',
	};

	test.each([
		['mboaSmsJwtApi', 'MboaSMS JWT API', 'MboaSMS (sandbox)'],
		['mboaSmsBasicApi', 'MboaSMS Basic API', 'MboaSMS Basic (sandbox)'],
		['mamboSmsApi', 'Mambo SMS API', 'Mambo SMS (sandbox)'],
		['mamboSmsAccountApi', 'Mambo SMS Account API', 'Mambo SMS account (sandbox)'],
	])('of the type %s is tested: wrong, unreachable and good', async (type, displayName, demo) => {
		const data = credentialsFor(sandbox.url).find(({ name }) => name === demo)?.data ?? {};
		const texts = Object.entries(data).filter(([name]) => name !== 'method');
		await page.goto(`${n8nUrl}/home/credentials/create`);
		const select = byId(page, 'new-credential-type-select').or(
			byId(page, 'new-credential-type-select-dropdown'),
		);
		await select.first().click();
		await page.keyboard.type(displayName);
		await page.getByText(displayName, { exact: true }).first().click();
		await byId(page, 'new-credential-type-button').click();

		const secret = secretField[type] ?? '';
		for (const [name, value] of texts) {
			await fillParameter(page, name, name === secret ? 'wrong' : String(value));
		}
		await save();
		await refused(/accept|Invalid/);
		if (type === 'mboaSmsJwtApi') await picture(page, 'credential-refused');

		await fillParameter(page, 'baseUrl', `http://127.0.0.1:${await freePort()}`);
		await save();
		await refused(/refused|ECONNREFUSED/);

		for (const [name, value] of texts) await fillParameter(page, name, String(value));
		await save();
		await page.getByText('Connection tested successfully').first().waitFor();
		if (type === 'mboaSmsJwtApi') await picture(page, 'credential-good');
		expect(await sandbox.messages()).toEqual([]);
	});

	async function save(): Promise<void> {
		const tested = page.waitForResponse((answer) => answer.url().endsWith('/credentials/test'));
		await byId(page, 'credential-save-button').click();
		await tested;
	}

	/** The banner, and the words behind "More details". */
	async function refused(words: RegExp): Promise<void> {
		await page.getByText('Couldn’t connect with these settings').first().waitFor();
		const details = page.getByText('More details').first();
		if (await details.isVisible()) await details.click();
		await byId(page, 'credential-edit-dialog').getByText(words).first().waitFor();
	}
});

describe('the panel of the node', () => {
	test.each([
		['MboaSMS', mboaNode, ['operation']],
		['Mambo SMS', mamboNode, ['resource', 'operation']],
	])('%s lets people choose what it does', async (_name, make, fields) => {
		await openNode([make()]);
		for (const field of fields) await byId(page, `parameter-input-${field}`).first().waitFor();
	});

	test('offers Send and not Send Bulk when the node is the tool of an agent', async () => {
		await openNode([smsTool('mboaSms', editor.credential('MboaSMS (sandbox)'))]);
		await byId(page, 'parameter-input-operation').first().click();
		const operations = page.locator('.el-select-dropdown__item:visible');
		await operations.first().waitFor();
		expect(await operations.allInnerTexts()).toEqual([expect.stringMatching(/^Send\b(?! Bulk)/)]);
	});

	function mboaNode() {
		return mboaSend(editor.credential('MboaSMS (sandbox)'));
	}

	function mamboNode() {
		return mamboSend(editor.credential('Mambo SMS (sandbox)'));
	}
});

describe('Send', () => {
	test('goes from an empty workflow to an SMS on the phone', async () => {
		await searchPanel(page, 'mboasms');
		const item = (name: string) =>
			byId(page, 'node-creator-item-name').getByText(name, { exact: true }).first();
		await item('MboaSMS').click();
		await item('Send SMS').waitFor();
		await picture(page, 'node-actions');
		await item('Send SMS').click();
		await byId(page, 'ndv').waitFor();
		await chooseCredential('MboaSMS (sandbox)');
		await fillParameter(page, 'recipients', '699 12 34 56, +237 677 00 00 01');
		await fillParameter(page, 'message', 'Bonjour Jean, votre commande est prête.');
		await execute();
		const output = byId(page, 'output-panel');
		await output.getByText('1 item').first().waitFor();
		await byId(page, 'output-panel').locator('[data-test-id="radio-button-table"]').click();
		await output.getByText('+237699123456').first().waitFor();
		await output.getByText('sent', { exact: true }).first().waitFor();
		await picture(page, 'send');

		const inbox = await page.context().newPage();
		await inbox.goto(sandbox.url);
		await inbox.getByText('Bonjour Jean, votre commande est prête.').first().waitFor();
		await inbox.setViewportSize({ width: 1000, height: 620 });
		await picture(inbox, 'inbox');
		await inbox.close();
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699123456': 1, '+237677000001': 1 });
	});

	test('asks by SMS, and goes on when the person has tapped the button behind the link', async () => {
		const ask = node(
			'Ask',
			`${PACKAGE}.mboaSms`,
			{
				resource: 'sms',
				operation: 'sendAndWait',
				recipients: '699 00 00 01',
				message: 'Payer 800 000 FCFA à Martin ?',
				approvalOptions: {
					values: { approvalType: 'double', approveLabel: 'Payer', disapproveLabel: 'Refuser' },
				},
				options: { pageWords: { values: { title: 'Un paiement', thanks: 'Merci, bien reçu.' } } },
			},
			{ credentials: editor.credential('MboaSMS (sandbox)') },
		);
		await openNode([ask]);
		await execute();
		const phone = await page.context().newPage();
		await phone.setViewportSize({ width: 360, height: 640 });
		await phone.goto(sandbox.url);
		const opened = phone.context().waitForEvent('page');
		await phone.locator('[data-testid="text"] a').first().click();
		const question = await opened;
		await question.setViewportSize({ width: 360, height: 640 });
		await question.getByText('Payer 800 000 FCFA à Martin ?').waitFor();
		await picture(question, 'question');
		expect(await sandbox.messages()).toHaveLength(1);
		await question.getByRole('button', { name: 'Payer' }).click();
		await question.getByText('Merci, bien reçu.').waitFor();
		await picture(question, 'question-answered');
		await question.close();
		await phone.close();
		const output = byId(page, 'output-panel');
		await output.getByText('+237699000001').first().waitFor();
		await output.getByText('true').first().waitFor();
		await picture(page, 'send-and-wait');
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('shows a refusal in the words of the gateway, and what to do', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		await openNode(
			[mboaSend(editor.credential('MboaSMS (sandbox)'))],
			[{ to: '699123456', text: 'Hello' }],
		);
		await execute();
		const output = byId(page, 'output-panel');
		await output.getByText('Sender ID is not validated for this account').first().waitFor();
		await output.getByText('Correct what the gateway names').first().waitFor();
		await picture(page, 'refusal');
	});
});

describe('Send Bulk', () => {
	test('sends the rows of a file and hints at what it left out', async () => {
		const rows = [
			'name,phone',
			'Amina,0756 000 001',
			'Brian,+256 772 000 002',
			'Nobody,12',
			'Amina,256756000001',
		];
		const bulk = node(
			'Mambo SMS',
			`${PACKAGE}.mamboSms`,
			{
				operation: 'sendBulk',
				message: 'Dear {name}, school opens on Monday.',
				senderId: 'School',
			},
			{ credentials: editor.credential('Mambo SMS (sandbox)') },
		);
		await openNode([...fileOf(rows, { fileName: 'parents.csv' }), bulk]);
		const output = byId(page, 'output-panel');
		await output.getByText("'Execute step' texts everyone in the file").waitFor();
		await execute();
		await output.getByText('1 of 4 rows was left out').waitFor();
		await output.getByText('1 duplicate was left out').waitFor();
		await byId(page, 'output-panel').locator('[data-test-id="radio-button-json"]').click();
		await output.getByText('"parents.csv"').first().waitFor();
		await picture(page, 'send-bulk');
		expect(await sandbox.textsPerRecipient()).toEqual({ '+256756000001': 1, '+256772000002': 1 });
	});
});

describe('Get Balance', () => {
	test('asks for the credential of the account and shows the balance', async () => {
		await sandbox.setBalance('mambosms', 12_345);
		await openNode([
			node('Mambo SMS', `${PACKAGE}.mamboSms`, { resource: 'account', operation: 'getBalance' }),
		]);
		await chooseCredential('Mambo SMS account (sandbox)');
		await execute();
		const output = byId(page, 'output-panel');
		await output.getByText('12345').first().waitFor();
		await picture(page, 'get-balance');
	});
});
