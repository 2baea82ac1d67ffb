import type { IDataObject } from 'n8n-workflow';

import { demoCredentials } from '../../../sandbox/demoCredentials';
import type { NodeRun } from '../../helpers/engine';
import { goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const account = demoCredentials.mamboAccount;

function balanceRun(fields: Record<string, string> = {}, rest: Partial<NodeRun> = {}): NodeRun {
	const { mamboSmsAccountApi } = goodCredentials.mamboAccount(bench.sandbox.url);
	return {
		type: 'mamboSms',
		parameters: { resource: 'account', operation: 'getBalance' },
		credentials: { mamboSmsAccountApi: { ...mamboSmsAccountApi, ...fields } },
		...rest,
	};
}

function balanceJson(differences: IDataObject = {}): IDataObject {
	return {
		provider: 'mambosms',
		operation: 'getBalance',
		balance: 10_000_000,
		accountId: 42,
		accountName: 'Jane Doe',
		phoneNumber: '0756000000',
		email: 'jane@example.com',
		providerMessage: 'Balance fetched successfully',
		...differences,
	};
}

const nothingKnown = {
	balance: null,
	accountId: null,
	accountName: null,
	phoneNumber: null,
	email: null,
	providerMessage: null,
};

describe('Get Balance', () => {
	test('outputs every field of the account, linked to its input', async () => {
		const result = await bench.engine.run(balanceRun());
		expect(result.items).toEqual([{ json: balanceJson(), pairedItem: { item: 0 } }]);
	});

	test('sends user name and password in the body, and no other credential', async () => {
		await bench.engine.run(balanceRun());
		const [request, ...others] = bench.sandbox.state.requests;
		expect(others).toEqual([]);
		expect(request?.method).toBe('POST');
		expect(request?.path).toBe('/v1/accounts/balance');
		expect(request?.headers['content-type']).toMatch(/^application\/json/);
		expect(request?.headers.authorization).toBeUndefined();
		expect(JSON.parse(request?.bodyText ?? '')).toEqual({
			username: account.username,
			password: account.password,
		});
	});

	test('asks once for all items', async () => {
		const items = [{ json: {} }, { json: {} }, { json: {} }];
		const result = await bench.engine.run(balanceRun({}, { items }));
		expect(result.items).toEqual(
			items.map((_item, index) => ({ json: balanceJson(), pairedItem: { item: index } })),
		);
		expect(bench.sandbox.state.requests).toHaveLength(1);
	});

	test('makes a number of a balance that came as text', async () => {
		bench.sandbox.state.armFault({
			gateway: 'mambosms',
			count: 1,
			fault: { kind: 'numbersAsStrings' },
		});
		const result = await bench.engine.run(balanceRun());
		expect(result.json).toEqual([balanceJson()]);
	});

	test('0 is a balance', async () => {
		bench.sandbox.state.setBalance('mambosms', 0);
		const result = await bench.engine.run(balanceRun());
		expect(result.json).toEqual([balanceJson({ balance: 0 })]);
	});

	const refusals = [
		['Invalid credentials', { password: 'wrong' }],
		[
			'Account suspended due to too many failed attempts. Contact support.',
			{ username: account.suspendedUsername },
		],
		[
			'Account is inactive or suspended. Contact support on +256 775 508171.',
			{ username: account.inactiveUsername },
		],
	] as const;

	test.each(refusals)('stops with the words "%s"', async (words, fields) => {
		const result = await bench.engine.run(balanceRun(fields));
		expect(result.status).toBe('error');
		expect({
			name: result.error?.name,
			message: result.error?.message,
			httpCode: result.error?.httpCode,
			description: result.error?.description,
		}).toEqual({
			name: 'NodeApiError',
			message: 'Mambo SMS did not tell the balance',
			httpCode: '200',
			description: `${words.replace(/\.?$/, '.')} Open the credential with the pencil beside its name, check user name and password and press Save, or ask Mambo SMS`,
		});
	});

	test.each(refusals)('under Continue makes an item of "%s"', async (words, fields) => {
		const items = [{ json: {} }, { json: {} }];
		const result = await bench.engine.run(
			balanceRun(fields, { items, onError: 'continueRegularOutput' }),
		);
		expect(result.status).toBe('success');
		expect(result.json).toEqual(
			items.map(() =>
				balanceJson({
					...nothingKnown,
					status: 'failed',
					errorMessage: expect.stringContaining(`Mambo SMS did not tell the balance. ${words}`),
				}),
			),
		);
		expect(result.items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(result.items.map((item) => item.error?.name)).toEqual(['NodeApiError', 'NodeApiError']);
	});

	test.each([
		[400, 'Missing or invalid parameters.'],
		[401, 'Unauthorized. Invalid or missing API key.'],
		[405, 'Method not allowed.'],
		[500, 'Server error. Contact support if this persists.'],
	])('words an answer with HTTP status %s', async (status, words) => {
		bench.sandbox.state.armFault({
			gateway: 'mambosms',
			count: 9,
			fault: { kind: 'status', status },
		});
		const result = await bench.engine.run(balanceRun());
		expect(result.error?.name).toBe('NodeApiError');
		expect(result.error?.description).toContain(words);
		expect(result.error?.httpCode).toBe(String(status));
	});

	test.each([
		['an HTML page', { kind: 'unreadableBody' }],
		['an empty answer', { kind: 'emptyBody' }],
		['an answer of another shape', { kind: 'wrongShape', json: { success: true, data: {} } }],
	] as const)('does not take %s for a balance', async (_name, fault) => {
		bench.sandbox.state.armFault({ gateway: 'mambosms', count: 1, fault });
		const result = await bench.engine.run(balanceRun());
		expect(result.error?.message).toBe('Mambo SMS did not tell the balance');
		expect(result.error?.description).toMatch(/^HTTP 200 without/);
	});

	test('says so when the gateway cannot be reached, and under Continue outputs an item', async () => {
		const unreachable = { baseUrl: 'http://127.0.0.1:1' };
		const stopped = await bench.engine.run(balanceRun(unreachable));
		expect(stopped.error?.name).toBe('NodeApiError');
		expect(stopped.error?.message).toBe('Mambo SMS could not be reached');
		expect(stopped.error?.description).toMatch(/^The connection was refused \(ECONNREFUSED\)/);
		const continued = await bench.engine.run(
			balanceRun(unreachable, { onError: 'continueRegularOutput' }),
		);
		expect(continued.json).toEqual([
			balanceJson({
				...nothingKnown,
				status: 'failed',
				errorMessage: expect.stringMatching(/could not be reached\. .*Check the 'Base URL'/),
			}),
		]);
		expect(continued.items[0]?.error?.name).toBe('NodeApiError');
		expect(continued.items[0]?.pairedItem).toEqual({ item: 0 });
	});
});
