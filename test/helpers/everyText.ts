/** Every text inside a value, also behind fields that JSON leaves out, such as those of errors. */
export function everyText(value: unknown, known = new Set<unknown>()): string[] {
	if (typeof value === 'string') return [value];
	if (Buffer.isBuffer(value)) return [value.toString('latin1')];
	if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return [];
	if (known.has(value)) return [];
	known.add(value);
	const inner: unknown[] = value instanceof Map || value instanceof Set ? [...value.entries()] : [];
	for (const key of Reflect.ownKeys(value)) {
		if (typeof key === 'string') inner.push(key);
		try {
			inner.push(Reflect.get(value, key));
		} catch {
			inner.push(`(${String(key)} cannot be read)`);
		}
	}
	return inner.flatMap((each) => everyText(each, known));
}

type Write = typeof process.stdout.write;

/** Collects what is printed, by whatever way, until `end` is called. */
export function capturePrinted(): { printed: string[]; end: () => void } {
	const printed: string[] = [];
	const spies = (['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((name) =>
		jest.spyOn(console, name).mockImplementation((...parts: unknown[]) => {
			printed.push(...everyText(parts));
		}),
	);
	const record: Write = (chunk: string | Uint8Array) => {
		printed.push(Buffer.from(chunk).toString());
		return true;
	};
	const streams = [process.stdout, process.stderr].map((stream) =>
		jest.spyOn(stream, 'write').mockImplementation(record),
	);
	return { printed, end: () => [...spies, ...streams].forEach((spy) => spy.mockRestore()) };
}
