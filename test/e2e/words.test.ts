import type { Browser, Page } from 'playwright-core';

import type { WorkflowNode } from '../../playground/n8nClient';
import {
	byId,
	executeNode,
	openBrowser,
	openLastNode,
	openWindow,
	picture,
	readOutput,
} from './helpers/browser';
import { Editor, fileOf, mboaSend, node, PACKAGE, sandbox } from './helpers/editor';

/** What a shopkeeper reads on the screen when something is otherwise than they meant. */

let editor: Editor;
let browser: Browser;

beforeAll(async () => {
	editor = await Editor.open();
	browser = await openBrowser();
}, 120_000);

beforeEach(async () => sandbox.reset());

afterAll(async () => browser.close());

describe.each(['light', 'dark'] as const)('on the screen, %s', (theme) => {
	let page: Page;

	beforeAll(async () => {
		({ page } = await openWindow(browser, theme));
	}, 60_000);

	const open = async (nodes: WorkflowNode[], items?: object[]) =>
		await openLastNode({ page, editor }, nodes, items);
	const execute = async () => await executeNode(page);
	const reads = async (...words: string[]) => await readOutput(page, ...words);

	const send = (parameters: Record<string, unknown> = {}) =>
		mboaSend(editor.credential('MboaSMS (sandbox)'), parameters);
	const bulk = (parameters: Record<string, unknown> = {}) =>
		node(
			'MboaSMS',
			`${PACKAGE}.mboaSms`,
			{ operation: 'sendBulk', ...parameters },
			{ credentials: editor.credential('MboaSMS (sandbox)') },
		);
	const people = [
		{ to: '699000001', text: 'Bonjour' },
		{ to: '699000002', text: 'Bonsoir' },
	];

	test('a dry run says first that nothing was sent, and the canvas shows what it was', async () => {
		await open([send({ options: { dryRun: true } })], people);
		await execute();
		await reads(
			'Dry run: nothing was sent. 2 messages would be sent with 2 SMS',
			"Switch 'Dry Run' off to send",
		);
		await picture(page, `words-dry-run-${theme}`);
		expect(await sandbox.requests()).toEqual([]);
		await page.keyboard.press('Escape');
		const subtitle = page.locator('[data-test-id="canvas-node"][data-node-name="MboaSMS"]');
		await subtitle.getByText('dry run').waitFor();
	});

	test('an interruption names the number and leads to Retry execution', async () => {
		await sandbox.arm({ gateway: 'mboasms', skip: 1, count: 1, preset: 'emptyBody' });
		await open([send()], [...people, { to: '699000003', text: 'Salut' }]);
		await execute();
		await reads(
			'It is not known whether MboaSMS sent the message to +237699000002',
			"Then press 'Retry execution' in the tab 'Executions'",
			"'Execute step' would start again with everybody",
		);
		await picture(page, `words-interrupted-${theme}`);
		expect(await sandbox.messages()).toHaveLength(2);
	});

	test('rows without a text are counted by that reason', async () => {
		const lines = ['Nom,Téléphone', 'Zoé,699000001', 'Jean,12'];
		await open([...fileOf(lines), bulk({ message: 'Bonjour {Nom}' })]);
		await execute();
		await reads(
			"1 of 2 rows was left out: 1 × The number is too short, so check whether digits are missing (row 3: '12')",
			"To get them as a file to mend, add the option 'Rejected Rows Field'",
		);
		await picture(page, `words-left-out-${theme}`);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1 });
	});

	test('a brace that names a field is refused, and says to drag it', async () => {
		const item = { to: '699000001', Nom: 'Zoé' };
		await open([send({ message: 'Bonjour {Nom}' })], [item]);
		await execute();
		await reads(
			"A field name in braces in 'Message' would be sent as it is written",
			"Drag the field 'Nom' from the left",
		);
		await picture(page, `words-brace-${theme}`);
		expect(await sandbox.requests()).toEqual([]);
	});

	test('rows into Send Bulk lead to Send', async () => {
		const rows = [
			{ Nom: 'Zoé', Telephone: '699000001' },
			{ Nom: 'Jean', Telephone: '699000002' },
		];
		await open([bulk({ message: 'Bonjour' })], rows);
		await execute();
		await reads('There is no file here, but 2 items with fields', "Choose the operation 'Send'");
		await picture(page, `words-rows-${theme}`);
		expect(await sandbox.requests()).toEqual([]);
	});

	test('a file in another field is taken, and a hint says so', async () => {
		await open([
			...fileOf(['Téléphone', '699000001'], { field: 'liste' }),
			bulk({ message: 'Bonjour' }),
		]);
		await execute();
		await reads("'liste'");
		await picture(page, `words-other-field-${theme}`);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1 });
	});

	test('Send Bulk warns before the first click', async () => {
		await open([...fileOf(['Téléphone', '699000001']), bulk({ message: 'Bonjour' })]);
		await reads("'Execute step' texts everyone in the file", "add the option 'Dry Run'");
		await picture(page, `words-before-${theme}`);
	});

	test('Get Balance says which credential it takes', async () => {
		const parameters = { resource: 'account', operation: 'getBalance' };
		await open([node('Mambo SMS', `${PACKAGE}.mamboSms`, parameters)]);
		const notice = 'Reading the balance takes the user name and password of your Mambo SMS account';
		await byId(page, 'ndv').getByText(notice).first().waitFor();
		await picture(page, `words-balance-${theme}`);
	});
});
