import {
	faultCatalogue,
	type CataloguedFault,
	type Fault,
	type JobStatus,
} from '../../sandbox/faults';
import type { EndpointName, GatewayName } from '../../sandbox/gateway';
import { demoCredentials } from '../../sandbox/demoCredentials';
import {
	bearer,
	mamboHello,
	mamboKey,
	mamboSendPath,
	sendBulkPath,
	sendPath,
	sendWithAuthPath,
	useSandbox,
	type Received,
} from './sandboxClient';

const { sandbox, post, upload, messages, clock } = useSandbox();

const { username, basicPassword } = demoCredentials.mboaSms;
const basic = {
	authorization: `Basic ${Buffer.from(`${username}:${basicPassword}`).toString('base64')}`,
};
/** For what never answers; what answers may take its time on a busy machine. */
const SHORT_PATIENCE_MS = 200;
const PATIENCE_MS = 30_000;

/** Two recipients to every endpoint, so that "some" is neither none nor all. */
async function sendTwo(
	gateway: GatewayName,
	endpoint: EndpointName,
	patienceMs = PATIENCE_MS,
): Promise<Received> {
	const body = { phoneNumbers: ['+237670000000', '+237670000001'], message: 'Hello' };
	const signal = AbortSignal.timeout(patienceMs);
	if (gateway === 'mambosms') {
		const recipients = '0772000001,0772000002';
		return await post(mamboSendPath, { ...mamboHello, recipients }, mamboKey, signal);
	}
	if (endpoint === 'send') return await post(sendPath, body, bearer, signal);
	if (endpoint === 'send-with-auth') return await post(sendWithAuthPath, body, basic, signal);
	const file = '+237670000000,Hello\n+237670000001,Hello\n';
	const timeout = new Promise<never>((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(new Error('timeout')));
	});
	return await Promise.race([upload('a.csv', file, { path: sendBulkPath }), timeout]);
}

const cases = faultCatalogue.flatMap((catalogued) =>
	catalogued.appliesTo.gateways.flatMap((gateway) =>
		catalogued.appliesTo.endpoints
			.filter((endpoint) => gateway === 'mboasms' || endpoint === 'send')
			.map((endpoint) => ({ ...catalogued, gateway, endpoint })),
	),
);

describe('Every fault of the catalogue', () => {
	it('has a name of its own, and there are enough of them', () => {
		const names = new Set(faultCatalogue.map(({ name }) => name));
		expect(names.size).toBe(faultCatalogue.length);
		expect(names.size).toBeGreaterThanOrEqual(30);
	});

	it.each(cases)('$name at $gateway $endpoint delivers $delivers', async (each) => {
		const { gateway, endpoint, fault, answers } = each;
		sandbox().state.armFault({ gateway, path: endpoint, count: 1, fault });
		const patienceMs = answers === 'atOnce' ? PATIENCE_MS : SHORT_PATIENCE_MS;
		const attempt = sendTwo(gateway, endpoint, patienceMs);
		if (answers === 'atOnce') {
			expect(await attempt).toMatchObject({ status: statusOf(fault) });
		} else {
			await expect(attempt).rejects.toThrow();
		}
		expect(messages()).toHaveLength({ none: 0, some: 1, all: 2 }[each.delivers]);
		expect(sandbox().state.requests[0]?.fault).toEqual(fault);

		sandbox().state.messages.length = 0;
		const afterwards = await sendTwo(gateway, endpoint);
		expect(afterwards.status).toBe(200);
		expect(messages()).toHaveLength(2);
	});

	function statusOf(fault: Fault): number {
		return fault.kind === 'status' || fault.kind === 'redirect' ? fault.status : 200;
	}
});

