import * as xlsx from 'xlsx';

type CellValue = string | number;

/** Numbers as lists have them: 1 % bad, 20 % number cells, 3 % duplicates. */
export function table(rowCount: number): CellValue[][] {
	const rows: CellValue[][] = [['Téléphone', 'Nom', 'Message']];
	for (let index = 0; index < rowCount; index++) {
		const person = index % 33 === 7 ? index - 7 : index;
		const national = `6${person % 3 === 0 ? 7 : 9}${String(10_000_000 + person).slice(1)}`;
		const number: CellValue =
			index % 100 === 50
				? 'à vérifier'
				: index % 5 === 0
					? Number(national)
					: index % 5 === 1
						? `+237 ${national}`
						: index % 5 === 2
							? `237${national}`
							: index % 5 === 3
								? national.replace(/(\d)(\d\d)(\d\d)(\d\d)(\d\d)/, '$1 $2 $3 $4 $5')
								: `00237${national}`;
		const name = `Élève ${index}`;
		rows.push([
			number,
			name,
			`Bonjour ${name}, la réunion des parents est samedi à 9h, salle ${index % 40}`,
		]);
	}
	return rows;
}

export function csvOf(rows: CellValue[][]): string {
	return rows
		.map((row) => row.map((cell) => (/[",]/.test(String(cell)) ? `"${cell}"` : cell)).join(','))
		.join('\r\n');
}

export function xlsxOf(rows: CellValue[][]): Buffer {
	const book = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), 'Liste');
	return xlsx.write(book, { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: true });
}
