import { createHash } from 'crypto';

/** What is asked, as the person got it, and what became of the SMS that asked it. */
export interface Question {
	/** As sent, without the links. */
	text: string;
	responseType: 'approval' | 'freeText';
	/** In E.164, in the order of the links. */
	recipients: string[];
	/** Of the send: `sent`, `partial`, `accepted` or `unknown`. */
	status: string;
	words: PageWords;
}

/** Every word of the page that is not the message itself, so that it can speak the recipients' language. */
export interface PageWords {
	title: string;
	/** That one can answer once. */
	note: string;
	approve: string;
	/** Null where the only answer is yes. */
	disapprove: string | null;
	/** What stands above the field for a text. */
	answer: string;
	submit: string;
	thanks: string;
}

const STYLE = `
:root{color-scheme:light dark}
body{margin:0;padding:1.5rem 1rem;font:1.125rem/1.5 system-ui,sans-serif}
main{max-width:32rem;margin:auto}
h1{font-size:1.25rem;margin:0 0 1rem}
p{margin:0 0 1.25rem;white-space:pre-line;overflow-wrap:anywhere}
label{display:block;margin-bottom:.5rem}
textarea{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;margin-bottom:1rem}
button{display:block;width:100%;min-height:3rem;margin-bottom:.75rem;padding:.5rem;font:inherit;font-weight:600;border:2px solid #0a5f38;border-radius:.5rem;background:#0a5f38;color:#fff}
button.no{background:transparent;color:inherit}
small{opacity:.8}`;

/** Nothing is loaded, nothing runs, nobody may frame it, and no copy of it stays behind. */
export const PAGE_HEADERS: Record<string, string> = {
	'Content-Type': 'text/html; charset=utf-8',
	'Content-Security-Policy':
		`default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	'Cache-Control': 'no-store',
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'X-Robots-Tag': 'noindex, nofollow',
};

/** Longest answer that is taken, in characters. */
export const LONGEST_ANSWER = 5_000;

/** Message and buttons. The form posts to the address that the page was opened with, signature included. */
export function questionPage({ text, responseType, words }: Question): string {
	const form = responseType === 'approval' ? buttons(words) : textForm(words);
	return page(
		words.title,
		`<p>${escaped(text)}</p><form method="post">${form}</form><small>${escaped(words.note)}</small>`,
	);
}

/** What the person sees after the answer. */
export function thanksPage({ words }: Question): string {
	return page(words.title, `<p>${escaped(words.thanks)}</p>`);
}

function buttons({ approve, disapprove }: PageWords): string {
	const yes = `<button name="answer" value="approve">${escaped(approve)}</button>`;
	if (disapprove === null) return yes;
	return `${yes}<button class="no" name="answer" value="disapprove">${escaped(disapprove)}</button>`;
}

function textForm({ answer, submit }: PageWords): string {
	return (
		`<label for="text">${escaped(answer)}</label>` +
		`<textarea id="text" name="text" rows="4" maxlength="${LONGEST_ANSWER}" required></textarea>` +
		`<button>${escaped(submit)}</button>`
	);
}

function page(title: string, content: string): string {
	const heading = escaped(title);
	return (
		'<!doctype html><html><head><meta charset="utf-8">' +
		'<meta name="viewport" content="width=device-width, initial-scale=1">' +
		`<title>${heading}</title><style>${STYLE}</style></head>` +
		`<body><main><h1>${heading}</h1>${content}</main></body></html>`
	);
}

/** HTML, 13.1.2: the characters that end a text or an attribute value. */
function escaped(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}
