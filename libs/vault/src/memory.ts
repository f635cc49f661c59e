import { type Appended, type AppendRequest, type EventStore, RiderRefused } from '#event-store/event-store.js';
import { preparedOf, refusalOf } from './rider.js';
import type { ActorRow, Found, KeyRow, Rider, RowWrite, ValueRow, VaultRows } from './rows.js';
import { keyIdOf } from './seal.js';
import { SealedVault, type VaultSettings } from './sealed-vault.js';
import type { Destruction, IdentifierKind, InboxRow, Match, PurgeReport, SealedRef } from './vault.js';

/** A vault that ends with the process. The vault first, then `log.append`. */
export function openMemoryVault({ log, ...settings }: VaultSettings & { readonly log: Pick<EventStore, 'append'> }): SealedVault {
  return new SealedVault(new MemoryRows(log), settings);
}

type Write<Op extends RowWrite['op']> = Extract<RowWrite, { readonly op: Op }>;

interface Inbox {
  readonly owner: string;
  readonly attempt: number;
  readonly fingerprint: string | undefined;
  /** Undefined: settled. */
  readonly prepared: string | undefined;
}

class MemoryRows implements VaultRows {
  readonly #keys = new Map<string, KeyRow>();
  readonly #values = new Map<string, ValueRow & { readonly owner: string }>();
  readonly #links = new Map<string, Write<'link'>>();
  readonly #claims = new Map<string, string>();
  readonly #inbox = new Map<string, Inbox>();
  readonly #texts = new Map<string, string>();
  readonly #actors = new Map<string, ActorRow>();
  readonly #destructions = new Set<string>();
  #epoch = 1;

  constructor(private readonly log: Pick<EventStore, 'append'>) {}

  async commit(rider: Rider, append: AppendRequest): Promise<Appended> {
    this.#take(rider);
    return this.log.append(append);
  }

  async write(rider: Rider): Promise<void> {
    this.#take(rider);
  }

  writeSoon(rider: Rider): void {
    this.#take(rider);
  }

