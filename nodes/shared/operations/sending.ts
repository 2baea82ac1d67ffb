/** What runs when a node sends. The build makes it a file of its own, loaded at the first send. */
export { executeSendBulk } from './sendBulk';
export { executeSend } from './send';
export { sendQuestion } from './sendQuestion';
