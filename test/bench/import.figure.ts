import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { performance } from 'node:perf_hooks';
import { sendLines } from '../../apps/cli/src/send-lines.js';
import { readCodes } from '../demo/codes.js';
import { SYSTEMS } from '../demo/step.js';
import { generateUpstream } from '../demo/upstream.js';
import { BenchLedger, bareCommands } from './bench-ledger.js';
import type { Figure } from './figure.js';

const PEOPLE = 2_000;
const POLICY = fileURLToPath(new URL('../../../deploy/policy/asurgent.yaml', import.meta.url));

/** The demo's upstream, faulty lines and all, imported over HTTP as NDJSON: the customer register first, then six systems at once. */
export async function importFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const upstream = generateUpstream({ people: PEOPLE, seed: 1, from: '2019-01-15', until: '2022-01-15', codes: readCodes(POLICY) });
    const texts = SYSTEMS.map((system) => [...upstream.lines(system)].map(({ text }) => `${text}\n`));
    await ledger.open();
    await ledger.close();
    const base = ledger.copy('base');
    const { url, parts } = await ledger.open();
    const servers = await Promise.all(
      SYSTEMS.map(async (system) => ({ url: new URL(url), token: (await parts.vault.createActor({ name: system, role: 'upstream', system })).token })),
    );
    const began = performance.now();
    const send = (server: (typeof servers)[number], i: number): ReturnType<typeof sendLines> => sendLines(server, Readable.from(texts[i] ?? [], { objectMode: false }));
    // The first tells of the registers that the others' lines name.
    const [first, ...others] = servers.map((server, i) => () => send(server, i));
    const tallies = [...(first === undefined ? [] : [await first()]), ...(await Promise.all(others.map((tell) => tell())))];
    const seconds = (performance.now() - began) / 1000;
    const lag = await ledger.lag();
    await ledger.close();
    const reports = tallies.map((tally) => tally.report());
    const lines = reports.reduce((sum, { answered }) => sum + answered, 0);
    const recorded = reports.reduce((sum, report) => sum + report.recorded, 0);
    const [value, limit] = [recorded / seconds, await bareCommands(ledger, base, recorded)];
    return [{ name: 'import', value, unit: 'commands/s', limit, ratio: value / limit, note: `${lines} lines, ${recorded} recorded; limit: bare writer, same rows, tables and indexes; projector ${lag} events behind at the end` }];
  } finally {
    await ledger.remove();
  }
}
