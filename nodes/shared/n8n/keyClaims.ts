import type { Clock } from '../sending/requestPace';

/**
 * n8n's list of processed keys. Each call reads the whole list, changes it and writes it back without
 * a lock, so the list that is written last wins. There is no plain read: asking for a key records it.
 */
export interface KeyStore {
	/** Records the keys that are missing, and answers which those were. */
	record(keys: string[]): Promise<ReadonlySet<string>>;
	withdraw(keys: string[]): Promise<void>;
}

/** How long a process leaves the store alone between two accesses. */
interface Settling {
	shortestMs: number;
	/** Another process may be slower than this one ever was. */
	timesLongestAccess: number;
}

const SETTLING: Settling = { shortestMs: 250, timesLongestAccess: 4 };

/** Up to this much is added to it, so that two processes do not meet again and again. */
const JITTER = 0.25;
/** The longest of so many accesses counts. */
const ACCESSES_OF_LATE = 20;
/** A claim that other processes erased so often, or a look that failed so often, is given up. */
const MOST_TRIES = 10;
const MOST_FAULTS = 3;
/** A token is taken out twice, in case another process writes it back. */
const REMOVALS_OF_TOKEN = 2;

/** Keys that were asked for together. */
interface Wish {
	/** Those that are not decided yet. */
	open: Set<string>;
	ours: Set<string>;
	resolve(): void;
	reject(fault: unknown): void;
}

/** Wishes that were recorded by one call, together with a token that says whether it survived. */
interface Round {
	token: string;
	wishes: Wish[];
	tries: number;
	faults: number;
}

interface Withdrawal {
	keys: readonly string[];
	tries: number;
	resolve(): void;
	reject(fault: unknown): void;
}

/** What was taken out by one call, together with a token that was known to be in the list. */
interface Removal {
	token: string;
	withdrawals: Withdrawal[];
}

/**
 * Claims of one list that hold although other processes write the same list. A claim records its keys
 * and a token, lets every access that other processes had begun come to its end, and looks again.
 * The token is there: the list descends from what was written here, so the keys are ours. Only the key
 * is there: another has it. Neither: they were erased, and that look has claimed them again.
 *
 * All claims of a process go through the list together. Between two accesses it leaves the list alone
 * for the settling time: processes that came back sooner could write two versions of the list in turns
 * for as long as they are busy, each seeing only its own.
 */
export class KeyClaims {
	/** Wishes that wait for the next access. */
	private wishes: Wish[] = [];
	private rounds: Round[] = [];
	private withdrawals: Withdrawal[] = [];

	/** Not known yet whether it survived: it did if its token is gone. */
	private unproven: Removal | null = null;
	/** A token that is known to be in the list; needed to see whether a withdrawal survived. */
	private witness: string | null = null;
	/** Claims that may still be withdrawn. */
	private openClaims = 0;
	/** Tokens that have served, and how often they are still to be taken out. */
	private readonly spent = new Map<string, number>();
	private readonly accessesMs: number[] = [];
	private quietUntil = 0;
	private isBusy = false;

	constructor(
		private readonly clock: Clock,
		private readonly newToken: () => string,
		private readonly settling = SETTLING,
	) {}

	/**
	 * Answers which of the keys are ours now. Keys that wait for their decision here may not be asked
	 * for again. Every claim is closed by `withdraw`. Rejects with what the store threw.
	 */
	async claim(store: KeyStore, keys: readonly string[]): Promise<ReadonlySet<string>> {
		const ours = new Set<string>();
		await new Promise<void>((resolve, reject) => {
			this.wishes.push({ open: new Set(keys), ours, resolve, reject });
			this.openClaims += 1;
			this.wake(store);
		}).catch(async (fault: unknown) => {
			this.openClaims -= 1;
			return await Promise.reject(fault);
		});
		return ours;
	}

	/** Closes a claim. Resolves once the keys, if any, are certainly out of the list. */
	async withdraw(store: KeyStore, keys: readonly string[]): Promise<void> {
		const isWithdrawn =
			keys.length > 0 &&
			new Promise<void>((resolve, reject) => {
				this.withdrawals.push({ keys, tries: 0, resolve, reject });
			});
		this.wake(store);
		try {
			await isWithdrawn;
		} finally {
			this.openClaims -= 1;
			this.wake(store);
		}
	}

	/** Begins to work, or goes on with it. */
	private wake(store: KeyStore): void {
		if (this.isBusy) return;
		this.isBusy = true;
		void this.work(store);
	}

	private async work(store: KeyStore): Promise<void> {
		for (;;) {
			const quietMs = this.quietUntil - this.clock.now();
			if (quietMs > 0) await this.clock.sleep(quietMs);
			this.retireWitness();
			const { unproven } = this;
			if (!this.mustRecord(unproven) && !this.mustRemove()) break;
			this.unproven = null;
			const begin = this.clock.now();
			if (this.mustRemove()) await this.remove(store);
			if (this.mustRecord(unproven)) await this.record(store, unproven);
			this.accessesMs.push(this.clock.now() - begin);
			if (this.accessesMs.length > ACCESSES_OF_LATE) this.accessesMs.shift();
			this.quietUntil = this.clock.now() + this.settlingMs();
		}
		this.isBusy = false;
	}

	private settlingMs(): number {
		const { shortestMs, timesLongestAccess } = this.settling;
		const least = Math.max(shortestMs, timesLongestAccess * Math.max(...this.accessesMs));
		return least * (1 + JITTER * this.clock.random());
	}

	private mustRecord(unproven: Removal | null): boolean {
		if (this.wishes.length > 0 || this.rounds.length > 0) return true;
		return unproven !== null || this.needsWitness();
	}

