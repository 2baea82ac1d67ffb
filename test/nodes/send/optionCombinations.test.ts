import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { bulkRun, gatewayCases, type GatewayCase } from '../../helpers/gatewayCases';
import { useTestBench } from '../../helpers/testBench';

/**
 * In = out: whatever options are combined over whatever lists, the phones have what a plain reading of the lists
 * says, once, and the output says of everybody what became of them.
 */

const bench = useTestBench();
const RUNS = 120;

/** A text as written, and as Smart Encoding makes it. */
const TEXTS = [
	['Hello', 'Hello'],
	['Bonjour, à demain', 'Bonjour, à demain'],
	[`Fête ${'a'.repeat(80)}`, `Fete ${'a'.repeat(80)}`],
	[`😀 ${'b'.repeat(70)}`, `😀 ${'b'.repeat(70)}`],
	['Même texte', 'Même texte'],
] as const;

/** The parts of the text by the standard: 160 and 153 characters, or 70 and 67 where one needs UCS-2. */
function segmentsOf(text: string): number {
	const isUcs2 = /[ê😀]/u.test(text);
	const [single, part] = isUcs2 ? [70, 67] : [160, 153];
	return text.length <= single ? 1 : Math.ceil(text.length / part);
}

interface Written {
	/** The number of the person, from 1; null for what is no number. */
	person: number | null;
	form: number;
}

const written = fc.record<Written>({
	person: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null, freq: 8 }),
	form: fc.integer({ min: 0, max: 3 }),
});

const choices = fc.record({
	dryRun: fc.constantFrom(false, false, false, true),
	combineItems: fc.boolean(),
	output: fc.constantFrom('summary', 'recipients'),
	removeDuplicates: fc.constantFrom(true, true, false),
	smartEncoding: fc.boolean(),
	batchSize: fc.constantFrom(0, 1, 3),
	segmentLimit: fc.constantFrom(0, 0, 0, 15),
	pricePerSegment: fc.constantFrom(0, 12.5),
	doNotText: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
	hasKey: fc.constantFrom(...Array<boolean>(7).fill(false), true),
});

const items = fc.array(
	fc.record({
		numbers: fc.array(written, { minLength: 1, maxLength: 6 }),
		text: fc.integer({ min: 0, max: TEXTS.length - 1 }),
	}),
	{ minLength: 1, maxLength: 6 },
);

/** A number as people write it. */
function writing(gateway: GatewayCase, { person, form }: Written): string {
	if (person === null) return ['12', 'nobody', '+999123', '1234567'][form] ?? '12';
	const number = gateway.numberOf(person);
	const local = number.slice(4);
	const forms = [number, number.slice(1), `00${number.slice(1)}`, local.replace(/(\d{3})/g, '$1 ')];
	return (forms[form] ?? number).trim();
}

interface Message {
	recipient: string;
	text: string;
}

const sorted = (messages: Message[]) =>
	messages.map(({ recipient, text }) => `${recipient} ${text}`).sort();

/** Who is to get what, item by item, by reading the lists and the options as a person would. */
function expectedOf(
	gateway: GatewayCase,
	lists: Array<{ numbers: Written[]; text: number }>,
	options: { removeDuplicates: boolean; smartEncoding: boolean; doNotText: number[] },
): Message[][] {
	return lists.map(({ numbers, text }) => {
		const people = numbers.flatMap(({ person }) => (person === null ? [] : [person]));
		const wanted = people.filter((person) => !options.doNotText.includes(person));
		const once = options.removeDuplicates ? [...new Set(wanted)] : wanted;
		return once.map((person) => ({
			recipient: gateway.numberOf(person),
			text: TEXTS[text]![options.smartEncoding ? 1 : 0],
		}));
	});
}

/** With one key for all, a number gets one message of the run, or as many as one item has for it. */
function oncePerNumber(lists: Message[][]): Message[] {
	const seen = new Set<string>();
	return lists.flatMap((messages) => {
		const places = new Map<string, number>();
		return messages.filter(({ recipient }) => {
			const place = (places.get(recipient) ?? 0) + 1;
			places.set(recipient, place);
			return !seen.has(`${recipient} ${place}`) && seen.add(`${recipient} ${place}`);
		});
	});
}

const arrived = (): Message[] =>
	bench.sandbox.state.messages.map(({ recipient, text }) => ({ recipient, text }));

const sumOf = (json: IDataObject[], field: string) =>
	json.reduce((sum, item) => sum + Number(item[field] ?? 0), 0);

let keyCount = 0;

