/** What the architecture's rules look at: the TypeScript sources of the house, as text and as a syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** The repository's root, seen from `dist/test/architecture`. */
export const root = new URL('../../../', import.meta.url).pathname;

export function sourceOf(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true) };
}

/** Every `.ts` file under the rooms, in order of path. */
export function readSources(): readonly Source[] {
  return ['apps', 'libs', 'test'].flatMap((room) => filesUnder(room).filter((path) => path.endsWith('.ts'))).map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

/** Paths of all files under a folder of the repository; none when the folder is not there. */
export function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .sort();
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}

/** Files that only tests and benches run: their suffix says so. They may import more, and no other file may import them. */
export function isForTests(path: string): boolean {
  return path.startsWith('test/') || /\.(spec|bench|examples|fixture|child|suite|laws|checks)(\.\w+)*\.ts$|\/conformance[./]|\/view-laws\.ts$/.test(path);
}

/** The only files of the ledger that may import Nest. */
export function isNestPart(path: string): boolean {
  return /^libs\/ledger\/.*\.(controller|module)\.ts$/.test(path);
}

/** Decided by arguments alone: no clock, no randomness, no environment (`architecture.md` §5, style 11). */
export function isPure(path: string): boolean {
  return /^libs\/(audit|law|policy|ledger)\//.test(path) && !isForTests(path) && !isNestPart(path);
}

/** Calls `visit` on every node of the tree, parents first. */
export function walk(tree: ts.Node, visit: (node: ts.Node) => void): void {
  visit(tree);
  ts.forEachChild(tree, (child) => walk(child, visit));
}

export function lineOf(source: Source, node: ts.Node): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1}`;
}
