/**
 * What the sandbox lets in. The Basic password has a colon and letters outside ASCII on purpose: RFC 7617 allows
 * both, and clients that split at the last colon or encode as Latin-1 are found out by them.
 */
export const demoCredentials = {
	mboaSms: {
		token: 'demo-jwt-7Xq2Lr9TzW4KpB8n',
		apiKey: 'demo-api-key-Wq5eRt8ZuH3mXc6J',
		email: 'demo@mboasms.example',
		password: 'demo-login-Vf5sHc3Y',
		username: 'mboa-demo',
		basicPassword: 'demo:basic-é-Nd6wQj1R',
	},
	mamboSms: { apiKey: 'demo-key-Zk8mUt4EgC2xPa7v' },
	mamboAccount: {
		username: '0756000000',
		email: 'jane@example.com',
		password: 'demo-account-Jb9yRw5D',
		clientId: 42,
		name: 'Jane Doe',
		/** Answered with the documented refusal for too many failed attempts, whatever the password. */
		suspendedUsername: 'suspended@example.com',
		/** Answered with the documented refusal for an inactive account, whatever the password. */
		inactiveUsername: 'inactive@example.com',
	},
} as const;
