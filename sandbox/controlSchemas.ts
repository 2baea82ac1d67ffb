import { jobStatuses } from './faults';
import { endpointNames, gatewayNames } from './gateway';

const gateway = { enum: gatewayNames };
const processed = { type: 'boolean' };
const anyValue = {};

/** What the control endpoints take, as JSON Schema. */
export const balanceSchema = {
	type: 'object',
	required: ['gateway', 'balance'],
	additionalProperties: false,
	properties: { gateway, balance: { type: 'number', minimum: 0 } },
};

export const rateLimitSchema = {
	type: 'object',
	required: ['gateway', 'requestsPerMinute'],
	additionalProperties: false,
	properties: {
		gateway,
		requestsPerMinute: { type: ['integer', 'null'], minimum: 1, maximum: 1_000_000 },
	},
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

export const faultOrderSchema = {
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

function kind(name: string, required: readonly string[], properties: Record<string, object>) {
	return {
		required: ['kind', ...required],
		additionalProperties: false,
		properties: { kind: { const: name }, ...properties },
	};
}
