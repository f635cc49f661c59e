import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { preparedOf, type Lookup } from '../rider.js';
import type { RowWrite } from '../rows.js';
import { keyIdOf } from '../seal.js';
import type { IdentifierKind } from '../vault.js';
import { Destroyer } from './destroyer.js';
import { metaOf } from './vault-file.js';

type Write<Op extends RowWrite['op']> = Extract<RowWrite, { readonly op: Op }>;

/** Applies writes within the transaction that its owner has begun, and answers what refusals depend on. */
export class RowWriter implements Lookup {
  readonly #sql: ReturnType<typeof prepareAll>;
  readonly #destroyer: Destroyer;
  #epoch: number | undefined;

  constructor(private readonly db: DatabaseSync) {
    this.#sql = prepareAll(db);
    this.#destroyer = new Destroyer(db);
  }

  key(holding: string): { readonly id: string | undefined } | undefined {
    const row = this.#sql.findKey.get(holding);
    if (!row) return undefined;
    const { wrapped } = row;
    return { id: wrapped instanceof Uint8Array ? keyIdOf(wrapped) : undefined };
  }

  claimant(kind: IdentifierKind, index: string): string | undefined {
    return text(this.#sql.findClaim.get(index, kind)?.['owner']);
  }

  inbox(key: string): { readonly attempt: number; readonly settled: boolean } | undefined {
    const row = this.#sql.findInbox.get(key);
    return row && { attempt: Number(row['attempt']), settled: row['settled'] === 1 };
  }

  epoch(): number {
    this.#epoch ??= Number(metaOf(this.db, 'epoch'));
    return this.#epoch;
  }

  /** After a rollback nothing that was read within the transaction holds. */
  forget(): void {
    this.#epoch = undefined;
  }

  apply(write: RowWrite, at: number): void {
    const sql = this.#sql;
    switch (write.op) {
      case 'inbox':
        return this.#inbox(write);
      case 'key':
        sql.addKey.run(write.holding, write.owner, write.wrapped, write.epoch);
        return;
      case 'value':
        sql.putValue.run(write.event, write.slot, write.holding, write.owner, write.holding, at, write.bytes);
        return;
      case 'link':
        sql.putLink.run(write.identifier, write.kind, write.index, write.owner, write.from, write.to, Number(write.shared));
        return;
      case 'unlink':
        sql.endLink.run(write.to, write.identifier);
        sql.releaseClaim.run(write.identifier);
        return;
      case 'claim':
        sql.addClaim.run(write.index, write.kind, write.owner);
        return;
      case 'settle':
        sql.dropPending.run(write.key);
        return;
      case 'void':
        if (this.#dropAttempt(write.key)) sql.dropInbox.run(write.key);
        return;
      case 'destroy':
        return this.#destroyer.destroy(write.destruction);
      case 'collect':
        if (sql.collectValue.run(write.event, write.slot, write.holding, write.before).changes > 0) sql.collectKey.run(write.holding, write.holding);
        return;
      case 'text':
        sql.addText.run(write.sha256, write.text);
        return;
      case 'actor':
        return this.#actor(write);
      case 'revoke':
        sql.revoke.run(write.at, write.id);
        return;
      case 'epoch':
        sql.setEpoch.run(String(write.epoch));
        return this.forget();
      case 'rewrap':
        sql.rewrap.run(write.wrapped, write.epoch, write.holding, write.from);
        return;
      default: {
        const _: never = write;
        return _;
      }
    }
  }

  #inbox({ key, fingerprint, owner, attempt, prepared }: Write<'inbox'>): void {
    if (attempt > 1) this.#dropAttempt(key);
    this.#sql.putInbox.run(key, fingerprint, owner, attempt);
    this.#sql.addPending.run(key, prepared);
  }

  #actor({ actor }: Write<'actor'>): void {
    this.#sql.addActor.run(actor.id, actor.hash, actor.name, actor.role, actor.system ?? null, actor.expiresAt ?? null);
  }

