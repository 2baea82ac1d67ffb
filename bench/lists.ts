import type { CellValue } from '../test/helpers/workbooks';

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
