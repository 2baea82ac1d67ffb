import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** One option: how the editor shows it, and what its stored value means. */
export interface Option<Value> {
	field: Omit<INodeProperties, 'name'>;
	/** What holds where the option is not set. */
	absent: Value;
	/** Whether a set expression may give '' or an empty list. */
	mayBeEmpty?: boolean;
	/** `expression`: what gave the value; see `Evaluated`. */
	read(stored: unknown, expression: string | null): Value | UnusableOption;
}

/** What a parameter gives, and the expression that gave it as n8n stores it; null where it is no expression. */
export interface Evaluated {
	value: unknown;
	expression: string | null;
}

/** Why the stored value of an option cannot be used, and what to do. */
export class UnusableOption {
	constructor(
		readonly message: string,
		readonly description: string,
	) {}
}

/** Options by name. What is said of one there is all that there is to say of it. */
export type OptionList = Record<string, Option<unknown>>;

export type OptionValues<Options> = {
	[Name in keyof Options]: NonNullable<Options[Name]> extends Option<infer Value> ? Value : never;
};

interface Wording {
	displayName: string;
	description: string;
	placeholder?: string;
	hint?: string;
}

const YES = new Set(['true', 'yes', 'y', '1', 'on', 'oui', 'o', 'vrai']);
const NO = new Set(['false', 'no', 'n', '0', 'off', 'non', 'faux']);
const DECIMAL = /^[+-]?\d{1,15}(\.\d{1,15})?$/;
const LONGEST_SHOWN = 60;

/** An option as a field of that name. */
export function fieldOf(name: string, { field }: Option<unknown>): INodeProperties {
	return { name, ...field };
}

/** A text, without the blanks around it. */
export function textOption(field: Wording): Option<string> {
	return {
		field: { ...field, type: 'string', default: '' },
		absent: '',
		read: (stored) => writtenText(stored) ?? unusable(field, 'is no text', stored, 'Give a text'),
	};
}

/** What stands there, as it is: who uses it judges it, where more is known. */
export function rawOption(field: Option<unknown>['field']): Option<Evaluated> {
	return {
		field,
		absent: { value: '', expression: null },
		mayBeEmpty: true,
		read: (value, expression) => ({ value, expression }),
	};
}

/** Yes or no, also where an expression makes a text or a number of it. Off until it is added, and then on. */
export function yesNoOption(field: Wording & { absent: boolean }): Option<boolean> {
	const { absent, ...wording } = field;
	return {
		field: { ...wording, type: 'boolean', default: true },
		absent,
		read(stored) {
			if (typeof stored === 'boolean') return stored;
			const word = writtenText(stored)?.toLowerCase() ?? '';
			if (YES.has(word)) return true;
			if (NO.has(word)) return false;
			return unusable(field, 'is neither yes nor no', stored, 'Give true or false');
		},
	};
}

/** A number of at least `minimum`. One that `isWhole` loses its decimals. */
export function numberOption({
	minimum,
	isWhole = false,
	...field
}: Wording & { default: number; minimum: number; isWhole?: boolean }): Option<number> {
	return {
		field: { ...field, type: 'number', typeOptions: { minValue: minimum } },
		absent: field.default,
		read(stored) {
			const text = writtenText(stored) ?? '';
			const value = DECIMAL.test(text) ? Number(text) : typeof stored === 'number' ? stored : NaN;
			if (Number.isFinite(value) && value >= minimum) return isWhole ? Math.floor(value) : value;
			return unusable(
				field,
				'is not a usable number',
				stored,
				`Enter a number of at least ${minimum}`,
			);
		},
	};
}

/** One of a list of values, by value or by label, in any case. */
export function choiceOption<const Value extends string>(
	field: Wording & {
		options: Array<INodePropertyOptions & { value: Value }>;
		default: NoInfer<Value>;
	},
): Option<Value> {
	return {
		field: { ...field, type: 'options' },
		absent: field.default,
		read(stored) {
			const word = writtenText(stored)?.toLowerCase();
			const chosen = field.options.find(
				({ name, value }) => value.toLowerCase() === word || name.toLowerCase() === word,
			);
			const values = field.options.map(({ value }) => value).join(', ');
			return (
				chosen?.value ?? unusable(field, 'is not on its list', stored, `Give one of ${values}`)
			);
		},
	};
}

/**
 * What a stored collection says of each option; `written` is the same collection before expressions were
 * evaluated. What the list does not have is ignored; an expression that gives nothing is never a default.
 */
export function readOptions<Options extends OptionList>(
	options: Options,
	stored: Record<string, unknown>,
	written: Record<string, unknown>,
): OptionValues<Options> | UnusableOption {
	const values: Record<string, unknown> = {};
	for (const [name, option] of Object.entries(options)) {
		const expression = expressionOf(written[name]);
		const value = readOption(option, { value: stored[name], expression });
		if (value instanceof UnusableOption) return value;
		values[name] = value;
	}
	return values as OptionValues<Options>;
}

/** What one stored value means; see `readOptions`. */
export function readOption<Value>(
	option: Option<Value>,
	{ value: stored, expression }: Evaluated,
): Value | UnusableOption {
	const isMissing = stored === undefined || stored === null;
	const isEmpty = isMissing || (typeof stored === 'string' && stored.trim() === '');
	if (!isEmpty || (option.mayBeEmpty && !isMissing)) return option.read(stored, expression);
	if (expression === null) return option.absent;
	return new UnusableOption(
		`The expression in '${option.field.displayName}' gives nothing`,
		`Nothing was sent. It gave ${shownValue(stored)}: check the expression, or remove the option`,
	);
}

/** A parameter as n8n stores it, where that is an expression; else null. */
export function expressionOf(written: unknown): string | null {
	return typeof written === 'string' && written.startsWith('=') ? written : null;
}

/** The text of a field without the blanks around it, also for numbers; undefined for what is no text. */
export function writtenText(stored: unknown): string | undefined {
	if (typeof stored === 'string') return stored.trim();
	return typeof stored === 'number' && Number.isFinite(stored) ? String(stored) : undefined;
}

/** A value as messages show it. */
export function shownValue(value: unknown): string {
	if (value === undefined) return 'nothing (undefined)';
	if (typeof value === 'string') {
		return value.trim() === '' ? 'an empty text' : `'${value.slice(0, LONGEST_SHOWN)}'`;
	}
	if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
	return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function unusable(
	{ displayName }: Wording,
	what: string,
	stored: unknown,
	advice: string,
): UnusableOption {
	return new UnusableOption(
		`'${displayName}' ${what}`,
		`Nothing was sent. It is ${shownValue(stored)}. ${advice}, or remove the option`,
	);
}
