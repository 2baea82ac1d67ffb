import { startSandbox, type Sandbox } from '../../sandbox/server';
import { Engine } from './engine';

export interface TestBench {
	engine: Engine;
	sandbox: Sandbox;
}

/** n8n's engine and a sandbox for one test file; the sandbox and the store of keys are empty before each test. */
export function useTestBench(): TestBench {
	const bench = {} as TestBench;
	beforeAll(async () => {
		bench.engine = await Engine.start();
		bench.sandbox = await startSandbox();
	});
	beforeEach(() => {
		bench.sandbox.reset();
		const { processedKeys } = bench.engine;
		processedKeys.clear();
		processedKeys.faultWords = null;
		processedKeys.latencyMs = 0;
	});
	afterAll(async () => await bench.sandbox.close());
	return bench;
}
