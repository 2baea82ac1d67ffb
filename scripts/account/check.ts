import type { GatewayAnswer } from '../../nodes/shared/gateways/gateway';
import { shapeOf } from './checks';
import type { AccountRequests } from './requests';
import type { Step } from './steps';

/** The person at the terminal. */
export interface Person {
	say(text: string): void;
	ask(question: string): Promise<string>;
}

export interface StepResult {
	title: string;
	/** Null where the step was left out. */
	statusCode: number | null;
	/** Expectations that the answer does not meet. */
	deviations: string[];
	/** What it tells of points that the documents leave open. */
	found: string[];
	shape: unknown;
}

/** Takes one step after another, each only after a yes. */
export async function checkAccount(
	requests: AccountRequests,
	steps: readonly Step[],
	person: Person,
): Promise<StepResult[]> {
	const answers = new Map<string, GatewayAnswer>();
	const results: StepResult[] = [];
	for (const step of steps) {
		const request = step.request(answers);
		if (request === null) continue;
		person.say(`\n${step.title}: ${step.what}. It costs ${step.cost}.`);
		if (!(await isYes(person, 'Do it?'))) {
			results.push(leftOut(step));
			continue;
		}
		const answer = await answerOrFault(requests, request);
		if (typeof answer === 'string') {
			results.push({ ...leftOut(step), deviations: [`no answer: ${answer}`] });
			person.say(`  No answer: ${answer}`);
			continue;
		}
		answers.set(step.title, answer);
		const result = resultOf(step, answer);
		if (step.question) {
			const hasArrived = await isYes(person, step.question.text);
			result.found.push(`${step.question.openPoint}: ${hasArrived ? 'yes' : 'no'}`);
			if (!hasArrived) result.deviations.push(`${step.question.openPoint}: no`);
		}
		for (const deviation of result.deviations) person.say(`  Other than expected: ${deviation}`);
		if (result.deviations.length === 0) person.say('  As expected.');
		results.push(result);
	}
	return results;
}

async function isYes(person: Person, question: string): Promise<boolean> {
	return /^\s*(?:y|yes|o|oui)\s*$/i.test(await person.ask(`${question} (y/n) `));
}

async function answerOrFault(
	requests: AccountRequests,
	request: Parameters<AccountRequests['send']>[0],
): Promise<GatewayAnswer | string> {
	try {
		return await requests.send(request);
	} catch (fault) {
		const cause = fault instanceof Error ? (fault.cause ?? fault) : fault;
		return cause instanceof Error ? cause.name : 'fault';
	}
}

function resultOf({ title, checks, openPoints = [] }: Step, answer: GatewayAnswer): StepResult {
	return {
		title,
		statusCode: answer.statusCode,
		deviations: checks.filter((check) => !check.holds(answer)).map(({ says }) => `not so: ${says}`),
		found: openPoints.map(({ point, found }) => `${point}: ${found(answer)}`),
		shape: shapeOf(answer.body),
	};
}

function leftOut({ title }: Step): StepResult {
	return { title, statusCode: null, deviations: [], found: [], shape: null };
}

/** Fit for an issue: holds no secret, no number, no text and no name, only statuses, types and verdicts. */
export function reportOf(gateway: string, way: string, results: readonly StepResult[]): string {
	const lines = [`# ${gateway}, ${way}: answers compared with the documents`, ''];
	for (const { title, statusCode, deviations, found, shape } of results) {
		lines.push(`## ${title}`, '');
		if (statusCode === null && deviations.length === 0) {
			lines.push('Left out.', '');
			continue;
		}
		lines.push(statusCode === null ? 'No answer.' : `HTTP ${statusCode}.`, '');
		if (deviations.length === 0) lines.push('- as expected');
		lines.push(...deviations.map((deviation) => `- **other than expected**: ${deviation}`));
		lines.push(...found.map((point) => `- open point: ${point}`), '');
		if (shape !== null) lines.push('```json', JSON.stringify(shape, null, 2), '```', '');
	}
	return lines.join('\n');
}
