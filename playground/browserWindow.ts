import { spawn } from 'node:child_process';

/** Opens the page in the person's browser, where there is a screen and somebody in front of it. */
export function openInBrowser(url: string): void {
	const command = opener();
	if (command === null || !process.stdout.isTTY || process.env.CI) return;
	const child = spawn(command.name, [...command.args, url], { stdio: 'ignore', detached: true });
	// Without a browser the link is still on the screen.
	child.once('error', () => undefined);
	child.unref();
}

function opener(): { name: string; args: string[] } | null {
	if (process.platform === 'darwin') return { name: 'open', args: [] };
	if (process.platform === 'win32') return { name: 'cmd', args: ['/c', 'start', ''] };
	const hasScreen = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
	return hasScreen ? { name: 'xdg-open', args: [] } : null;
}
