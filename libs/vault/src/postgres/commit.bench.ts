/**
 * What a sealed command costs in PostgreSQL, beside bare inserts of the same rows into the same tables. Run it alone:
 * `node dist/libs/vault/src/postgres/commit.bench.js`. The server is one with fsync; both sides have the same pool, and a transaction a command.
 *
 * A command is a new key, three values, an inbox row with its prepared bytes, and an earlier one settled. `bare` is what a program would write
 * without this vault: BEGIN, one prepared statement a table, COMMIT, and no rule checked.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '#postgres/database.js';
import { startPostgres } from '#postgres/postgres.fixture.js';
import { memoryKeys } from '../keys.js';
import { riderOf } from '../rider.js';
import type { Rider, RowWrite } from '../rows.js';
import { appendOf, commitmentOf, inboxOf, LEDGER, subject, valueOf } from '../vault.examples.js';
import { openPostgresVault, openVaultDatabase, TAKE } from './postgres-vault.js';
import { argumentsOf, eventsOf } from './rider-rows.js';

const COMMANDS = Number(process.env['COMMANDS'] ?? 3_200);
const CALLERS = 64;

const server = await startPostgres({ durable: true });
if ('notRun' in server) process.stdout.write(`not run: PostgreSQL (${server.notRun})\n`);
else {
  const url = await server.newDatabase();
  try {
    for (const round of ['warm-up', 'measured']) {
      const bare = await measured(round, insertBare);
      const vault = await measured(round, async (database, rider) => void (await database.query(TAKE, argumentsOf(rider))));
      report(`bare pg insert, ${CALLERS} callers (${round})`, `${bare.toFixed(0)} commands/s`);
      report(`vault on PostgreSQL, ${CALLERS} callers (${round})`, `${vault.toFixed(0)} commands/s`);
      report(`vault / bare (${round})`, (vault / bare).toFixed(2));
    }
  } finally {
    await server.stop();
  }

  async function measured(round: string, take: (database: Database, rider: Rider) => Promise<void>): Promise<number> {
    const database = await openVaultDatabase(url, { schema: `vault_${round.replace('-', '_')}_${randomUUID().slice(0, 4)}` });
    const vault = await openPostgresVault({ database, keys: memoryKeys(), ledgerId: LEDGER, commit: commitmentOf, log: { append: async () => ({ revision: 0, positions: [], repeated: false }) } });
    const riders: Rider[] = [];
    for (let i = 0, last = ''; i < COMMANDS; i++) {
      const [owner, event, holding] = [subject(), randomUUID(), randomUUID()];
      const append = { ...appendOf(owner, event), events: [{ id: event, type: 'HoldingCollected', data: 'x'.repeat(900) }] };
      const sealed = await vault.seal(['email', 'name', 'phone'].map((slot) => valueOf(owner, '"anna.exempel@example.com"', { event, holding, slot })));
      riders.push(riderOf([inboxOf(append), ...sealed.flatMap(({ writes }) => writes), ...(last === '' ? [] : [{ op: 'settle', key: last } as const])], Date.now()));
      last = event;
    }
    const start = process.hrtime.bigint();
    let next = 0;
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        for (let rider = riders[next++]; rider; rider = riders[next++]) await take(database, rider);
      }),
    );
    const rate = (COMMANDS / Number(process.hrtime.bigint() - start)) * 1e9;
    await vault.close();
    await database.close();
    return rate;
  }
}

async function insertBare(database: Database, { at, writes }: Rider): Promise<void> {
  await database.transaction(async (transaction) => {
    const values = writes.filter((write): write is Extract<RowWrite, { op: 'value' }> => write.op === 'value');
    for (const write of writes) {
      if (write.op === 'inbox') {
        await transaction.query({ name: 'bare-inbox', text: 'INSERT INTO inbox (key, fingerprint, owner, attempt) VALUES ($1, $2, $3, $4)' }, [write.key, write.fingerprint, write.owner, write.attempt]);
        await transaction.query({ name: 'bare-pending', text: 'INSERT INTO pending (key, prepared, events) VALUES ($1, $2, $3)' }, [write.key, write.prepared, [eventsOf(write.prepared)]]);
      } else if (write.op === 'key') {
        await transaction.query({ name: 'bare-key', text: 'INSERT INTO key (holding, owner, wrapped, epoch) VALUES ($1, $2, $3, $4)' }, [write.holding, write.owner, write.wrapped, write.epoch]);
      } else if (write.op === 'settle') await transaction.query({ name: 'bare-settle', text: 'DELETE FROM pending WHERE key = $1' }, [write.key]);
    }
    const text = 'INSERT INTO value (event, slot, holding, at, bytes) SELECT event, slot, holding, $5, bytes FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS one (event, slot, holding, bytes)';
    await transaction.query({ name: 'bare-value', text }, [values.map(({ event }) => event), values.map(({ slot }) => slot), values.map(({ holding }) => holding), values.map(({ bytes }) => bytes), at]);
  });
}

function report(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(50)} ${value}\n`);
}
