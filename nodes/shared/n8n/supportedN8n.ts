import { NodeConnectionTypes, NodeOperationError, type INode } from 'n8n-workflow';

/**
 * A node is not told the version of its n8n, but n8n has exported this list since 1.85. Before, Mambo
 * SMS cannot run: the engine of 1.82 accepts no custom operations beside routing, and that of 1.72
 * does not look for them.
 */
export const isSupportedN8n = NodeConnectionTypes !== undefined;

/** The type of every input and output, also on an older n8n: there the nodes load, and then refuse. */
export const MAIN = isSupportedN8n ? NodeConnectionTypes.Main : 'main';

/** Why nothing is sent on an n8n that is too old. */
export function unsupportedN8n(node: INode, itemIndex?: number): NodeOperationError {
	return new NodeOperationError(node, 'This n8n is too old: the SMS nodes need n8n 1.85 or newer', {
		itemIndex,
		description: 'Nothing was sent. Update n8n, then run the workflow again',
	});
}
