import { itemPerNumber, mboaSms, numbersOf, sendRequests } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();
const COUNT = 8;

/** Fields of a credential that differ from item to item, and the token that each item has to be sent with. */
const differing: Array<[what: string, token: string, tokenOf: (index: number) => string]> = [
	['the item', '={{ $json.tenant }}', (index) => `tenant-${index}`],
	[
		'the item, which the first does not name',
		'={{ $json.late ?? "tenant-of-most" }}',
		(index) => (index > 5 ? `late-${index}` : 'tenant-of-most'),
	],
	['its place', '={{ "tenant-" + $itemIndex }}', (index) => `tenant-${index}`],
	['all of the input', '={{ $input.all()[$itemIndex].json.tenant }}', (index) => `tenant-${index}`],
	['an earlier node', "={{ $('Items').item.json.tenant }}", (index) => `tenant-${index}`],
];

function runWith(token: string) {
	const run = itemPerNumber(mboaSms, bench.sandbox.url, numbersOf(mboaSms, COUNT));
	return {
		...run,
		onError: 'continueRegularOutput' as const,
		items: (run.items ?? []).map(({ json }, index) => ({
			json: { ...json, tenant: `tenant-${index}`, ...(index > 5 && { late: `late-${index}` }) },
		})),
		credentials: { mboaSmsJwtApi: { method: 'token', token, baseUrl: bench.sandbox.url } },
	};
}

const tokens = () =>
	sendRequests(bench.sandbox).map(({ headers }) => String(headers.authorization).slice(7));

test.each(differing)('each item is sent with its own credential: %s', async (_what, token, own) => {
	const { json } = await bench.engine.run(runWith(token));
	expect(json).toHaveLength(COUNT);
	const sentWith = tokens();
	expect(sentWith.length).toBeGreaterThan(1);
	// The sandbox knows none of these tokens, so each account is refused once, and no other instead of it.
	const wanted = [...new Set(Array.from({ length: COUNT }, (_, index) => own(index)))];
	expect(sentWith.sort()).toEqual(wanted.sort());
});

test('a credential that is the same for all items is read a few times, not once for each', async () => {
	const count = 200;
	const run = itemPerNumber(mboaSms, bench.sandbox.url, numbersOf(mboaSms, count), {
		dryRun: true,
	});
	const { json, credentials } = await bench.engine.run(run);
	expect(json).toHaveLength(count);
	expect(credentials.readCount).toBeLessThan(10);
});
