import type { IExecuteFunctions } from 'n8n-workflow';

import type { Gateway } from '../gateways/gateway';

/** An account of a gateway, ready for requests. */
export interface Account {
	/** Different for every account that a run uses; holds no secret. */
	id: string;
	gateway: Gateway;
}

/** Everything that differs between the two nodes when they send. Each node has one, in `actions/gateway`. */
export interface GatewayNode {
	provider: Gateway['provider'];
	/** The name people know the gateway by. */
	displayName: string;
	/** For numbers that are written without country code. */
	defaultCountry: 'CM' | 'UG';
	/** What the option 'Sender ID' says; null where sender and category are parameters of their own. */
	senderIdDescription: string | null;
	/** `default` in requests per minute; 0: no limit. */
	pace: { default: number; description: string };
	/** Which items may share requests. */
	combineDescription: string;
	/** The account that an item is sent with. Throws when its credential does not fit. */
	connect(context: IExecuteFunctions, itemIndex: number): Promise<Account>;
}
