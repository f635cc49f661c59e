/** The tokens of the demo's systems. Kept, so that a second run is the same senders and its lines are duplicates. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, expectOk, type Server } from '../../apps/cli/src/server.js';
import { SYSTEMS } from './step.js';

type System = (typeof SYSTEMS)[number];
/** The console's is the officer's own. */
export type Tokens = Readonly<Record<System | 'console', string>>;

/** Makes those that are missing, with the officer's. The file is readable by its owner alone, as the officer's is. */
export async function tokensOf(officer: Server, data: string): Promise<Tokens> {
  const file = join(data, 'demo-tokens.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<System, string>>) : {};
  const tokens: Partial<Record<System, string>> = { ...known };
  for (const system of SYSTEMS) tokens[system] ??= await tokenFor(system, officer);
  if (SYSTEMS.some((system) => known[system] === undefined)) writeFileSync(file, `${JSON.stringify(tokens)}\n`, { mode: 0o600 });
  return { ...(tokens as Record<System, string>), console: officer.token };
}

async function tokenFor(system: System, officer: Server): Promise<string> {
  const made = expectOk(await ask(officer, '/v1/tokens', { method: 'POST', body: { name: `demo ${system}`, role: 'upstream', system } }), officer);
  return (made as { readonly token: string }).token;
}
