/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/',
		'<rootDir>/playground/',
		'<rootDir>/packages/',
		'<rootDir>/mutation/',
	],
	transform: {
		'^.+\\.[tj]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	// saxen is an ES module.
	transformIgnorePatterns: ['/node_modules/(?!saxen/)'],
	// Where an installed package finds n8n-workflow: in n8n it is n8n that provides it.
	modulePaths: ['<rootDir>/node_modules'],
	testTimeout: 60_000,
	// On two cores Jest would take one.
	maxWorkers: '100%',
};
