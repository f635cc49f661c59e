import { createHash, createHmac } from 'node:crypto';
import { type Appended, type AppendRequest, RiderRefused } from '#event-store/event-store.js';
import { ActorRegister } from './actors.js';
import { blindIndexOf } from './blind-index.js';
import { DataKeys, type KnownKey } from './data-keys.js';
import type { Keys } from './keys.js';
import { instantOf, isUnrefusable, riderOf } from './rider.js';
import { rotateMasterKey, type Rotation, type RotationOptions } from './rotate.js';
import type { Found, KeyRow, RowWrite, VaultRows } from './rows.js';
import { type DataKey, newDataKey, openText, sealText, unwrapKey } from './seal.js';
import type { Actor, Destruction, IdentifierKind, InboxRow, Match, Opened, PurgeReport, Sealed, SealedRef, ToSeal, Vault, VaultFaults, VaultRefusal, VaultWrite } from './vault.js';

export interface VaultSettings {
  readonly keys: Keys;
  /** Bound into every sealed byte: a value of one ledger does not open in another. */
  readonly ledgerId: string;
  /** What the log will hold of a value; the ledger's own function. */
  readonly commit: (salt: Uint8Array, text: string) => string;
  /** Unix ms. */
  readonly clock?: () => number;
}

/** Rows looked at between two turns of the event loop. */
const PAGE = 500;

/** The vault over any engine's rows. Nothing below it ever sees a key or a plaintext. */
export class SealedVault implements Vault {
  readonly #rows: VaultRows;
  readonly #settings: VaultSettings;
  readonly #now: () => number;
  readonly #known: DataKeys;
  readonly #actors: ActorRegister;
  /** Of the last search for orphans: whatever was committed since then is none of them. */
  #orphansBefore = Number.NEGATIVE_INFINITY;

  constructor(rows: VaultRows, settings: VaultSettings) {
    this.#rows = rows;
    this.#settings = settings;
    this.#now = settings.clock ?? Date.now;
    this.#known = new DataKeys(this.#now);
    const { ledgerId } = settings;
    this.#actors = new ActorRegister(rows, { ledgerId, now: this.#now, seal: (values) => this.seal(values), keys: (holdings) => this.#keyRows(holdings), dataKey: (row) => this.#unwrap(row) });
  }

