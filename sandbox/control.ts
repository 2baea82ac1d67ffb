import type { FastifyInstance } from 'fastify';
import { faultCatalogue, jobStatuses, type FaultOrder } from './faults';
import { endpointNames, gatewayNames, type GatewayName } from './gateway';
import type { RecordedRequest } from './records';
import type { SandboxState } from './state';

const gateway = { enum: gatewayNames };
const processed = { type: 'boolean' };
const anyValue = {};

/** What the control endpoints take, as JSON Schema. */
const balanceSchema = {
	type: 'object',
	required: ['gateway', 'balance'],
	additionalProperties: false,
	properties: { gateway, balance: { type: 'number', minimum: 0 } },
};

const rateLimitSchema = {
	type: 'object',
	required: ['gateway', 'requestsPerMinute'],
	additionalProperties: false,
	properties: {
		gateway,
		requestsPerMinute: { type: ['integer', 'null'], minimum: 1, maximum: 1_000_000 },
	},
};

const jobsSchema = {
	type: 'object',
	required: ['durationMs'],
	additionalProperties: false,
	properties: { durationMs: { type: ['integer', 'null'], minimum: 0, maximum: 3_600_000 } },
};

const faultKinds = [
	kind('status', ['status'], {
		status: { type: 'integer', minimum: 200, maximum: 599 },
		body: anyValue,
		contentType: { type: 'string' },
		headers: { type: 'object', additionalProperties: { type: 'string' } },
		retryAfter: {
			type: 'object',
			required: ['seconds', 'as'],
			additionalProperties: false,
			properties: {
				seconds: { type: 'number', minimum: 0 },
				as: { enum: ['seconds', 'httpDate'] },
			},
		},
		processed,
	}),
	kind('delay', ['delayMs'], { delayMs: { type: 'number', minimum: 0, maximum: 3_600_000 } }),
	kind('hang', [], { processed }),
	kind('resetBeforeAnswer', [], { processed }),
	kind('resetMidBody', [], { processed }),
	kind('truncatedBody', [], { processed }),
	kind('emptyBody', [], { processed }),
	kind('unreadableBody', [], { text: { type: 'string' }, processed }),
	kind('wrongShape', ['json'], { json: anyValue, processed }),
	kind('refusal', ['words'], {
		words: { type: 'string' },
		statusCode: { anyOf: [{ type: 'number' }, { type: 'string' }] },
		field: { enum: ['message', 'errorMessage'] },
	}),
	kind('partial', ['accepted'], { accepted: { type: 'integer', minimum: 0 } }),
	kind('job', ['status'], { status: { enum: jobStatuses }, insideData: { type: 'boolean' } }),
	kind('countsMissing', [], {}),
	kind('numbersAsStrings', [], {}),
	kind('unsupportedContactsAsNumber', [], {}),
	kind('redirect', ['status'], {
		status: { enum: [301, 302, 303, 307, 308] },
		location: { type: 'string' },
	}),
];

const faultOrderSchema = {
	type: 'object',
	required: ['gateway', 'count'],
	additionalProperties: false,
	properties: {
		gateway,
		count: { type: 'integer', minimum: 1 },
		skip: { type: 'integer', minimum: 0 },
		path: { enum: endpointNames },
		preset: { type: 'string' },
		fault: {
			type: 'object',
			required: ['kind'],
			discriminator: { propertyName: 'kind' },
			oneOf: faultKinds,
		},
	},
	oneOf: [{ required: ['fault'] }, { required: ['preset'] }],
};

type FaultRequest = Omit<FaultOrder, 'fault'> & { fault?: FaultOrder['fault']; preset?: string };

/** Everything a test or a person can ask of the sandbox itself, below `/sandbox`. */
export function registerControl(scope: FastifyInstance, state: SandboxState): void {
	scope.setNotFoundHandler(async (request, reply) =>
		reply.code(404).send({ message: `The sandbox has no ${request.method} ${request.url}` }),
	);
	scope.get('/state', async () => stateOf(state));
	scope.get('/links', async () => ({ links: state.links }));

	scope.get<{ Querystring: { limit?: string } }>('/messages', async ({ query }) => ({
		total: state.messages.length,
		messages: newest(state.messages, query.limit),
	}));
	scope.get<{ Querystring: { limit?: string } }>('/requests', async ({ query }) => ({
		total: state.requests.length,
		requests: newest(state.requests, query.limit).map(withPartsAsText),
	}));

	scope.post('/reset', async () => {
		state.reset();
		return stateOf(state);
	});
	scope.post<{ Body: { gateway: GatewayName; balance: number } }>(
		'/balance',
		{ schema: { body: balanceSchema } },
		async ({ body }) => {
			state.setBalance(body.gateway, body.balance);
			return stateOf(state);
		},
	);
	scope.post<{ Body: { gateway: GatewayName; requestsPerMinute: number | null } }>(
		'/rate-limit',
		{ schema: { body: rateLimitSchema } },
		async ({ body }) => {
			state.setRateLimit(body.gateway, body.requestsPerMinute);
			return stateOf(state);
		},
	);
	scope.post<{ Body: { durationMs: number | null } }>(
		'/jobs',
		{ schema: { body: jobsSchema } },
		async ({ body }) => {
			state.setJobDuration(body.durationMs);
			return stateOf(state);
		},
	);
	scope.post('/expire-tokens', async () => {
		state.expireSessions();
		return stateOf(state);
	});

	scope.get('/faults', async () => ({ armed: state.faults, catalogue: faultCatalogue }));
	scope.delete('/faults', async () => {
		state.disarmFaults();
		return stateOf(state);
	});
	scope.post<{ Body: FaultRequest }>(
		'/faults',
		{ schema: { body: faultOrderSchema } },
		async ({ body: { preset, ...order } }, reply) => {
			const fault = order.fault ?? faultCatalogue.find(({ name }) => name === preset)?.fault;
			if (fault === undefined) {
				return await reply.code(400).send({ message: `There is no fault named "${preset}"` });
			}
			return state.armFault({ ...order, fault });
		},
	);
}

/** For the page and for tests; holds no credential and no token. */
function stateOf(state: SandboxState) {
	const { mboasms, mambosms } = state.balances;
	return {
		revision: state.revision,
		messageCount: state.messages.length,
		requestCount: state.requests.length,
		balances: { mboasms, mambosms },
		requestsPerMinute: {
			mboasms: state.requestsPerMinute('mboasms'),
			mambosms: state.requestsPerMinute('mambosms'),
		},
		jobDurationMs: state.jobDurationMs,
		faults: state.faults,
	};
}

/** The last `limit` in the order they came; without a limit, all. */
function newest<Entry>(entries: readonly Entry[], limit: string | undefined): readonly Entry[] {
	const wanted = Number(limit ?? entries.length);
	return Number.isInteger(wanted) && wanted > 0 ? entries.slice(-wanted) : [];
}

function withPartsAsText({ parts, ...request }: RecordedRequest) {
	return {
		...request,
		parts:
			parts?.map(({ bytes, ...part }) => ({
				...part,
				text: bytes.toString('utf8'),
				base64: bytes.toString('base64'),
			})) ?? null,
	};
}

function kind(name: string, required: readonly string[], properties: Record<string, object>) {
	return {
		required: ['kind', ...required],
		additionalProperties: false,
		properties: { kind: { const: name }, ...properties },
	};
}
