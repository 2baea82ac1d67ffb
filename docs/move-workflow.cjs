#!/usr/bin/env node
/**
 * Makes an exported workflow use another of the three packages: the credentials have the same names in all of them,
 * the node types do not.
 *
 *     node move-workflow.cjs n8n-nodes-mboasms workflow.json > moved.json
 */
const { readFileSync } = require('node:fs');
const { argv, exit, stderr, stdout } = require('node:process');

const NODES = {
	'n8n-nodes-mboa-mambo-sms': ['mboaSms', 'mamboSms', 'mamboSmsTrigger'],
	'n8n-nodes-mboasms': ['mboaSms'],
	'n8n-nodes-mambosms': ['mamboSms', 'mamboSmsTrigger'],
};

/**
 * The workflow with the node types of the package, and the names of the nodes that the package does not have, which
 * stay as they are.
 */
function moved(workflow, packageName) {
	const left = [];
	const nodes = workflow.nodes.map((node) => {
		const [, name, form = ''] = ownType(node.type);
		if (name === undefined) return node;
		if (!NODES[packageName].includes(name)) {
			left.push(node.name);
			return node;
		}
		return { ...node, type: `${packageName}.${name}${form}` };
	});
	return { workflow: { ...workflow, nodes }, left };
}

/** n8n adds "Tool" and "HitlTool" to the names of nodes that agents use. */
function ownType(type) {
	const packages = Object.keys(NODES).join('|');
	return (
		new RegExp(`^(?:${packages})\\.(mboaSms|mamboSmsTrigger|mamboSms)(Tool|HitlTool)?$`).exec(
			type,
		) ?? []
	);
}

function main([packageName, file]) {
	if (!Object.hasOwn(NODES, packageName ?? '') || file === undefined) {
		stderr.write(`node move-workflow.cjs <${Object.keys(NODES).join(' | ')}> workflow.json\n`);
		exit(2);
	}
	const { workflow, left } = moved(JSON.parse(readFileSync(file, 'utf8')), packageName);
	if (left.length > 0)
		stderr.write(`Not in ${packageName}, so left as they are: ${left.join(', ')}\n`);
	stdout.write(`${JSON.stringify(workflow, null, 2)}\n`);
}

module.exports = { moved };

if (require.main === module) main(argv.slice(2));
