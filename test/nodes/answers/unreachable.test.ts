import { createServer } from 'node:net';

import { startSandbox } from '../../../sandbox/server';
import {
	arrivals,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	unsentJson,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('No TCP port was given');
	return address.port;
}

describe.each(gatewayCases)('%s out of reach', (_name, gateway) => {
	const numbers = numbersOf(gateway, 3);
	const [first] = numbers as [string];

	test('fails every item with the certainty that nothing was sent, after a few tries', async () => {
		const startedAt = Date.now();
		const result = await bench.engine.run(
			itemPerNumber(
				gateway,
				`http://127.0.0.1:${await freePort()}`,
				numbers,
				{},
				{ onError: 'continueRegularOutput' },
			),
		);
		const elapsedMs = Date.now() - startedAt;
		expect(result.json).toEqual(
			numbers.map((number, index) =>
				unsentJson(gateway, [number], {
					status: index === 0 ? 'failed' : 'notAttempted',
					providerMessage: index === 0 ? 'the connection was refused (ECONNREFUSED)' : null,
					errorMessage:
						index === 0
							? `${gateway.displayName} could not be reached. The connection was refused (ECONNREFUSED). Nothing was sent for this item. Check the 'Base URL' of the credential and the network. Then run the workflow again`
							: expect.stringMatching(/^Not attempted, because the run was stopped/),
				}),
			),
		);
		expect(result.items.every((item) => item.error?.name === 'NodeApiError')).toBe(true);
		expect(elapsedMs).toBeGreaterThan(1000);
		expect(elapsedMs).toBeLessThan(5000);
	});

	test('stops the workflow with an error that says so', async () => {
		const result = await bench.engine.run(
			itemPerNumber(gateway, 'http://gateway.invalid', numbers),
		);
		expect(result.error?.message).toBe(`${gateway.displayName} could not be reached`);
		expect(result.error?.description).toMatch(
			/\((ENOTFOUND|EAI_AGAIN)\)\. Nothing was sent for this item\. Check the 'Base URL'/,
		);
	});

	test('sends once the gateway is back within the tries', async () => {
		const port = await freePort();
		const running = bench.engine.run(itemPerNumber(gateway, `http://127.0.0.1:${port}`, [first]));
		await new Promise((resolve) => setTimeout(resolve, 150));
		const sandbox = await startSandbox({ port });
		const result = await running;
		await sandbox.close();
		expect(result.json.map(({ status }) => status)).toEqual(['sent']);
		expect(arrivals(sandbox)).toEqual([first]);
	});
});
