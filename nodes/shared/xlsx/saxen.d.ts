declare module 'saxen' {
	export type Attributes = Readonly<Record<string, string>>;
	/** Text and attribute values come as written, entities undecoded. */
	export class Parser {
		on(
			event: 'openTag',
			/** The attributes are false when they could not be parsed. */
			handler: (name: string, getAttributes: () => Attributes | false) => void,
		): this;
		on(event: 'closeTag', handler: (name: string) => void): this;
		on(
			event: 'text' | 'cdata' | 'comment' | 'question' | 'attention',
			handler: (text: string) => void,
		): this;
		on(event: 'error', handler: (error: Error) => void): this;
		write(xml: string): this;
		end(): Error | null;
	}
}
