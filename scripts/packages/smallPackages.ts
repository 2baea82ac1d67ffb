/** A package with one node of one gateway, as n8n's verification wants it. */
export interface SmallPackage {
	name: string;
	description: string;
	keywords: string[];
	/** Sources of what n8n loads. */
	nodes: string[];
	credentials: string[];
	/** Sources of what only the other node does. */
	leftOut: RegExp;
	/** Codex files and output schemas are taken along with the nodes, icons by the beginning of their names. */
	iconPrefix: string;
	/** The page that the credentials lead to. */
	page: string;
}

const KEYWORDS = ['n8n-community-node-package', 'n8n', 'sms', 'bulk-sms'];

export const smallPackages: SmallPackage[] = [
	{
		name: 'n8n-nodes-mboasms',
		description: 'Send SMS, and bulk SMS from a CSV or Excel file, with MboaSMS (Cameroon) in n8n',
		keywords: [...KEYWORDS, 'cameroon', 'mboasms'],
		nodes: ['nodes/MboaSms/MboaSms.node.ts'],
		credentials: [
			'credentials/MboaSmsBasicApi.credentials.ts',
			'credentials/MboaSmsJwtApi.credentials.ts',
		],
		leftOut: /\/(?:mamboSms\w*|balance)$/,
		iconPrefix: 'mboasms',
		page: 'docs/mboasms.md',
	},
	{
		name: 'n8n-nodes-mambosms',
		description:
			'Send SMS, and bulk SMS from a CSV or Excel file, and read the balance with Mambo SMS (Uganda) in n8n',
		keywords: [...KEYWORDS, 'uganda', 'mambosms'],
		nodes: ['nodes/MamboSms/MamboSms.node.ts', 'nodes/MamboSms/MamboSmsTrigger.node.ts'],
		credentials: [
			'credentials/MamboSmsAccountApi.credentials.ts',
			'credentials/MamboSmsApi.credentials.ts',
		],
		leftOut: /\/(?:mboaSms\w*|getBulkJob)$/,
		iconPrefix: 'mambosms',
		page: 'docs/mambo-sms.md',
	},
];
