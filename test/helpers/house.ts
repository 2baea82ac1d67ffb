import path from 'node:path';

import { importsOf, type SourceFile } from './sourceFiles';

interface Room {
	name: string;
	holds: RegExp;
	/** Files of ours outside the room that it may import. */
	mayImport?: RegExp[];
	/** Files of ours that it may import with `import()` only, so that they are not loaded with n8n. */
	mayLoadLazily?: RegExp[];
	/** What it may import in its own room; left out: everything there. */
	within?: RegExp[];
	/** Packages that it may import. */
	packages?: RegExp[];
}

const [FIELDS, OPERATIONS, N8N, SENDING, GATEWAYS, RECIPIENT_FILE, TABLE, XLSX, TEXT, PHONE] = [
	/^nodes\/shared\/fields\//,
	/^nodes\/shared\/operations\//,
	/^nodes\/shared\/n8n\//,
	/^nodes\/shared\/sending\//,
	/^nodes\/shared\/gateways\//,
	/^nodes\/shared\/recipientFile\//,
	/^nodes\/shared\/table\//,
	/^nodes\/shared\/xlsx\//,
	/^nodes\/shared\/text\//,
	/^nodes\/shared\/phone\//,
] as const;
const APPROVAL = /^nodes\/shared\/approval\//;
const OPERATION_FILE = /^nodes\/(?!shared\/)\w+\/actions\/\w+\/\w+\.operation$/;
const RESOURCE_FILE = /^nodes\/(?!shared\/)\w+\/actions\/\w+\/\w+\.resource$/;
const ACTION_FILE = /^nodes\/(?!shared\/)\w+\/actions\/(\w+\/)?\w+$/;
const WORKFLOW = /^n8n-workflow$/;
const CRYPTO = /^crypto$/;

/** The house, from the door to the phone: a file stands in the first room that holds it. */
export const ROOMS: Room[] = [
	{
		name: 'node',
		holds: /^nodes\/(?!shared\/)\w+\/\w+\.node$/,
		mayImport: [RESOURCE_FILE, OPERATION_FILE, ACTION_FILE, FIELDS, N8N],
		mayLoadLazily: [OPERATIONS, APPROVAL],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'resource',
		holds: RESOURCE_FILE,
		mayImport: [OPERATION_FILE, ACTION_FILE, FIELDS, N8N],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'operation of a node',
		holds: OPERATION_FILE,
		mayImport: [ACTION_FILE, FIELDS, N8N],
		mayLoadLazily: [OPERATIONS, APPROVAL],
		within: [],
		packages: [WORKFLOW],
	},
	{
		name: 'action of a node',
		holds: ACTION_FILE,
		mayImport: [FIELDS, N8N],
		mayLoadLazily: [OPERATIONS, APPROVAL],
		packages: [WORKFLOW],
	},
	{
		name: 'credential',
		holds: /^credentials\/\w+\.credentials$/,
		mayImport: [FIELDS, N8N, GATEWAYS],
		within: [],
		packages: [WORKFLOW],
	},
	{ name: 'fields', holds: FIELDS, packages: [WORKFLOW] },
	{
		name: 'operations',
		holds: OPERATIONS,
		mayImport: [
			FIELDS,
			N8N,
			RECIPIENT_FILE,
			/^nodes\/shared\/table\/unreadableFile$/,
			SENDING,
			GATEWAYS,
			TEXT,
			PHONE,
		],
		packages: [WORKFLOW, CRYPTO],
	},
	{
		name: 'approval',
		holds: APPROVAL,
		mayImport: [OPERATIONS, FIELDS, N8N, SENDING, GATEWAYS, TEXT, PHONE],
		packages: [WORKFLOW, CRYPTO],
	},
	{ name: 'n8n', holds: N8N, mayImport: [SENDING, GATEWAYS], packages: [WORKFLOW, CRYPTO] },
	{ name: 'sending', holds: SENDING, mayImport: [GATEWAYS, PHONE] },
	{ name: 'gateways', holds: GATEWAYS, mayImport: [PHONE] },
	{ name: 'recipientFile', holds: RECIPIENT_FILE, mayImport: [XLSX, TABLE, TEXT, PHONE] },
	{ name: 'xlsx', holds: XLSX, mayImport: [TABLE], packages: [/^saxen$/, /^numfmt$/] },
	{ name: 'table', holds: TABLE },
	{ name: 'text', holds: TEXT },
	{ name: 'phone', holds: PHONE, packages: [/^libphonenumber-js(\/|$)/] },
];

