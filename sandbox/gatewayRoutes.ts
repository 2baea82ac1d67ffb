import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { endingUnder, jsonAnswer, processingUnder } from './faultEndings';
import { htmlPage } from './faults';
import type { Acceptance, Answer, EndpointName, GatewayName, GatewayRequest } from './gateway';
import { mamboSmsRefusal } from './mamboSmsAnswers';
import { mamboSmsEndpoints } from './mamboSmsRoutes';
import { mboaSmsRefusal } from './mboaSmsAnswers';
import { mboaSmsEndpoints } from './mboaSmsRoutes';
import { receivedParts } from './multipartParts';
import type { SandboxState } from './phones';
import type { RecordedRequest } from './records';
import { endOnWire } from './wire';

const largestBodyBytes = 30 * 1024 * 1024;

export interface GatewayEndpoint {
	gateway: GatewayName;
	name: EndpointName;
	path: string;
	handle(
		request: GatewayRequest,
		state: SandboxState,
		acceptance: Acceptance,
	): Answer | Promise<Answer>;
}

const endpoints = [...mboaSmsEndpoints, ...mamboSmsEndpoints];

export async function registerGateways(scope: FastifyInstance, state: SandboxState): Promise<void> {
	const recordedRequests = new WeakMap<FastifyRequest, RecordedRequest>();
	scope.removeAllContentTypeParsers();
	scope.addContentTypeParser(
		'*',
		{ parseAs: 'buffer', bodyLimit: largestBodyBytes },
		(_request, body, done) => done(null, body),
	);
	await scope.register(multipart, { limits: { fileSize: largestBodyBytes, fieldSize: 1_000_000 } });

	scope.addHook('onRequest', async (request, reply) => {
		const { method, originalUrl: path, headers } = request;
		const recorded = state.recordRequest({ method, path, headers: { ...headers } });
		const endpoint = endpointAt(request);
		recorded.gateway = endpoint?.gateway ?? null;
		recorded.endpoint = endpoint?.name ?? null;
		recordedRequests.set(request, recorded);
		reply.raw.once('close', () => {
			if (recorded.ended === 'open') recorded.ended = 'clientClosed';
		});
	});
	scope.addHook('onSend', async (request, reply) => {
		const recorded = recordedRequests.get(request);
		if (recorded === undefined || recorded.ended !== 'open') return;
		recorded.statusCode = reply.statusCode;
		recorded.ended = 'answered';
	});

	for (const endpoint of endpoints) {
		scope.all(endpoint.path, async (request, reply) => {
			const recorded = recordedRequests.get(request);
			if (recorded === undefined) throw new Error('A request went unrecorded');
			const parts = await receivedParts(request);
			const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
			state.recordBody(recorded, body, parts);
			if (request.method !== 'POST') {
				return await send(reply, { ...refusal(request, 405), headers: { allow: 'POST' } });
			}
			const query = new URL(request.originalUrl, 'http://sandbox').searchParams;
			const { id, headers } = recorded;
			await answer(endpoint, { id, headers, query, body, parts }, recorded, reply);
			return reply;
		});
	}
	/** Where redirect faults lead: whoever follows them arrives at a page for people. */
	scope.all('/elsewhere', async (_request, reply) => reply.type('text/html').send(htmlPage));
	scope.setNotFoundHandler(async (request, reply) => await send(reply, refusal(request, 404)));
	scope.setErrorHandler(async (failure: Error & { statusCode?: number }, request, reply) => {
		return await send(reply, refusal(request, failure.statusCode ?? 500));
	});

	async function answer(
		endpoint: GatewayEndpoint,
		request: GatewayRequest,
		recorded: RecordedRequest,
		reply: FastifyReply,
	): Promise<void> {
		const fault = state.takeFault(endpoint.gateway, endpoint.name);
		recorded.fault = fault;
		if (fault === null) {
			await send(reply, await documentedAnswer(endpoint, request, {}));
			return;
		}
		const processing = processingUnder(fault);
		const documented =
			processing === 'notAtAll'
				? { status: 200, json: { success: true, message: 'SMS sent successfully' } }
				: await documentedAnswer(endpoint, request, processing);
		if (fault.kind === 'delay') await sleep(fault.delayMs, undefined, { ref: false });
		await endOnWire(endingUnder(fault, endpoint.gateway, documented, state.now()), reply, recorded);
	}

	async function documentedAnswer(
		endpoint: GatewayEndpoint,
		request: GatewayRequest,
		acceptance: Acceptance,
	): Promise<Answer> {
		// The log-in belongs to the vendor's dashboard: the documented limit is one of the API.
		const seconds = endpoint.name === 'login' ? null : state.secondsToWait(endpoint.gateway);
		if (seconds === null) return await endpoint.handle(request, state, acceptance);
		const refused = endpoint.gateway === 'mboasms' ? mboaSmsRefusal(429) : mamboSmsRefusal(429);
		return { ...refused, headers: { 'retry-after': String(seconds) } };
	}
}

function endpointAt(request: FastifyRequest): GatewayEndpoint | undefined {
	const path = request.originalUrl.split('?', 1)[0];
	return endpoints.find((endpoint) => endpoint.path === path);
}

function refusal(request: FastifyRequest, status: number): Answer {
	if (request.originalUrl.startsWith('/api/')) return mboaSmsRefusal(status);
	if (request.originalUrl.startsWith('/v1/')) return mamboSmsRefusal(status);
	return { status, json: { message: `Nothing is at ${request.originalUrl}` } };
}

async function send(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
	const { status, headers, body } = jsonAnswer(answer);
	return await reply.code(status).headers(headers).send(body);
}
