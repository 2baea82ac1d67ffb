import { createHash } from 'node:crypto';

import {
	PAGE_HEADERS,
	questionPage,
	thanksPage,
	type Question,
} from '../../nodes/shared/approval/page';

const question = (differences: Partial<Question> = {}): Question => ({
	text: 'Payer <b>800 000</b> FCFA & plus ?',
	responseType: 'approval',
	recipients: ['+237699000001'],
	status: 'sent',
	words: {
		title: 'Une "question"',
		note: 'Une seule réponse.',
		approve: 'Approuver',
		disapprove: null,
		answer: 'Votre réponse',
		submit: 'Envoyer',
		thanks: 'Merci <3',
	},
	...differences,
});

describe('the page of a question', () => {
	test('shows the text as it was sent, and never as markup', () => {
		const page = questionPage(question());
		expect(page).toContain('Payer &lt;b&gt;800 000&lt;/b&gt; FCFA &amp; plus ?');
		expect(page).toContain('<title>Une &quot;question&quot;</title>');
		expect(thanksPage(question())).toContain('Merci &lt;3');
	});

	test('posts the answer, and has the second button only where there is a no', () => {
		expect(questionPage(question()).match(/<button/g)).toHaveLength(1);
		const words = { ...question().words, disapprove: 'Refuser' };
		const page = questionPage(question({ words }));
		expect(page.match(/<button/g)).toHaveLength(2);
		expect(page).toContain('<form method="post">');
		expect(page).not.toMatch(/<a |href|src=|<script/);
	});

	test('asks for a text in a field with a label', () => {
		const page = questionPage(question({ responseType: 'freeText' }));
		expect(page).toMatch(/<label for="text">Votre réponse<\/label><textarea id="text"/);
	});

	test('loads nothing: its policy allows its own style only', () => {
		const style = /<style>([\s\S]*?)<\/style>/.exec(questionPage(question()))?.[1] ?? '';
		const hash = createHash('sha256').update(style).digest('base64');
		expect(PAGE_HEADERS['Content-Security-Policy']).toBe(
			`default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
		);
	});
});
