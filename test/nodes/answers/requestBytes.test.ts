import { demoCredentials } from '../../../sandbox/demoCredentials';
import { mamboSms, mboaSms, sendRequests, type GatewayCase } from '../../helpers/gatewayCases';
import { fileItem, goodCredentials } from '../../helpers/smsRuns';
import { useTestBench } from '../../helpers/testBench';

const bench = useTestBench();

/** What the vendors' documents show of a request; other headers are the HTTP client's own. */
function documentedPartOf(gateway: GatewayCase) {
	const requests = sendRequests(bench.sandbox);
	expect(requests.map((request) => request.gateway)).toEqual([gateway.provider]);
	const [{ method, path, headers, bodyText }] = requests as [(typeof requests)[0]];
	const { authorization, 'content-type': contentType } = headers;
	return { method, path, authorization, contentType, bodyText };
}

test('MboaSMS with JWT: the request is as its document shows it', async () => {
	await bench.engine.run(
		mboaSms.run(bench.sandbox.url, {
			recipients: '+237670000000, +33612345678',
			message: 'Bonjour! Votre code de verification est: 1234',
			options: { senderId: 'MboaSMS' },
		}),
	);
	expect(documentedPartOf(mboaSms)).toEqual({
		method: 'POST',
		path: '/api/v1/developer/sms/send',
		authorization: `Bearer ${demoCredentials.mboaSms.token}`,
		contentType: 'application/json',
		bodyText:
			'{"phoneNumbers":["+237670000000","+33612345678"],"message":"Bonjour! Votre code de verification est: 1234","senderId":"MboaSMS"}',
	});
});

test('MboaSMS with Basic: the request is as its document shows it, the pair in UTF-8', async () => {
	const { username, basicPassword } = demoCredentials.mboaSms;
	const result = await bench.engine.run(
		mboaSms.run(
			bench.sandbox.url,
			{ authentication: 'basic', recipients: '670000000', message: 'Test message via Basic Auth' },
			{ credentials: goodCredentials.mboaSmsBasic(bench.sandbox.url) },
		),
	);
	expect(result.json[0]?.status).toBe('sent');
	expect(documentedPartOf(mboaSms)).toEqual({
		method: 'POST',
		path: '/api/v1/developer/sms/send-with-auth',
		authorization: `Basic ${Buffer.from(`${username}:${basicPassword}`, 'utf8').toString('base64')}`,
		contentType: 'application/json',
		bodyText: '{"phoneNumbers":["+237670000000"],"message":"Test message via Basic Auth"}',
	});
});

test('Mambo SMS: the key alone in the header, Ugandan numbers as 07…, others without plus', async () => {
	await bench.engine.run(
		mamboSms.run(bench.sandbox.url, {
			recipients: '+256756123456; 0772 123456\n+237 677 123 456',
			message: 'Hello from Mambo SMS',
		}),
	);
	expect(documentedPartOf(mamboSms)).toEqual({
		method: 'POST',
		path: '/v1/send-sms',
		authorization: demoCredentials.mamboSms.apiKey,
		contentType: 'application/json',
		bodyText:
			'{"message":"Hello from Mambo SMS","recipients":"0756123456, 0772123456, 237677123456","message_category":"non_customised","sender_id":"MamboSMS"}',
	});
});

test('Mambo SMS names the number that it does not support, in the writing of our output', async () => {
	const result = await bench.engine.run(
		mamboSms.run(bench.sandbox.url, {
			recipients: '0756123456, 0772123456, +237677123456',
			message: 'Hello',
		}),
	);
	expect(result.json).toEqual([
		{
			provider: 'mambosms',
			operation: 'send',
			status: 'partial',
			recipients: ['+256756123456', '+256772123456', '+237677123456'],
			recipientCount: 3,
			sentCount: 2,
			failedCount: 1,
			rejectedRecipients: [
				{ recipient: '+237677123456', reason: 'Mambo SMS does not support this number' },
			],
			encoding: 'GSM-7',
			segments: 1,
			cost: 100,
			balance: 9_999_900,
			providerMessage: 'SMS successfully sent to 2 recipients.',
		},
	]);
});

test('MboaSMS bulk: a two-column CSV without header in the part "file", the rest in the query', async () => {
	await bench.engine.run(
		mboaSms.run(
			bench.sandbox.url,
			{
				operation: 'sendBulk',
				binaryPropertyName: 'data',
				message: 'Hello from MboaSMS',
				options: { senderId: 'MyApp' },
			},
			{ items: [fileItem('Numéro;Texte\n670000000;\n680000000;\n')] },
		),
	);
	const { path, authorization, contentType } = documentedPartOf(mboaSms);
	expect({ path, authorization }).toEqual({
		path: '/api/v1/developer/sms/send-bulk?message=Hello%20from%20MboaSMS&senderId=MyApp',
		authorization: `Bearer ${demoCredentials.mboaSms.token}`,
	});
	expect(contentType).toMatch(/^multipart\/form-data; boundary=\S+$/);
	const parts = sendRequests(bench.sandbox)[0]?.parts ?? [];
	expect(parts.map(({ bytes, ...part }) => ({ ...part, text: bytes.toString() }))).toEqual([
		{
			name: 'file',
			fileName: 'recipients.csv',
			contentType: 'text/csv',
			text: '+237670000000,Hello from MboaSMS\n+237680000000,Hello from MboaSMS\n',
		},
	]);
});

test('a base URL with blanks and slashes at its end is understood', async () => {
	const result = await bench.engine.run(
		mboaSms.run(` ${bench.sandbox.url}// `, { recipients: '670000000', message: 'Hello' }),
	);
	expect(result.json[0]?.status).toBe('sent');
});
