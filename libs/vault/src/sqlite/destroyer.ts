import type { DatabaseSync } from 'node:sqlite';
import type { Destruction, SealedRef } from '../vault.js';

/** Records destructions and deletes what they cover, in the transaction that its owner has begun: the record and the deed are one commit. */
export class Destroyer {
  constructor(private readonly db: DatabaseSync) {}

  destroy({ intent, owner, recordedAt, holdings, made }: Destruction): void {
    const isNew = this.#run('INSERT INTO destruction (intent, owner, recorded_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', intent, owner, recordedAt) > 0;
    if (made) {
      for (const ref of made.values) this.#value(ref, intent);
      for (const identifier of made.identifiers) this.#link(identifier);
    } else if (holdings) {
      for (const holding of holdings) this.#holding(holding, owner, intent);
    } else if (isNew) {
      // Once only: what the owner was given after its destruction is another matter, and this is repeated at every start.
      this.#all(owner, intent);
    }
  }

  /** Whoever sealed in it: after a merge a holding keeps the id and the key of the person merged in. */
  #holding(holding: string, owner: string, intent: string): void {
    this.#run('DELETE FROM value WHERE holding = ?', holding);
    this.#run(
      `INSERT INTO key (holding, owner, epoch, intent) VALUES (?, ?, 0, ?)
       ON CONFLICT DO UPDATE SET wrapped = NULL, intent = excluded.intent WHERE wrapped IS NOT NULL`,
      holding,
      owner,
      intent,
    );
    this.#link(holding);
  }

  /** A row that says so, even where the value was lost before. */
  #value({ event, slot, holding }: SealedRef, intent: string): void {
    const sql = `INSERT INTO value (event, slot, holding, at, intent) VALUES (?, ?, ?, 0, ?)
      ON CONFLICT DO UPDATE SET bytes = NULL, intent = excluded.intent WHERE intent IS NULL`;
    this.#run(sql, event, slot, holding, intent);
  }

  #link(identifier: string): void {
    this.#run('DELETE FROM claim WHERE (blind, kind, owner) = (SELECT blind, kind, owner FROM link WHERE identifier = ?)', identifier);
    this.#run('DELETE FROM link WHERE identifier = ?', identifier);
  }

  #all(owner: string, intent: string): void {
    const own = this.db.prepare(`SELECT holding FROM key WHERE owner = ?
      UNION SELECT holding FROM value WHERE other_owner = ? AND NOT EXISTS (SELECT 1 FROM key WHERE key.holding = value.holding)`);
    for (const { holding } of own.all(owner, owner)) this.#holding(String(holding), owner, intent);
    this.#run('UPDATE value SET bytes = NULL, intent = ? WHERE other_owner = ? AND intent IS NULL', intent, owner);
    this.#run('DELETE FROM link WHERE owner = ?', owner);
    this.#run('DELETE FROM claim WHERE owner = ?', owner);
    this.#run('UPDATE inbox SET fingerprint = NULL WHERE owner = ?', owner);
  }

  #run(sql: string, ...values: readonly string[]): number {
    return Number(this.db.prepare(sql).run(...values).changes);
  }
}
