/** Milliseconds for which the processor worked meanwhile; unlike the time that passed, no other load changes it. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
