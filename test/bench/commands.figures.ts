import { BenchLedger, atOnce, bareCommands } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { sealed, unsealed, type Told } from './workload.js';

const PEOPLE = 2_000;

/** Commands through the bus, checked, decided, durable; 64 at once, embedded. */
export function commandsFigure(): Promise<readonly Figure[]> {
  return measured('commands', 30_000, (subjects, i) => unsealed(subjects[i % PEOPLE] ?? '', i));
}

/** The same for commands that carry personal values into the vault. */
export function commandsSealedFigure(): Promise<readonly Figure[]> {
  return measured('commands-sealed', 12_000, (_subjects, i) => sealed(i % PEOPLE, i));
}

async function measured(name: string, commands: number, command: (subjects: readonly string[], i: number) => Told): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const subjects = await ledger.register(PEOPLE);
    await ledger.close();
    const [base, plain] = [ledger.copy('base'), ledger.copy('plain')];
    await ledger.open();
    await atOnce(64, 2_000, async (i) => void (await ledger.tell(command(subjects, i))));
    const seconds = await atOnce(64, commands, async (i) => void (await ledger.tell(command(subjects, i + 2_000))));
    const lag = await ledger.lag();
    await ledger.close();
    const [value, limit] = [commands / seconds, await bareCommands(ledger, base, commands + 2_000)];
    const bare = await bareCommands(ledger, plain, commands + 2_000, true);
    return [
      { name, value, unit: 'commands/s', limit, ratio: value / limit, note: `limit: bare writer, same rows, tables and indexes, groups of 64; projector ${lag} events behind at the end` },
      { name: `${name}-index-free`, value, unit: 'commands/s', limit: bare, ratio: value / bare, note: 'limit: bare writer, same rows, no key or index' },
    ];
  } finally {
    await ledger.remove();
  }
}
