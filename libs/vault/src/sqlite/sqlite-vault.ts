import type { DatabaseSync } from 'node:sqlite';
import { type Appended, type AppendRequest, type EventStore, WrongExpectedRevision } from '#event-store/event-store.js';
import type { SharedWriter } from '#event-store/writer-participant.js';
import type { ActorRow, Found, KeyRow, Rider, ValueRow, VaultRows } from '../rows.js';
import { SealedVault, type VaultSettings } from '../sealed-vault.js';
import { WaitingWrites } from '../waiting-writes.js';
import type { IdentifierKind, InboxRow, Match, PurgeReport, SealedRef } from '../vault.js';
import { RowReader } from './row-reader.js';
import { openForReading, prepareVaultFile, type VaultFileSettings } from './vault-file.js';
import type { ParticipantJob, ParticipantOptions } from './vault.participant.js';

/** The log on whose writer thread the vault's participant runs. */
export type VaultWriter = SharedWriter & Pick<EventStore, 'append'>;

/**
 * What the log's writer is to be opened with. Makes the file if there is none. Throws `VaultUnusable` or `KeysUnusable`, here on the main
 * thread, where the sentence can reach somebody.
 */
export function sqliteParticipant(settings: VaultFileSettings): { readonly module: string; readonly options: ParticipantOptions } {
  prepareVaultFile(settings);
  return { module: new URL('./vault.participant.js', import.meta.url).href, options: { file: settings.file } };
}

/** Opens the vault beside a writer that was opened with `sqliteParticipant`. Close it before the writer: what still waits is written then. */
export function openSqliteVault({ file, writer, ...settings }: VaultSettings & { readonly file: string; readonly writer: VaultWriter }): SealedVault {
  return new SealedVault(new SqliteRows(openForReading(file), writer), settings);
}

class SqliteRows implements VaultRows {
  readonly #reader: RowReader;
  readonly #waiting = new WaitingWrites((writes) => this.write({ at: 0, writes }));

  constructor(
    private readonly db: DatabaseSync,
    private readonly writer: VaultWriter,
  ) {
    this.#reader = new RowReader(db);
  }

  async find(refs: readonly SealedRef[]): Promise<readonly Found[]> {
    return refs.map((ref) => this.#reader.find(ref));
  }

  async findAfter(after: SealedRef | undefined, limit: number): Promise<readonly Found[]> {
    return this.#reader.findAfter(after, limit);
  }

  async newest(limit: number): Promise<readonly ValueRow[]> {
    return this.#reader.newest(limit);
  }

  async keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    return holdings.map((holding) => this.#reader.key(holding));
  }

  async keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]> {
    return this.#reader.keysAfter(holding, limit);
  }

  async matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]> {
    return this.#reader.matches(kind, index, at);
  }

  async claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    return this.#reader.claimant(kind, index);
  }

  async inbox(key: string): Promise<InboxRow | undefined> {
    return this.#reader.inbox(key);
  }

  async unsettled(): Promise<readonly InboxRow[]> {
    return this.#reader.unsettled();
  }

  async text(sha256: string): Promise<string | undefined> {
    return this.#reader.text(sha256);
  }

  async actorByHash(hash: Uint8Array): Promise<ActorRow | undefined> {
    return this.#reader.actorByHash(hash);
  }

  async actors(): Promise<readonly ActorRow[]> {
    return this.#reader.actors();
  }

  async commit(rider: Rider, append: AppendRequest): Promise<Appended> {
    const waited = this.#waiting.take();
    try {
      const appended = await this.writer.append({ ...append, rider: { ...rider, writes: [...rider.writes, ...waited] } });
      if (!appended.repeated) return appended;
      this.#waiting.add(waited);
      await this.#afterwards(rider);
      return appended;
    } catch (error) {
      this.#waiting.add(waited);
      if (error instanceof WrongExpectedRevision) await this.#afterwards(rider);
      throw error;
    }
  }

  async write(rider: Rider): Promise<void> {
    await this.writer.ride(rider);
  }

  writeSoon(rider: Rider): void {
    this.#waiting.add(rider.writes);
  }

  async purge(): Promise<PurgeReport> {
    await this.#waiting.flush();
    const report = await this.writer.run({ job: 'purge' } satisfies ParticipantJob);
    if (!isReport(report)) throw new Error('a purge gives a report');
    return report;
  }

  async close(): Promise<void> {
    if (!this.db.isOpen) return;
    await this.#waiting.flush();
    this.db.close();
  }

  /**
   * Commits alone what the log did not take along (it had the events already, or the stream was elsewhere), so that the inbox says the
   * same here as where the vault commits first.
   */
  async #afterwards(rider: Rider): Promise<void> {
    if (rider.writes.length > 0) await this.writer.ride(rider);
  }
}

function isReport(value: unknown): value is PurgeReport {
  return typeof value === 'object' && value !== null && 'files' in value && 'bytesBefore' in value && 'bytesAfter' in value;
}
