/** The vault's half of the writer thread: checks and applies riders on its own connection, in the log writer's groups. */
import type { WriterParticipant } from '#event-store/writer-participant.js';
import { refusalOf } from '../rider.js';
import type { Rider } from '../rows.js';
import { purgeFile } from './purge.js';
import { RowWriter } from './row-writer.js';
import { openForWriting } from './vault-file.js';
import type { DatabaseSync } from 'node:sqlite';

/** The file has been prepared by `sqliteParticipant` on the main thread. */
export interface ParticipantOptions {
  readonly file: string;
}

export type ParticipantJob = { readonly job: 'purge' };

export function openParticipant(options: unknown): WriterParticipant {
  if (!isOptions(options)) throw new TypeError('the vault participant is opened with what sqliteParticipant gave');
  return new VaultParticipant(options.file);
}

class VaultParticipant implements WriterParticipant {
  readonly #db: DatabaseSync;
  readonly #rows: RowWriter;

  constructor(private readonly file: string) {
    this.#db = openForWriting(file);
    this.#rows = new RowWriter(this.#db);
  }

  begin(): void {
    this.#db.exec('BEGIN IMMEDIATE');
  }

  check(rider: unknown): unknown {
    return refusalOf(riderIn(rider).writes, this.#rows);
  }

  apply(rider: unknown): void {
    const { at, writes } = riderIn(rider);
    for (const write of writes) this.#rows.apply(write, at);
  }

  commit(): void {
    this.#db.exec('COMMIT');
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    this.#rows.forget();
  }

  run(job: unknown): unknown {
    if (!isJob(job)) throw new TypeError('the vault participant knows no such job');
    return purgeFile(this.#db, this.file);
  }

  close(): void {
    this.#db.close();
  }
}

function riderIn(rider: unknown): Rider {
  if (!isRider(rider)) throw new TypeError('the vault participant takes only riders of the vault');
  return rider;
}

function isRider(value: unknown): value is Rider {
  return typeof value === 'object' && value !== null && 'writes' in value && Array.isArray(value.writes) && 'at' in value && typeof value.at === 'number';
}

function isOptions(value: unknown): value is ParticipantOptions {
  return typeof value === 'object' && value !== null && 'file' in value && typeof value.file === 'string';
}

function isJob(value: unknown): value is ParticipantJob {
  return typeof value === 'object' && value !== null && 'job' in value && value.job === 'purge';
}
