import {
	nodes,
	credentials,
	isProperty,
	choicesOf,
	allNodes,
	nodeProperties,
	everything,
	shownFields,
	everyChoice,
	allTexts,
	placesWhere,
	operationsOf,
	fieldsOf,
} from '../helpers/descriptions';
import { packageSources, textsOf } from '../helpers/sourceFiles';

describe('every field', () => {
	test('with choices has them sorted by label', () => {
		const unsorted = placesWhere(everything, ({ property }) => {
			// What most people want stands first there.
			if (['resource', 'defaultCountry'].includes(property.name)) return false;
			const labels = (property.options ?? []).map((one) =>
				isProperty(one) ? one.displayName : one.name,
			);
			const sorted = [...labels].sort((one, other) => one.localeCompare(other));
			return labels.join() !== sorted.join();
		});
		expect(unsorted).toEqual([]);
	});

	test('that is optional comes last, in the Options', () => {
		for (const { type } of nodes) {
			for (const { resource, option } of operationsOf(type)) {
				const fields = [...fieldsOf(type, resource, String(option.value)).values()];
				const last = fields.filter((field) => field.type !== 'notice').at(-1);
				expect(last?.required === true || (last?.name ?? 'options') === 'options').toBe(true);
			}
		}
	});

	test('is described, itself or choice by choice', () => {
		const undescribed = placesWhere(shownFields, ({ property }) => {
			const { name, type, description } = property;
			if (name === 'resource' || name === 'operation' || type === 'collection') return false;
			const choices = choicesOf(property);
			const isEachDescribed = choices.length > 0 && choices.every((one) => one.description);
			return !description && !isEachDescribed;
		});
		expect(undescribed).toEqual([]);
	});

	test('of one name has one label and one type, in both nodes', () => {
		const kinds = new Map<string, Set<string>>();
		for (const { property } of nodeProperties) {
			if (property.type === 'hidden') continue;
			const kind = `${property.displayName} (${property.type})`;
			kinds.set(property.name, (kinds.get(property.name) ?? new Set()).add(kind));
		}
		const differing = [...kinds].filter(([, { size }]) => size > 1);
		expect(differing.map(([name, found]) => [name, ...found])).toEqual([]);
	});

	test('of one label has one name, in both nodes', () => {
		const names = new Map<string, Set<string>>();
		for (const { property } of nodeProperties) {
			if (property.type === 'hidden') continue;
			const { displayName, name } = property;
			names.set(displayName, (names.get(displayName) ?? new Set()).add(name));
		}
		expect([...names].filter(([, { size }]) => size > 1).map(([label]) => label)).toEqual([]);
	});

	test('has a label in Title Case', () => {
		const small = /^(a|an|and|at|by|for|in|of|on|or|per|the|to|with)$/;
		const isTitle = (label: string) =>
			label
				.split(/[ -]/)
				.every((word, index) => /^[A-Z0-9(+]/.test(word) || (index > 0 && small.test(word)));
		const labels = [
			...shownFields.map(({ place, property }) => ({ place, label: property.displayName })),
			...everyChoice.map(({ place, choice: { name } }) => ({ place, label: name })),
			...allNodes.map(({ description }) => ({
				place: description.name,
				label: description.displayName,
			})),
			...credentials.map(({ name, displayName }) => ({ place: name, label: displayName })),
		];
		expect(placesWhere(labels, ({ label }) => !isTitle(label))).toEqual([]);
	});

	test('that holds a secret is a password field', () => {
		const open = placesWhere(
			everything,
			({ property }) =>
				/password|token|apiKey|secret/i.test(property.name) &&
				property.typeOptions?.password !== true,
		);
		expect(open).toEqual([]);
	});

	test('with an example says "e.g.", but for an email address and the Options', () => {
		const wrong = placesWhere(everything, ({ property: { name, type, placeholder } }) => {
			if (placeholder === undefined) return false;
			if (type === 'collection') return placeholder !== 'Add option';
			if (type === 'fixedCollection') return !/^Add \w+$/.test(placeholder);
			if (name === 'email') return placeholder !== 'name@example.com';
			return !/^e\.g\. \S/.test(placeholder);
		});
		expect(wrong).toEqual([]);
	});

	test('that is yes or no says "Whether"', () => {
		const wrong = placesWhere(
			everything,
			({ property: { type, description = '' } }) =>
				type === 'boolean' && !description.startsWith('Whether '),
		);
		expect(wrong).toEqual([]);
	});

	test('stores values that are not its labels', () => {
		expect(placesWhere(everyChoice, ({ choice: { name, value } }) => name === value)).toEqual([]);
	});
});

describe('every text', () => {
	function sentenceCount(sentence: string): number {
		return sentence.replace(/e\.g\./g, 'eg').split(/[.!?] (?=[A-Z0-9'"])/).length;
	}

	test('of one sentence has no final period', () => {
		const wrong = placesWhere(
			allTexts.filter(({ text: one }) => !one.startsWith('e.g.')),
			({ text: one }) => one.endsWith('.') && sentenceCount(one) === 1,
		);
		expect(wrong).toEqual([]);
	});

	test('is trimmed, in one piece and begins with a capital letter', () => {
		const wrong = placesWhere(
			allTexts.filter(({ text: one }) => one !== '' && !one.startsWith('e.g.')),
			({ text: one }) => one !== one.trim() || / {2}/.test(one) || /^[a-z](?!ame@)/.test(one),
		);
		expect(wrong).toEqual([]);
	});

	const sourceTexts = packageSources().flatMap((source) =>
		textsOf(source).map(({ line, text: one }) => ({ place: `${source.file}:${line}`, text: one })),
	);

	test('avoids the words error, problem, failure and mistake', () => {
		const wrong = [...allTexts, ...sourceTexts].filter(
			// A word alone in small letters is a name in code, such as that of an event or a field.
			({ text: one }) =>
				/\b(error|problem|failure|mistake)s?\b/i.test(one) && !/^[a-z]+(\.[a-z]+)*$/.test(one),
		);
		expect(wrong).toEqual([]);
	});

	const labels = new Set([
		...everything.map(({ property }) => property.displayName),
		...everyChoice.map(({ choice: { name } }) => name),
	]);

	test('that names an option or a field names one that exists', () => {
		const wrong = sourceTexts.flatMap(({ place, text: one }) =>
			[...one.matchAll(/\b(?:options?|fields?|the|with|Choose|or) '([A-Z][^']*)'/g)]
				.map((match) => match[1] ?? '')
				.filter((label) => !labels.has(label))
				.map((label) => `${place} ${label}`),
		);
		expect(wrong).toEqual([]);
	});

	test('puts the names of fields in single quotation marks', () => {
		// In expressions they are quoted as JavaScript has it.
		const texts = sourceTexts.filter(({ text: one }) => !one.startsWith('={{'));
		const wrong = texts.flatMap(({ place, text: one }) =>
			[...one.matchAll(/"([^"]+)"/g)]
				.map((match) => match[1] ?? '')
				.filter((label) => labels.has(label))
				.map((label) => `${place} ${label}`),
		);
		expect(wrong).toEqual([]);
	});
});
