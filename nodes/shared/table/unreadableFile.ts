/** The file as a whole cannot be used. `message`: what it seems to be; `description`: what to do. */
export class UnreadableFile extends Error {
	constructor(
		message: string,
		readonly description: string,
	) {
		super(message);
		this.name = 'UnreadableFile';
	}
}

export function damagedWorkbook(whatIsWrong: string): UnreadableFile {
	return new UnreadableFile(
		'The Excel file is damaged',
		`What is wrong: ${whatIsWrong}. Open the original in a spreadsheet program, save it again as .xlsx and use the new file. If it was downloaded or sent to you, fetch it again.`,
	);
}
