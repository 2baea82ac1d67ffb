import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { endingUnder, endOnWire, jsonAnswer, processingUnder } from './faultEndings';
import { htmlPage } from './faults';
import type {
	Acceptance,
	Answer,
	EndpointName,
	GatewayAnswers,
	GatewayRequest,
	UploadedPart,
} from './gateway';
import type { RecordedRequest } from './records';
import type { SandboxState } from './state';

const largestBodyBytes = 30 * 1024 * 1024;

interface GatewayEndpoint {
	name: EndpointName;
	/** POST unless said. */
	method?: 'GET';
	/** As Fastify writes it, such as `/jobs/:jobId`. */
	path: string;
	handle(
		request: GatewayRequest,
		state: SandboxState,
		acceptance: Acceptance,
	): Answer | Promise<Answer>;
}

/** One of the gateways that the sandbox stands in for. */
export interface SandboxGateway extends GatewayAnswers {
	/** How the path of every request to it begins. */
	pathPrefix: string;
	endpoints: readonly GatewayEndpoint[];
}

interface Route {
	gateway: SandboxGateway;
	endpoint: GatewayEndpoint;
}

export async function registerGateways(
	scope: FastifyInstance,
	state: SandboxState,
	gateways: readonly SandboxGateway[],
): Promise<void> {
	const routes: Route[] = gateways.flatMap((gateway) =>
		gateway.endpoints.map((endpoint) => ({ gateway, endpoint })),
	);
	const recordedRequests = new WeakMap<FastifyRequest, RecordedRequest>();
	scope.removeAllContentTypeParsers();
	scope.addContentTypeParser(
		'*',
		{ parseAs: 'buffer', bodyLimit: largestBodyBytes },
		(_request, body, done) => done(null, body),
	);
	await scope.register(multipart, { limits: { fileSize: largestBodyBytes, fieldSize: 1_000_000 } });

	scope.addHook('onRequest', async (request, reply) => {
		const { method, originalUrl, headers } = request;
		const recorded = state.recordRequest({ method, path: originalUrl, headers: { ...headers } });
		const route = routes.find(({ endpoint }) => endpoint.path === request.routeOptions.url);
		recorded.gateway = route?.gateway.name ?? null;
		recorded.endpoint = route?.endpoint.name ?? null;
		recordedRequests.set(request, recorded);
		reply.raw.once('close', () => {
			if (recorded.ended === 'open') recorded.ended = 'clientClosed';
		});
	});
	scope.addHook('onSend', async (request, reply, payload) => {
		const recorded = recordedRequests.get(request);
		if (recorded?.ended === 'open') state.answered(recorded, reply.statusCode, payload);
	});

	for (const route of routes) {
		scope.all(route.endpoint.path, async (request, reply) => {
			const recorded = recordedRequests.get(request);
			if (recorded === undefined) throw new Error('A request went unrecorded');
			const parts = await receivedParts(request);
			const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
			state.recordBody(recorded, body, parts);
			const { method: allow = 'POST' } = route.endpoint;
			if (request.method !== allow) {
				return await send(reply, { ...refusal(request, 405), headers: { allow } });
			}
			const query = new URL(request.originalUrl, 'http://sandbox').searchParams;
			const { id, headers } = recorded;
			const pathParameters = request.params as Record<string, string>;
			const arrived = { id, headers, pathParameters, query, body, parts };
			await answer(route, arrived, recorded, reply);
			return reply;
		});
	}
	/** Where redirect faults lead: whoever follows them arrives at a page for people. */
	scope.all('/elsewhere', async (_request, reply) => reply.type('text/html').send(htmlPage));
	scope.setNotFoundHandler(async (request, reply) => await send(reply, refusal(request, 404)));
	scope.setErrorHandler(async (failure: Error & { statusCode?: number }, request, reply) => {
		return await send(reply, refusal(request, failure.statusCode ?? 500));
	});

	function refusal(request: FastifyRequest, status: number): Answer {
		const gateway = gateways.find(({ pathPrefix }) => request.originalUrl.startsWith(pathPrefix));
		if (gateway !== undefined) return gateway.refusal(status);
		return { status, json: { message: `Nothing is at ${request.originalUrl}` } };
	}

	async function answer(
		route: Route,
		request: GatewayRequest,
		recorded: RecordedRequest,
		reply: FastifyReply,
	): Promise<void> {
		const { gateway, endpoint } = route;
		const fault = state.takeFault(gateway.name, endpoint.name);
		recorded.fault = fault;
		if (fault === null) {
			await send(reply, await documentedAnswer(route, request, {}));
			return;
		}
		const processing = processingUnder(fault);
		const documented =
			processing === 'notAtAll'
				? { status: 200, json: { success: true, message: 'SMS sent successfully' } }
				: await documentedAnswer(route, request, processing);
		if (fault.kind === 'delay') await sleep(fault.delayMs, undefined, { ref: false });
		await endOnWire(endingUnder(fault, gateway, documented, state.now()), reply, recorded);
	}

	async function documentedAnswer(
		{ gateway, endpoint }: Route,
		request: GatewayRequest,
		acceptance: Acceptance,
	): Promise<Answer> {
		// The log-in belongs to the vendor's dashboard: the documented limit is one of the API.
		const seconds = endpoint.name === 'login' ? null : state.secondsToWait(gateway.name);
		if (seconds === null) return await endpoint.handle(request, state, acceptance);
		return { ...gateway.refusal(429), headers: { 'retry-after': String(seconds) } };
	}
}

async function send(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
	const { status, headers, body } = jsonAnswer(answer);
	return await reply.code(status).headers(headers).send(body);
}

/**
 * The parts of a multipart request; null where it is none or cannot be read. Throws only for a file above the
 * limit, which has its own status code.
 */
async function receivedParts(request: FastifyRequest): Promise<UploadedPart[] | null> {
	if (!request.isMultipart()) return null;
	const parts: UploadedPart[] = [];
	try {
		for await (const part of request.parts()) {
			const { fieldname: name, mimetype: contentType } = part;
			const isFile = part.type === 'file';
			const bytes = isFile ? await part.toBuffer() : Buffer.from(String(part.value));
			parts.push({ name, fileName: isFile ? part.filename : null, contentType, bytes });
		}
		return parts;
	} catch (failure) {
		if (failure instanceof Error && 'statusCode' in failure && failure.statusCode === 413) {
			throw failure;
		}
		return null;
	}
}
