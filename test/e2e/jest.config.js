const path = require('node:path');

/** @type {import('jest').Config} */
module.exports = {
	rootDir: path.join(__dirname, '../..'),
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['**/*.test.ts'],
	// What an n8n says that is too old; the one of the playground is not.
	testPathIgnorePatterns: process.env.E2E_N8N_VERSION ? [] : ['tooOld'],
	testEnvironment: 'node',
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/playground/node_modules/'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	globalSetup: './test/e2e/helpers/startAll.ts',
	globalTeardown: './test/e2e/helpers/stopAll.ts',
	reporters: ['default', './test/e2e/helpers/closingLine.js'],
	// One n8n and one sandbox serve all tests.
	maxWorkers: 1,
	testTimeout: 120_000,
};
