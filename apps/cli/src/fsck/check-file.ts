import { existsSync } from 'node:fs';
import { structureFaults } from '#event-store/sqlite/integrity.js';
import type { Finding, Findings } from './findings.js';

/** Passes over a file that is not there: who opens it says so. */
export function checkFile(where: Finding['where'], file: string, findings: Findings): void {
  if (!existsSync(file)) return;
  for (const detail of structureFaults(file)) findings.add({ where, code: 'file-damaged', detail });
}
