import { goodCredentials, fileItem, mboaSmsRun } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';
import type { NodeRun } from '../../helpers/engine';

const bench = useTestBench();

function getRun(jobId: unknown, rest: Partial<NodeRun> = {}): NodeRun {
	const parameters = { resource: 'bulkJob', operation: 'get', jobId: jobId as string };
	return mboaSmsRun(bench.sandbox.url, parameters, rest);
}

async function acceptedJob(): Promise<string> {
	bench.sandbox.state.setJobDuration(60_000);
	const upload = mboaSmsRun(
		bench.sandbox.url,
		{ operation: 'sendBulk' },
		{ items: [fileItem('phone,message\n+237670000001,Bonjour\n+237670000002,Bonsoir\n')] },
	);
	const { json } = await bench.engine.run(upload);
	expect(json[0]).toMatchObject({ status: 'accepted', jobId: expect.any(String) });
	return String(json[0]?.jobId);
}

async function endedJob(): Promise<string> {
	const jobId = await acceptedJob();
	bench.sandbox.state.jobs.get(jobId)!.endsAt = 0;
	return jobId;
}

const jobJson = (differences: object) => ({
	provider: 'mboasms',
	operation: 'getBulkJob',
	recipientCount: 2,
	sentCount: 2,
	failedCount: 0,
	providerMessage: null,
	...differences,
});

const asked = () =>
	bench.sandbox.state.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);

describe('Get bulk job', () => {
	test('is accepted while the upload goes on, and sent at its end', async () => {
		const jobId = await acceptedJob();
		expect((await bench.engine.run(getRun(jobId))).items).toEqual([
			{ json: jobJson({ jobId, status: 'accepted', sentCount: 0 }), pairedItem: { item: 0 } },
		]);
		const ended = await endedJob();
		expect((await bench.engine.run(getRun(ended))).json).toEqual([
			jobJson({ jobId: ended, status: 'sent' }),
		]);
	});

	test('adds up several jobs, and asks once for a job that several items name', async () => {
		const both = `${await endedJob()}, ${await endedJob()}`;
		const items = [{ json: {} }, { json: {} }];
		const result = await bench.engine.run(getRun(both, { items }));
		const total = jobJson({ jobId: both, status: 'sent', recipientCount: 4, sentCount: 4 });
		expect(result.json).toEqual([total, total]);
		expect(asked()).toHaveLength(2);
	});

	test('signs with a key of the dashboard too', async () => {
		const jobId = await endedJob();
		const credentials = goodCredentials.mboaSmsApiKey(bench.sandbox.url);
		const result = await bench.engine.run(getRun(jobId, { credentials }));
		expect(result.json).toEqual([jobJson({ jobId, status: 'sent' })]);
	});

	test('says in the words of the gateway that there is no such job', async () => {
		const result = await bench.engine.run(getRun('job-0'));
		expect({
			name: result.error?.name,
			message: result.error?.message,
			description: result.error?.description,
			httpCode: result.error?.httpCode,
		}).toEqual({
			name: 'NodeApiError',
			message: 'MboaSMS does not tell what became of the bulk job',
			description:
				'Not found: There is no such job (JOB_NOT_FOUND). Check the credential and the ' +
				"'Job ID', or look into the History of the MboaSMS dashboard",
			httpCode: '404',
		});
	});

	test('goes on behind an unknown job, and calls nothing failed that it does not know', async () => {
		const jobId = await endedJob();
		const items = [{ json: { jobId: 'job-0' } }, { json: { jobId } }];
		const result = await bench.engine.run(
			getRun('={{ $json.jobId }}', { items, onError: 'continueRegularOutput' }),
		);
		const nothing = { recipientCount: null, sentCount: null, failedCount: null };
		expect(result.json).toEqual([
			jobJson({
				jobId: 'job-0',
				status: 'unknown',
				...nothing,
				errorMessage: expect.stringContaining('There is no such job'),
			}),
			jobJson({ jobId, status: 'sent' }),
		]);
	});

	test('asks no more with a credential that was refused', async () => {
		const items = [{ json: { id: 'a' } }, { json: { id: 'b' } }, { json: { id: 'c' } }];
		const credentials = {
			mboaSmsJwtApi: { method: 'token', token: 'wrong', baseUrl: bench.sandbox.url },
		};
		const result = await bench.engine.run(
			getRun('={{ $json.id }}', { items, credentials, onError: 'continueRegularOutput' }),
		);
		expect(result.json.map(({ status }) => status)).toEqual([
			'unknown',
			'notAttempted',
			'notAttempted',
		]);
		expect(asked()).toHaveLength(1);
	});

	test('stops after three requests in a row that certainly never connected', async () => {
		const items = ['a', 'b', 'c', 'd'].map((id) => ({ json: { id } }));
		const credentials = {
			mboaSmsJwtApi: { method: 'token', token: 'any', baseUrl: 'http://127.0.0.1:1' },
		};
		const result = await bench.engine.run(
			getRun('={{ $json.id }}', { items, credentials, onError: 'continueRegularOutput' }),
		);
		expect(result.json.map(({ status }) => status)).toEqual([
			'unknown',
			'unknown',
			'unknown',
			'notAttempted',
		]);
	});

	test.each([
		['an expression that gives nothing', '={{ $json.nothing }}'],
		['an object', '={{ ({ a: 1 }) }}'],
	])('names the field for %s, and asks nothing', async (_name, jobId) => {
		const result = await bench.engine.run(getRun(jobId));
		expect(result.error?.message).toBe("'Job ID' is empty");
		expect(asked()).toEqual([]);
	});

	test('needs a JWT credential', async () => {
		const run = getRun('job-1', { credentials: goodCredentials.mboaSmsBasic(bench.sandbox.url) });
		run.parameters.authentication = 'basic';
		const result = await bench.engine.run(run);
		expect(result.error?.message).toBe('Bulk jobs cannot be read with a Basic credential');
		expect(asked()).toEqual([]);
	});
});
