/** A SQLite file's own structure: pages, trees, and that indexes and tables agree (https://sqlite.org/pragma.html#pragma_integrity_check). */
import { DatabaseSync } from 'node:sqlite';

const MOST = 20;

/** What SQLite finds wrong with a file, in its own words, without any text it may quote. Takes time in proportion to the file. */
export function structureFaults(file: string): readonly string[] {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const said = db.prepare(`PRAGMA integrity_check(${MOST})`).all().map((row) => String(row['integrity_check']));
    return said.filter((line) => line !== 'ok').map(withoutValues);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    db?.close();
  }
}

/** SQLite names tables, indexes, pages and rows by number; should it ever quote a text, that is left out. */
function withoutValues(said: string): string {
  return said.replaceAll(/'[^']*'|"[^"]*"/g, '…');
}
