import fc from 'fast-check';
import { parseTemplate } from '../../nodes/shared/text/messageTemplate';
import { cpuMsOf } from '../helpers/cpuTime';

const row = new Map([
	['name', 'Awa'],
	['Montant dû', '5 000'],
	['empty', ''],
	['blank', ' \u00a0'],
	['tricky', '{name} $& $1 {{name}}'],
]);
const valueOf = (column: string) => row.get(column);

describe('a template', () => {
	it.each([
		['Hello', 'Hello'],
		['', ''],
		['Hello {name}', 'Hello Awa'],
		['{name}{name}', 'AwaAwa'],
		['{ name }, {Montant dû} F', 'Awa, 5 000 F'],
		['{{name}} and {{ name }}', 'Awa and Awa'],
		['{{{name}}}', '{Awa}'],
		['{tricky}', '{name} $& $1 {{name}}'],
		['} lone } and {', '} lone } and {'],
		['{} { } {{}}', '{} { } {{}}'],
		['{"name": "x"}', '{"name": "x"}'],
		['{\n"a": {"b": 1}\n}', '{\n"a": {"b": 1}\n}'],
		['{name', '{name'],
		['{{name}', '{Awa'],
		['{{ {name} }}', '{{ Awa }}'],
		[`{${'x'.repeat(101)}}`, `{${'x'.repeat(101)}}`],
	])('%j becomes %j', (template, text) => {
		expect(parseTemplate(template).fill(valueOf)).toEqual({ ok: true, text });
	});

	it('names its columns once, in order of appearance', () => {
		expect(parseTemplate('{b} {a} {{b}} { c d }').columns).toEqual(['b', 'a', 'c d']);
	});

	it('names every missing column once: unknown, empty and blank ones', () => {
		expect(parseTemplate('{city} {name} {empty} {blank} {city}').fill(valueOf)).toEqual({
			ok: false,
			missing: ['city', 'empty', 'blank'],
		});
	});

	it('is filled row by row', () => {
		const template = parseTemplate('{name}!');
		expect(template.fill(() => 'Awa')).toEqual({ ok: true, text: 'Awa!' });
		expect(template.fill(() => undefined)).toEqual({ ok: false, missing: ['name'] });
		expect(template.fill(() => 'Eko')).toEqual({ ok: true, text: 'Eko!' });
	});

	it('without braces is itself', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				fc.pre(!text.includes('{'));
				expect(parseTemplate(text)).toMatchObject({ columns: [] });
				expect(parseTemplate(text).fill(() => undefined)).toEqual({ ok: true, text });
			}),
		);
	});

	it('inserts every value as it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (value) => {
				fc.pre(value.trim() !== '');
				expect(parseTemplate('<{a}|{{a}}>').fill(() => value)).toEqual({
					ok: true,
					text: `<${value}|${value}>`,
				});
			}),
		);
	});

	it('of any braces gives a text when every column has a value', () => {
		const braces = fc.string({ unit: fc.constantFrom(...'{}{}ab "\n'), maxLength: 40 });
		fc.assert(
			fc.property(braces, (text) => {
				const template = parseTemplate(text);
				expect(template.fill(() => 'v').ok).toBe(true);
				expect(template.fill(() => undefined).ok).toBe(template.columns.length === 0);
			}),
			{ numRuns: 2_000 },
		);
	});

	it.each(['{', '{{', '{a', '}{'])('of a million %j is read at once', async (unit) => {
		const text = unit.repeat(1_000_000);
		expect(await cpuMsOf(() => parseTemplate(text))).toBeLessThan(30_000);
	});
});
