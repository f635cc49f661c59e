/** Vault and views on PostgreSQL, each beside bare `pg` inserts into the same tables: by the rooms' own programs, which know those tables. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figure } from './figure.js';

const CALLERS = 64;

export async function vaultPostgresFigure(): Promise<readonly Figure[]> {
  return figureOf('vault-postgres', 'libs/vault/src/postgres/commit.bench.js', 'commands/s', /^vault on PostgreSQL.*\(measured\) +([\d.]+)/m, /^bare pg insert.*\(measured\) +([\d.]+)/m, `limit: bare pg, a transaction a command, same rows and tables, ${CALLERS} callers`);
}

export async function viewsPostgresFigure(): Promise<readonly Figure[]> {
  return figureOf('views-postgres', 'libs/projection/src/rebuild.bench.js', 'events/s', /^PostgreSQL +rebuild, inserting +([\d,]+)/m, /^PostgreSQL +bare insert +([\d,]+)/m, 'limit: bare pg insert of the same rows in the same batches; a rebuild of one view');
}

async function figureOf(name: string, program: string, unit: string, value: RegExp, limit: RegExp, note: string): Promise<readonly Figure[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [new URL(`../../${program}`, import.meta.url).pathname], { env: { ...process.env, NODE_OPTIONS: '' } });
  const [reached, bare] = [value, limit].map((pattern) => Number(pattern.exec(stdout)?.[1]?.replaceAll(',', '')));
  if (reached === undefined || bare === undefined || Number.isNaN(reached) || Number.isNaN(bare)) {
    process.stderr.write(`not run: ${name} (${/not run: (.*)/.exec(stdout)?.[1] ?? 'its program gave no figure'})\n`);
    return [];
  }
  return [{ name, value: reached, unit, limit: bare, ratio: reached / bare, note }];
}
