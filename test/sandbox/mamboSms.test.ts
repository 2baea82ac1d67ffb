import { demoCredentials } from '../../sandbox/demoCredentials';
import { balancePath, mamboHello, mamboKey, mamboSendPath, useSandbox } from './sandboxClient';

const { sandbox, call, post, messages } = useSandbox();

const refusal = (statusCode: number, ...words: string[]) => ({
	statusCode,
	success: false,
	messages: words,
	data: [],
});

describe('Send SMS', () => {
	it('answers in the documented shape, with 201 in the body and HTTP 200', async () => {
		const recipients = Array.from({ length: 9 }, (_, index) => `075600000${index}`).join(', ');
		sandbox().state.setBalance('mambosms', 9480);
		const answer = await post(
			mamboSendPath,
			{ ...mamboHello, recipients, message: 'a'.repeat(161) },
			mamboKey,
		);
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({
			statusCode: 201,
			success: true,
			messages: ['SMS successfully sent to 9 recipients.'],
			data: {
				recipients_count: 9,
				message_count: 2,
				sms_sent: 18,
				sms_cost: 900,
				new_balance: 8580,
				unsupported_contacts_count: 0,
				unsupported_contacts: [],
			},
		});
	});

	it('merges duplicates and names what it does not support', async () => {
		const recipients = '0772000001,256772000001, 0772000002,,237670000000,+256772000003,0412000000';
		const answer = await post(mamboSendPath, { ...mamboHello, recipients }, mamboKey);
		expect(answer.json).toMatchObject({
			data: {
				recipients_count: 2,
				sms_sent: 2,
				sms_cost: 100,
				unsupported_contacts_count: 3,
				unsupported_contacts: ['237670000000', '+256772000003', '0412000000'],
			},
		});
		expect(messages()).toEqual([
			{ recipient: '+256772000001', text: 'Hello' },
			{ recipient: '+256772000002', text: 'Hello' },
		]);
	});

	it.each([
		['customised', 'MamboSMS'],
		['info', 'INFO'],
		['non_customised', '+256312000000'],
	])('shows a message of category %s as coming from %s', async (category, sender) => {
		await post(mamboSendPath, { ...mamboHello, message_category: category }, mamboKey);
		expect(sandbox().state.messages[0]).toMatchObject({ gateway: 'mambosms', sender });
	});

	it.each([
		['no key', {}],
		['a wrong key', { authorization: 'wrong' }],
		['a key with a scheme word', { authorization: `Bearer ${demoCredentials.mamboSms.apiKey}` }],
	])('answers 401 to %s, before it looks at the body', async (_name, headers) => {
		const answer = await post(mamboSendPath, {}, headers);
		expect(answer.status).toBe(401);
		expect(answer.json).toEqual(refusal(401, 'Unauthorized. Invalid or missing API key.'));
	});

	it.each([
		['message', 'The message field is required.'],
		['recipients', 'The recipients field is required.'],
		['message_category', 'The message_category field is required.'],
		['sender_id', 'The sender_id field is required.'],
	])('refuses a body without %s or with an empty one', async (name, words) => {
		for (const value of [undefined, '']) {
			const answer = await post(mamboSendPath, { ...mamboHello, [name]: value }, mamboKey);
			expect(answer.status).toBe(400);
			expect(answer.json).toEqual(refusal(400, words));
		}
	});

	it.each([
		[{ recipients: ['0772000001'] }, 'The recipients field must be a non-empty string.'],
		[{ recipients: ' , ' }, 'The recipients field holds no numbers.'],
		[{ recipients: '237670000000' }, 'No supported recipients were given.'],
		[
			{ message_category: 'custom' },
			'The message_category must be one of non_customised, info, customised.',
		],
		[{ sender_id: 'TwelveLetter' }, 'The sender_id may not be longer than 11 characters.'],
	])('refuses %j', async (change, words) => {
		const answer = await post(mamboSendPath, { ...mamboHello, ...change }, mamboKey);
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(refusal(400, words));
		expect(messages()).toEqual([]);
	});

	it('takes a sender ID of 11 characters', async () => {
		const answer = await post(mamboSendPath, { ...mamboHello, sender_id: 'ElevenChars' }, mamboKey);
		expect(answer.status).toBe(200);
	});

	it('names everything that is wrong at once', async () => {
		const answer = await post(mamboSendPath, { sender_id: 'TwelveLetter' }, mamboKey);
		expect(answer.json).toEqual(
			refusal(
				400,
				'The message field is required.',
				'The recipients field is required.',
				'The message_category field is required.',
				'The sender_id may not be longer than 11 characters.',
			),
		);
	});

	it.each([
		['multipart/form-data; boundary=x', '--x--', 'Content-Type must be application/json.'],
		['application/json', '{', 'The body is not readable as JSON in UTF-8.'],
		['application/json', '[]', 'The body must be a JSON object.'],
	])('refuses %s with %j', async (contentType, body, words) => {
		const headers = { ...mamboKey, 'content-type': contentType };
		const answer = await call('POST', mamboSendPath, headers, body);
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(refusal(400, words));
	});

	it('refuses with HTTP 200 and sends to nobody when the balance is too small', async () => {
		sandbox().state.setBalance('mambosms', 99);
		const answer = await post(
			mamboSendPath,
			{ ...mamboHello, recipients: '0772000001,0772000002' },
			mamboKey,
		);
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual(
			refusal(200, 'Insufficient balance. Please recharge your account.'),
		);
		expect(messages()).toEqual([]);
		expect(sandbox().state.balances.mambosms).toBe(99);
	});
});

describe('Balance inquiry', () => {
	const { username, email, password, suspendedUsername, inactiveUsername } =
		demoCredentials.mamboAccount;

	it.each([username, email])('answers %s in the documented shape', async (name) => {
		sandbox().state.setBalance('mambosms', 12_500);
		const answer = await post(balancePath, { username: name, password });
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({
			statusCode: 200,
			success: true,
			messages: ['Balance fetched successfully'],
			data: { client_id: 42, name: 'Jane Doe', contact: username, email, balance: 12_500 },
		});
	});

	it.each([
		[username, 'Invalid credentials'],
		['nobody@example.com', 'Invalid credentials'],
		[suspendedUsername, 'Account suspended due to too many failed attempts. Contact support.'],
		[inactiveUsername, 'Account is inactive or suspended. Contact support on +256 775 508171.'],
	])('refuses %s with HTTP 200: %s', async (name, words) => {
		const answer = await post(balancePath, { username: name, password: 'wrong' });
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual(refusal(200, words));
	});

	it('refuses a body without its fields', async () => {
		const answer = await post(balancePath, { username: '' });
		expect(answer.status).toBe(400);
		expect(answer.json).toEqual(
			refusal(400, 'The username field is required.', 'The password field is required.'),
		);
		expect((await call('POST', balancePath)).status).toBe(400);
	});
});

it.each([mamboSendPath, balancePath])('answers GET %s with 405', async (path) => {
	const answer = await call('GET', path, mamboKey);
	expect(answer.status).toBe(405);
	expect(answer.json).toEqual(refusal(405, 'Method not allowed.'));
});

it('answers unknown paths with 404 in JSON', async () => {
	const answer = await post('/v1/send', mamboHello, mamboKey);
	expect(answer.status).toBe(404);
	expect(answer.json).toEqual(refusal(404, 'Not found.'));
});
