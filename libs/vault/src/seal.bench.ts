/**
 * What sealing and committing cost. Run it alone: `node dist/libs/vault/src/seal.bench.js`. Prints one line per figure.
 *
 * The last two figures are one typical sealed command (a new key, three values, an inbox row, an earlier one settled) in groups of 64 with
 * one sync each: by the vault's participant, and by a bare writer that puts the same rows into the same tables and indexes.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpecLog, SpecWriter } from './conformance.log.js';
import { memoryKeys } from './keys.js';
import { riderOf } from './rider.js';
import type { Rider } from './rows.js';
import { openSqliteVault, sqliteParticipant } from './sqlite/sqlite-vault.js';
import { openForWriting } from './sqlite/vault-file.js';
import { openParticipant } from './sqlite/vault.participant.js';
import { appendOf, commitmentOf, inboxOf, LEDGER, subject, valueOf } from './vault.examples.js';

const COMMANDS = 12_800;
const GROUP = 64;
const TEXT = '"anna.exempel@example.com"';

const directory = mkdtempSync(join(tmpdir(), 'liggare-bench-'));
const keys = memoryKeys();
const settings = (name: string): { file: string; keys: typeof keys; ledgerId: string } => ({ file: join(directory, name), keys, ledgerId: LEDGER });

try {
  const participant = openParticipant(sqliteParticipant(settings('vault.sqlite')).options);
  const writer = new SpecWriter(new SpecLog(), participant);
  const vault = openSqliteVault({ ...settings('vault.sqlite'), commit: commitmentOf, writer });

  for (const round of ['warm-up', 'measured']) {
    await perOperation(`seal, new key (${round})`, 20_000, async () => vault.seal([valueOf('subject', TEXT)]));
    const holding = randomUUID();
    await perOperation(`seal, cached key (${round})`, 20_000, async () => vault.seal([valueOf('subject', TEXT, { holding })]));
    await perOperation(`seal, three values of a new holding (${round})`, 10_000, async () => {
      const [owner, ofThree] = [subject(), randomUUID()];
      return vault.seal(['email', 'name', 'phone'].map((slot) => valueOf(owner, TEXT, { holding: ofThree, slot })));
    });
    await perOperation(`blind index of an address (${round})`, 20_000, async () => vault.blindIndex('email', 'Anna.Exempel@Example.com'));
  }

  const riders = await sealedCommands();
  report('check and apply, participant', 'commands/s', perSecond(() => {
    for (let i = 0; i < riders.length; i += GROUP) {
      participant.begin();
      for (const rider of riders.slice(i, i + GROUP)) {
        if (participant.check(rider) !== undefined) throw new Error('nothing speaks against these');
        participant.apply(rider);
      }
      participant.commit();
    }
  }));
  report('the same rows, bare writer', 'commands/s', bareWriter(riders));
  await vault.close();
  writer.close();

  async function sealedCommands(): Promise<readonly Rider[]> {
    const made: Rider[] = [];
    let last = '';
    for (let i = 0; i < COMMANDS; i++) {
      const [owner, event, holding] = [subject(), randomUUID(), randomUUID()];
      const append = { ...appendOf(owner, event), events: [{ id: event, type: 'HoldingCollected', data: 'x'.repeat(900) }] };
      const sealed = await vault.seal(['email', 'name', 'phone'].map((slot) => valueOf(owner, TEXT, { event, holding, slot })));
      const settle = last === '' ? [] : [{ op: 'settle', key: last } as const];
      made.push(structuredClone(riderOf([inboxOf(append), ...sealed.flatMap(({ writes }) => writes), ...settle], Date.now())));
      last = event;
    }
    return made;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function bareWriter(riders: readonly Rider[]): number {
  sqliteParticipant(settings('bare.sqlite'));
  const db = openForWriting(join(directory, 'bare.sqlite'));
  const key = db.prepare('INSERT INTO key (holding, owner, wrapped, epoch) VALUES (?, ?, ?, ?)');
  const value = db.prepare('INSERT INTO value (event, slot, holding, at, bytes) VALUES (?, ?, ?, ?, ?)');
  const inbox = db.prepare('INSERT INTO inbox (key, fingerprint, owner, attempt) VALUES (?, ?, ?, ?)');
  const pending = db.prepare('INSERT INTO pending (key, prepared) VALUES (?, ?)');
  const settle = db.prepare('DELETE FROM pending WHERE key = ?');
  const rate = perSecond(() => {
    for (let i = 0; i < riders.length; i += GROUP) {
      db.exec('BEGIN IMMEDIATE');
      for (const { at, writes } of riders.slice(i, i + GROUP)) {
        for (const write of writes) {
          if (write.op === 'key') key.run(write.holding, write.owner, write.wrapped, write.epoch);
          else if (write.op === 'value') value.run(write.event, write.slot, write.holding, at, write.bytes);
          else if (write.op === 'inbox') {
            inbox.run(write.key, write.fingerprint, write.owner, write.attempt);
            pending.run(write.key, write.prepared);
          } else if (write.op === 'settle') settle.run(write.key);
        }
      }
      db.exec('COMMIT');
    }
  });
  db.close();
  return rate;
}

async function perOperation(name: string, times: number, operation: () => Promise<unknown>): Promise<void> {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i++) await operation();
  report(name, 'µs/op', Number(process.hrtime.bigint() - start) / 1000 / times);
}

/** Commands a second. */
function perSecond(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return (COMMANDS / Number(process.hrtime.bigint() - start)) * 1e9;
}

function report(name: string, unit: string, value: number): void {
  process.stdout.write(`${name.padEnd(50)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)} ${unit}\n`);
}
