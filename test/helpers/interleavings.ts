import type { Clock } from '../../nodes/shared/sending/requestPace';
import type { KeyStore } from '../../nodes/shared/n8n/keyClaims';

/** How one process claims and withdraws. */
export interface Claimer {
	claim(keys: string[]): Promise<ReadonlySet<string>>;
	/** Ends a claim. */
	withdraw(keys: string[]): Promise<void>;
}

export type ClaimerOf = (store: KeyStore, clock: Clock, newToken: () => string) => Claimer;

/** One SMS that a process wants to send. */
export interface Delivery {
	key: string;
	/** The gateway refuses it, so the key is withdrawn. */
	isRefused?: boolean;
}

export interface Scenario {
	/** The SMS of each process, one after another. */
	processes: Delivery[][];
	/** Keys that are in the list already; null: the list does not exist yet. */
	stored: string[] | null;
	/** Processes that may die, at any moment; one of them does. */
	mayCrash?: number[];
	/** Follows what is tidied up after the last SMS as well. */
	toTheEnd?: boolean;
}

/** How things stand when the last claim is closed. */
export interface Ending {
	sent: string[];
	/** The list, and those that calls under way will write. */
	lists: string[][];
	isCrashed: boolean;
	/** What every process did, step by step. */
	path: string;
}

/** As many as the settling time is times the longest call. */
const CALLS_OUTLASTED = 4;

interface Pending {
	name: string;
	step(): void;
	/** The list that it will write, once it has read one. */
	writes?: string[];
}

class Process {
	/** The call of the store that is under way. */
	pending: Pending | null = null;

	/** The SMS that is about to leave. */
	sending: Pending | null = null;

	/** All that this process has heard: with the same code it is in the same state. */
	history = '';

	isCrashed = false;

	/** SMS whose claim is not closed yet. */
	openCount = 0;

	/** Calls of others that the settling time after this one's last call outlasts, and how far down the chain. */
	readonly outlasted = new Map<Pending, number>();

	wake: (() => void) | null = null;

	tokens = 0;
}

/**
 * Some processes on one list that behaves as n8n's: read and write are two steps, and other processes
 * may do anything between them. Time is not counted. What is known of the settling time is that it
 * outlasts `CALLS_OUTLASTED` calls in a chain: one that was under way when it began, one that was under way
 * when that one wrote, and so on.
 */
class World {
	readonly sent: string[] = [];

	readonly path: string[] = [];

	private list: string[] | null;

	private readonly processes: Process[];

	constructor(
		private readonly scenario: Scenario,
		claimerOf: ClaimerOf,
	) {
		this.list = scenario.stored && [...scenario.stored];
		this.processes = scenario.processes.map(() => new Process());
		for (const [index, process] of this.processes.entries()) {
			const newToken = () => `token ${index}.${++process.tokens}`;
			const claimer = claimerOf(this.storeOf(process), this.clockOf(process), newToken);
			void this.run(process, claimer, scenario.processes[index] ?? []);
		}
	}

	/** What can happen next. */
	choices(): string[] {
		return this.processes.flatMap((process, index) => {
			const choices: string[] = [];
			if (process.pending) choices.push(`${index} goes on`);
			if (process.sending) choices.push(`${index} sends`);
			const isAlone = this.processes.every(({ isCrashed }) => !isCrashed);
			const mayCrash = isAlone && this.scenario.mayCrash?.includes(index) && choices.length > 0;
			return mayCrash ? [...choices, `${index} dies`] : choices;
		});
	}

	async choose(choice: string): Promise<void> {
		const process = this.processes[Number.parseInt(choice, 10)];
		if (!process) throw new Error(`There is no process for "${choice}"`);
		const { pending, sending } = process;
		this.path.push(`${choice} (${pending?.name ?? ''})`);
		process.isCrashed = choice.endsWith('dies');
		if (!choice.endsWith('goes on')) process.sending = null;
		if (!choice.endsWith('sends')) process.pending = null;
		if (choice.endsWith('goes on')) pending?.step();
		if (pending?.writes && process.pending === null) this.callEnded(process, pending);
		if (choice.endsWith('sends')) sending?.step();
		await this.settle();
	}

	/** Two runs with the same fingerprint go on in the same ways. */
	fingerprint(): string {
		const inFlight = new Map(this.processes.map((process, index) => [process.pending, index]));
		const states = this.processes.map((process) => [
			process.history,
			process.isCrashed,
			process.pending?.name,
			process.sending?.name,
			[...process.outlasted].map(([each, depth]) => [inFlight.get(each), depth]).sort(),
		]);
		return JSON.stringify([this.list, this.sent, states]);
	}

	isEnded(): boolean {
		if (this.scenario.toTheEnd) return this.choices().length === 0;
		return this.processes.every(({ isCrashed, openCount }) => isCrashed || openCount === 0);
	}

	ending(): Ending {
		return {
			sent: this.sent,
			lists: [
				this.list ?? [],
				...this.processes.flatMap(({ pending }) => (pending?.writes ? [pending.writes] : [])),
			],
			isCrashed: this.processes.some(({ isCrashed }) => isCrashed),
			path: this.path.join('; '),
		};
	}

