import { credentialsFor } from '../../playground/demoContents';
import { Editor, jsonOf, mboaSend, sandbox } from './helpers/editor';

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open();
});

beforeEach(async () => sandbox.reset());

test('each item pays by the credential that it is set to, where a field is an expression', async () => {
	const known = credentialsFor(sandbox.url).find(({ name }) => name === 'MboaSMS (sandbox)');
	const good = String(known?.data.token);
	const items = Array.from({ length: 8 }, (_, index) => ({
		to: `69900000${index}`,
		text: 'Bonjour',
		// The first items name none: only later ones say that they differ.
		...(index > 3 && { tenant: index % 2 === 0 ? good : `unknown-${index}` }),
	}));
	const data = { ...known?.data, token: `={{ $json.tenant ?? '${good}' }}` };
	const { id, name } = await editor.client.createCredential('By tenant', 'mboaSmsJwtApi', data);
	const send = mboaSend({ mboaSmsJwtApi: { id, name } }, {}, { onError: 'continueRegularOutput' });
	const execution = await editor.run([send], items);
	expect(jsonOf(execution, 'MboaSMS').map(({ status }) => status)).toEqual([
		...['sent', 'sent', 'sent', 'sent'],
		...['sent', 'failed', 'sent', 'failed'],
	]);
	expect(Object.keys(await sandbox.textsPerRecipient())).toHaveLength(6);
});
