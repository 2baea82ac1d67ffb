import {
	bulkRun,
	gatewayCases,
	itemPerNumber,
	mamboSms,
	mboaSms,
	numbersOf,
} from '../../helpers/gatewayCases';
import type { NodeRun } from '../../helpers/engine';
import { fileItem, goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';
import { wrappedByN8n } from '../../helpers/testNode';
import { workbookOf } from '../../helpers/workbooks';

/**
 * n8n wraps what comes out of a sub-workflow, and puts a sentence of its own in place of every message that holds
 * the letters of one of its codes, also within words. Here they stand in all that is not the node's own words.
 */
const HOSTILE = 'preexisting etimedout EPERM econnreset';

/** A sheet's name has at most 31 characters. */
const SHEET = HOSTILE.slice(0, 31);

const bench = useTestBench();

async function seenBy(run: NodeRun) {
	const { error } = await bench.engine.run(run);
	if (!error) throw new Error('The run ended well');
	const { message, description } = error;
	expect(wrappedByN8n(error)).toEqual({ message, description });
	return `${message} / ${description}`;
}

describe.each(gatewayCases)(
	'an error of %s keeps its words with codes of n8n in',
	(_name, gateway) => {
		const [first, second] = numbersOf(gateway, 2) as [string, string];
		const send = (parameters: object, options = {}) => {
			const run = itemPerNumber(gateway, bench.sandbox.url, [first], options);
			return { ...run, parameters: { ...run.parameters, ...parameters } };
		};
		const bulk = (file: string | Uint8Array, options = {}, fileLayout = {}) => {
			const run = bulkRun(gateway, bench.sandbox.url, file, options);
			return { ...run, parameters: { ...run.parameters, fileLayout } };
		};

		test.each([200, 400, 401, 402, 403, 429, 500])('an answer with status %d', async (status) => {
			bench.sandbox.state.armFault({
				gateway: gateway.provider,
				count: 10,
				fault:
					status === 200
						? { kind: 'refusal', words: HOSTILE }
						: {
								kind: 'status',
								status,
								body: { success: false, message: HOSTILE, error: HOSTILE, messages: [HOSTILE] },
								...(status === 429 && { headers: { 'Retry-After': '7200' } }),
							},
			});
			expect((await seenBy(send({}))).toLowerCase()).toContain(HOSTILE.toLowerCase());
		});

		test.each<[string, () => NodeRun]>([
			['a recipient', () => send({ recipients: HOSTILE })],
			['an object as text', () => send({ message: `={{ ({ text: '${HOSTILE}' }) }}` })],
			[
				'a brace that names a field',
				() => {
					const run = send({ message: `{${HOSTILE}}` });
					return { ...run, items: [{ json: { number: first, [HOSTILE]: 'x' } }] };
				},
			],
			['Default Country', () => send({}, { defaultCountry: HOSTILE })],
			['Batch Size', () => send({}, { batchSize: `={{ '${HOSTILE}' }}` })],
			['Dry Run', () => send({}, { dryRun: `={{ '${HOSTILE}' }}` })],
			['Deduplication Key', () => send({}, { deduplicationKey: `={{ ({ key: '${HOSTILE}' }) }}` })],
			[
				'a hole in the key',
				() => send({}, { deduplicationKey: `=${HOSTILE}{{ $json.etimedout }}` }),
			],
			[
				'the binary field',
				() => ({
					...bulk(''),
					parameters: { ...bulk('').parameters, binaryPropertyName: HOSTILE },
				}),
			],
			[
				'the file in another field',
				() => {
					const item = fileItem('Phone\n1\n');
					return {
						...bulk(''),
						items: [
							{
								json: {},
								binary: { [HOSTILE]: item.binary!.data!, [`${HOSTILE} 2`]: item.binary!.data! },
							},
						],
					};
				},
			],
			[
				'the file name',
				() => ({ ...bulk(''), items: [fileItem('%PDF-1.4 \n', `${HOSTILE}.pdf`)] }),
			],
			['Phone Column', () => bulk(`Phone\n${first}\n`, { message: 'x' }, { phoneColumn: HOSTILE })],
			['Message Column', () => bulk(`Phone\n${first}\n`, {}, { messageColumn: HOSTILE })],
			[
				'headers',
				() =>
					bulk(`Tél ${HOSTILE} père;Tél ${HOSTILE} mère\n${first};${second}\n`, { message: 'x' }),
			],
			['columns of a template', () => bulk(`Phone\n${first}\n`, { message: `{${HOSTILE}}` })],
			['cells', () => bulk(`Phone\n${HOSTILE}\n`, { message: 'x', onInvalidRows: 'stop' })],
			['the name of a sheet', () => bulk(workbookOf({ [SHEET]: [[HOSTILE]] }), { message: 'x' })],
			['the name of an empty sheet', () => bulk(workbookOf({ [SHEET]: [] }), { message: 'x' })],
			[
				'the name of a sheet that is asked for',
				() =>
					bulk(workbookOf({ one: [['Phone'], [first]] }), { message: 'x' }, { sheetName: HOSTILE }),
			],
		])('%s', async (_what, run) => {
			await seenBy(run());
			expect(bench.sandbox.state.messages).toEqual([]);
		});

		test('the host', async () => {
			const run = itemPerNumber(gateway, `http://${HOSTILE.replaceAll(' ', '-')}.invalid`, [first]);
			await seenBy(run);
		});

		test('the Base URL', async () => {
			await seenBy(itemPerNumber(gateway, HOSTILE, [first]));
		});
	},
);

test('the sender ID of Mambo SMS', async () => {
	const run = itemPerNumber(mamboSms, bench.sandbox.url, numbersOf(mamboSms, 1));
	await seenBy({ ...run, parameters: { ...run.parameters, senderId: HOSTILE } });
});

test('a log-in that is refused, a job and a balance', async () => {
	const words = { success: false, message: HOSTILE, error: HOSTILE, messages: [HOSTILE] };
	for (const gateway of ['mboasms', 'mambosms'] as const) {
		bench.sandbox.state.armFault({
			gateway,
			count: 5,
			fault: { kind: 'status', status: 400, body: words },
		});
	}
	const [number] = numbersOf(mboaSms, 1) as [string];
	const logIn = goodCredentials.mboaSmsLogIn(bench.sandbox.url);
	await seenBy(itemPerNumber(mboaSms, bench.sandbox.url, [number], {}, { credentials: logIn }));
	const job = { resource: 'bulkJob', operation: 'get', jobId: HOSTILE };
	await seenBy(mboaSms.run(bench.sandbox.url, job));
	await seenBy({
		type: 'mamboSms',
		parameters: { resource: 'account', operation: 'getBalance' },
		credentials: goodCredentials.mamboAccount(bench.sandbox.url),
	});
});
