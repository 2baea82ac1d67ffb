/** What runs when a node asks and waits. The build makes it a file of its own, loaded when it is needed. */
export { answerQuestion } from './answer';
export { executeSendAndWait } from './sendAndWait';
