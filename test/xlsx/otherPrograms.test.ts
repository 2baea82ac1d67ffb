import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as xlsx from 'xlsx';

import { cellText, type Cell } from '../../nodes/shared/table/cells';
import { xlsxTable } from '../../nodes/shared/xlsx/workbook';
import { ZipArchive } from '../../nodes/shared/xlsx/zip';
import { read } from '../helpers/recipientFiles';
import { workbookOf } from '../helpers/workbooks';

/**
 * One table of numbers in 35 formats and one list of people, written by ExcelJS 4.4, openpyxl 3.0, LibreOffice 7.4 and
 * Gnumeric 1.12, and by SheetJS. What each cell says to us is held against the formatted text of SheetJS.
 */
const FOLDER = path.join(__dirname, 'programs');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.xlsx'));

interface Compared {
	address: string;
	format: string;
	value: unknown;
	ours: string | null;
	theirs: string;
}

async function readSheet(bytes: Uint8Array, name: string): Promise<Map<string, Cell>> {
	const table = await xlsxTable(new ZipArchive(bytes), name, () => Promise.resolve());
	const cells = new Map<string, Cell>();
	for await (const slice of table.slices) {
		for (const row of slice) {
			row.cells.forEach((cell, column) =>
				cells.set(xlsx.utils.encode_cell({ r: row.row - 1, c: column }), cell),
			);
		}
	}
	return cells;
}

async function compared(bytes: Buffer): Promise<Compared[]> {
	const book = xlsx.read(bytes, { cellNF: true, cellText: true, cellDates: false });
	const all: Compared[] = [];
	for (const name of book.SheetNames) {
		const sheet = book.Sheets[name] ?? {};
		const own = await readSheet(bytes, name);
		for (const [address, cell] of Object.entries(sheet)) {
			if (address.startsWith('!')) continue;
			const { t, v, w, z } = cell as xlsx.CellObject;
			if (t === 'z' || v === undefined) continue;
			const mine = own.get(address) ?? null;
			const isUnknown = typeof mine === 'object' && mine?.kind === 'number' && mine.text === null;
			all.push({
				address: `${name} ${address}`,
				format: String(z ?? 'General'),
				value: v,
				ours: isUnknown ? null : cellText(mine),
				theirs: w ?? String(v),
			});
		}
	}
	return all;
}

/** Dates and times whose format leaves the order to the country of the reader: numbers 14 to 22 of the standard. */
const WITHOUT_ORDER = new Set(['m/d/yy', 'm/d/yy h:mm', 'mmm-yy', 'd-mmm', 'h:mm AM/PM']);

/** SheetJS takes a `?` behind the point for any number of digits. */
const WRONG_IN_SHEETJS = new Set(['??0.0?']);

/** Blanks of any kind and in place of commas between thousands. */
const plain = (text: string) =>
	text
		.replace(/[\s\u00a0\u202f]+/g, ' ')
		.replace(/(\d),(?=\d{3})/g, '$1 ')
		.trim();

/** The same words; a whole number without a format in full; a date as ISO where its format has no order of its own. */
function isSame({ format, value, ours, theirs }: Compared): boolean {
	if (ours === null || WRONG_IN_SHEETJS.has(format)) return true;
	if (plain(ours) === plain(theirs)) return true;
	const isGeneral = /^(?:general|@)$/i.test(format);
	if (isGeneral && Number.isInteger(value)) return ours === String(value);
	if (!WITHOUT_ORDER.has(format) || typeof value !== 'number') return false;
	// 29 February 1900, which never was: as a day it is the one before.
	if (Math.trunc(value) === 60) return ours.startsWith('1900-02-28');
	return ours === isoOf(value);
}

/** As ISO, without a day before the first and without a time at midnight. */
function isoOf(serial: number): string {
	const { y, m, d, H, M, S } = xlsx.SSF.parse_date_code(serial) as Record<string, number>;
	const two = (part = 0) => String(part).padStart(2, '0');
	const time = `${two(H)}:${two(M)}${S === 0 ? '' : `:${two(S)}`}`;
	if (serial < 1) return time;
	const date = `${y}-${two(m)}-${two(d)}`;
	return serial % 1 === 0 ? date : `${date} ${time}`;
}

describe.each(files)('a workbook of %s', (file) => {
	const bytes = readFileSync(path.join(FOLDER, file));

	test('says cell by cell what SheetJS shows, or is not understood', async () => {
		const cells = await compared(bytes);
		expect(cells.length).toBeGreaterThan(400);
		expect(cells.filter((cell) => !isSame(cell))).toEqual([]);
	});

	test('is understood in nearly all of its cells', async () => {
		const cells = await compared(bytes);
		expect(cells.filter(({ ours }) => ours === null).length).toBeLessThan(cells.length / 10);
	});
});

test('a workbook of SheetJS itself does so too', async () => {
	const rows = [
		['Téléphone', 'Nom', 'Solde'],
		[677123456, 'Zoé', 12500.5],
		['+237 699 12 34 56', ' deux  espaces ', -3],
	];
	const cells = await compared(workbookOf(rows));
	expect(cells).toHaveLength(9);
	expect(cells.filter((cell) => !isSame(cell))).toEqual([]);
});

test('a phone number in a column of dates is texted, and fills no text', async () => {
	const sheet = xlsx.utils.aoa_to_sheet([
		['Téléphone', 'Code'],
		[677123456, 677000001],
		[677123457, 5],
	]);
	for (const address of ['A2', 'A3', 'B2']) (sheet[address] as xlsx.CellObject).z = 'dd/mm/yyyy';
	const book = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(book, sheet, 'Liste');
	const bytes = xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
	const file = await read(bytes, { defaultMessage: 'Code {Code}' });
	expect(file.recipients).toMatchObject([{ phoneNumber: '+237677123457', text: 'Code 5' }]);
	expect(file.rejectedRows).toMatchObject([{ row: 2, reason: expect.stringMatching(/Code/) }]);
});
