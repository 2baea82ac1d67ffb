import { utils, write } from 'xlsx';
import { demoCredentials } from '../../sandbox/demoCredentials';
import { bearer, sendBulkPath, useSandbox } from './sandboxClient';

const { clock, sandbox, call, upload, messages } = useSandbox();

const documentedRows = [
	['+237670000000', 'Bonjour Jean! Votre commande #1234 est prete.'],
	['+237680000000', 'Bonjour Marie! Votre commande #5678 est prete.'],
	['+33612345678', 'Hello Paul! Your order #9012 is ready.'],
];
const documentedMessages = documentedRows.map(([recipient, text]) => ({ recipient, text }));

function workbook(rows: unknown[][]): Buffer {
	const book = utils.book_new();
	utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Contacts');
	const bytes: Buffer = write(book, { type: 'buffer', bookType: 'xlsx' });
	return bytes;
}

const invalidFile = (details: string) => ({
	success: false,
	message: 'Invalid request',
	error: { code: 'INVALID_FILE', details },
});

it.each([
	['comma', ','],
	['semicolon', ';'],
	['tab', '\t'],
])('reads a CSV with %s', async (_name, delimiter) => {
	const csv = documentedRows.map((row) => row.join(delimiter)).join('\n');
	const answer = await upload('contacts.csv', csv);
	expect(answer.status).toBe(200);
	expect(answer.json).toEqual({
		success: true,
		message: 'Bulk SMS processed successfully',
		data: { totalSent: 3, totalFailed: 0, creditsUsed: 3 },
	});
	expect(messages()).toEqual(documentedMessages);
});

it('reads an Excel workbook', async () => {
	const answer = await upload('contacts.xlsx', workbook(documentedRows));
	expect(answer.status).toBe(200);
	expect(messages()).toEqual(documentedMessages);
});

it('reads quoted fields with delimiters, quotes and line breaks, after a byte order mark', async () => {
	await upload('a.csv', '\ufeff"+237670000000","Bonjour, ""Jean""\r\nà demain; ê"\r\n\r\n');
	expect(messages()).toEqual([
		{ recipient: '+237670000000', text: 'Bonjour, "Jean"\r\nà demain; ê' },
	]);
});

it('takes only the second column as text: an unquoted comma cuts it', async () => {
	await upload('a.csv', '+237670000000,Bonjour, Jean\n');
	expect(messages()).toEqual([{ recipient: '+237670000000', text: 'Bonjour' }]);
});

it('uses the message of the query where a row has none, and the sender ID of the query', async () => {
	const path = `${sendBulkPath}?message=Hello%20from%20MboaSMS&senderId=MyApp`;
	await upload('numbers.csv', '+237670000000\n+237680000000,Own text\n', { path });
	expect(messages()).toEqual([
		{ recipient: '+237670000000', text: 'Hello from MboaSMS' },
		{ recipient: '+237680000000', text: 'Own text' },
	]);
	expect(sandbox().state.messages[0]?.sender).toBe('MyApp');
});

it('counts bad numbers, a header among them, as failed and charges for the others only', async () => {
	const rows = [
		['Phone', 'Message'],
		['+237670000000', 'a'.repeat(161)],
		['12', 'x'],
	];
	const answer = await upload('contacts.xlsx', workbook(rows));
	expect(answer.json).toMatchObject({
		data: { totalSent: 1, totalFailed: 2, creditsUsed: 2 },
	});
});

it('refuses a file with no valid number as INVALID_PHONE_NUMBER', async () => {
	const answer = await upload('a.csv', 'abc,Hello\n12,Hello\n');
	expect(answer.status).toBe(400);
	expect(answer.json).toMatchObject({ error: { code: 'INVALID_PHONE_NUMBER' } });
});

it.each([
	[
		'a row without text',
		'a.csv',
		'+237670000000\n',
		{},
		'Row 1 has no message, and there is no default',
	],
	[
		'an empty message parameter',
		'a.csv',
		'+237670000000\n',
		{ path: `${sendBulkPath}?message=` },
		'message is empty',
	],
	[
		'an empty senderId parameter',
		'a.csv',
		'670000000,x',
		{ path: `${sendBulkPath}?senderId=` },
		'senderId is empty',
	],
])('refuses %s', async (_name, fileName, bytes, options, details) => {
	const answer = await upload(fileName, bytes, options);
	expect(answer.status).toBe(400);
	expect(answer.json).toMatchObject({ error: { code: 'INVALID_REQUEST', details } });
	expect(messages()).toEqual([]);
});

it.each([
	[
		'a file in another field',
		'a.csv',
		'670000000,x',
		{ field: 'upload' },
		'Exactly one file in the field "file" is required',
	],
	['an empty file', 'a.csv', '', {}, 'The file is empty'],
	['a file of blank lines', 'a.csv', '\n \n', {}, 'The file has no rows'],
	['another format', 'a.txt', '670000000,x', {}, 'Supported formats: .xlsx, .csv'],
	[
		'text called .xlsx',
		'a.xlsx',
		'670000000,x',
		{},
		'The file is not readable: it is not a workbook',
	],
])('refuses %s', async (_name, fileName, bytes, options, details) => {
	const answer = await upload(fileName, bytes, options);
	expect(answer.status).toBe(400);
	expect(answer.json).toEqual(invalidFile(details));
	expect(messages()).toEqual([]);
});

