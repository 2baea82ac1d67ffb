import type { Browser, Page } from 'playwright-core';

import type { WorkflowNode } from '../../playground/n8nClient';
import {
	addOption,
	byId,
	chooseOption,
	executeNode,
	fillParameter,
	openBrowser,
	openLastNode,
	openWindow,
	offeredOptions,
	picture,
	readOutput,
} from './helpers/browser';
import {
	Editor,
	fileOf,
	jsonOf,
	mamboSend,
	mboaSend,
	node,
	PACKAGE,
	sandbox,
} from './helpers/editor';

/** Every option as a person sets it: added from the list of the panel, filled in there, and seen at work. */

let editor: Editor;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	editor = await Editor.open();
	browser = await openBrowser();
	({ page } = await openWindow(browser));
	await page.setViewportSize({ width: 1600, height: 1400 });
}, 120_000);

beforeEach(async () => sandbox.reset());

afterAll(async () => browser.close());

const open = async (nodes: WorkflowNode[], items?: object[]) =>
	await openLastNode({ page, editor }, nodes, items);
const execute = async () => await executeNode(page);
const reads = async (...words: string[]) => await readOutput(page, ...words);

async function readsJson(...words: string[]): Promise<void> {
	await byId(page, 'output-panel').locator('[data-test-id="radio-button-json"]').click();
	await reads(...words);
}

const mboaCredential = () => editor.credential('MboaSMS (sandbox)');
const mboaBulk = (parameters: Record<string, unknown>) =>
	node(
		'MboaSMS',
		`${PACKAGE}.mboaSms`,
		{ operation: 'sendBulk', ...parameters },
		{ credentials: mboaCredential() },
	);

const OF_BOTH = [
	'Batch Size',
	'Deduplication Key',
	'Default Country',
	'Do Not Text',
	'Dry Run',
	'Include Response',
	'Output',
	'Price per Segment',
	'Remove Duplicates',
	'Requests per Minute',
	'Segment Limit',
	'Smart Encoding',
	'Timeout (Seconds)',
];
const inOrder = (...more: string[]) => [...OF_BOTH, ...more].sort();

describe('the list of options', () => {
	test('of Send has all of them in the order of the alphabet', async () => {
		await open([mboaSend(mboaCredential())]);
		expect(await offeredOptions(page, 'Options')).toEqual(inOrder('Combine Items', 'Sender ID'));
		await picture(page, 'options-send');
		await open([mamboSend(editor.credential('Mambo SMS (sandbox)'))]);
		expect(await offeredOptions(page, 'Options')).toEqual(inOrder('Combine Items'));
	});

	test('of Send Bulk likewise, and of the file layout', async () => {
		await open([...fileOf(['Téléphone', '699000001']), mboaBulk({ message: 'Bonjour' })]);
		expect(await offeredOptions(page, 'Options')).toEqual(
			inOrder('On Invalid Rows', 'Rejected Rows Field', 'Sender ID'),
		);
		expect(await offeredOptions(page, 'File Layout')).toEqual([
			'Header Row',
			'Include Hidden Rows',
			'Message Column',
			'Phone Column',
			'Sheet Name',
		]);
		await picture(page, 'options-send-bulk');
	});
});

describe('an option that is added and filled in on the panel', () => {
	const people = [
		{ to: '699000001', text: 'Bonjour Zoé' },
		{ to: '699000002', text: 'Bonjour Jean' },
		{ to: '699000003', text: 'Bonjour Ali' },
	];

	test('Segment Limit and Price per Segment stop what costs more, and say how much', async () => {
		await open([mboaSend(mboaCredential())], people);
		await addOption(page, 'Options', 'Segment Limit');
		await fillParameter(page, 'segmentLimit', '2');
		await addOption(page, 'Options', 'Price per Segment');
		await fillParameter(page, 'pricePerSegment', '15');
		await execute();
		await reads(
			"This run would be 3 segments, and the 'Segment Limit' is 2",
			'Nothing was sent',
			'about 45',
		);
		await picture(page, 'option-segment-limit');
		expect(await sandbox.requests()).toEqual([]);
	});

	test('Do Not Text leaves a person out, Output has an item for each person', async () => {
		await open([mboaSend(mboaCredential())], people);
		await addOption(page, 'Options', 'Do Not Text');
		await fillParameter(page, 'doNotText', '+237 699 00 00 02');
		await addOption(page, 'Options', 'Output');
		await chooseOption(page, 'output', 'One Item per Recipient');
		await execute();
		await readsJson('"Bonjour Ali"', '"excluded"', '"+237699000003"');
		await picture(page, 'option-do-not-text');
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1, '+237699000003': 1 });
	});

	test('Combine Items and Batch Size: personal texts in uploads of two', async () => {
		await open([mboaSend(mboaCredential())], people);
		await addOption(page, 'Options', 'Combine Items');
		await addOption(page, 'Options', 'Batch Size');
		await fillParameter(page, 'batchSize', '2');
		await execute();
		await reads('3 items');
		expect(await sandbox.requests()).toHaveLength(2);
		expect(await sandbox.textsPerRecipient()).toEqual({
			'+237699000001': 1,
			'+237699000002': 1,
			'+237699000003': 1,
		});
	});

	test('Default Country: a number as it is written in France', async () => {
		await open([mboaSend(mboaCredential())], [{ to: '06 12 34 56 78', text: 'Bonjour' }]);
		await addOption(page, 'Options', 'Default Country');
		await chooseOption(page, 'defaultCountry', 'France (+33)');
		await execute();
		await readsJson('"+33612345678"');
		expect(await sandbox.textsPerRecipient()).toEqual({ '+33612345678': 1 });
	});

	test('Include Response shows the answer of the gateway', async () => {
		await open([mboaSend(mboaCredential())], people.slice(0, 1));
		await addOption(page, 'Options', 'Include Response');
		await execute();
		await readsJson('response');
	});

	test('the file layout says which sheet, columns and rows are meant', async () => {
		const rows = ['Père,Mère,Texte,Note', '699000001,699000002,Réunion à 14 h,absent'];
		await open([...fileOf(rows), mboaBulk({})]);
		await addOption(page, 'File Layout', 'Phone Column');
		await fillParameter(page, 'phoneColumn', 'Mère');
		await addOption(page, 'File Layout', 'Message Column');
		await fillParameter(page, 'messageColumn', 'Texte');
		await addOption(page, 'File Layout', 'Header Row');
		await chooseOption(page, 'hasHeaderRow', 'Yes');
		await addOption(page, 'File Layout', 'Include Hidden Rows');
		await addOption(page, 'File Layout', 'Sheet Name');
		await execute();
		await reads('1 item');
		await picture(page, 'option-file-layout');
		expect(await sandbox.messages()).toMatchObject([
			{ recipient: '+237699000002', text: 'Réunion à 14 h' },
		]);
	});
});

test('Get Bulk Job asks what became of the upload with that Job ID', async () => {
	await sandbox.runJobs(1_000);
	const sent = await editor.run([
		...fileOf(['Téléphone', '699000001']),
		mboaBulk({ message: 'Bonjour' }),
	]);
	const [item] = jsonOf(sent, 'MboaSMS');
	expect(item).toMatchObject({ status: 'accepted', jobId: expect.stringMatching(/./) });
	const get = { resource: 'bulkJob', operation: 'get' };
	await open([node('MboaSMS', `${PACKAGE}.mboaSms`, get, { credentials: mboaCredential() })]);
	await fillParameter(page, 'jobId', String(item?.jobId));
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	await execute();
	await readsJson('"getBulkJob"', '"sent"');
	await picture(page, 'option-bulk-job');
});
