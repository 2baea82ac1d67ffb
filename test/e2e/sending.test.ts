import { Editor, jsonOf, mamboSend, mboaSend, node, PACKAGE, sandbox } from './helpers/editor';

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => sandbox.reset());

const csv = [
	'name,phone,message',
	'Amina,699000001,Hello Amina',
	'Bello,+237 699 000 002,Hello Bello',
	'Nobody,12,Hello nobody',
	'Amina again,237699000001,Hello Amina',
].join('\n');

/** A file made of text, in the field `data`. */
const file = (text: string) => [
	{
		...node('Text', 'n8n-nodes-base.set', {
			mode: 'raw',
			jsonOutput: JSON.stringify({ text }),
			options: {},
		}),
		typeVersion: 3.4,
	},
	{
		...node('File', 'n8n-nodes-base.convertToFile', {
			operation: 'toText',
			sourceProperty: 'text',
			options: { fileName: 'people.csv' },
		}),
		typeVersion: 1.1,
	},
];

function bulk(type: 'mboaSms' | 'mamboSms', credentials: object, parameters = {}) {
	return node(
		'Bulk',
		`${PACKAGE}.${type}`,
		{ operation: 'sendBulk', ...parameters },
		{ credentials },
	);
}

describe('in a real n8n', () => {
	test.each(['MboaSMS (sandbox)', 'MboaSMS log-in (sandbox)'])(
		'Send of MboaSMS texts every item with the credential %s',
		async (credential) => {
			const execution = await editor.run(
				[mboaSend(editor.credential(credential))],
				[
					{ to: '699000001; 699000002', text: 'Hello' },
					{ to: '+256756000001', text: 'Hi' },
				],
			);
			expect(execution.status).toBe('success');
			expect(
				jsonOf(execution, 'MboaSMS').map(({ status, sentCount }) => [status, sentCount]),
			).toEqual([
				['sent', 2],
				['sent', 1],
			]);
			expect(await sandbox.textsPerRecipient()).toEqual({
				'+237699000001': 1,
				'+237699000002': 1,
				'+256756000001': 1,
			});
		},
	);

	test('Send of MboaSMS works with Basic authentication', async () => {
		const credentials = editor.credential('MboaSMS Basic (sandbox)');
		const execution = await editor.run(
			[mboaSend(credentials, { authentication: 'basic' })],
			[{ to: '699000001', text: 'Hello' }],
		);
		expect(jsonOf(execution, 'MboaSMS')).toMatchObject([{ status: 'sent' }]);
		expect(await sandbox.messages()).toHaveLength(1);
	});

	test('Send of Mambo SMS texts every item', async () => {
		const execution = await editor.run(
			[mamboSend(editor.credential('Mambo SMS (sandbox)'))],
			[
				{ to: '0756000001', text: 'Hello' },
				{ to: '0772000002', text: 'Hi' },
			],
		);
		expect(jsonOf(execution, 'Mambo SMS').map(({ status }) => status)).toEqual(['sent', 'sent']);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+256756000001': 1, '+256772000002': 1 });
	});

	test('Send Bulk of MboaSMS uploads the file, each number once, and lists what it left out', async () => {
		const credentials = editor.credential('MboaSMS (sandbox)');
		const execution = await editor.run([...file(csv), bulk('mboaSms', credentials)]);
		expect(execution.error).toBeNull();
		expect(jsonOf(execution, 'Bulk')).toMatchObject([
			{
				status: 'partial',
				fileName: 'people.csv',
				rowCount: 4,
				sentCount: 2,
				duplicateCount: 1,
				invalidCount: 1,
				rejectedRows: [{ row: 4, recipient: '12' }],
			},
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000001': 1, '+237699000002': 1 });
		expect(execution.runs.Bulk?.[0]?.hints.map(({ message }) => message).join(' ')).toMatch(
			/left out/,
		);
	});

	test('Send Bulk of Mambo SMS sends the rows with the text of the node', async () => {
		const people = 'phone;name\n0756000001;Amina\n0772000002;Bello\n';
		const parameters = { message: 'Dear {name}', senderId: 'School' };
		const credentials = editor.credential('Mambo SMS (sandbox)');
		const execution = await editor.run([
			...file(people),
			bulk('mamboSms', credentials, parameters),
		]);
		expect(jsonOf(execution, 'Bulk')).toMatchObject([{ status: 'sent', sentCount: 2 }]);
		const texts = (await sandbox.messages()).map(({ recipient, text }) => [recipient, text]);
		expect(texts.sort()).toEqual([
			['+256756000001', 'Dear Amina'],
			['+256772000002', 'Dear Bello'],
		]);
	});

	test('Get Balance reads the balance', async () => {
		await sandbox.setBalance('mambosms', 0);
		const balance = node(
			'Balance',
			`${PACKAGE}.mamboSms`,
			{ resource: 'account', operation: 'getBalance' },
			{ credentials: editor.credential('Mambo SMS account (sandbox)') },
		);
		const execution = await editor.run([balance]);
		expect(jsonOf(execution, 'Balance')).toMatchObject([
			{ operation: 'getBalance', balance: 0, accountName: 'Jane Doe' },
		]);
	});

	test('a log-in whose token has expired is renewed, and nobody is texted twice', async () => {
		const send = mboaSend(editor.credential('MboaSMS log-in (sandbox)'));
		await editor.run([send], [{ to: '699000001', text: 'before' }]);
		await sandbox.expireTokens();
		const execution = await editor.run(
			[send],
			[
				{ to: '699000002', text: 'after' },
				{ to: '699000003', text: 'after' },
			],
		);
		expect(jsonOf(execution, 'MboaSMS').map(({ status }) => status)).toEqual(['sent', 'sent']);
		expect(await sandbox.textsPerRecipient()).toEqual({
			'+237699000001': 1,
			'+237699000002': 1,
			'+237699000003': 1,
		});
		const logIns = (await sandbox.requests()).filter(({ endpoint }) => endpoint === 'login');
		expect(logIns.length).toBeGreaterThanOrEqual(1);
	});

	test('an upload whose token has expired is renewed and arrives whole', async () => {
		const credentials = editor.credential('MboaSMS log-in (sandbox)');
		await sandbox.expireTokens();
		const execution = await editor.run([...file(csv), bulk('mboaSms', credentials)]);
		expect(jsonOf(execution, 'Bulk')).toMatchObject([{ status: 'partial', sentCount: 2 }]);
		expect(await sandbox.messages()).toHaveLength(2);
	});

	test('hints say which character forces UCS-2 and what smart encoding would save', async () => {
		const text = `Votre commande est prête. ${'x'.repeat(100)}`;
		const execution = await editor.run(
			[mboaSend(editor.credential('MboaSMS (sandbox)'), { options: { dryRun: true } })],
			[{ to: '699000001', text }],
		);
		const hints = execution.runs.MboaSMS?.[0]?.hints.map(({ message }) => message);
		expect(hints).toEqual([
			expect.stringMatching(/^Dry run: nothing was sent/),
			expect.stringMatching(/'ê'.*'Smart Encoding' on to save 1 SMS/),
		]);
		expect(await sandbox.messages()).toEqual([]);
	});
});

describe('what went wrong', () => {
	const items = [
		{ to: '699000001', text: 'one' },
		{ to: '699000002', text: 'two' },
	];

	test('ends the run with the words of the gateway and what to do', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		const execution = await editor.run([mboaSend(editor.credential('MboaSMS (sandbox)'))], items);
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe('MboaSMS refused the message');
		expect(execution.error?.description).toMatch(
			/^Sender ID is not validated for this account.*Nothing was sent/,
		);
	});

	test('reaches the next node whole under Continue', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		const credentials = editor.credential('MboaSMS (sandbox)');
		const send = mboaSend(credentials, {}, { onError: 'continueRegularOutput' });
		const next = {
			...node('Next', 'n8n-nodes-base.set', {
				assignments: {
					assignments: [
						{ id: '1', name: 'seen', type: 'string', value: '={{ $json.status }}' },
						{ id: '2', name: 'words', type: 'string', value: '={{ $json.errorMessage }}' },
					],
				},
				includeOtherFields: true,
				options: {},
			}),
			typeVersion: 3.4,
		};
		const execution = await editor.run([send, next], items);
		expect(execution.status).toBe('success');
		expect(jsonOf(execution, 'MboaSMS')).toMatchObject([
			{ status: 'failed', recipients: ['+237699000001'], sentCount: 0 },
			{ status: 'sent' },
		]);
		expect(jsonOf(execution, 'Next')).toMatchObject([
			{
				seen: 'failed',
				status: 'failed',
				provider: 'mboasms',
				words: expect.stringContaining('Sender ID is not validated'),
			},
			{ seen: 'sent' },
		]);
	});

	test('takes the error branch with its fields, and the next node there reads them', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'refusedSenderId' });
		const credentials = editor.credential('MboaSMS (sandbox)');
		const send = mboaSend(credentials, {}, { onError: 'continueErrorOutput' });
		const trigger = node('Start', 'n8n-nodes-base.manualTrigger', {});
		const workflow = await editor.save({
			name: 'Error branch',
			nodes: [trigger, send, node('Good', 'n8n-nodes-base.noOp', {}), asked()],
			connections: {
				Start: { main: [[{ node: 'MboaSMS', type: 'main', index: 0 }]] },
				MboaSMS: {
					main: [
						[{ node: 'Good', type: 'main', index: 0 }],
						[{ node: 'Asked', type: 'main', index: 0 }],
					],
				},
			},
			pinData: { Start: items.map((json) => ({ json })) },
		});
		const execution = await editor.client.runWorkflow(workflow, 'Start');
		expect(jsonOf(execution, 'Good')).toMatchObject([{ status: 'sent' }]);
		expect(jsonOf(execution, 'MboaSMS', 1)).toMatchObject([{ status: 'failed' }]);
		expect(jsonOf(execution, 'Asked')).toEqual([
			{ question: expect.stringMatching(/^failed: .*Sender ID is not validated/) },
		]);
		expect(await sandbox.textsPerRecipient()).toEqual({ '+237699000002': 1 });

		function asked() {
			return {
				...node('Asked', 'n8n-nodes-base.set', {
					mode: 'manual',
					assignments: {
						assignments: [
							{
								id: '1',
								name: 'question',
								type: 'string',
								value: '={{ $json.status }}: {{ $json.errorMessage }}',
							},
						],
					},
					options: {},
				}),
				typeVersion: 3.4,
			};
		}
	});

	test('of Get Balance keeps its fields under Continue', async () => {
		await sandbox.arm({ gateway: 'mambosms', count: 1, preset: 'serverError' });
		const balance = node(
			'Balance',
			`${PACKAGE}.mamboSms`,
			{ resource: 'account', operation: 'getBalance' },
			{
				credentials: editor.credential('Mambo SMS account (sandbox)'),
				onError: 'continueRegularOutput',
			},
		);
		const execution = await editor.run([balance, node('Next', 'n8n-nodes-base.noOp', {})]);
		expect(jsonOf(execution, 'Next')).toMatchObject([
			{
				operation: 'getBalance',
				balance: null,
				status: 'failed',
				errorMessage: expect.any(String),
			},
		]);
	});

	test('never shows a secret', async () => {
		await sandbox.arm({ gateway: 'mboasms', count: 1, preset: 'serverErrorAfterSending' });
		const execution = await editor.run([mboaSend(editor.credential('MboaSMS (sandbox)'))], items);
		expect(execution.status).toBe('error');
		const whole = await (await editor.client.fetch(`/rest/executions/${execution.id}`)).text();
		expect(whole).not.toContain('demo-jwt');
	});
});
