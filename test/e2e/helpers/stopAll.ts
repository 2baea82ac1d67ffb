import { rmSync } from 'node:fs';

import { stopAll } from '../../../playground/childProcesses';
import { running } from './startAll';

export default async function stop(): Promise<void> {
	await stopAll();
	await running.sandbox?.close();
	if (running.folder) rmSync(running.folder, { recursive: true, force: true });
}