	private needsWitness(): boolean {
		return this.withdrawals.length > 0 && this.witness === null;
	}

	private mustRemove(): boolean {
		return this.spent.size > 0 || (this.withdrawals.length > 0 && this.witness !== null);
	}

	private retireWitness(): void {
		if (this.witness === null || this.openClaims > 0) return;
		this.spent.set(this.witness, REMOVALS_OF_TOKEN);
		this.witness = null;
	}

	private async remove(store: KeyStore): Promise<void> {
		const removed = [...this.spent.keys()];
		for (const [token, removals] of this.spent) {
			if (removals > 1) this.spent.set(token, removals - 1);
			else this.spent.delete(token);
		}
		if (this.witness !== null && this.withdrawals.length > 0) {
			removed.push(this.witness, ...this.withdrawals.flatMap(({ keys }) => keys));
			this.unproven = { token: this.witness, withdrawals: this.withdrawals };
			this.witness = null;
			this.withdrawals = [];
		}
		try {
			await store.withdraw(removed);
		} catch (fault) {
			// A token that stays is one entry more; a key that stays must be told.
			for (const withdrawal of this.unproven?.withdrawals ?? []) withdrawal.reject(fault);
			if (this.unproven) this.spent.set(this.unproven.token, REMOVALS_OF_TOKEN);
			this.unproven = null;
		}
	}

	/** Records what is asked for and looks again at what was recorded before, in one call. */
	private async record(store: KeyStore, unproven: Removal | null): Promise<void> {
		const { wishes, rounds } = this;
		const round: Round = { token: this.newToken(), wishes, tries: 0, faults: 0 };
		this.wishes = [];
		this.rounds = [];
		// A round without wishes makes a witness.
		const isRoundNeeded = wishes.length > 0 || (rounds.length === 0 && this.needsWitness());
		const recorded = isRoundNeeded ? [...rounds, round] : rounds;
		const keys = recorded.flatMap(({ token, wishes: of }) => [
			token,
			...of.flatMap(({ open }) => [...open]),
		]);
		if (unproven) keys.push(unproven.token);
		let missing: ReadonlySet<string>;
		try {
			missing = await recordOnce(store, keys);
		} catch (fault) {
			this.failed(fault, { round, rounds, unproven });
			return;
		}
		if (unproven) this.prove(unproven, missing.has(unproven.token));
		for (const earlier of rounds) this.look(earlier, missing);
		if (!isRoundNeeded) return;
		for (const wish of wishes) keepOnly(wish, (key) => missing.has(key));
		this.keepRound(round);
	}

	private look(round: Round, missing: ReadonlySet<string>): void {
		const isOurs = !missing.has(round.token);
		round.tries += 1;
		for (const wish of round.wishes) {
			if (isOurs) wish.open.forEach((key) => wish.ours.add(key));
			keepOnly(wish, (key) => !isOurs && missing.has(key));
			if (round.tries < MOST_TRIES || wish.open.size === 0) continue;
			wish.reject(new Error('other processes erased it again and again'));
			wish.open.clear();
		}
		// The look itself has recorded again what it missed, and the token with it.
		if (!isOurs) this.keepRound(round);
		else this.replaceWitness(round.token);
	}

	private keepRound(round: Round): void {
		round.wishes = round.wishes.filter(({ open }) => open.size > 0);
		if (round.wishes.length > 0 || this.needsWitness()) this.rounds.push(round);
		else this.spent.set(round.token, REMOVALS_OF_TOKEN);
	}

	private replaceWitness(token: string): void {
		if (this.witness !== null) this.spent.set(this.witness, REMOVALS_OF_TOKEN);
		this.witness = token;
	}

	private prove({ token, withdrawals }: Removal, isGone: boolean): void {
		if (isGone) {
			for (const withdrawal of withdrawals) withdrawal.resolve();
			this.spent.set(token, REMOVALS_OF_TOKEN);
			return;
		}
		// Another process wrote the list back as it was before.
		this.replaceWitness(token);
		for (const withdrawal of withdrawals) {
			withdrawal.tries += 1;
			if (withdrawal.tries < MOST_TRIES) this.withdrawals.push(withdrawal);
			else withdrawal.reject(new Error('other processes wrote it back again and again'));
		}
	}

	private failed(
		fault: unknown,
		{ round, rounds, unproven }: { round: Round; rounds: Round[]; unproven: Removal | null },
	): void {
		for (const wish of round.wishes) wish.reject(fault);
		for (const withdrawal of unproven?.withdrawals ?? []) withdrawal.reject(fault);
		if (round.wishes.length === 0) {
			for (const withdrawal of this.withdrawals.splice(0)) withdrawal.reject(fault);
		}
		for (const earlier of rounds) {
			earlier.faults += 1;
			if (earlier.faults < MOST_FAULTS) this.rounds.push(earlier);
			else for (const wish of earlier.wishes) wish.reject(fault);
		}
	}
}

/** Only the insertion of the very first row is exclusive: who comes second gets a fault and has recorded nothing. */
async function recordOnce(store: KeyStore, keys: string[]): Promise<ReadonlySet<string>> {
	return await store.record(keys).catch(async (fault: unknown) => {
		if (/constraint|duplicate key/i.test(String(fault))) return await store.record(keys);
		return await Promise.reject(fault);
	});
}

/** Drops the keys that are decided; a wish without open keys is fulfilled. */
function keepOnly(wish: Wish, isOpen: (key: string) => boolean): void {
	for (const key of wish.open) if (!isOpen(key)) wish.open.delete(key);
	if (wish.open.size === 0) wish.resolve();
}
