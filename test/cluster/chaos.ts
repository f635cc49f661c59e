/** `npm run chaos -- --rounds 50 [--seed N] [--connections 12] [--only 'kill api,late answers']`: the long form of `chaos.spec.ts`. */
import { parseArgs } from 'node:util';
import { chaosRounds } from './chaos-rounds.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, connections: { type: 'string', default: '12' }, only: { type: 'string' } } });
const begun = Date.now();
const settings = { rounds: Number(values.rounds), seed: Number(values.seed), connections: Number(values.connections), wholeEvery: 10, ...(values.only !== undefined && { only: values.only.split(',') }) };
console.log(`${settings.rounds} rounds with seed ${settings.seed}: two API nodes, two projectors, ${settings.connections} connections and two imports`);
const outcome = await chaosRounds({ ...settings, say: (line) => console.log(line) });
if ('notRun' in outcome) console.log(`not run: ${outcome.notRun}`);
else {
  for (const fault of outcome.faults.slice(0, 20)) console.log(`FAULT ${fault}`);
  console.log(
    `${outcome.recorded} commands recorded and acknowledged, ${outcome.refused} refused, ${outcome.merges} merges, ${outcome.repeated} sent more than once, ${outcome.doubtful} of them for want of an answer; ` +
      `${outcome.events} events; ${outcome.faults.length} faults; ${Math.round((Date.now() - begun) / 1000)} s`,
  );
}
process.exitCode = 'notRun' in outcome || outcome.faults.length === 0 ? 0 : 1;
