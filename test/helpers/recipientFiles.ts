import type {
	RecipientFile,
	RecipientFileOptions,
} from '../../nodes/shared/recipientFile/recipientCollector';
import { readRecipientFile, rejectsCsvOf } from '../../nodes/shared/recipientFile/recipientFile';
import { UnreadableFile } from '../../nodes/shared/table/unreadableFile';

/** What the fields of the node are when nobody touched them, in Cameroon. */
export const fileOptions: RecipientFileOptions = {
	defaultCountry: 'CM',
	smartEncoding: false,
	removeDuplicates: true,
	excluded: new Set(),
	defaultMessage: '',
	deduplicationKey: '',
	missingFields: [],
	hasHeaderRow: 'auto',
	phoneColumn: '',
	messageColumn: '',
	sheetName: '',
	includeHiddenRows: false,
	listsEveryone: false,
};

const noPause = () => Promise.resolve();
const bytesOf = (file: string | Uint8Array) =>
	typeof file === 'string' ? Buffer.from(file) : file;

/** The file, or why it cannot be read. */
export async function fileOrRefusal(
	file: string | Uint8Array,
	options: Partial<RecipientFileOptions> = {},
	pause = noPause,
): Promise<RecipientFile | UnreadableFile> {
	return await readRecipientFile(bytesOf(file), { ...fileOptions, ...options }, pause);
}

export async function read(
	file: string | Uint8Array,
	options: Partial<RecipientFileOptions> = {},
	pause = noPause,
): Promise<RecipientFile> {
	const result = await fileOrRefusal(file, options, pause);
	if (result instanceof UnreadableFile) throw result;
	return result;
}

export async function refusal(
	file: string | Uint8Array,
	options: Partial<RecipientFileOptions> = {},
): Promise<UnreadableFile> {
	const result = await fileOrRefusal(file, options);
	if (!(result instanceof UnreadableFile)) throw new Error('the file was not refused');
	return result;
}

/** The rejected rows of a file as the CSV to mend, from a second reading of the same bytes. */
export async function rejectsOf(
	file: string | Uint8Array,
	options: Partial<RecipientFileOptions> = {},
): Promise<string> {
	const { rejectedRows, rejectsFormat } = await read(file, options);
	const reasons = new Map(rejectedRows.map(({ row, reason }) => [row, reason]));
	const csv = await rejectsCsvOf(bytesOf(file), { format: rejectsFormat, reasons }, noPause);
	return Buffer.from(csv).toString('utf8');
}
