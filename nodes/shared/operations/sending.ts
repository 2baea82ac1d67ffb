/** What runs when a node works. The build makes it a file of its own, loaded at the first use. */
export { mamboSmsGateway } from '../gateways/mamboSms';
export { mboaSmsGateway } from '../gateways/mboaSms';
export { signedRequests } from '../n8n/gatewayNode';
export { forgetBalance, pollBalance, readBalance, refuseBalance, requestBalance } from './balance';
export { executeGetBulkJob } from './getBulkJob';
export { executeSend } from './send';
export { executeSendBulk } from './sendBulk';
export { sendQuestion } from './sendQuestion';
