import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { demoCredentials } from '../../../sandbox/demoCredentials';
import { faultCatalogue } from '../../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../../sandbox/server';
import { testCredential } from '../../helpers/credentialTester';
import type { NodeResult, NodeRun } from '../../helpers/engine';
import { capturePrinted, everyText } from '../../helpers/everyText';
import { bulkRun, itemPerNumber, mamboSms, mboaSms, numbersOf } from '../../helpers/gatewayCases';
import { fileItem, goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** Each run waits for its claim: several go side by side. */
let sandboxes: Sandbox[];
beforeAll(async () => {
	sandboxes = await Promise.all(Array.from({ length: 6 }, async () => await startSandbox()));
});
afterAll(async () => await Promise.all(sandboxes.map(async (sandbox) => await sandbox.close())));

const wrong = {
	token: 'wrong-jwt-Qe4nB7xT',
	password: 'wrong:password-é-Hk2vM9sD',
	apiKey: 'wrong-key-Wz6rL3pF',
};
const { mboaSms: mboa, mamboSms: mambo, mamboAccount } = demoCredentials;

/** What must not be seen anywhere, in the forms in which it travels. */
function formsOf(secret: string): string[] {
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	return [
		secret,
		encodeURIComponent(secret),
		JSON.stringify(secret).slice(1, -1),
		base64(secret),
		base64(`${mboa.username}:${secret}`),
		Buffer.from(secret).toString('base64url'),
		Buffer.from(secret).toString('hex'),
	];
}

const secrets = () =>
	[
		...Object.values(wrong),
		mboa.token,
		mboa.password,
		mboa.basicPassword,
		mambo.apiKey,
		mamboAccount.password,
		// Tokens that a log-in gave.
		...[bench.sandbox, ...sandboxes]
			.flatMap(({ state }) => state.requests)
			.flatMap(({ headers }) => {
				const token = /^Bearer (\S{20,})$/.exec(String(headers.authorization))?.[1];
				return token === undefined ? [] : [token];
			}),
	].flatMap(formsOf);

/** Every way to sign in, well and wrongly. */
function credentialSets(baseUrl: string) {
	const logIn = goodCredentials.mboaSmsLogIn(baseUrl).mboaSmsJwtApi;
	const basic = goodCredentials.mboaSmsBasic(baseUrl).mboaSmsBasicApi;
	return {
		token: goodCredentials.mboaSmsToken(baseUrl),
		wrongToken: { mboaSmsJwtApi: { method: 'token', token: wrong.token, baseUrl } },
		logIn: { mboaSmsJwtApi: { ...logIn } },
		wrongLogIn: { mboaSmsJwtApi: { ...logIn, password: wrong.password } },
		basic: { mboaSmsBasicApi: { ...basic } },
		wrongBasic: { mboaSmsBasicApi: { ...basic, password: wrong.password } },
		mambo: goodCredentials.mamboSms(baseUrl),
		wrongMambo: { mamboSmsApi: { apiKey: wrong.apiKey, baseUrl } },
		account: goodCredentials.mamboAccount(baseUrl),
		wrongAccount: {
			mamboSmsAccountApi: {
				username: mamboAccount.username,
				password: wrong.password,
				baseUrl,
			},
		},
	};
}

type CredentialSet = ReturnType<typeof credentialSets>[keyof ReturnType<typeof credentialSets>];

function runWith(baseUrl: string, credentials: CredentialSet, rest: Partial<NodeRun>): NodeRun {
	const more = { ...rest, credentials };
	if ('mamboSmsAccountApi' in credentials) {
		return {
			type: 'mamboSms',
			parameters: { resource: 'account', operation: 'getBalance' },
			...more,
		};
	}
	const gateway = 'mamboSmsApi' in credentials ? mamboSms : mboaSms;
	// Of one key the runs would wait for each other.
	const deduplicationKey = randomUUID();
	const options = { includeResponse: true, timeoutSeconds: 1, deduplicationKey };
	const run = itemPerNumber(gateway, baseUrl, numbersOf(gateway, 2), options, more);
	const isBasic = 'mboaSmsBasicApi' in credentials;
	return isBasic ? { ...run, parameters: { ...run.parameters, authentication: 'basic' } } : run;
}

/** Everything a user, a log or the database gets to see of a run. */
function seenOf({ outputs, error, hints, runExecutionData }: NodeResult): string[] {
	return [
		...everyText({ outputs, error, hints, runExecutionData }),
		JSON.stringify({ outputs, error, hints, runExecutionData }),
		String(error?.stack),
	];
}

/** Runs with the output captured, and gives every text in which a secret was found. */
async function leaks(runs: () => Promise<string[]>): Promise<string[]> {
	const capture = capturePrinted();
	const seen = await runs().finally(() => capture.end());
	seen.push(...capture.printed);
	expect(seen.join('').length).toBeGreaterThan(1000);
	const forbidden = secrets();
	return seen.filter((text) => forbidden.some((secret) => text.includes(secret)));
}

const onErrors = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const names = Object.keys(credentialSets('')) as Array<keyof ReturnType<typeof credentialSets>>;

test('the search finds what is hidden in a field that JSON leaves out', () => {
	const error = Object.defineProperty(new Error('x'), 'config', { value: { key: wrong.apiKey } });
	expect(JSON.stringify(error)).not.toContain(wrong.apiKey);
	expect(everyText({ error }).join()).toContain(wrong.apiKey);
});

test.each(['sandbox', 'nowhere'] as const)(
	'no secret is seen in runs against %s, whatever the credential',
	async (target) => {
		const found = await leaks(async () => {
			const baseUrl = target === 'sandbox' ? bench.sandbox.url : 'http://127.0.0.1:1';
			const runs = names.flatMap((name) =>
				onErrors.map((onError) => runWith(baseUrl, credentialSets(baseUrl)[name], { onError })),
			);
			const results = await Promise.all(runs.map(async (run) => await bench.engine.run(run)));
			return results.flatMap(seenOf);
		});
		expect(found).toEqual([]);
	},
);

test.each(['logIn', 'basic', 'mambo'] as const)(
	'no secret is seen when %s meets the faults of the sandbox',
	async (name) => {
		const found = await leaks(async () => {
			const seen: string[] = [];
			const gateway = name === 'mambo' ? 'mambosms' : 'mboasms';
			const faults = faultCatalogue.filter(
				({ appliesTo, name: fault }) =>
					appliesTo.gateways.includes(gateway) &&
					appliesTo.endpoints.includes('send') &&
					!fault.startsWith('rateLimit'),
			);
			const path = name === 'basic' ? 'send-with-auth' : 'send';
			await Promise.all(
				sandboxes.map(async ({ state, url }) => {
					for (let next = faults.shift(); next; next = faults.shift()) {
						state.reset();
						state.armFault({ gateway, path, count: 1, fault: next.fault });
						const credentials = credentialSets(url)[name];
						const run = runWith(url, credentials, { onError: 'continueRegularOutput' });
						seen.push(...seenOf(await bench.engine.run(run)));
					}
				}),
			);
			return seen;
		});
		expect(found).toEqual([]);
	},
	// Claims wait, and on a busy machine many of them.
	240_000,
);

test.each(names)('no secret is seen in the verdict of the credential test of %s', async (name) => {
	const capture = capturePrinted();
	const seen: string[] = [];
	for (const baseUrl of [bench.sandbox.url, 'http://127.0.0.1:1', 'not a url']) {
		for (const [type, fields] of Object.entries(credentialSets(baseUrl)[name])) {
			seen.push(...everyText(await testCredential(bench.engine, type, fields)));
		}
	}
	capture.end();
	const text = [...seen, ...capture.printed].join('\n');
	expect(secrets().filter((secret) => text.includes(secret))).toEqual([]);
});

test('no secret is seen in runs of Send Bulk', async () => {
	const found = await leaks(async () => {
		const seen: string[] = [];
		for (const name of ['logIn', 'wrongLogIn', 'wrongToken', 'mambo', 'wrongMambo'] as const) {
			const credentials = credentialSets(bench.sandbox.url)[name];
			const gateway = name.toLowerCase().includes('mambo') ? mamboSms : mboaSms;
			const file = `${gateway.numberOf(1)},Hello\n123,Hello\n`;
			for (const items of [[fileItem(file)], [fileItem('PK broken')], [{ json: {} }]]) {
				const options = { rejectedRowsField: 'rejects', includeResponse: true };
				const run = bulkRun(gateway, bench.sandbox.url, file, options, { items, credentials });
				seen.push(...seenOf(await bench.engine.run(run)));
			}
		}
		return seen;
	});
	expect(found).toEqual([]);
});

describe('a gateway that repeats what signed the request', () => {
	let server: Server;
	const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	beforeAll(async () => {
		server = createServer((request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const echoed = [
					JSON.stringify(request.headers),
					Buffer.concat(parts).toString(),
					...Object.values(secretsOfUsers).flatMap(formsThatTravel),
				];
				const message = `Refused: ${echoed.join(' | ')}`;
				response.writeHead(400, { 'Content-Type': 'application/json' });
				response.end(JSON.stringify({ success: false, message, [echoed.join()]: echoed }));
			});
		});
		await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((end) => server.close(end));
	});

	const secretsOfUsers = {
		token: mboa.token,
		basic: mboa.basicPassword,
		mambo: mambo.apiKey,
		logIn: mboa.password,
		account: mamboAccount.password,
	};
	/** As it was sent: raw, in an address, in JSON, and as Basic authentication. */
	const formsThatTravel = (secret: string) => [
		secret,
		encodeURIComponent(secret),
		JSON.stringify(secret),
		Buffer.from(secret).toString('base64'),
		...(secret === mboa.basicPassword
			? [Buffer.from(`${mboa.username}:${secret}`).toString('base64')]
			: []),
	];

	test.each(['token', 'basic', 'mambo', 'logIn', 'account'] as const)(
		'shows nothing of it: %s',
		async (name) => {
			const own = formsThatTravel(secretsOfUsers[name]);
			const seen: string[] = [];
			for (const onError of onErrors) {
				const run = runWith(url(), credentialSets(url())[name], { onError });
				seen.push(...seenOf(await bench.engine.run(run)));
			}
			expect(seen.join()).toContain('Refused: ');
			expect(own.filter((form) => seen.some((text) => text.includes(form)))).toEqual([]);
		},
	);
});
