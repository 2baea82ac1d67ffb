import {
	chain,
	Editor,
	jsonOf,
	mamboSend,
	mboaSend,
	node,
	PACKAGE,
	sandbox,
} from './helpers/editor';

const TOO_OLD = 'This n8n is too old: the SMS nodes need n8n 1.85 or newer';

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => sandbox.reset());

afterEach(async () => {
	expect(await sandbox.requests()).toEqual([]);
});

const items = [
	{ to: '+256756000001', text: 'Hello' },
	{ to: '+256756000002', text: 'Hi' },
];

/** The operations that need no file, by the name of their node. */
const nodes = {
	MboaSMS: (settings: object) =>
		mboaSend(editor.credential('MboaSMS (sandbox)'), {}, { ...settings }),
	'Mambo SMS': (settings: object) =>
		mamboSend(editor.credential('Mambo SMS (sandbox)'), {}, { ...settings }),
	Balance: (settings: object) =>
		node(
			'Balance',
			`${PACKAGE}.mamboSms`,
			{ resource: 'account', operation: 'getBalance' },
			{ credentials: editor.credential('Mambo SMS account (sandbox)'), ...settings },
		),
};

describe.each(['MboaSMS', 'Mambo SMS', 'Balance'] as const)('an n8n before 1.85: %s', (name) => {
	test('ends the run with the version that is needed, and makes no request', async () => {
		const { status, error } = await editor.run([nodes[name]({})], items);
		expect([status, error?.message]).toEqual(['error', TOO_OLD]);
		expect(error?.description).toBe('Nothing was sent. Update n8n, then run the workflow again');
	});

	test('says so in every item under Continue', async () => {
		const settings = { onError: 'continueRegularOutput' };
		const execution = await editor.run([nodes[name](settings)], items);
		expect(jsonOf(execution, name)).toMatchObject(
			items.map(() => ({ status: 'failed', errorMessage: expect.stringContaining(TOO_OLD) })),
		);
	});
});

test('an n8n before 1.85 does not activate the trigger, and says why', async () => {
	const credentials = editor.credential('Mambo SMS account (sandbox)');
	const trigger = node('Low', `${PACKAGE}.mamboSmsTrigger`, { threshold: 5000 }, { credentials });
	const next = node('Next', 'n8n-nodes-base.noOp', {});
	const workflow = await editor.save(chain('Low balance', [trigger, next]));
	await expect(editor.client.activateWorkflow(workflow)).rejects.toThrow(TOO_OLD);
});
