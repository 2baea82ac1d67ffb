import { arrivals, bulkRun, gatewayCases, mixedFile, numbersOf } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

describe.each(gatewayCases)('Send Bulk with %s', (_name, gateway) => {
	const [first, second, third, fourth] = numbersOf(gateway, 4) as [string, string, string, string];
	const run = async (options = {}, file: string | Uint8Array = mixedFile(gateway)) =>
		await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, file, { message: 'Hello {Name}', ...options }),
		);

	test('the file of rejects, mended and sent again, reaches exactly the missing people', async () => {
		const result = await run({ rejectedRowsField: 'rejects' });
		expect(arrivals(bench.sandbox)).toEqual([first, second, fourth]);
		const binary = result.items[0]?.binary?.rejects;
		expect({ fileName: binary?.fileName, mimeType: binary?.mimeType }).toEqual({
			fileName: 'list-rejected.csv',
			mimeType: 'text/csv',
		});
		const csv = Buffer.from(binary?.data ?? '', 'base64').toString('utf8');
		expect(csv.split('\r\n')).toEqual([
			'\ufeffPhone;Name;Text;Rejected row;Rejected because',
			expect.stringMatching(/^123;Chloé;;6;.*too short/),
			expect.stringMatching(/^'?\+\d+;;;7;/),
			'',
		]);
		const missing = gateway.numberOf(9);
		const mended = csv.replace('123;Chloé', `${missing};Chloé`).replace(';;;7', ';Emma;;7');
		const again = await run({}, mended);
		expect(again.json[0]).toMatchObject({ status: 'sent', rowCount: 2, sentCount: 2 });
		expect(
			bench.sandbox.state.messages.slice(3).map(({ recipient, text }) => [recipient, text]),
		).toEqual([
			[missing, 'Hello Chloé'],
			[third, 'Hello Emma'],
		]);
	});

	test('the file of rejects holds the rows of a refused request too, but none that may have arrived', async () => {
		const numbers = numbersOf(gateway, 4);
		const file = `Phone,Text\n${numbers.map((number) => `${number},Hello`).join('\n')}\n`;
		const options = { rejectedRowsField: 'rejects', batchSize: 1 };
		const { armFault } = bench.sandbox.state;
		const arm = armFault.bind(bench.sandbox.state);
		arm({ gateway: gateway.provider, skip: 1, count: 1, fault: { kind: 'status', status: 400 } });
		arm({
			gateway: gateway.provider,
			skip: 2,
			count: 1,
			fault: { kind: 'emptyBody', processed: true },
		});
		const result = await bench.engine.run({
			...bulkRun(gateway, bench.sandbox.url, file, options),
			onError: 'continueRegularOutput',
		});
		expect(result.json[0]).toMatchObject({
			status: 'unknown',
			sentCount: 2,
			failedCount: 1,
			rejectedRows: [
				{ row: 3, recipient: numbers[1], reason: expect.stringMatching(/^Not sent: /) },
			],
		});
		const binary = result.items[0]?.binary?.rejects;
		const rows = Buffer.from(binary?.data ?? '', 'base64')
			.toString('utf8')
			.trim()
			.split('\r\n');
		expect(rows).toEqual([
			'Phone,Text,Rejected row,Rejected because',
			expect.stringContaining(',3,'),
		]);
	});
});
