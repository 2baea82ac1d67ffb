import {
	arrivals,
	gatewayCases,
	itemPerNumber,
	numbersOf,
	sendRequests,
} from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

const after = async (milliseconds: number) =>
	await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Resolves a moment after so many requests have arrived. */
async function arrived(count: number): Promise<void> {
	while (sendRequests(bench.sandbox).length < count) await after(10);
	await after(100);
}

describe.each(gatewayCases)('%s, stopped by the user', (_name, gateway) => {
	const numbers = numbersOf(gateway, 20);

	/** Runs until stopped; gives how long the run went on after that, and waits for what may still leave. */
	async function msToStop(
		stopWhen: Promise<void>,
		options: Record<string, number | string>,
		watchedMs = 400,
	): Promise<number> {
		let stoppedAt = Infinity;
		const stop = stopWhen.then(() => void (stoppedAt = Date.now()));
		const result = await bench.engine.run(
			itemPerNumber(gateway, bench.sandbox.url, numbers, options, { stopWhen: stop }),
		);
		const elapsedMs = Date.now() - stoppedAt;
		expect(result.status).not.toBe('success');
		expect(result.error?.message).toMatch(/the execution was canceled/);
		expect(result.error?.message).not.toMatch(/could not be reached/);
		await after(watchedMs);
		return elapsedMs;
	}

	test('while a request hangs: no further one leaves', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 99,
			fault: { kind: 'hang', processed: true },
		});
		const elapsedMs = await msToStop(arrived(1), { timeoutSeconds: 20 });
		expect(elapsedMs).toBeLessThan(3000);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('while several requests hang: no further one leaves', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			skip: 1,
			count: 99,
			fault: { kind: 'hang' },
		});
		const elapsedMs = await msToStop(arrived(3), { timeoutSeconds: 20 });
		expect(elapsedMs).toBeLessThan(3000);
		expect(sendRequests(bench.sandbox).length).toBeLessThanOrEqual(4);
	});

	test('while the pace makes requests wait: none leaves and the wait ends', async () => {
		const elapsedMs = await msToStop(arrived(2), { requestsPerMinute: 2 });
		expect(elapsedMs).toBeLessThan(3000);
		expect(arrivals(bench.sandbox)).toEqual(numbers.slice(0, 2));
		expect(sendRequests(bench.sandbox)).toHaveLength(2);
	});

	test('while it waits as the gateway asked: none leaves and the wait ends', async () => {
		bench.sandbox.state.armFault({
			gateway: gateway.provider,
			count: 99,
			fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
		});
		const elapsedMs = await msToStop(arrived(1), {}, 3200);
		expect(elapsedMs).toBeLessThan(2000);
		expect(sendRequests(bench.sandbox)).toHaveLength(1);
	});

	test('before an unreachable gateway is tried again', async () => {
		let stoppedAt = 0;
		const stopWhen = after(100).then(() => void (stoppedAt = Date.now()));
		const result = await bench.engine.run(
			itemPerNumber(gateway, 'http://127.0.0.1:1', numbers, {}, { stopWhen }),
		);
		expect(result.status).not.toBe('success');
		expect(Date.now() - stoppedAt).toBeLessThan(390);
	});
});