export interface Import {
	file: string;
	line: number;
	name: string;
	isLazy: boolean;
	/** The file of ours that it names, without `.ts`; null for a package. */
	target: string | null;
}

const withoutExtension = (file: string) => file.replace(/\.ts$/, '');
export const roomOf = (file: string) =>
	ROOMS.find(({ holds }) => holds.test(withoutExtension(file)));
export const shown = ({ file, line, name }: Import) =>
	`${file}:${line} (${roomOf(file)?.name}) imports ${name}`;

export function importsIn(sources: readonly SourceFile[]): Import[] {
	return sources.flatMap((source) =>
		importsOf(source).map((found) => ({
			...found,
			file: source.file,
			target: found.name.startsWith('.')
				? path.posix.join(path.posix.dirname(source.file), found.name)
				: null,
		})),
	);
}

/** The imports that no arrow of the house allows. */
export const crossings = (imports: readonly Import[]) => imports.filter((each) => !isAllowed(each));

function isAllowed({ file, name, target, isLazy }: Import): boolean {
	const room = roomOf(file);
	if (!room) return false;
	const allows = (patterns: readonly RegExp[] | undefined, text: string) =>
		patterns?.some((pattern) => pattern.test(text)) ?? false;
	if (target === null) return allows(room.packages, name);
	const nodeOf = (path: string) => /^nodes\/(?!shared\/)(\w+)\//.exec(path)?.[1];
	const isOtherNode =
		nodeOf(target) !== undefined && nodeOf(file) !== undefined && nodeOf(target) !== nodeOf(file);
	if (isOtherNode) return false;
	if (roomOf(target) === room) return allows(room.within ?? [room.holds], target);
	return allows(room.mayImport, target) || (isLazy && allows(room.mayLoadLazily, target));
}

/** The imports that lie on a circle of places; a place is a file or the folder it is in. */
function onCircles(imports: readonly Import[], placeOf: (file: string) => string): Import[] {
	const steps = imports.flatMap((each) => {
		if (each.target === null) return [];
		const [from, to] = [placeOf(withoutExtension(each.file)), placeOf(each.target)];
		return from === to && each.target !== withoutExtension(each.file) ? [] : [{ each, from, to }];
	});
	const nextOf = new Map<string, string[]>();
	for (const { from, to } of steps) nextOf.set(from, [...(nextOf.get(from) ?? []), to]);
	const reaches = (start: string, goal: string) => {
		const seen = new Set([start]);
		for (const place of seen) nextOf.get(place)?.forEach((to) => seen.add(to));
		return seen.has(goal);
	};
	return steps.filter(({ from, to }) => reaches(to, from)).map(({ each }) => each);
}

export const fileCircles = (imports: readonly Import[]) => onCircles(imports, (file) => file);
export const folderCircles = (imports: readonly Import[]) => onCircles(imports, path.posix.dirname);

/** Libraries are known to one file each; n8n and Node are no libraries. */
export function sharedLibraries(imports: readonly Import[]): Import[] {
	const ofLibraries = imports.filter(
		({ name, target }) => target === null && !WORKFLOW.test(name) && !CRYPTO.test(name),
	);
	const libraryOf = ({ name }: Import) => name.split('/')[0];
	return ofLibraries.filter((each) =>
		ofLibraries.some((other) => other.file !== each.file && libraryOf(other) === libraryOf(each)),
	);
}

/** Things of the world that the rooms without n8n are handed, and never take for themselves. */
const WORLD =
	/\b(Date\.now\(|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.|process\.|fetch\(|console\.|globalThis)/;
const WITHOUT_WORLD = [SENDING, GATEWAYS, RECIPIENT_FILE, XLSX, TABLE, TEXT, PHONE];

export function worldlyLines(sources: readonly SourceFile[]): string[] {
	return sources
		.filter(({ file }) => WITHOUT_WORLD.some((room) => room.test(file)))
		.flatMap(({ file, text }) =>
			text
				.split('\n')
				.map((line, index) => ({ place: `${file}:${index + 1}`, line }))
				.filter(({ line }) => WORLD.test(line.replace(/\/\/.*|^\s*\/?\*.*/, '')))
				.map(({ place, line }) => `${place} ${line.trim()}`),
		);
}

export const homeless = (sources: readonly SourceFile[]) =>
	sources.filter(({ file }) => !roomOf(file)).map(({ file }) => `${file} stands in no room`);
