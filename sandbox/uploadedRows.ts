import { parse } from 'csv-parse/sync';
import { read, utils } from 'xlsx';
import type { GatewayRequest } from './gateway';

/** Column 1: number, column 2: text. No header: the document shows none, so one counts as a bad number. */
type Row = readonly string[];

/** The rows of the uploaded file that are not empty, or what is wrong with the upload. */
export async function uploadedRows({ headers, parts }: GatewayRequest): Promise<Row[] | string> {
	if (!/^multipart\/form-data\b/i.test(String(headers['content-type'] ?? ''))) {
		return 'Content-Type must be multipart/form-data';
	}
	if (parts === null) return 'The multipart body is not readable';
	const files = parts.filter((part) => part.name === 'file' && part.fileName !== null);
	const [file] = files;
	if (file === undefined || files.length > 1)
		return 'Exactly one file in the field "file" is required';
	if (file.bytes.length === 0) return 'The file is empty';
	try {
		const rows = rowsOf(file.fileName ?? '', file.bytes);
		if (rows === null) return 'Supported formats: .xlsx, .csv';
		const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
		return filled.length === 0 ? 'The file has no rows' : filled;
	} catch (failure) {
		const reason = failure instanceof Error ? failure.message : String(failure);
		return `The file is not readable: ${reason}`;
	}
}

function rowsOf(fileName: string, bytes: Buffer): Row[] | null {
	if (/\.csv$/i.test(fileName)) return csvRows(bytes);
	return /\.xlsx$/i.test(fileName) ? xlsxRows(bytes) : null;
}

function csvRows(bytes: Buffer): Row[] {
	const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	// Strict quoting on purpose: a file that only a lenient reader understands is the sender's mistake.
	const rows: string[][] = parse(text, {
		delimiter: csvDelimiter(text),
		relax_column_count: true,
		skip_empty_lines: true,
	});
	return rows;
}

/** The first delimiter outside quotes: the first column is a number, so what follows it is the delimiter. */
function csvDelimiter(text: string): string {
	return /^(?:"(?:[^"]|"")*"|[^",;\t])*([,;\t])/.exec(text)?.[1] ?? ',';
}

function xlsxRows(bytes: Buffer): Row[] {
	// The library reads nearly anything as some table; a workbook is a zip file.
	if (bytes.toString('latin1', 0, 4) !== 'PK\u0003\u0004') throw new Error('it is not a workbook');
	const workbook = read(bytes, { type: 'buffer', dense: true });
	const sheet = workbook.Sheets[workbook.SheetNames[0] ?? ''];
	if (sheet === undefined) throw new Error('it has no sheet');
	const rows = utils.sheet_to_json<unknown[]>(sheet, { header: 1, raw: true, defval: '' });
	return rows.map((row) => row.map((cell) => String(cell)));
}
