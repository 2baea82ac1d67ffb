import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { TestCredentials } from './credentials';
import type { Engine } from './engine';

interface Verdict {
	status: 'OK' | 'Error';
	message: string;
}

/** What a thrown request holds, as far as the tester of n8n looks at it. */
interface ThrownRequest {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText: string } };
}

const node: INode = {
	id: 'temp',
	name: 'Temp-Node',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * Tests a credential as `CredentialsTester.runRequestTest` of n8n 2.41 does (it is not part of
 * n8n-core): the test request becomes the routing of a node, the rules read what comes back.
 */
export async function testCredential(
	{ loader }: Engine,
	type: string,
	fields: ICredentialDataDecryptedObject,
): Promise<Verdict> {
	const { properties, test } = loader.getCredential(type).type;
	if (!test) throw new Error(`The credential ${type} has no test`);
	const defaults = Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
	const data = { ...defaults, ...fields } as ICredentialDataDecryptedObject;
	const credentials = new TestCredentials(loader, { [type]: data });
	const tested = { ...node, credentials: { [type]: { id: '1', name: type } } };
	const nodeType: INodeType = {
		description: {
			displayName: 'No Operation, do nothing',
			name: 'noOp',
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: test.request },
					default: '',
				},
			],
		},
	};
	const workflow = new Workflow({
		nodes: [tested],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const context = new ExecuteContext(
		workflow,
		tested,
		{
			credentialsHelper: credentials,
			variables: {},
		} as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node: tested, data: {}, source: null },
		[],
	);
	const rules = test.rules ?? [];
	let response: unknown;
	try {
		const routing = new RoutingNode(context, nodeType, { id: '1', name: type, type, data });
		response = (await routing.runNode())?.[0]?.[0]?.json;
	} catch (error) {
		return verdictOn(error as ThrownRequest, rules);
	}
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		if (valueAt(response, rule.properties.key) === rule.properties.value) {
			return { status: 'Error', message: rule.properties.message };
		}
	}
	return { status: 'OK', message: 'Connection successful!' };
}

function verdictOn(
	error: ThrownRequest,
	rules: ReadonlyArray<{ type: string; properties: { value: unknown; message: string } }>,
): Verdict {
	const { response, code } = error.cause ?? {};
	if (response) {
		const told = rules.find(
			({ type, properties }) => type === 'responseCode' && properties.value === response.status,
		);
		const { status, statusText } = response;
		const words = statusText || `Received HTTP status code: ${status}`;
		return { status: 'Error', message: told?.properties.message ?? words };
	}
	return { status: 'Error', message: code ?? error.message };
}

/** As lodash's `get`, for keys such as `messages[0]`. */
function valueAt(value: unknown, key: string): unknown {
	return key
		.split(/[.[\]]+/)
		.filter((name) => name !== '')
		.reduce<unknown>(
			(inner, name) =>
				typeof inner === 'object' && inner !== null
					? (inner as Record<string, unknown>)[name]
					: undefined,
			value,
		);
}