describe('What a client sees', () => {
	function fault(name: string): Fault {
		const found = faultCatalogue.find((each: CataloguedFault) => each.name === name);
		if (found === undefined) throw new Error(`No fault is named ${name}`);
		return found.fault;
	}

	async function seen(
		wanted: string | Fault,
		gateway: GatewayName = 'mboasms',
		endpoint: EndpointName = 'send',
	): Promise<Received> {
		const armed = typeof wanted === 'string' ? fault(wanted) : wanted;
		sandbox().state.armFault({ gateway, count: 1, fault: armed });
		const catalogued = faultCatalogue.find(({ name }) => name === wanted);
		const isAnswered = catalogued === undefined || catalogued.answers === 'atOnce';
		return await sendTwo(gateway, endpoint, isAnswered ? PATIENCE_MS : SHORT_PATIENCE_MS);
	}

	it('a status with the documented body of its gateway', async () => {
		expect((await seen('serverError')).json).toEqual({
			success: false,
			message: 'Internal server error',
			error: { code: 'INTERNAL_ERROR', details: 'Contact support if the issue persists' },
		});
		expect((await seen('serverError', 'mambosms')).json).toEqual({
			statusCode: 500,
			success: false,
			messages: ['Server error. Contact support if this persists.'],
			data: [],
		});
	});

	it('a status with HTML, with any text and headers, or with any JSON', async () => {
		const html = await seen('badGateway');
		expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(html.text).toMatch(/^<html>/);
		const own = await seen({
			kind: 'status',
			status: 418,
			body: 'short and stout',
			contentType: 'text/plain',
			headers: { 'x-pot': 'tea' },
		});
		expect(own).toMatchObject({ status: 418, text: 'short and stout' });
		expect(own.headers.get('x-pot')).toBe('tea');
		expect(own.headers.get('content-type')).toBe('text/plain');
		expect((await seen({ kind: 'status', status: 400, body: [1] })).json).toEqual([1]);
	});

	it('Retry-After in seconds, as an HTTP date, or not at all', async () => {
		expect((await seen('rateLimitSeconds')).headers.get('retry-after')).toBe('1');
		const date = (await seen('rateLimitDate')).headers.get('retry-after');
		expect(date).toBe(new Date(clock.now + 2000).toUTCString());
		expect((await seen('rateLimitBare')).headers.get('retry-after')).toBeNull();
	});

	it('an empty body, an HTML page or cut JSON, each with status 200', async () => {
		expect(await seen('emptyBody')).toMatchObject({ status: 200, text: '' });
		expect((await seen('htmlInsteadOfJson')).text).toMatch(/^<html>/);
		expect((await seen('cutJson')).text).toBe('{"success":true,"data":{"tot');
	});

	it.each([
		['wrongShapeObject', { ok: 1 }],
		['wrongShapeArray', []],
		['wrongShapeNull', null],
		['wrongShapeText', 'text'],
	])('JSON of another shape: %s', async (name, json) => {
		expect((await seen(name)).json).toEqual(json);
	});

	it('a refusal with HTTP 200 in the words and the shape of the gateway', async () => {
		const words = 'Insufficient balance';
		expect((await seen('refusedBalance')).json).toEqual({ success: false, message: words });
		expect((await seen('refusedErrorMessage')).json).toEqual({
			success: false,
			errorMessage: 'Sender ID is not validated',
		});
		expect((await seen('refusedBalance', 'mambosms')).json).toEqual({
			statusCode: 200,
			success: false,
			messages: [words],
			data: [],
		});
		const asText = await seen('refusedStatusCodeText', 'mambosms');
		expect(asText.json).toMatchObject({ statusCode: '401', success: false });
	});

	it('counts that say who was left out', async () => {
		expect((await seen('partial')).json).toMatchObject({
			data: { totalSent: 1, totalFailed: 1, creditsUsed: 1 },
		});
		expect((await seen('partial', 'mambosms')).json).toMatchObject({
			data: { recipients_count: 1, unsupported_contacts: ['256772000002'], sms_sent: 1 },
		});
		expect((await seen('noneAccepted')).json).toMatchObject({
			success: true,
			data: { totalSent: 0, totalFailed: 2, creditsUsed: 0 },
		});
	});

	it.each<[string, JobStatus, number, number]>([
		['jobPending', 'PENDING', 0, 0],
		['jobProcessing', 'PROCESSING', 0, 0],
		['jobCompleted', 'COMPLETED', 2, 0],
		['jobPartial', 'PARTIAL', 1, 1],
		['jobFailed', 'FAILED', 0, 2],
	])('a job: %s', async (name, status, successCount, failedCount) => {
		const job = {
			jobId: 'job-4711',
			status,
			totalRecipients: 2,
			successCount,
			failedCount,
			statusUrl: '/api/v1/developer/sms/jobs/job-4711',
		};
		expect((await seen(name, 'mboasms', 'send-bulk')).json).toEqual({ success: true, ...job });
		const inside: Fault = { kind: 'job', status, insideData: true };
		expect((await seen(inside, 'mboasms', 'send-bulk')).json).toEqual({ success: true, data: job });
	});

	it('counts missing, numbers as strings, a number in place of a list', async () => {
		expect((await seen('countsMissing')).json).toEqual({ success: true, totalRecipients: 2 });
		expect((await seen('numbersAsStrings', 'mambosms')).json).toMatchObject({
			statusCode: '201',
			success: true,
			data: { sms_sent: '2', new_balance: '9999900' },
		});
		expect((await seen('unsupportedContactsAsNumber', 'mambosms')).json).toMatchObject({
			data: { unsupported_contacts: 0 },
		});
	});

	it('a redirect to another path, where whoever follows is recorded and finds a page for people', async () => {
		const answer = await seen('redirectKeepingMethod');
		expect(answer).toMatchObject({ status: 307, text: '' });
		expect(answer.headers.get('location')).toBe('/elsewhere');
		const followed = await post('/elsewhere', {});
		expect(followed.text).toMatch(/^<html>/);
		expect(sandbox().state.requests.at(-1)).toMatchObject({ path: '/elsewhere', gateway: null });
		const elsewhere = await seen({ kind: 'redirect', status: 302, location: '/v1/x' });
		expect(elsewhere.headers.get('location')).toBe('/v1/x');
	});

	it('the right answer, late', async () => {
		sandbox().state.armFault({
			gateway: 'mboasms',
			count: 1,
			fault: { kind: 'delay', delayMs: 100 },
		});
		const startedAt = performance.now();
		expect(await sendTwo('mboasms', 'send')).toMatchObject({ status: 200 });
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95);
	});

	it.each([
		['resetMidBody', 'reset', 200],
		['truncatedBody', 'truncated', 200],
		['resetAfterSending', 'reset', null],
		['noAnswer', 'clientClosed', null],
		['slowAnswer', 'clientClosed', null],
	])('%s, which the record calls %s', async (name, ended, statusCode) => {
		await expect(seen(name)).rejects.toThrow();
		for (let waited = 0; sandbox().state.requests[0]?.ended === 'open' && waited < 50; waited++) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		expect(sandbox().state.requests[0]).toMatchObject({ ended, statusCode });
	});

	it.each(['resetMidBody', 'truncatedBody'])('the status line before %s', async (name) => {
		sandbox().state.armFault({ gateway: 'mambosms', count: 1, fault: fault(name) });
		const response = await fetch(`${sandbox().url}${mamboSendPath}`, {
			method: 'POST',
			headers: { ...mamboKey, 'content-type': 'application/json' },
			body: JSON.stringify(mamboHello),
		});
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
	});

	it('the real refusal where the request would have been refused anyway', async () => {
		sandbox().state.setBalance('mboasms', 0);
		expect(await seen('countsMissing')).toMatchObject({ status: 402 });
	});
});
