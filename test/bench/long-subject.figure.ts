import { performance } from 'node:perf_hooks';
import { BenchLedger, percentile } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { unsealed } from './workload.js';

const EVENTS = 10_000;
const COMMANDS = 1_000;

/** The slowest hundredth of commands on a person with 10 000 events against people with 10; alternating, so that noise meets both. */
export async function longSubjectFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const [long = '', ...short] = await ledger.register(1 + COMMANDS);
    for (let i = 0; i < EVENTS; i++) await ledger.tell(unsealed(long, i));
    for (const subject of short) for (let i = 0; i < 7; i++) await ledger.tell(unsealed(subject, i));
    await ledger.caughtUp();
    const timed = async (subject: string, i: number): Promise<number> => {
      const began = performance.now();
      await ledger.tell(unsealed(subject, i));
      return performance.now() - began;
    };
    const longs = new Float64Array(COMMANDS);
    const shorts = new Float64Array(COMMANDS);
    for (let i = 0; i < COMMANDS; i++) {
      shorts[i] = await timed(short[i] ?? '', 3);
      longs[i] = await timed(long, 3);
    }
    const [value, limit] = [percentile(longs.sort(), 0.99), percentile(shorts.sort(), 0.99)];
    return [{ name: 'long-subject', value, unit: 'ms (p99)', limit, ratio: value / limit, note: `growth: a person with ${EVENTS} events against people with 10; one command at a time` }];
  } finally {
    await ledger.remove();
  }
}
