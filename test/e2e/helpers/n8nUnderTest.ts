import { installN8n, installVersion, playground } from '../../../playground/install';
import type { N8nOptions } from '../../../playground/n8nProcess';

/** n8n 1 knows no modules to switch off, and its expression engine may not be built for this Node.js. */
const OTHER_VERSION = { N8N_DISABLED_MODULES: '', N8N_EXPRESSION_ENGINE: 'legacy' };

/** The n8n of the playground, or the one that `E2E_N8N_VERSION` names; installed when it is not. */
export async function n8nUnderTest(): Promise<Required<Pick<N8nOptions, 'installation' | 'env'>>> {
	const say = (text: string) => process.stdout.write(`${text}\n`);
	const version = process.env.E2E_N8N_VERSION;
	if (version) return { installation: await installVersion(version, say), env: OTHER_VERSION };
	await installN8n(say);
	return { installation: playground, env: {} };
}
