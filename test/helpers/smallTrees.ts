import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { smallPackages, type SmallPackage } from '../../scripts/packages/smallPackages';
import { root, writeTree } from '../../scripts/packages/tree';

export interface BuiltTree {
	small: SmallPackage;
	folder: string;
}

/** The source trees of both small packages, built with the tools of the whole one. */
export function builtTrees(): { trees: BuiltTree[]; remove: () => void } {
	const parent = mkdtempSync(path.join(tmpdir(), 'small-packages-'));
	const trees: BuiltTree[] = [];
	for (const small of smallPackages) {
		const folder = path.join(parent, small.name);
		writeTree(small, folder);
		symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
		const gulp = path.join(root, 'node_modules/gulp/bin/gulp.js');
		execFileSync(process.execPath, [gulp, 'build', '--silent'], { cwd: folder, stdio: 'pipe' });
		trees.push({ small, folder });
	}
	return { trees, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
