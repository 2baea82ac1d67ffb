import type { INodeType, IPollFunctions } from 'n8n-workflow';

import type { NodeRun } from '../../helpers/engine';
import { fileItem, goodCredentials, mamboSmsRun, mboaSmsRun } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

// What n8n before 1.85 exports, for whatever is loaded from here on: the built package.
jest.doMock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	NodeConnectionTypes: undefined,
}));

const bench = useTestBench();

const TOO_OLD = 'This n8n is too old: the SMS nodes need n8n 1.85 or newer';

const to = (recipients: string) => ({ recipients, message: 'Hello' });
const bulk = { operation: 'sendBulk', message: 'Hello' };
const items = [{ json: {} }, { json: {} }];
const files = [fileItem('677123456'), fileItem('699123456')];

const runs: Array<[string, () => NodeRun]> = [
	['Send of MboaSMS', () => mboaSmsRun(bench.sandbox.url, to('677123456'), { items })],
	['Send Bulk of MboaSMS', () => mboaSmsRun(bench.sandbox.url, bulk, { items: files })],
	['Send of Mambo SMS', () => mamboSmsRun(bench.sandbox.url, to('0772123456'), { items })],
	['Send Bulk of Mambo SMS', () => mamboSmsRun(bench.sandbox.url, bulk, { items: files })],
	[
		'Get Balance',
		() => ({
			type: 'mamboSms',
			parameters: { resource: 'account', operation: 'getBalance' },
			credentials: goodCredentials.mamboAccount(bench.sandbox.url),
			items,
		}),
	],
];

describe.each(runs)('on an n8n that is too old, %s', (_name, runOf) => {
	test('says which n8n it needs, and makes no request', async () => {
		const { error } = await bench.engine.run(runOf());
		expect([error?.name, error?.message]).toEqual(['NodeOperationError', TOO_OLD]);
		expect(error?.description).toBe('Nothing was sent. Update n8n, then run the workflow again');
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test('says so in every item under Continue: none passes as if it had been sent', async () => {
		const result = await bench.engine.run({ ...runOf(), onError: 'continueRegularOutput' });
		expect(result.json).toMatchObject(
			items.map(() => ({ status: 'failed', errorMessage: expect.stringContaining(TOO_OLD) })),
		);
		expect(bench.sandbox.state.requests).toEqual([]);
	});
});

test('Mambo SMS leaves the engine nothing but its own execute', () => {
	const mamboSms = bench.engine.loader.getNode('mamboSms').type as INodeType;
	expect([typeof mamboSms.execute, mamboSms.customOperations]).toEqual(['function', undefined]);
});

test('what is a tool can be cloned, without which n8n 1.82 does not start', () => {
	const tools = bench.engine.loader.types.nodes.filter(({ usableAsTool }) => usableAsTool);
	expect(tools.map(({ name }) => name)).toEqual(['mboaSms']);
	for (const description of tools) expect(() => structuredClone(description)).not.toThrow();
});

test('the trigger says which n8n it needs when it is activated', async () => {
	const trigger = bench.engine.loader.getNode('mamboSmsTrigger').type as INodeType;
	const context = { getNode: () => ({ name: 'Trigger' }) } as Partial<IPollFunctions>;
	await expect(trigger.poll?.call(context as IPollFunctions)).rejects.toThrow(TOO_OLD);
});
