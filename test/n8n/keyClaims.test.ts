import { KeyClaims } from '../../nodes/shared/n8n/keyClaims';
import {
	endingsOf,
	randomEndingsOf,
	type ClaimerOf,
	type Ending,
	type Scenario,
} from '../helpers/interleavings';

const settled: ClaimerOf = (store, clock, newToken) => {
	const claims = new KeyClaims(clock, newToken);
	return {
		claim: async (keys) => await claims.claim(store, keys),
		withdraw: async (keys) => await claims.withdraw(store, keys),
	};
};

/** Without the time in which the accesses of others come to their end. */
const unsettled: ClaimerOf = (store, clock, newToken) => {
	const claims = new KeyClaims(clock, newToken, { shortestMs: 0, timesLongestAccess: 0 });
	return {
		claim: async (keys) => await claims.claim(store, keys),
		withdraw: async (keys) => await claims.withdraw(store, keys),
	};
};

/** What n8n itself offers: recorded is claimed. */
const recordedOnce: ClaimerOf = (store) => ({
	claim: async (keys) => await store.record(keys).catch(async () => await store.record(keys)),
	withdraw: async (keys) => {
		if (keys.length > 0) await store.withdraw(keys);
	},
});

/** What went wrong, over all endings. */
function findings({ processes }: Scenario, endings: Ending[]) {
	const all = processes.flat();
	const found = { doubles: 0, lostKeys: 0, keysWithoutSms: 0, forgotten: 0 };
	for (const { sent, lists, isCrashed } of endings) {
		if (new Set(sent).size < sent.length) found.doubles += 1;
		if (sent.some((key) => lists.some((list) => !list.includes(key)))) found.lostKeys += 1;
		// A process that dies after its claim leaves a key without an SMS: that is doubt.
		if (isCrashed) continue;
		const isUnsent = ({ key }: { key: string }) => !sent.includes(key);
		if (all.some((one) => isUnsent(one) && lists.flat().includes(one.key)))
			found.keysWithoutSms += 1;
		const isRefusedOnce = (key: string) => all.some((one) => one.key === key && one.isRefused);
		if (all.some((one) => isUnsent(one) && !isRefusedOnce(one.key))) found.forgotten += 1;
	}
	return found;
}

const NOTHING_WRONG = { doubles: 0, lostKeys: 0, keysWithoutSms: 0, forgotten: 0 };
const [a, b] = [{ key: 'a' }, { key: 'b' }];
const refusedA = { key: 'a', isRefused: true };

describe('claims of two processes, in every interleaving', () => {
	test.each<[string, Scenario]>([
		['of one key, in a list that does not exist yet', { processes: [[a], [a]], stored: null }],
		['of one key', { processes: [[a], [a]], stored: ['x'] }],
		['of one key, to the end', { processes: [[a], [a]], stored: ['x'], toTheEnd: true }],
		['of two keys', { processes: [[a], [b]], stored: ['x'] }],
		[
			'of a key that is withdrawn and wanted again',
			{ processes: [[refusedA], [a]], stored: ['x'] },
		],
		['of a key that is withdrawn beside another', { processes: [[refusedA], [b]], stored: ['x'] }],
		['of which one dies', { processes: [[a], [a]], stored: ['x'], mayCrash: [0] }],
	])('%s: nothing is sent twice, and no key is lost', async (_name, scenario) => {
		const { endings } = await endingsOf(scenario, settled);
		expect(endings.length).toBeGreaterThan(5);
		expect(findings(scenario, endings)).toEqual(NOTHING_WRONG);
	});

	test('need the settling time, and what n8n offers by itself is not enough', async () => {
		const sameKey: Scenario = { processes: [[a], [a]], stored: ['x'] };
		const otherKeys: Scenario = { processes: [[a], [b]], stored: ['x'] };
		for (const claimer of [unsettled, recordedOnce]) {
			const same = findings(sameKey, (await endingsOf(sameKey, claimer)).endings);
			const other = findings(otherKeys, (await endingsOf(otherKeys, claimer)).endings);
			expect(same.doubles).toBeGreaterThan(0);
			expect(other.lostKeys).toBeGreaterThan(0);
		}
	});
});

describe('claims of three processes, in two thousand interleavings', () => {
	test.each<[string, Scenario]>([
		['of one key', { processes: [[a], [a], [a]], stored: ['x'] }],
		['of two keys', { processes: [[a], [a], [b]], stored: ['x'] }],
		['of a key that is withdrawn', { processes: [[refusedA], [a], [b]], stored: ['x'] }],
		['of which one dies', { processes: [[a], [a], [b]], stored: ['x'], mayCrash: [0] }],
	])('%s: nothing is sent twice, and no key is lost', async (_name, scenario) => {
		expect(findings(scenario, await randomEndingsOf(scenario, settled, 2_000))).toEqual(
			NOTHING_WRONG,
		);
		const byN8n = findings(scenario, await randomEndingsOf(scenario, recordedOnce, 2_000));
		expect(byN8n.doubles + byN8n.lostKeys).toBeGreaterThan(0);
	});
});
