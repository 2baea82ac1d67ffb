import { startSandbox, type Sandbox } from '../../../sandbox/server';
import { Engine } from '../../helpers/engine';
import { fileItem, goodCredentials, mboaSmsRun } from '../../helpers/smsRuns';

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await Engine.start();
	sandbox = await startSandbox();
});

afterAll(async () => await sandbox.close());

const bulkWithBasic = (onError: 'stopWorkflow' | 'continueRegularOutput') => ({
	...mboaSmsRun(
		sandbox.url,
		{ operation: 'sendBulk', authentication: 'basic', message: 'Hello' },
		{ items: [fileItem('677123456'), fileItem('699123456')], onError },
	),
	credentials: goodCredentials.mboaSmsBasic(sandbox.url),
});

test('Send Bulk with Basic says that it needs JWT, and nothing is sent', async () => {
	const result = await engine.run(bulkWithBasic('stopWorkflow'));
	expect(result.error?.message).toBe('Send Bulk does not work with a Basic credential');
	expect(result.error?.description).toMatch(/Nothing was sent.*JWT/);
	expect(sandbox.state.requests).toEqual([]);
});

test('under Continue every item says that it was not sent, none passes as if it had been', async () => {
	const result = await engine.run(bulkWithBasic('continueRegularOutput'));
	expect(
		result.json.map(({ status, sentCount, failedCount }) => [status, sentCount, failedCount]),
	).toEqual([
		['failed', 0, 1],
		['failed', 0, 1],
	]);
	expect(result.items.map((item) => item.error?.name)).toEqual([
		'NodeOperationError',
		'NodeOperationError',
	]);
	expect(sandbox.state.requests).toEqual([]);
});