	/** Lets everybody go on who can. */
	async settle(): Promise<void> {
		for (;;) {
			await quiescence();
			const awake = this.processes.filter(({ wake, outlasted }) => wake && outlasted.size === 0);
			if (awake.length === 0) return;
			for (const process of awake) {
				process.wake?.();
				process.wake = null;
			}
		}
	}

	private callEnded(caller: Process, ended: Pending): void {
		for (const process of this.processes) {
			const depth = process.outlasted.get(ended) ?? 0;
			process.outlasted.delete(ended);
			if (process === caller) process.outlasted.clear();
			else if (depth === 0) continue;
			if (depth >= CALLS_OUTLASTED || caller.isCrashed) continue;
			for (const other of this.processes) {
				const { pending } = other;
				if (other === process || !pending?.writes || process.outlasted.has(pending)) continue;
				process.outlasted.set(pending, depth + 1);
			}
		}
	}

	private async run(process: Process, claimer: Claimer, deliveries: Delivery[]): Promise<void> {
		process.openCount = deliveries.length;
		for (const { key, isRefused } of deliveries) {
			const ours = await claimer.claim([key]);
			process.history += ` ${key}:${ours.has(key) ? 'ours' : 'skipped'}`;
			if (ours.has(key)) {
				await new Promise<void>((resolve) => {
					process.sending = { name: `sends ${key}`, step: resolve };
				});
				process.history += ' sent';
				if (!isRefused) this.sent.push(key);
			}
			await claimer.withdraw(ours.has(key) && isRefused ? [key] : []);
			process.history += ' closed';
			process.openCount -= 1;
		}
	}

	private storeOf(process: Process): KeyStore {
		return {
			record: async (keys) => {
				let missing: string[] = [];
				await this.call(process, `records ${keys.join()}`, (seen) => {
					missing = keys.filter((key) => !seen?.includes(key));
					return [...(seen ?? []), ...missing];
				});
				process.history += ` ${keys.join()}=${missing.join()}`;
				return new Set(missing);
			},
			withdraw: async (keys) => {
				await this.call(
					process,
					`removes ${keys.join()}`,
					(seen) => seen && seen.filter((key) => !keys.includes(key)),
				);
				process.history += ' removed';
			},
		};
	}

	/** Reads the list and, a step later, writes what was made of it. */
	private async call(
		process: Process,
		what: string,
		changed: (seen: string[] | null) => string[] | null,
	): Promise<void> {
		await new Promise<void>((resolve) => {
			process.pending = { name: what, step: resolve };
		});
		const seen = this.list;
		const writes = changed(seen);
		if (writes === null) return;
		await new Promise<void>((resolve, reject) => {
			const step = () => {
				// The first insertion is exclusive.
				if (seen === null && this.list !== null) {
					process.history += ' fault';
					reject(new Error('duplicate key value violates unique constraint'));
					return;
				}
				this.list = writes;
				resolve();
			};
			process.pending = { name: `${what} in ${writes.join()}`, step, writes };
		});
	}

	private clockOf(process: Process): Clock {
		return {
			now: () => 0,
			date: () => 0,
			random: () => 0,
			sleep: async () => {
				await new Promise<void>((resolve) => {
					process.wake = resolve;
				});
			},
		};
	}
}

/** Every ending of a scenario; runs that have come to the same state are followed once. */
export async function endingsOf(scenario: Scenario, claimerOf: ClaimerOf) {
	const endings: Ending[] = [];
	const seen = new Set<string>();
	const open: string[][] = [[]];
	for (let path = open.pop(); path; path = open.pop()) {
		const world = new World(scenario, claimerOf);
		await world.settle();
		for (const choice of path) await world.choose(choice);
		for (;;) {
			const fingerprint = world.fingerprint();
			if (seen.has(fingerprint)) break;
			seen.add(fingerprint);
			const [next, ...others] = world.choices();
			if (next === undefined || world.isEnded()) {
				endings.push(world.ending());
				break;
			}
			for (const other of others) open.push([...path, other]);
			path = [...path, next];
			await world.choose(next);
		}
	}
	return { endings, stateCount: seen.size };
}

/** So many endings, each by choices that are drawn, the same in every run. */
export async function randomEndingsOf(
	scenario: Scenario,
	claimerOf: ClaimerOf,
	count: number,
): Promise<Ending[]> {
	const endings: Ending[] = [];
	let seed = 1;
	// Numerical Recipes, 7.1: a linear congruential generator is random enough for an order of steps.
	const draw = (bound: number) => {
		seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((seed / 2 ** 32) * bound);
	};
	while (endings.length < count) {
		const world = new World(scenario, claimerOf);
		await world.settle();
		for (
			let choices = world.choices();
			choices.length > 0 && !world.isEnded();
			choices = world.choices()
		) {
			await world.choose(choices[draw(choices.length)] ?? '');
		}
		endings.push(world.ending());
	}
	return endings;
}

/** Long enough for every promise that can go on; nothing here waits for a timer. */
async function quiescence(): Promise<void> {
	for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
