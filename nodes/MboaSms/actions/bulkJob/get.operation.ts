import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get bulk job',
	description: 'See what became of an upload that was accepted and not finished yet',
};

export const description: INodeProperties[] = [
	{
		displayName: 'Job ID',
		name: 'jobId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. {{ $json.jobId }}',
		displayOptions: { show: { resource: ['bulkJob'], operation: ['get'] } },
		description:
			"The 'jobId' in the output of the send. Several, separated by commas, are added up. Seen at the vendor's dashboard, not in the public document",
	},
];

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { executeGetBulkJob } = await import('../../../shared/operations/sending');
	return await executeGetBulkJob(context);
}
