/**
 * `npm run bench`: every figure of `architecture.md` §7 that exists, each beside its limit in the same run. `--json`: one JSON line a
 * figure. Names as arguments: only these.
 */
import { commandsFigure, commandsSealedFigure } from './commands.figures.js';
import { decisionsFigure } from './decisions.figure.js';
import type { Figure } from './figure.js';
import { tableOf } from './figure.js';
import { httpFigure } from './http.figure.js';
import { importFigure } from './import.figure.js';
import { longSubjectFigure } from './long-subject.figure.js';
import { rebuildFigure } from './rebuild.figure.js';
import { vaultPostgresFigure, viewsPostgresFigure } from './postgres.figures.js';
import { commandsEsdbFigure, commandsSealedServersFigure } from './servers.figures.js';
import { startFigure } from './start.figure.js';

const figures: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  commands: commandsFigure,
  'commands-sealed': commandsSealedFigure,
  http: httpFigure,
  import: importFigure,
  decisions: decisionsFigure,
  rebuild: rebuildFigure,
  'long-subject': longSubjectFigure,
  start: startFigure,
  'commands-esdb': commandsEsdbFigure,
  'commands-sealed-servers': commandsSealedServersFigure,
  'vault-postgres': vaultPostgresFigure,
  'views-postgres': viewsPostgresFigure,
};

const isJson = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !Object.hasOwn(figures, name));
if (unknown.length > 0) {
  process.stderr.write(`there is no figure ${unknown.join(', ')}; there are ${Object.keys(figures).join(', ')}\n`);
  process.exit(2);
}
const all: Figure[] = [];
for (const [name, measure] of Object.entries(figures)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  const found = await measure();
  all.push(...found);
  if (isJson) for (const figure of found) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
if (!isJson) process.stdout.write(`${tableOf(all)}\n`);
