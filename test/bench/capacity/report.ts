/** The measurements as tables: each figure at both sizes, and what one more event costs. */
import type { OnFiles } from './on-files.js';
import type { Cpu, OnServers } from './on-servers.js';
import type { LogSize, Row } from './sizes.js';

const PARTS = ['api', 'projector', 'postgres', 'logServer'] as const;
const MIB = 1024 * 1024;

export function filesText(small: OnFiles, large: OnFiles): string {
  const events = large.log.events - small.log.events;
  const head = [small, large].map(({ people, told, log }) => ({ people, lines: told.lines, recorded: told.recorded, events: log.events, 'sealed events': log.sealedEvents, 'sealed values': log.sealedValues, streams: log.streams, 'register events': log.registerEvents, seconds: round(told.seconds) }));
  const cost = [
    { cost: 'CPU of the process, ms', small: round((1000 * small.cpu.node) / small.log.events), large: round((1000 * large.cpu.node) / large.log.events), 'one more': round((1000 * (large.cpu.node - small.cpu.node)) / events) },
    ...['log.db', 'vault.db', 'views.db'].map((file) => ({ cost: `${file}, bytes`, small: round(fileIn(small, file) / small.log.events), large: round(fileIn(large, file) / large.log.events), 'one more': round((fileIn(large, file) - fileIn(small, file)) / events) })),
    { cost: 'fsck, CPU ms', small: round((1000 * small.fsck.cpu) / small.log.events), large: round((1000 * large.fsck.cpu) / large.log.events), 'one more': round((1000 * (large.fsck.cpu - small.fsck.cpu)) / events) },
    ...(small.migrate && large.migrate
      ? [
          { cost: 'migrate, CPU ms', small: round((1000 * small.migrate.cpu) / small.log.events), large: round((1000 * large.migrate.cpu) / large.log.events), 'one more': round((1000 * (large.migrate.cpu - small.migrate.cpu)) / events) },
          { cost: 'migrate, wall ms', small: round((1000 * small.migrate.seconds) / small.log.events), large: round((1000 * large.migrate.seconds) / large.log.events), 'one more': round((1000 * (large.migrate.seconds - small.migrate.seconds)) / events) },
        ]
      : [{ cost: 'migrate: not run', small: 0, large: 0, 'one more': 0 }]),
  ];
  const memory = [small, large].map(({ people, memory: { now, peak }, cached }) => ({ people, 'RSS MiB': round(now / MIB), 'peak MiB': round(peak / MIB), 'heap bytes a cached event': round(cached) }));
  return ['ON FILES', table(head), 'per event', table(cost), table(memory), 'envelopes by type', table(large.log.byType), 'tables', table(large.tables)].join('\n\n');
}

export function serversText(small: OnServers, large: OnServers, log: LogSize): string {
  const events = large.events - small.events;
  const commands = large.told.recorded - small.told.recorded;
  const head = [small, large].map(({ people, told, events: count }) => ({ people, lines: told.lines, recorded: told.recorded, events: count, seconds: round(told.seconds) }));
  const one = (cost: string, of: (one: OnServers) => number): Row => ({ cost, small: round(of(small) / small.events), large: round(of(large) / large.events), 'one more event': round((of(large) - of(small)) / events), 'one more command': round((of(large) - of(small)) / commands) });
  const ms = (of: (one: OnServers) => Cpu, part: (typeof PARTS)[number]) => (each: OnServers): number => 1000 * (of(each)[part] ?? Number.NaN);
  const cost = [
    ...PARTS.map((part) => one(`CPU ${part}, ms`, ms(({ cpu }) => cpu, part))),
    one('WAL bytes', ({ wal }) => wal.bytes),
    one('WAL full pages', ({ wal }) => wal.fullPages),
    one('WAL syncs', ({ wal }) => wal.syncs),
    one('commits', ({ wal }) => wal.commits),
    ...schemas(large).map((schema) => one(`${schema}, bytes`, ({ tables }) => bytesIn(tables, schema, 'bytes'))),
    ...schemas(large).map((schema) => one(`${schema}, of these indexes`, ({ tables }) => bytesIn(tables, schema, 'indexes'))),
    ...PARTS.map((part) => one(`rebuild: CPU ${part}, ms`, ms(({ rebuild }) => rebuild, part))),
    one('rebuild: wall ms', ({ rebuild }) => 1000 * rebuild.seconds),
    one('read all: CPU ms of the reader', ({ whole }) => 1000 * whole.cpu),
    one('registers at start: CPU ms of the node', ({ registers }) => 1000 * registers.cpu),
    one('registers at start: CPU ms of the log server', ({ registers }) => 1000 * registers.logServerCpu),
  ];
  const reads = [small, large].flatMap(({ people, whole, registers, streams }) => Object.entries({ whole, registers, streams }).map(([what, read]) => ({ people, read: what, events: read.events, seconds: round(read.seconds), cpu: round(read.cpu), 'log server cpu': round(read.logServerCpu) })));
  const memory = [small, large].flatMap(({ people, memory: of }) => Object.entries(of).map(([part, { now, peak }]) => ({ people, part, 'RSS MiB': round(now / MIB), 'peak MiB': round(peak / MIB) })));
  const idle = PARTS.map((part) => ({ part, 'idle: CPU ms a second': round(1000 * (large.idleSecond[part] ?? Number.NaN)) }));
  const esdb = `EventStoreDB, by its format and not measured: ${round(log.esdbBytes / log.events)} bytes an event, of which ${round(log.bytes / log.events)} are its data`;
  return ['ON SERVERS (the log server is the tests\', not EventStoreDB)', table(head), 'per event', table(cost), esdb, table(reads), table(memory), table(idle), 'tables', table(large.tables)].join('\n\n');
}

const fileIn = ({ tables }: OnFiles, file: string): number => Number(tables.find(({ store, of }) => store === file && of === 'file')?.['bytes'] ?? Number.NaN);
const schemas = ({ tables }: OnServers): readonly string[] => [...new Set(tables.map(({ store }) => String(store)))];
const bytesIn = (tables: readonly Row[], schema: string, column: string): number => tables.filter(({ store }) => store === schema).reduce((sum, row) => sum + Number(row[column]), 0);
const round = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000);

/** Columns as wide as they need to be; numbers to the right. */
function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  return cells.map((row) => row.map((cell, i) => (typeof rows[0]?.[columns[i] ?? ''] === 'number' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd()).join('\n');
}
