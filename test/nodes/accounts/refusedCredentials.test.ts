import {
	gatewayCases,
	itemPerNumber,
	mboaSms,
	numbersOf,
	sendRequests,
} from '../../helpers/gatewayCases';
import type { NodeRun } from '../../helpers/engine';
import { goodCredentials, mboaSmsRun } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const ROUNDS = 20;

/** The credentials of a run with another key, token or password. */
function withWrongSecret(run: NodeRun): NodeRun {
	const wrong = { token: 'wrong-token', apiKey: 'wrong-key', password: 'wrong-password' };
	const credentials = Object.entries(run.credentials).map(([type, fields]) => [
		type,
		{ ...fields, ...wrong },
	]);
	return { ...run, credentials: Object.fromEntries(credentials) as NodeRun['credentials'] };
}

const requests = () => bench.sandbox.state.requests;

describe.each(gatewayCases)('%s: a credential that is not accepted', (_name, gateway) => {
	const numbers = numbersOf(gateway, 2);
	const send = (rest: Partial<NodeRun> = {}) =>
		itemPerNumber(gateway, bench.sandbox.url, numbers, {}, rest);

	test('is asked once by a loop of 20 rounds', async () => {
		const round = numbers.map((number) => ({ json: { number } }));
		const rounds = Array.from({ length: ROUNDS }, () => round);
		const run = withWrongSecret(send({ rounds, onError: 'continueRegularOutput' }));
		await bench.engine.run(run);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('is asked once by Retry On Fail, and every try says why', async () => {
		const result = await bench.engine.run(
			withWrongSecret(send({ retryOnFail: true, maxTries: 5 })),
		);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
		expect(result.error?.message).toBe(`${gateway.displayName} did not accept the credential`);
		expect(result.error?.httpCode).toBe('401');
	});

	test('is asked once more where it had worked before, and then no more', async () => {
		const round = [{ json: { number: numbers[0] } }];
		const run = send({
			rounds: Array.from({ length: ROUNDS }, () => round),
			onError: 'continueRegularOutput',
		});
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			skip: 1,
			count: ROUNDS,
			fault: { kind: 'status', status: 401 },
		});
		await bench.engine.run(run);
		expect(sendRequests(bench.sandbox)).toHaveLength(3);
	});

	test('is asked again by a retry from the list of executions', async () => {
		const run = withWrongSecret(send());
		const failed = await bench.engine.run(run);
		await bench.engine.run({ ...run, retryOf: failed });
		expect(sendRequests(bench.sandbox)).toHaveLength(2);
	});

	test('is used again in the same execution once it is corrected', async () => {
		const executionId = `corrected ${gateway.provider}`;
		const credentialId = `credential ${gateway.provider}`;
		await bench.engine.run(withWrongSecret(send({ executionId, credentialId })));
		const corrected = await bench.engine.run(send({ executionId, credentialId }));
		expect(corrected.json.map(({ status }) => status)).toEqual(['sent', 'sent']);
	});
});

test.each([
	['token', goodCredentials.mboaSmsToken, /What was refused is the token\./],
	['API key', goodCredentials.mboaSmsApiKey, /What was refused is the API key\./],
	['log-in', goodCredentials.mboaSmsLogIn, /Log-in: Unauthorized/],
] as const)('a 401 of MboaSMS says that it was the %s', async (_kind, credentials, words) => {
	const run = itemPerNumber(
		mboaSms,
		bench.sandbox.url,
		numbersOf(mboaSms, 1),
		{},
		{ credentials: credentials(bench.sandbox.url) },
	);
	const { error } = await bench.engine.run(withWrongSecret(run));
	expect(error?.message).toBe('MboaSMS did not accept the credential');
	expect(error?.description).toMatch(words);
});

test('a log-in that is refused is not repeated in the execution', async () => {
	const run = itemPerNumber(
		mboaSms,
		bench.sandbox.url,
		numbersOf(mboaSms, 1),
		{},
		{
			credentials: goodCredentials.mboaSmsLogIn(bench.sandbox.url),
			retryOnFail: true,
			maxTries: 5,
		},
	);
	await bench.engine.run(withWrongSecret(run));
	expect(requests().map(({ endpoint }) => endpoint)).toEqual(['login']);
});

test('an empty account is asked again: it may have been filled meanwhile', async () => {
	bench.sandbox.state.armFault({
		gateway: 'mboasms',
		count: 1,
		fault: { kind: 'status', status: 402 },
	});
	const result = await bench.engine.run(
		itemPerNumber(mboaSms, bench.sandbox.url, numbersOf(mboaSms, 1), {}, { retryOnFail: true }),
	);
	expect(result.json).toMatchObject([{ status: 'sent' }]);
});

test.each([
	['Retry On Fail', { retryOnFail: true, maxTries: 5 }],
	[
		'a loop of 20 rounds',
		{
			rounds: Array.from({ length: ROUNDS }, () => [{ json: {} }]),
			onError: 'continueRegularOutput' as const,
		},
	],
])('Get Balance logs in once under %s', async (_name, rest) => {
	const run: NodeRun = {
		type: 'mamboSms',
		parameters: { resource: 'account', operation: 'getBalance' },
		credentials: goodCredentials.mamboAccount(bench.sandbox.url),
		...rest,
	};
	await bench.engine.run(withWrongSecret(run));
	expect(requests()).toHaveLength(1);
});

test('Get bulk job asks once under Retry On Fail', async () => {
	const parameters = { resource: 'bulkJob', operation: 'get', jobId: 'job-1' };
	const run = mboaSmsRun(bench.sandbox.url, parameters, { retryOnFail: true, maxTries: 5 });
	const result = await bench.engine.run(withWrongSecret(run));
	expect(requests()).toHaveLength(1);
	expect(result.error?.httpCode).toBe('401');
});
