import { NodeOperationError } from 'n8n-workflow';

import { claimSentKeys } from '../../nodes/shared/n8n/sentKeys';
import { ProcessedKeys } from '../helpers/processedKeys';
import { contextWithKeys } from '../helpers/testNode';

function keysWith(store = new ProcessedKeys()) {
	const context = contextWithKeys(store);
	return { store, claim: async (keys: string[]) => await claimSentKeys(context, keys) };
}

type Claim = ReturnType<typeof keysWith>['claim'];

/** Claims, decides at once, and gives the keys that were new. */
async function newOf(claim: Claim, keys: string[]): Promise<string[]> {
	const { isNew, close } = await claim(keys);
	await close([]);
	return [...isNew];
}

/** Whether the promise is still waiting after everything else went on. */
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
	const pending = new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 20));
	return await Promise.race([promise.then(() => false), pending]);
}

describe('the keys of what was sent', () => {
	test('are new once', async () => {
		const { claim } = keysWith();
		expect(await newOf(claim, ['a', 'b'])).toEqual(['a', 'b']);
		expect(await newOf(claim, ['b', 'c', 'a'])).toEqual(['c']);
	});

	test('are known to the next execution of the node', async () => {
		const { store, claim } = keysWith();
		await newOf(claim, ['a']);
		expect(await newOf(keysWith(store).claim, ['a', 'b'])).toEqual(['b']);
	});

	test('are new once even twice in the first list ever', async () => {
		const { claim } = keysWith();
		expect(await newOf(claim, ['a', 'a', 'b'])).toEqual(['a', 'b']);
		expect(await newOf(claim, ['a', 'b'])).toEqual([]);
	});

	test('are new again when they were withdrawn', async () => {
		const { claim } = keysWith();
		const claimed = await claim(['a', 'b']);
		expect(await claimed.close(['a'])).toBeNull();
		expect(await newOf(claim, ['a', 'b'])).toEqual(['a']);
	});

	test('are all recorded when many requests claim at one instant', async () => {
		const { store, claim } = keysWith();
		store.latencyMs = 2;
		const claims = Array.from({ length: 20 }, (_, index) => newOf(claim, [`key-${index}`]));
		expect(await Promise.all(claims)).toEqual(claims.map((_, index) => [`key-${index}`]));
		const all = claims.map((_, index) => `key-${index}`);
		expect(await newOf(claim, all)).toEqual([]);
	});

	test('under way make a second claim wait, and stay when the request was accepted', async () => {
		const { claim } = keysWith();
		const first = await claim(['a']);
		const second = newOf(claim, ['a', 'b']);
		expect(await isWaiting(second)).toBe(true);
		await first.close([]);
		expect(await second).toEqual(['b']);
	});

	test('under way make a second claim wait, and go to it when the request was refused', async () => {
		const { claim } = keysWith();
		const first = await claim(['a']);
		const second = newOf(claim, ['a']);
		await first.close(['a']);
		expect(await second).toEqual(['a']);
	});

	test('are new for one of several executions of a process that ask at one instant', async () => {
		const store = new ProcessedKeys();
		await newOf(keysWith(store).claim, ['other']);
		const executions = Array.from({ length: 5 }, () => keysWith(store).claim);
		const found = await Promise.all(executions.map(async (keys) => await newOf(keys, ['a'])));
		expect(found.flat()).toEqual(['a']);
	});

	test('of one execution make another one wait until they are decided', async () => {
		const store = new ProcessedKeys();
		const first = await keysWith(store).claim(['a']);
		const second = newOf(keysWith(store).claim, ['a']);
		expect(await isWaiting(second)).toBe(true);
		await first.close(['a']);
		expect(await second).toEqual(['a']);
	});

	test('under way do not hold up claims of other keys', async () => {
		const { claim } = keysWith();
		await claim(['a']);
		expect(await newOf(claim, ['b'])).toEqual(['b']);
	});

	test('go from one refused request to the next, however many wait', async () => {
		const { claim } = keysWith();
		const first = await claim(['a']);
		const outcomes: string[] = [];
		const refusedAfterAWhile = async (name: string) => {
			const { isNew, close } = await claim(['a']);
			outcomes.push(`${name}: ${isNew.has('a') ? 'new' : 'sent'}`);
			await new Promise((resolve) => setTimeout(resolve, 5));
			await close([...isNew]);
		};
		const others = [refusedAfterAWhile('second'), refusedAfterAWhile('third')];
		await first.close(['a']);
		await Promise.all(others);
		expect(outcomes.sort()).toEqual(['second: new', 'third: new']);
	});
});

describe('a store that does not answer', () => {
	test('is told with what to do, and nothing hangs after it', async () => {
		const { store, claim } = keysWith();
		store.faultWords = 'connection lost';
		const thrown: unknown = await claim(['a']).catch((error: unknown) => error);
		expect(thrown).toBeInstanceOf(NodeOperationError);
		const { message, description } = thrown as NodeOperationError;
		expect(message).toBe('n8n could not look up what was already sent');
		expect(description).toContain('connection lost');
		expect(description).toContain("'Deduplication Key'");
		store.faultWords = null;
		expect(await newOf(claim, ['a'])).toEqual(['a']);
	});

	test('makes withdrawing answer what the user must know', async () => {
		const { store, claim } = keysWith();
		const claimed = await claim(['a']);
		store.faultWords = 'connection lost';
		expect(await claimed.close(['a'])).toMatch(/connection lost.*next execution will skip/);
	});

	test('is not asked when there is nothing to withdraw', async () => {
		const { store, claim } = keysWith();
		const claimed = await claim(['a']);
		store.faultWords = 'connection lost';
		expect(await claimed.close([])).toBeNull();
	});
});

test('an n8n without a store is told with the name of the option', async () => {
	await expect(claimSentKeys(contextWithKeys(), ['a'])).rejects.toThrow("'Deduplication Key'");
});
