import { damagedWorkbook, UnreadableFile } from '../table/unreadableFile';
import { MAX_PART_BYTES, readPart, type Attributes } from './xml';
import { partName, type ZipArchive, type ZipEntry } from './zip';
import type { Row, Table } from '../table/cells';
import { MergedCells } from './mergedCells';
import { readNumberFormats } from './numberFormats';
import { readSharedStrings } from './sharedStrings';
import { SheetReader, type CellContext } from './sheetReader';

export interface Workbook {
	sheet: ZipEntry;
	sheetName: string;
	/** Those that are not hidden. */
	otherSheetNames: string[];
	sharedStrings: ZipEntry | undefined;
	styles: ZipEntry | undefined;
	/** Days count from 1904-01-01 instead of 1899-12-30. */
	isEpoch1904: boolean;
}

interface Relationship {
	type: string;
	target: string;
}

/** Finds the parts of the wanted sheet; '' is the first sheet that is not hidden. */
async function openWorkbook(zip: ZipArchive, wantedName: string): Promise<Workbook> {
	const root = await readRelationships(zip, '');
	const target = [...root.values()].find((relationship) => relationship.type === 'officeDocument');
	const workbookName = target?.target ?? 'xl/workbook.xml';
	const relationships = await readRelationships(zip, workbookName);
	const sheets: Array<{ name: string; isHidden: boolean; entry: ZipEntry }> = [];
	let isEpoch1904 = false;
	await readPart(zip, partOf(zip, workbookName), (reader) => ({
		open(name, getAttributes) {
			// Extensions have an element of the same name without the flag.
			const { date1904 } = name === 'workbookPr' ? getAttributes() : {};
			if (date1904 !== undefined) isEpoch1904 = /^(?:1|true)$/.test(date1904);
			if (name !== 'sheet') return;
			const attributes = getAttributes();
			const relationship = relationships.get(relationshipIdOf(attributes));
			if (relationship === undefined) {
				throw damagedWorkbook(`the sheet "${attributes.name ?? ''}" is listed but missing`);
			}
			if (relationship.type !== 'worksheet') return;
			sheets.push({
				name: reader.decodeEntities(attributes.name ?? ''),
				isHidden: (attributes.state ?? 'visible') !== 'visible',
				entry: partOf(zip, relationship.target),
			});
		},
	}));
	const names = sheets.map((sheet) => sheet.name);
	const sheet =
		wantedName === ''
			? (sheets.find((candidate) => !candidate.isHidden) ?? sheets[0])
			: (sheets.find((candidate) => candidate.name === wantedName) ??
				sheets.find((candidate) => sameName(candidate.name, wantedName)));
	if (sheet === undefined) throw noSuchSheet(wantedName, names);
	const linked = (type: string) => {
		const found = [...relationships.values()].find((relationship) => relationship.type === type);
		return found === undefined ? undefined : partOf(zip, found.target);
	};
	return {
		sheet: sheet.entry,
		sheetName: sheet.name,
		otherSheetNames: sheets.filter((one) => !one.isHidden && one !== sheet).map(({ name }) => name),
		sharedStrings: linked('sharedStrings'),
		styles: linked('styles'),
		isEpoch1904,
	};
}

async function readRelationships(
	zip: ZipArchive,
	source: string,
): Promise<Map<string, Relationship>> {
	const relationships = new Map<string, Relationship>();
	const slash = source.lastIndexOf('/') + 1;
	const folder = source.slice(0, slash);
	const entry = zip.entry(`${folder}_rels/${source.slice(slash)}.rels`);
	if (entry === undefined) return relationships;
	await readPart(zip, entry, (reader) => ({
		open(name, getAttributes) {
			if (name !== 'Relationship') return;
			const { Id, Type, Target, TargetMode } = getAttributes();
			if (Id === undefined || Target === undefined || TargetMode === 'External') return;
			relationships.set(Id, {
				// Transitional and strict workbooks differ in what stands before the last slash.
				type: (Type ?? '').slice((Type ?? '').lastIndexOf('/') + 1),
				target: targetPart(folder, reader.decodeEntities(Target)),
			});
		},
	}));
	return relationships;
}

function partOf(zip: ZipArchive, name: string): ZipEntry {
	const entry = zip.entry(name);
	if (entry === undefined) throw damagedWorkbook(`the part ${name} is missing`);
	return entry;
}

function targetPart(folder: string, target: string): string {
	const path = target.replace(/\\/g, '/');
	const segments: string[] = [];
	for (const segment of (path.startsWith('/') ? path : `${folder}${path}`).split('/')) {
		if (segment === '..') segments.pop();
		else if (segment !== '' && segment !== '.') segments.push(segment);
	}
	return partName(segments.join('/'));
}

/** `r:id`, whatever prefix stands for the relationships namespace. */
function relationshipIdOf(attributes: Attributes): string {
	const name = Object.keys(attributes).find((key) => key.endsWith(':id'));
	return (name === undefined ? undefined : attributes[name]) ?? '';
}

function sameName(left: string, right: string): boolean {
	return left.trim().toLowerCase() === right.trim().toLowerCase();
}

function noSuchSheet(wantedName: string, names: string[]): UnreadableFile {
	if (names.length === 0) return damagedWorkbook('it has no sheet');
	return new UnreadableFile(
		"The workbook has no sheet of the name that 'Sheet Name' gives",
		`It is "${wantedName}". The workbook has: ${names.map((name) => `"${name}"`).join(', ')}. Put one of these names in 'Sheet Name', or leave it empty for the first sheet.`,
	);
}

/** Rows that hold something, hidden ones included. `<dimension>` and all counts in the file are ignored. */
export async function xlsxTable(
	zip: ZipArchive,
	sheetName: string,
	pause: () => Promise<void>,
): Promise<Table> {
	const workbook = await openWorkbook(zip, sheetName);
	const formats = await readNumberFormats(zip, workbook.styles);
	// The sheet is unpacked in another thread while the texts are read.
	const [sharedStrings, mergedCells] = await Promise.all([
		readSharedStrings(zip, workbook.sharedStrings, pause),
		MergedCells.of(zip, workbook.sheet),
	]);
	const { isEpoch1904 } = workbook;
	const context: CellContext = { sharedStrings, formats, isEpoch1904, mergedCells };
	const hasCodes = formats.some((format) => format !== null && format !== 'date');
	// Most lists hold texts and plain numbers: the library is loaded for the others only.
	if (hasCodes) context.showNumber = (await import('./shownNumber')).shownNumber;
	const hiddenColumns = new Set<number>();
	const sheet = new SheetReader(workbook.sheet.name, context, hiddenColumns);
	const { otherSheetNames } = workbook;
	return {
		delimiter: null,
		hiddenColumns,
		otherSheetNames,
		slices: sheetRows(zip, workbook, sheet),
	};
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
		'The sheet that should hold the list is empty',
		others === ''
			? `It is "${workbook.sheetName}". Check that the list was saved in this file.`
			: `It is "${workbook.sheetName}". The workbook also has: ${others}. Put the name of the sheet with the list in 'Sheet Name'.`,
	);
}
