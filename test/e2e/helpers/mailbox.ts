import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A mail server on 127.0.0.1 that keeps what it is given (the parts of RFC 5321 that n8n's mail node uses). */
export class Mailbox {
	/** Raw messages, header and body. */
	readonly mails: string[] = [];

	private constructor(private readonly server: Server) {}

	static async open(): Promise<Mailbox> {
		const server = createServer();
		const mailbox = new Mailbox(server);
		server.on('connection', (socket) => mailbox.serve(socket));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return mailbox;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	close(): void {
		this.server.close();
	}

	private serve(socket: Socket): void {
		let received = '';
		let isMail = false;
		socket.on('error', () => socket.destroy());
		socket.write('220 mailbox\r\n');
		socket.on('data', (chunk: Buffer) => {
			received += chunk.toString('utf8');
			for (;;) {
				const end = received.indexOf(isMail ? '\r\n.\r\n' : '\r\n');
				if (end < 0) return;
				const text = received.slice(0, end);
				received = received.slice(end + (isMail ? 5 : 2));
				if (isMail) {
					this.mails.push(text);
					isMail = false;
					socket.write('250 kept\r\n');
				} else {
					isMail = /^DATA/i.test(text);
					socket.write(isMail ? '354 go on\r\n' : '250 ok\r\n');
					if (/^QUIT/i.test(text)) socket.end();
				}
			}
		});
	}
}

/** The readable text of a mail: its parts decoded from Base64 and Quoted-Printable. */
export function textOfMail(mail: string): string {
	const parts = mail.split(/\r\n--[^\r\n]+/);
	return parts
		.map((part) => {
			const [head = '', ...body] = part.split('\r\n\r\n');
			const text = body.join('\r\n\r\n');
			if (/Content-Transfer-Encoding: base64/i.test(head)) {
				return `${head}\r\n\r\n${Buffer.from(text, 'base64').toString('utf8')}`;
			}
			if (!/Content-Transfer-Encoding: quoted-printable/i.test(head)) return part;
			const bytes = text
				.replace(/=\r\n/g, '')
				.replace(/=([0-9A-F]{2})/g, (_match, hex: string) =>
					String.fromCharCode(Number.parseInt(hex, 16)),
				);
			return `${head}\r\n\r\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
		})
		.join('\r\n');
}