  async find(refs: readonly SealedRef[]): Promise<readonly Found[]> {
    return refs.map((ref) => ({ ref, key: this.#keys.get(ref.holding), value: this.#values.get(placeOf(ref)) }));
  }

  async newest(limit: number): Promise<readonly ValueRow[]> {
    return [...this.#values.values()].toReversed().slice(0, limit);
  }

  async findAfter(after: SealedRef | undefined, limit: number): Promise<readonly Found[]> {
    const places = [...this.#values.keys()].filter((place) => !after || place > placeOf(after)).sort();
    const values = places.slice(0, limit).flatMap((place) => this.#values.get(place) ?? []);
    return values.map((value) => {
      const { event, slot, holding } = value;
      return { ref: { event, slot, holding }, key: this.#keys.get(holding), value };
    });
  }

  async keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    return holdings.map((holding) => this.#keys.get(holding));
  }

  async keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]> {
    const later = [...this.#keys.values()].filter((row) => row.wrapped && row.holding > holding);
    return later.sort((one, two) => (one.holding < two.holding ? -1 : 1)).slice(0, limit);
  }

  async matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]> {
    const fitting = this.#links.values().filter((link) => link.kind === kind && link.index === index && link.from <= at && (link.to === null || at < link.to));
    return [...fitting].map(({ owner, identifier, shared }) => ({ owner, identifier, shared }));
  }

  async claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    return this.#claims.get(claimOf(kind, index));
  }

  async inbox(key: string): Promise<InboxRow | undefined> {
    const row = this.#inbox.get(key);
    return row && inboxRowOf(key, row);
  }

  async unsettled(): Promise<readonly InboxRow[]> {
    return [...this.#inbox].filter(([, row]) => row.prepared !== undefined).map(([key, row]) => inboxRowOf(key, row));
  }

  async text(sha256: string): Promise<string | undefined> {
    return this.#texts.get(sha256);
  }

  async actorByHash(hash: Uint8Array): Promise<ActorRow | undefined> {
    return this.#actors.values().find((actor) => Buffer.compare(actor.hash, hash) === 0);
  }

  async actors(): Promise<readonly ActorRow[]> {
    return [...this.#actors.values()];
  }

  async purge(): Promise<PurgeReport> {
    return { files: [], bytesBefore: 0, bytesAfter: 0 };
  }

  async close(): Promise<void> {}

  /** Synchronous, so nobody sees half of it. */
  #take({ at, writes }: Rider): void {
    const refusal = refusalOf(writes, {
      key: (holding) => {
        const row = this.#keys.get(holding);
        return row && { id: row.wrapped && keyIdOf(row.wrapped) };
      },
      claimant: (kind, index) => this.#claims.get(claimOf(kind, index)),
      inbox: (key) => {
        const row = this.#inbox.get(key);
        return row && { attempt: row.attempt, settled: row.prepared === undefined };
      },
      epoch: () => this.#epoch,
    });
    if (refusal) throw new RiderRefused(refusal);
    for (const write of writes) this.#apply(write, at);
  }

  #apply(write: RowWrite, at: number): void {
    switch (write.op) {
      case 'inbox':
        this.#dropAttempt(write.key);
        this.#inbox.set(write.key, write);
        return;
      case 'key':
        if (!this.#keys.has(write.holding)) this.#keys.set(write.holding, write);
        return;
      case 'value':
        if (this.#values.get(placeOf(write))?.bytes !== undefined || !this.#values.has(placeOf(write))) this.#values.set(placeOf(write), { ...write, at });
        return;
      case 'link':
        this.#links.set(write.identifier, write);
        return;
      case 'unlink':
        return this.#unlink(write);
      case 'claim':
        this.#claims.set(claimOf(write.kind, write.index), write.owner);
        return;
      case 'settle': {
        const row = this.#inbox.get(write.key);
        if (row) this.#inbox.set(write.key, { ...row, prepared: undefined });
        return;
      }
      case 'void':
        if (this.#dropAttempt(write.key)) this.#inbox.delete(write.key);
        return;
      case 'destroy':
        return this.#destroy(write.destruction);
      case 'collect':
        return this.#collect(write);
      case 'text':
        this.#texts.set(write.sha256, write.text);
        return;
      case 'actor':
        this.#actors.set(write.actor.id, write.actor);
        return;
      case 'revoke': {
        const actor = this.#actors.get(write.id);
        if (actor) this.#actors.set(write.id, { revokedAt: write.at, ...actor });
        return;
      }
      case 'epoch':
        this.#epoch = write.epoch;
        return;
      case 'rewrap': {
        const row = this.#keys.get(write.holding);
        if (row?.wrapped && row.epoch === write.from) this.#keys.set(write.holding, { ...row, wrapped: write.wrapped, epoch: write.epoch });
        return;
      }
      default: {
        const _: never = write;
        return _;
      }
    }
  }

  #unlink({ identifier, to }: Write<'unlink'>): void {
    const link = this.#links.get(identifier);
    if (!link) return;
    this.#links.set(identifier, { ...link, to });
    const claim = claimOf(link.kind, link.index);
    if (this.#claims.get(claim) === link.owner) this.#claims.delete(claim);
  }

  /** What an attempt that the log never took has sealed. False: there is none whose outcome is open. */
  #dropAttempt(key: string): boolean {
    const prepared = this.#inbox.get(key)?.prepared;
    if (prepared === undefined) return false;
    const events = new Set(preparedOf(prepared).events.map(({ id }) => id));
    for (const [place, value] of this.#values) if (value.bytes && events.has(value.event)) this.#values.delete(place);
    return true;
  }

  #collect({ event, slot, holding, before }: Write<'collect'>): void {
    const value = this.#values.get(placeOf({ event, slot }));
    if (!value?.bytes || value.holding !== holding || value.at >= before) return;
    this.#values.delete(placeOf(value));
    if (this.#keys.get(holding)?.wrapped && !this.#values.values().some((other) => other.holding === holding)) this.#keys.delete(holding);
  }

  /** An owner's whole destruction is done once: what the owner was given afterwards is another matter. */
  #destroy({ intent, owner, holdings, made }: Destruction): void {
    if (made) return this.#destroyMade(made, owner);
    if (holdings) return this.#destroyHoldings(new Set(holdings), owner);
    const name = JSON.stringify([intent, owner]);
    if (this.#destructions.has(name)) return;
    this.#destructions.add(name);

    const own = [...this.#keys.values()].filter((key) => key.owner === owner).map(({ holding }) => holding);
    const keyless = [...this.#values.values()].filter((value) => value.owner === owner && !this.#keys.has(value.holding)).map(({ holding }) => holding);
    this.#destroyHoldings(new Set([...own, ...keyless]), owner);
    for (const [place, value] of this.#values) if (value.owner === owner) this.#values.set(place, { ...value, bytes: undefined });
    for (const [identifier, link] of this.#links) if (link.owner === owner) this.#links.delete(identifier);
    for (const [claim, claimant] of this.#claims) if (claimant === owner) this.#claims.delete(claim);
    for (const [key, row] of this.#inbox) if (row.owner === owner) this.#inbox.set(key, { ...row, fingerprint: undefined });
  }

  #destroyMade({ values, identifiers }: NonNullable<Destruction['made']>, owner: string): void {
    for (const ref of values) this.#values.set(placeOf(ref), { at: 0, owner, ...this.#values.get(placeOf(ref)), ...ref, bytes: undefined });
    for (const identifier of identifiers) this.#dropLink(identifier);
  }

  #destroyHoldings(holdings: ReadonlySet<string>, owner: string): void {
    for (const [place, value] of this.#values) if (holdings.has(value.holding)) this.#values.delete(place);
    for (const holding of holdings) {
      const key = this.#keys.get(holding) ?? { holding, owner, epoch: 0 };
      this.#keys.set(holding, { ...key, wrapped: undefined });
      this.#dropLink(holding);
    }
  }

  #dropLink(identifier: string): void {
    const link = this.#links.get(identifier);
    if (!link) return;
    this.#links.delete(identifier);
    const claim = claimOf(link.kind, link.index);
    if (this.#claims.get(claim) === link.owner) this.#claims.delete(claim);
  }
}

function placeOf({ event, slot }: { readonly event: string; readonly slot: string }): string {
  return `${event}\n${slot}`;
}

function claimOf(kind: IdentifierKind, index: string): string {
  return `${kind} ${index}`;
}

function inboxRowOf(key: string, { owner, attempt, fingerprint, prepared }: Inbox): InboxRow {
  return {
    key,
    owner,
    attempt,
    settled: prepared === undefined,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(prepared !== undefined && { prepared: preparedOf(prepared) }),
  };
}
