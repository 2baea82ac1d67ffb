import type { IExecuteFunctions } from 'n8n-workflow';

import { mboaSms } from '../../nodes/MboaSms/actions/gateway';
import { executeSendAndWait } from '../../nodes/shared/approval/sendAndWait';
import { contextWithKeys } from '../helpers/testNode';

test('an n8n that cannot sign the link is told, before anything is read or sent', async () => {
	const context: IExecuteFunctions = contextWithKeys();
	await expect(executeSendAndWait(context, mboaSms)).rejects.toMatchObject({
		message: "This n8n is too old for 'Send and Wait for Response': it needs n8n 1.110 or newer",
		description: expect.stringMatching(/^Nothing was sent\. Update n8n/),
	});
});
