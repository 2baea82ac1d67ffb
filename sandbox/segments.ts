import { split } from 'split-sms';

interface CountedText {
	encoding: 'GSM-7' | 'UCS-2';
	/** How many SMS one recipient is billed for. */
	segments: number;
}

/** Counted by a library of its own, so that the sandbox can judge a client's count. */
export function countSegments(text: string): CountedText {
	const { characterSet, parts } = split(text, { summary: true });
	return { encoding: characterSet === 'GSM' ? 'GSM-7' : 'UCS-2', segments: parts.length };
}
