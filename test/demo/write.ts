/**
 * `node dist/test/demo/write.js DIRECTORY [--people N]`: the demo's lines as files, one a sender, `01-crm.ndjson` and so on in the order in
 * which the demo sends them, for a ledger that runs elsewhere. The same lines as the demo's own. `console`'s are an officer's.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfiguration } from '#nest/configuration.js';
import { readCodes } from './codes.js';
import { SENDERS } from './step.js';
import { generateUpstream, writeUpstream } from './upstream.js';

/** As in `main.ts`. */
const SETTINGS = { seed: 1, from: '2019-01-15', until: '2022-01-15' };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { people: { type: 'string', default: '2000' } } });
const [directory] = positionals;
if (directory === undefined) {
  process.stderr.write('write: say into which directory\n');
  process.exitCode = 2;
} else {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const upstream = generateUpstream({ ...SETTINGS, people: Number(values.people), codes: readCodes(readConfiguration(process.env).policy) });
  for (const [at, sender] of SENDERS.entries()) {
    const file = `${String(at + 1).padStart(2, '0')}-${sender}.ndjson`;
    process.stdout.write(`${file} ${await writeUpstream(upstream, sender, join(directory, file))}\n`);
  }
}
