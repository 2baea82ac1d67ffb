import type { Row, Table } from '../table/cells';
import { readDateFormats } from './dateFormats';
import { readSharedStrings } from './sharedStrings';
import { SheetReader, type CellContext } from './sheetReader';
import { damagedWorkbook, UnreadableFile } from '../table/unreadableFile';
import { openWorkbook, type Workbook } from './workbook';
import { MAX_PART_BYTES } from './xmlPart';
import type { ZipArchive } from './zipArchive';

/** Rows that hold something, hidden ones included. `<dimension>` and all counts in the file are ignored. */
export async function xlsxTable(
	zip: ZipArchive,
	sheetName: string,
	pause: () => Promise<void>,
): Promise<Table> {
	const workbook = await openWorkbook(zip, sheetName);
	const context: CellContext = {
		sharedStrings: await readSharedStrings(zip, workbook.sharedStrings, pause),
		isDateStyle: await readDateFormats(zip, workbook.styles),
		isEpoch1904: workbook.isEpoch1904,
	};
	const hiddenColumns = new Set<number>();
	const sheet = new SheetReader(workbook.sheet.name, context, hiddenColumns);
	return { delimiter: null, hiddenColumns, slices: sheetRows(zip, workbook, sheet) };
}

async function* sheetRows(
	zip: ZipArchive,
	workbook: Workbook,
	sheet: SheetReader,
): AsyncGenerator<Row[]> {
	let rowCount = 0;
	for await (const slice of zip.read(workbook.sheet, MAX_PART_BYTES)) {
		sheet.xml.write(slice);
		const rows = sheet.takeRows();
		rowCount += rows.length;
		yield rows;
	}
	sheet.xml.end();
	if (!sheet.hasSheetData) throw damagedWorkbook('its sheet holds no table');
	if (rowCount === 0) throw emptySheet(workbook);
}

function emptySheet(workbook: Workbook): UnreadableFile {
	const others = workbook.otherSheetNames.map((name) => `"${name}"`).join(', ');
	return new UnreadableFile(
		`The sheet "${workbook.sheetName}" is empty`,
		others === ''
			? 'Check that the list was saved in this file.'
			: `The workbook also has: ${others}. Put the name of the sheet with the list in 'Sheet Name'.`,
	);
}