  /** What an attempt that the log never took has sealed. False: there is none whose outcome is open. */
  #dropAttempt(key: string): boolean {
    const prepared = text(this.#sql.findPending.get(key)?.['prepared']);
    if (prepared === undefined) return false;
    for (const { id } of preparedOf(prepared).events) this.#sql.dropValues.run(id);
    this.#sql.dropPending.run(key);
    return true;
  }
}

function prepareAll(db: DatabaseSync): Record<keyof typeof STATEMENTS, StatementSync> {
  const prepare = (name: keyof typeof STATEMENTS): StatementSync => db.prepare(STATEMENTS[name]);
  return {
    findKey: prepare('findKey'),
    addKey: prepare('addKey'),
    rewrap: prepare('rewrap'),
    putValue: prepare('putValue'),
    dropValues: prepare('dropValues'),
    collectValue: prepare('collectValue'),
    collectKey: prepare('collectKey'),
    putLink: prepare('putLink'),
    endLink: prepare('endLink'),
    releaseClaim: prepare('releaseClaim'),
    findClaim: prepare('findClaim'),
    addClaim: prepare('addClaim'),
    findInbox: prepare('findInbox'),
    putInbox: prepare('putInbox'),
    dropInbox: prepare('dropInbox'),
    findPending: prepare('findPending'),
    addPending: prepare('addPending'),
    dropPending: prepare('dropPending'),
    addText: prepare('addText'),
    addActor: prepare('addActor'),
    revoke: prepare('revoke'),
    setEpoch: prepare('setEpoch'),
  };
}

const STATEMENTS = {
  findKey: 'SELECT wrapped FROM key WHERE holding = ?',
  addKey: 'INSERT INTO key (holding, owner, wrapped, epoch) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  rewrap: 'UPDATE key SET wrapped = ?, epoch = ? WHERE holding = ? AND epoch = ? AND wrapped IS NOT NULL',
  // The owner is stored only where it is not the key's: nullif gives NULL for equals.
  putValue: `INSERT INTO value (event, slot, holding, other_owner, at, bytes) VALUES (?, ?, ?, nullif(?, (SELECT owner FROM key WHERE holding = ?)), ?, ?)
    ON CONFLICT DO UPDATE SET holding = excluded.holding, other_owner = excluded.other_owner, at = excluded.at, bytes = excluded.bytes WHERE intent IS NULL`,
  dropValues: 'DELETE FROM value WHERE event = ? AND intent IS NULL',
  collectValue: 'DELETE FROM value WHERE event = ? AND slot = ? AND holding = ? AND at < ? AND intent IS NULL',
  collectKey: 'DELETE FROM key WHERE holding = ? AND intent IS NULL AND NOT EXISTS (SELECT 1 FROM value WHERE holding = ?)',
  putLink: 'INSERT OR REPLACE INTO link (identifier, kind, blind, owner, valid_from, valid_to, shared) VALUES (?, ?, ?, ?, ?, ?, ?)',
  endLink: 'UPDATE link SET valid_to = ? WHERE identifier = ?',
  releaseClaim: 'DELETE FROM claim WHERE (blind, kind, owner) = (SELECT blind, kind, owner FROM link WHERE identifier = ?)',
  findClaim: 'SELECT owner FROM claim WHERE blind = ? AND kind = ?',
  addClaim: 'INSERT INTO claim (blind, kind, owner) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  findInbox: 'SELECT attempt, NOT EXISTS (SELECT 1 FROM pending WHERE pending.key = inbox.key) AS settled FROM inbox WHERE key = ?',
  putInbox: `INSERT INTO inbox (key, fingerprint, owner, attempt) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner, attempt = excluded.attempt`,
  dropInbox: 'DELETE FROM inbox WHERE key = ?',
  findPending: 'SELECT prepared FROM pending WHERE key = ?',
  addPending: 'INSERT INTO pending (key, prepared) VALUES (?, ?)',
  dropPending: 'DELETE FROM pending WHERE key = ?',
  addText: 'INSERT INTO text (sha256, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
  addActor: 'INSERT INTO actor (id, hash, name, role, system, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  revoke: 'UPDATE actor SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
  setEpoch: "UPDATE meta SET value = ? WHERE name = 'epoch'",
} as const;

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
