/** `npm run crash -- --rounds 200 [--seed N] [--connections 32]`: the long form of `kill.spec.ts`. */
import { parseArgs } from 'node:util';
import { crashRounds } from './rounds.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, connections: { type: 'string', default: '32' } } });
const begun = Date.now();
const settings = { rounds: Number(values.rounds), seed: Number(values.seed), connections: Number(values.connections), wholeEvery: 10 };
console.log(`${settings.rounds} rounds with seed ${settings.seed}, ${settings.connections} connections and an import`);
const outcome = await crashRounds({ ...settings, say: (line) => console.log(line) });
for (const fault of outcome.faults.slice(0, 20)) console.log(`FAULT ${fault}`);
console.log(
  `${outcome.recorded} commands acknowledged, ${outcome.unanswered} left without an answer by a kill, ${outcome.hadBeenWritten} of these found written; ${outcome.faults.length} faults; ${Math.round((Date.now() - begun) / 1000)} s`,
);
process.exitCode = outcome.faults.length === 0 ? 0 : 1;