describe.each(gatewayCases)('%s', (_name, gateway) => {
	beforeEach(() => bench.sandbox.state.setRateLimit('mboasms', null));

	test('Send: the phones have what the lists say, whatever is combined', async () => {
		await fc.assert(
			fc.asyncProperty(items, choices, async (lists, { hasKey, doNotText, ...options }) => {
				bench.sandbox.reset();
				bench.sandbox.state.setRateLimit('mboasms', null);
				const expected = expectedOf(gateway, lists, { ...options, doNotText });
				const all = expected.flat();
				const segments = all.reduce((sum, { text }) => sum + segmentsOf(text), 0);
				const result = await bench.engine.run(
					gateway.run(
						bench.sandbox.url,
						{
							recipients: '={{ $json.numbers }}',
							message: '={{ $json.text }}',
							options: {
								...options,
								requestsPerMinute: 0,
								doNotText: `={{ ${JSON.stringify(doNotText.map((person) => gateway.numberOf(person)))} }}`,
								...(hasKey && { deduplicationKey: `key ${(keyCount += 1)}` }),
							},
						},
						{
							items: lists.map(({ numbers, text }) => ({
								json: {
									numbers: numbers.map((number) => writing(gateway, number)),
									text: TEXTS[text]![0],
								},
							})),
							onError: 'continueRegularOutput',
						},
					),
				);
				const isAboveLimit = options.segmentLimit > 0 && segments > options.segmentLimit;
				const sends = options.dryRun || isAboveLimit ? [] : hasKey ? oncePerNumber(expected) : all;
				expect(sorted(arrived())).toEqual(sorted(sends));
				if (isAboveLimit) return;
				if (options.output === 'recipients') {
					const status = options.dryRun ? 'dryRun' : 'sent';
					const told = result.json.filter((item) => item.status === status);
					expect(
						sorted(
							told.map((item) => ({
								recipient: String(item.recipient),
								text: String(item.message),
							})),
						),
					).toEqual(sorted(options.dryRun ? all : sends));
					return;
				}
				expect(result.json).toHaveLength(lists.length);
				expect(sumOf(result.json, 'sentCount')).toBe(sends.length);
				const isExcluded = ({ person }: Written) => doNotText.includes(person ?? 0);
				const excluded = lists.flatMap(({ numbers }) => numbers.filter(isExcluded));
				if (doNotText.length > 0) {
					expect(sumOf(result.json, 'excludedCount')).toBe(excluded.length);
				}
				if (options.dryRun) {
					const previews = result.json.flatMap(({ preview }) => (preview ?? []) as IDataObject[]);
					const shown = expected.flatMap((messages) => messages.slice(0, 5));
					expect(
						sorted(
							previews.map((each) => ({
								recipient: String(each.recipient),
								text: String(each.message),
							})),
						),
					).toEqual(sorted(shown));
				}
				if (options.pricePerSegment > 0) {
					expect(sumOf(result.json, 'estimatedCost')).toBeCloseTo(segments * 12.5);
				}
			}),
			{ numRuns: RUNS, seed: 14 },
		);
	}, 240_000);

	test('Send Bulk: each row has what it says', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(written, fc.integer({ min: 0, max: TEXTS.length - 1 })), {
					minLength: 1,
					maxLength: 20,
				}),
				choices,
				fc.boolean(),
				async (rows, { hasKey, doNotText, combineItems, ...options }, isOwnText) => {
					void combineItems;
					fc.pre(rows.some(([{ person }]) => person !== null && !doNotText.includes(person)));
					bench.sandbox.reset();
					bench.sandbox.state.setRateLimit('mboasms', null);
					const common = TEXTS[rows[0]?.[1] ?? 0]!;
					const lines = rows.map(([number, text]) => {
						const cell = `"${TEXTS[text]![0]}"`;
						return `${writing(gateway, number)};${isOwnText ? cell : `N${text}`}`;
					});
					const header = isOwnText ? 'Phone;Text' : 'Phone;Nom';
					const index = options.smartEncoding ? 1 : 0;
					const wanted = rows.flatMap(([{ person }, text]) =>
						person === null || doNotText.includes(person)
							? []
							: [
									{
										recipient: gateway.numberOf(person),
										text: isOwnText ? TEXTS[text]![index] : `${common[index]} N${text}`,
									},
								],
					);
					const seen = new Set<string>();
					const all = options.removeDuplicates
						? wanted.filter(({ recipient, text }) => {
								const same = `${recipient} ${text}`;
								return !seen.has(same) && seen.add(same);
							})
						: wanted;
					const result = await bench.engine.run(
						bulkRun(
							gateway,
							bench.sandbox.url,
							`${header}\n${lines.join('\n')}\n`,
							{
								...options,
								segmentLimit: 0,
								requestsPerMinute: 0,
								doNotText: `={{ ${JSON.stringify(doNotText.map((person) => gateway.numberOf(person)))} }}`,
								...(!isOwnText && { message: `${common[0]} {Nom}` }),
								...(hasKey && {
									deduplicationKey: `key ${(keyCount += 1)} {${isOwnText ? 'Text' : 'Nom'}}`,
								}),
							},
							{ onError: 'continueRegularOutput' },
						),
					);
					const sends = options.dryRun ? [] : all;
					if (!hasKey) expect(sorted(arrived())).toEqual(sorted(sends));
					else expect(new Set(sorted(arrived()))).toEqual(new Set(sorted(sends)));
					if (options.output === 'recipients') {
						expect(result.json).toHaveLength(rows.length);
						return;
					}
					const [file = {}] = result.json;
					expect(Number(file.rowCount)).toBe(
						Number(file.recipientCount) +
							Number(file.duplicateCount) +
							Number(file.invalidCount) +
							Number(file.excludedCount ?? 0),
					);
					expect(file.recipientCount).toBe(all.length);
				},
			),
			{ numRuns: RUNS, seed: 14 },
		);
	}, 240_000);
});
