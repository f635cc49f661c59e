/** A SQLite file's own structure: pages, trees, and that indexes and tables agree (https://sqlite.org/pragma.html#pragma_integrity_check). */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Finding, Findings } from './findings.js';

const MOST = 20;

/** Takes time in proportion to the file. Passes over a file that is not there: who opens it says so. */
export function checkFile(where: Finding['where'], file: string, findings: Findings): void {
  if (!existsSync(file)) return;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    for (const row of db.prepare(`PRAGMA integrity_check(${MOST})`).all()) {
      const said = String(row['integrity_check']);
      if (said !== 'ok') findings.add({ where, code: 'file-damaged', detail: withoutValues(said) });
    }
  } catch (error) {
    findings.add({ where, code: 'file-damaged', detail: error instanceof Error ? error.message : String(error) });
  } finally {
    db?.close();
  }
}

/** SQLite names tables, indexes, pages and rows by number; should it ever quote a text, that is left out. */
function withoutValues(said: string): string {
  return said.replaceAll(/'[^']*'|"[^"]*"/g, '…');
}