it.each([
	['an unclosed quote', '670000000,"x'],
	['bytes that are not UTF-8', Buffer.from('670000000,é', 'latin1')],
])('refuses a CSV with %s', async (_name, bytes) => {
	const answer = await upload('a.csv', bytes);
	expect(answer.status).toBe(400);
	expect(answer.json).toMatchObject({ error: { code: 'INVALID_FILE' } });
});

it('refuses a damaged workbook', async () => {
	const bytes = workbook(documentedRows);
	expect((await upload('a.xlsx', bytes.subarray(0, bytes.length / 2))).status).toBe(400);
});

it('wants multipart, whole and with its boundary', async () => {
	const json = await call(
		'POST',
		sendBulkPath,
		{ ...bearer, 'content-type': 'application/json' },
		'{}',
	);
	expect(json.json).toEqual(invalidFile('Content-Type must be multipart/form-data'));
	for (const contentType of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
		const body =
			'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n67000';
		const answer = await call(
			'POST',
			sendBulkPath,
			{ ...bearer, 'content-type': contentType },
			body,
		);
		expect(answer.json).toEqual(invalidFile('The multipart body is not readable'));
	}
});

it('asks for the token before it looks at the file, and takes no Basic credentials', async () => {
	expect((await upload('a.txt', '', { headers: {} })).status).toBe(401);
	expect(
		(await upload('a.csv', '670000000,x', { headers: { authorization: 'Basic eDp5' } })).status,
	).toBe(401);
});

it('answers 402 and sends to nobody when the credits do not pay for the whole file', async () => {
	sandbox().state.setBalance('mboasms', 2);
	const answer = await upload('contacts.xlsx', workbook(documentedRows));
	expect(answer.status).toBe(402);
	expect(messages()).toEqual([]);
});

it('records the parts of an upload as they arrived', async () => {
	await upload('contacts é.csv', '670000000,Prêt');
	expect(sandbox().state.requests).toEqual([
		expect.objectContaining({
			endpoint: 'send-bulk',
			bodyText: '',
			parts: [
				{
					name: 'file',
					fileName: 'contacts é.csv',
					contentType: 'text/csv',
					bytes: Buffer.from('670000000,Prêt'),
				},
			],
		}),
	]);
});

it('reads what fetch and FormData upload as well', async () => {
	const form = new FormData();
	form.append('file', new Blob(['670000000,Hello'], { type: 'text/csv' }), 'contacts.csv');
	const response = await fetch(`${sandbox().url}${sendBulkPath}`, {
		method: 'POST',
		headers: bearer,
		body: form,
	});
	expect(response.status).toBe(200);
	expect(messages()).toEqual([{ recipient: '+237670000000', text: 'Hello' }]);
});

it.each(['csv', 'xlsx'] as const)(
	'takes 20,000 rows of %s in a few seconds at most',
	async (format) => {
		const rows = Array.from({ length: 20_000 }, (_, row) => [
			`+2376${String(70_000_000 + row)}`,
			`Bonjour! Votre commande ${row} est prete.`,
		]);
		const bytes = format === 'csv' ? rows.map((row) => row.join(',')).join('\n') : workbook(rows);
		const startedAt = performance.now();
		const answer = await upload(`contacts.${format}`, bytes);
		expect(answer.json).toMatchObject({ data: { totalSent: 20_000, totalFailed: 0 } });
		expect(performance.now() - startedAt).toBeLessThan(5000);
		expect(sandbox().state.messages).toHaveLength(20_000);
	},
);

describe('uploads as jobs', () => {
	const jobPath = (jobId: unknown) => `/api/v1/developer/sms/jobs/${String(jobId)}`;
	const job = async () => {
		const { json } = await upload('a.csv', '+237670000000,Hello\n12,Hello\n');
		return json as { jobId: string };
	};

	beforeEach(() => sandbox().state.setJobDuration(3_000));

	it('take some seconds, each for itself, and end with counts', async () => {
		const first = await job();
		expect(first).toEqual({
			success: true,
			jobId: expect.any(String),
			status: 'PROCESSING',
			totalRecipients: 2,
			successCount: 0,
			failedCount: 0,
			completedAt: null,
			statusUrl: jobPath(first.jobId),
		});
		const second = await job();
		expect(second.jobId).not.toBe(first.jobId);
		const { success, ...running } = first as Record<string, unknown>;
		expect((await call('GET', jobPath(first.jobId), bearer)).json).toEqual({
			success,
			data: running,
		});
		clock.now += 3_000;
		expect((await call('GET', jobPath(first.jobId), bearer)).json).toMatchObject({
			data: { status: 'PARTIAL', successCount: 1, failedCount: 1 },
		});
	});

	it('are shown to those who sign, by GET', async () => {
		const { jobId } = await job();
		expect((await call('GET', jobPath(jobId))).status).toBe(401);
		expect((await call('POST', jobPath(jobId), bearer)).status).toBe(405);
		expect((await call('GET', jobPath('job-0'), bearer)).status).toBe(404);
	});
});

it('takes the key of the dashboard in place of a token', async () => {
	const csv = '+237670000000,Hello\n';
	const headers = { 'x-api-key': demoCredentials.mboaSms.apiKey };
	expect((await upload('a.csv', csv, { headers })).status).toBe(200);
	expect((await upload('a.csv', csv, { headers: { 'x-api-key': 'wrong' } })).status).toBe(401);
});
