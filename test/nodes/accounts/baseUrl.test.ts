import { testCredential } from '../../helpers/credentialTester';
import { gatewayCases, itemPerNumber, numbersOf } from '../../helpers/gatewayCases';
import { goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** Addresses that would post the token to another place, or nowhere. */
const unusable: Array<[string, (url: string) => string]> = [
	['a query', (url) => `${url}/other?to=`],
	['a fragment', (url) => `${url}/#`],
	['a user and a password', (url) => url.replace('//', '//user:pw@')],
	['a user', (url) => url.replace('//', '//user@')],
	['another protocol', (url) => url.replace('http:', 'ftp:')],
	['a file', () => 'file:///etc/hosts'],
	['no protocol', (url) => url.replace('http://', '')],
	['a blank', (url) => `${url}/a path`],
	['nothing', () => ''],
	['words', () => 'as in the e-mail'],
];

const credentialSets = Object.entries(goodCredentials);

describe.each(unusable)('a Base URL with %s', (_what, change) => {
	test.each(gatewayCases)('sends nothing with %s, and names the field', async (_name, gateway) => {
		const url = change(bench.sandbox.url);
		const { error } = await bench.engine.run(itemPerNumber(gateway, url, numbersOf(gateway, 1)));
		expect(error?.message).toBe("The 'Base URL' of the credential is no usable address");
		expect(error?.description).toMatch(/^Nothing was sent\. Open the credential .*'Base URL'/);
		expect(bench.sandbox.state.requests).toEqual([]);
	});

	test.each(credentialSets)('fails the test of the credential: %s', async (_name, credentials) => {
		const [[type, fields]] = Object.entries(credentials(change(bench.sandbox.url))) as [
			[string, Record<string, string>],
		];
		const verdict = await testCredential(bench.engine, type, fields);
		expect(verdict.status).toBe('Error');
		expect(verdict.message).toContain("'Base URL'");
		expect(bench.sandbox.state.requests).toEqual([]);
	});
});

test.each(gatewayCases)('slashes at its end are none of the path of %s', async (_name, gateway) => {
	const run = itemPerNumber(gateway, `${bench.sandbox.url}///`, numbersOf(gateway, 1));
	expect((await bench.engine.run(run)).json).toMatchObject([{ status: 'sent' }]);
});