  async seal(values: readonly ToSeal[]): Promise<readonly Sealed[]> {
    const keys = await this.#keysOf(values);
    return values.map((value) => {
      const known = keys.get(value.holding);
      if (!known) throw new Error('every holding has a key by now');
      const { event, slot, holding, owner } = value;
      const { bytes, salt } = sealText(known.dataKey, { ledgerId: this.#settings.ledgerId, event, holding, slot }, value.text);
      const write: VaultWrite = { op: 'value', event, slot, holding, owner, bytes };
      const key: VaultWrite = { op: 'key', holding, owner: known.owner, wrapped: known.wrapped, epoch: known.epoch };
      return { commitment: this.#settings.commit(salt, value.text), writes: known.stored ? [write] : [key, write] };
    });
  }

  async open(refs: readonly SealedRef[]): Promise<readonly Opened[]> {
    return (await this.#withKeys(await this.#rows.find(refs))).map((found) => this.#open(found));
  }

  blindIndex(kind: IdentifierKind, value: string): string | undefined {
    return blindIndexOf(this.#settings.keys.blind, kind, value, new Date(this.#now()).toISOString().slice(0, 10));
  }

  async matches(kind: IdentifierKind, index: string, at: string): Promise<readonly Match[]> {
    return this.#rows.matches(kind, index, instantOf(at));
  }

  async claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    return this.#rows.claimant(kind, index);
  }

  async commit(writes: readonly VaultWrite[], append: AppendRequest): Promise<Appended> {
    return this.#storing(writes, () => this.#rows.commit(riderOf(writes, this.#now()), append));
  }

  async write(writes: readonly VaultWrite[]): Promise<void> {
    await this.#storing(writes, () => this.#rows.write(riderOf(writes, this.#now())));
  }

  writeSoon(writes: readonly VaultWrite[]): void {
    if (!writes.every(isUnrefusable)) throw new TypeError('only settle, void and unlink may wait: what can be refused needs an answer');
    this.#rows.writeSoon(riderOf(writes, this.#now()));
  }

  async inbox(key: string): Promise<InboxRow | undefined> {
    return this.#rows.inbox(key);
  }

  async unsettled(): Promise<readonly InboxRow[]> {
    return this.#rows.unsettled();
  }

  async destroy(destruction: Destruction, links: readonly VaultWrite[] = []): Promise<void> {
    await this.#write({ op: 'destroy', destruction }, ...riderOf(links, this.#now()).writes);
    this.#known.clear();
  }

  async purge(): Promise<PurgeReport> {
    return this.#rows.purge();
  }

  async orphans(before: string, isInLog: (event: string, owner: string) => Promise<boolean>): Promise<readonly SealedRef[]> {
    const limit = instantOf(before);
    this.#orphansBefore = limit;
    const underway = new Set((await this.#rows.unsettled()).flatMap(({ prepared }) => prepared?.events.map(({ id }) => id) ?? []));
    const orphans: SealedRef[] = [];
    let asked: { readonly event: string; readonly inLog: boolean } | undefined;
    for await (const { ref, value } of this.#all()) {
      if (!value?.bytes || value.owner === undefined || value.at >= limit || underway.has(ref.event)) continue;
      if (asked?.event !== ref.event) asked = { event: ref.event, inLog: await isInLog(ref.event, value.owner) };
      if (!asked.inLog) orphans.push(ref);
    }
    return orphans;
  }

  async collect(orphans: readonly SealedRef[]): Promise<void> {
    const before = this.#orphansBefore;
    await this.#write(...orphans.map(({ event, slot, holding }): RowWrite => ({ op: 'collect', event, slot, holding, before })));
    for (const { holding } of orphans) this.#known.drop(holding);
  }

  async newest(limit: number): Promise<readonly (SealedRef & { readonly owner: string | undefined })[]> {
    return (await this.#rows.newest(limit)).map(({ event, slot, holding, owner }) => ({ event, slot, holding, owner }));
  }

  async check(spokenOf: AsyncIterable<SealedRef>): Promise<VaultFaults> {
    const broken = new Map<string, SealedRef>();
    const lost: SealedRef[] = [];
    for await (const found of this.#all()) if (this.#open(found).kind === 'broken') broken.set(nameOf(found.ref), found.ref);
    for await (const ref of spokenOf) {
      const [found] = await this.#withKeys(await this.#rows.find([ref]));
      if (!found || this.#open(found).kind !== 'broken') continue;
      if (found.value) broken.set(nameOf(ref), ref);
      else lost.push(ref);
    }
    return { broken: [...broken.values()], lost };
  }

  async putText(text: string): Promise<string> {
    const sha256 = hashOf(text);
    await this.#write({ op: 'text', sha256, text });
    return sha256;
  }

  async text(sha256: string): Promise<string | undefined> {
    const text = await this.#rows.text(sha256);
    if (text !== undefined && hashOf(text) !== sha256) throw new Error(`the published text ${sha256} is damaged (hint: publish the same text again, or restore the vault)`);
    return text;
  }

  async createActor(actor: Omit<Actor, 'id' | 'revokedAt'>): Promise<{ readonly actor: Actor; readonly token: string }> {
    return this.#actors.create(actor);
  }

  async actorOf(token: string): Promise<Actor | undefined> {
    return this.#actors.of(token);
  }

  async actors(): Promise<readonly Actor[]> {
    return this.#actors.all();
  }

  async revokeActor(id: string, at: string): Promise<boolean> {
    return this.#actors.revoke(id, at);
  }

  commandHmac(text: string, as: 'hex' | 'base64url'): string {
    return createHmac('sha256', this.#settings.keys.command).update(text).digest(as);
  }

  /**
   * Puts a new master key in the old one's place: rewraps every data key, then forgets the old. Goes on with a rotation that was
   * interrupted. Takes time in proportion to the number of holdings; the vault serves meanwhile.
   */
  async rotateMasterKey(options?: RotationOptions): Promise<Rotation> {
    return rotateMasterKey(this.#rows, this.#settings, { now: this.#now, forget: () => this.#known.clear() }, options);
  }

  async close(): Promise<void> {
    this.#known.clear();
    await this.#rows.close();
  }

  /** A key for every holding, made where there is none; a new one is not stored before its first commit. */
  async #keysOf(values: readonly ToSeal[]): Promise<ReadonlyMap<string, KnownKey>> {
    const keys = new Map<string, KnownKey>();
    const missing = new Map<string, string>();
    for (const { holding, owner } of values) {
      const known = this.#known.get(holding);
      if (known) keys.set(holding, known);
      else missing.set(holding, owner);
    }
    if (missing.size === 0) return keys;

    const rows = await this.#keyRows([...missing.keys()]);
    [...missing].forEach(([holding, owner], i) => {
      // Somebody else may have made it while this one waited.
      const row = rows[i];
      keys.set(holding, this.#known.get(holding) ?? this.#known.set(holding, row ? this.#knownOf(row) : this.#newKey(holding, owner)));
    });
    return keys;
  }

  #newKey(holding: string, owner: string): KnownKey {
    const { keys, ledgerId } = this.#settings;
    const { epoch } = keys;
    const master = keys.master(epoch);
    if (!master) throw new Error('the newest epoch always has a master key');
    return { ...newDataKey(master, { ledgerId, holding, owner, epoch }), owner, epoch, stored: false };
  }

  #knownOf(row: KeyRow): KnownKey {
    const { holding, owner, wrapped, epoch } = row;
    if (!wrapped) throw new RiderRefused({ kind: 'destroyed', holding } satisfies VaultRefusal);
    const dataKey = this.#unwrap(row);
    if (!dataKey) throw new Error(`the data key of holding ${holding} does not open (hint: run fsck; the vault or its keys are damaged)`);
    return { dataKey, owner, wrapped, epoch, stored: true };
  }

  #open({ ref, key, value }: Found): Opened {
    if ((key && !key.wrapped) || (value && !value.bytes)) return { kind: 'erased' };
    if (!value?.bytes) return { kind: 'broken', why: 'the sealed bytes are missing, and no destruction is recorded', missing: true };
    if (!key) return { kind: 'broken', why: 'the data key is missing, and no destruction is recorded', missing: true };
    if (value.holding !== ref.holding) return { kind: 'broken', why: 'it is sealed for another holding' };
    const dataKey = this.#unwrap(key);
    if (!dataKey) return { kind: 'broken', why: this.#hasMaster(key) ? 'the data key does not open under the master key' : `the data key is of master key epoch ${key.epoch}, which the key files do not have` };
    const opened = openText(value.bytes, dataKey, { ledgerId: this.#settings.ledgerId, event: ref.event, holding: ref.holding, slot: ref.slot });
    return opened ? { kind: 'opened', ...opened } : { kind: 'broken', why: 'the sealed bytes are altered, or belong elsewhere' };
  }

  /** From memory only if the row still says the same, so that no damage hides behind what was once read. */
  #unwrap({ holding, owner, wrapped, epoch }: KeyRow): DataKey | undefined {
    const known = this.#known.get(holding);
    if (!wrapped) return undefined;
    if (known && known.owner === owner && known.epoch === epoch && Buffer.compare(known.wrapped, wrapped) === 0) return known.dataKey;
    const master = this.#settings.keys.master(epoch);
    const dataKey = master && unwrapKey(wrapped, master, { ledgerId: this.#settings.ledgerId, holding, owner, epoch });
    if (dataKey) this.#known.set(holding, { dataKey, owner, wrapped, epoch, stored: true });
    return dataKey;
  }

  /** As found, or found again with the key files read anew: another process may have rotated the master key since, which is no damage. */
  async #withKeys(found: readonly Found[]): Promise<readonly Found[]> {
    if (found.every(({ key }) => this.#hasMaster(key))) return found;
    this.#reloadKeys();
    return this.#rows.find(found.map(({ ref }) => ref));
  }

  async #keyRows(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    const rows = await this.#rows.keys(holdings);
    if (rows.every((row) => this.#hasMaster(row))) return rows;
    this.#reloadKeys();
    return this.#rows.keys(holdings);
  }

  #hasMaster(key: KeyRow | undefined): boolean {
    return !key?.wrapped || this.#settings.keys.master(key.epoch) !== undefined;
  }

  /** Keys that were made and never stored are wrapped under the old epoch: whoever seals next makes new ones. */
  #reloadKeys(): void {
    if (this.#settings.keys.reload()) this.#known.clear();
  }

  /** Commits what was sealed, and remembers of each key whether it is durable or has lost to another. */
  async #storing<T>(writes: readonly VaultWrite[], commit: () => Promise<T>): Promise<T> {
    try {
      const result = await commit();
      for (const write of writes) {
        const known = write.op === 'key' ? this.#known.get(write.holding) : undefined;
        if (known && write.op === 'key' && known.wrapped === write.wrapped) known.stored = true;
      }
      return result;
    } catch (error) {
      const holding = error instanceof RiderRefused ? holdingIn(error.reason) : undefined;
      if (holding !== undefined) {
        this.#known.drop(holding);
        // Perhaps it was wrapped under an epoch that another process has ended.
        this.#reloadKeys();
      }
      throw error;
    }
  }

  async #write(...writes: readonly RowWrite[]): Promise<void> {
    if (writes.length > 0) await this.#rows.write({ at: this.#now(), writes });
  }

  async *#all(): AsyncIterable<Found> {
    for (let last: SealedRef | undefined; ; ) {
      const page = await this.#withKeys(await this.#rows.findAfter(last, PAGE));
      yield* page;
      last = page.at(-1)?.ref;
      if (page.length < PAGE) return;
    }
  }
}

/** The holding whose key was not the stored one, if that was the reason. */
function holdingIn(reason: unknown): string | undefined {
  return typeof reason === 'object' && reason !== null && 'holding' in reason && typeof reason.holding === 'string' ? reason.holding : undefined;
}

function nameOf({ event, slot, holding }: SealedRef): string {
  return JSON.stringify([event, slot, holding]);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
