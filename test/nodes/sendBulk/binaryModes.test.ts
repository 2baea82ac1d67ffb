import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { arrivals, bulkRun, gatewayCases, numbersOf } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';
import { workbookOf } from '../../helpers/workbooks';

const bench = useTestBench();
const modes = ['default', 'filesystem'] as const;
let folder: string;

beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'n8n-binary-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Switches n8n to the mode and puts the file where that mode keeps files. */
async function storedItem(mode: (typeof modes)[number], file: Buffer): Promise<INodeExecutionData> {
	const config = Container.get(BinaryDataConfig);
	Object.assign(config, { mode, localStoragePath: folder });
	const service = Container.get(BinaryDataService);
	await service.init();
	const data = await service.store(
		{ type: 'execution', workflowId: 'workflow-1', executionId: '1' },
		file,
		{ data: '', mimeType: 'application/octet-stream', fileName: 'members.xlsx' },
	);
	expect(data.id?.split(':')[0]).toBe(mode === 'default' ? undefined : 'filesystem-v2');
	return { json: {}, binary: { data } };
}

describe.each(gatewayCases)('%s', (_name, gateway) => {
	test.each(modes)('reads and writes files in the binary data mode "%s"', async (mode) => {
		const numbers = numbersOf(gateway, 3);
		const file = workbookOf([
			['Phone', 'Text'],
			...numbers.map((number) => [number, 'Hello']),
			['123', 'Hello'],
		]);
		const items = [await storedItem(mode, file)];
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, '', { rejectedRowsField: 'rejects' }, { items }),
		);
		expect(result.json[0]).toMatchObject({
			status: 'partial',
			fileName: 'members.xlsx',
			sentCount: 3,
			invalidCount: 1,
		});
		expect(arrivals(bench.sandbox)).toEqual(numbers);
		const rejects = result.items[0]?.binary?.rejects;
		expect(rejects?.fileName).toBe('members-rejected.csv');
		expect(rejects?.id?.split(':')[0]).toBe(mode === 'default' ? undefined : 'filesystem-v2');
		const csv = await Container.get(BinaryDataService).getAsBuffer(
			rejects ?? { data: '', mimeType: '' },
		);
		expect(csv.toString('utf8')).toMatch(/^\ufeffPhone.*\r\n'?123.Hello.5.*too short/);
	});

	test('an item without the binary field is a clear error, and nothing is sent', async () => {
		const result = await bench.engine.run(
			bulkRun(gateway, bench.sandbox.url, '', {}, { items: [{ json: {} }] }),
		);
		expect(result.error?.name).toBe('NodeOperationError');
		expect(result.error?.message).toBe('There is no file here');
		expect(bench.sandbox.state.requests).toEqual([]);
	});
});
