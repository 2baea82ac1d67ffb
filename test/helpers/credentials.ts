import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { getAdditionalKeys, type PackageDirectoryLoader } from 'n8n-core';

/**
 * Credentials in memory, used as n8n's own CredentialsHelper (n8n 2.41, which n8n-core does not
 * contain) uses stored ones: generic and coded `authenticate`, and the log-in with its expirable field.
 */
export class TestCredentials extends ICredentialsHelper {
	constructor(
		private readonly loader: PackageDirectoryLoader,
		private readonly stored: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		incoming: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const requestOptions = incoming as IHttpRequestOptions;
		const { authenticate } = this.typeOf(typeName);
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		if (!authenticate || !workflow || !node) return requestOptions;
		requestOptions.headers ??= {};
		for (const [place, values] of Object.entries(authenticate.properties)) {
			if (typeof values !== 'object') continue;
			for (const [name, expression] of Object.entries(values as Record<string, string>)) {
				const value = workflow.expression.getSimpleParameterValue(node, expression, 'internal', {
					$credentials: credentials,
				});
				const target = requestOptions as unknown as Record<string, Record<string, unknown>>;
				target[place] = { ...target[place], [name]: String(value ?? '') };
			}
		}
		return requestOptions;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.typeOf(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (!expirable || !type.preAuthentication) return undefined;
		const isTesting = node.parameters?.temp === '' && node.type === 'n8n-nodes-base.noOp';
		if (credentials[expirable.name] !== '' && !credentialsExpired && !isTesting) return undefined;
		const output = await type.preAuthentication.call(helpers, credentials);
		const value = output[expirable.name];
		if (value === undefined) return undefined;
		if (!node.credentials) return undefined;
		Object.assign(this.stored[typeName] ?? {}, output);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(_details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		throw new Error(`Encrypted credentials (${type}) are not part of these tests`);
	}

	/** How often a credential was read: each time is a query of n8n's database. */
	readCount = 0;

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_details: INodeCredentialsDetails,
		type: string,
		mode?: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		resolve?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		this.readCount += 1;
		const defaults = Object.fromEntries(
			this.typeOf(type).properties.map((property) => [property.name, property.default]),
		) as ICredentialDataDecryptedObject;
		const data = { ...defaults, ...this.stored[type] };
		if (!resolve || !mode) return data;
		// As n8n does: every field may be an expression, evaluated for the item.
		return resolve.workflow.expression.getParameterValue(
			data as INodeParameters,
			resolve.runExecutionData,
			resolve.runIndex,
			resolve.itemIndex,
			resolve.node.name,
			resolve.connectionInputData,
			mode,
			getAdditionalKeys(additionalData, mode, resolve.runExecutionData),
			executeData,
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(
		_details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.stored[type] = data;
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('No credential here uses OAuth');
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.typeOf(type).properties;
	}

	private typeOf(name: string): ICredentialType {
		return this.loader.getCredential(name).type;
	}
}
