import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** n8n's own rules on everything that it scans before it lists a package, and strict TypeScript everywhere. */
export default tseslint.config(
	{
		ignores: [
			'dist/**',
			'node_modules/**',
			'playground/node_modules/**',
			'playground/.n8n/**',
			'packages/**',
			'mutation/**',
		],
	},
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	{
		files: ['{nodes,credentials}/**/*.ts'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
	},
	{ plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{
		files: ['package.json'],
		languageOptions: { parser: tseslint.parser },
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		rules: n8nNodesBase.configs.community.rules,
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// Meant for slugs of n8n's own documentation.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// Meant for the time before connection types had names.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.strict, tseslint.configs.stylistic],
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			'@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
			// Indexing a typed array inside its bounds has no other form under noUncheckedIndexedAccess.
			'@typescript-eslint/no-non-null-assertion': 'off',
			'no-console': ['error'],
		},
	},
	{ files: ['{sandbox,scripts,bench,playground}/**/*.ts'], rules: { 'no-console': 'off' } },
	{ files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-empty-function': 'off' } },
);
