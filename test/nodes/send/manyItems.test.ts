import { itemPerNumber, mamboSms, mboaSms } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const ITEMS = 200_000;

/** More items than one call can take as arguments. */
test.each([['MboaSMS', mboaSms]])(
	'%s: 200,000 items go through Send, each with its answer',
	async (_name, gateway) => {
		const numbers = Array.from({ length: ITEMS }, (_, index) => gateway.numberOf(index));
		const run = itemPerNumber(gateway, bench.sandbox.url, numbers, { dryRun: true });
		const { items, error } = await bench.engine.run(run);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(ITEMS);
		expect(items.every(({ json }) => json.status === 'dryRun')).toBe(true);
		expect(items.at(-1)?.pairedItem).toEqual({ item: ITEMS - 1 });
	},
	300_000,
);

test('130,000 unusable items under Continue are as many errors', async () => {
	const numbers = Array<string>(130_000).fill('none');
	const run = itemPerNumber(
		mamboSms,
		bench.sandbox.url,
		numbers,
		{},
		{
			onError: 'continueRegularOutput',
		},
	);
	const { json } = await bench.engine.run(run);
	expect(json).toHaveLength(130_000);
	expect(json.every(({ status }) => status === 'failed')).toBe(true);
	expect(bench.sandbox.state.requests).toEqual([]);
}, 300_000);
