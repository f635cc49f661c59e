import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { ActorRow, KeyRow, VaultRows } from './rows.js';
import { type DataKey, openText } from './seal.js';
import type { Actor, Sealed, ToSeal } from './vault.js';
import { instantOf, riderOf } from './rider.js';

interface Sealing {
  readonly ledgerId: string;
  readonly now: () => number;
  readonly seal: (values: readonly ToSeal[]) => Promise<readonly Sealed[]>;
  readonly keys: (holdings: readonly string[]) => Promise<readonly (KeyRow | undefined)[]>;
  readonly dataKey: (row: KeyRow) => DataKey | undefined;
}

/** Who may call, by bearer token. The token is kept as a hash, the name sealed as a person's values are. */
export class ActorRegister {
  constructor(
    private readonly rows: VaultRows,
    private readonly sealing: Sealing,
  ) {}

  async create(actor: Omit<Actor, 'id' | 'revokedAt'>): Promise<{ readonly actor: Actor; readonly token: string }> {
    if (actor.expiresAt !== undefined) instantOf(actor.expiresAt);
    const id = randomUUID();
    const token = `lgr_${randomBytes(32).toString('base64url')}`;
    const [sealed] = await this.sealing.seal([{ ...placeOf(id), owner: holdingOf(id), text: actor.name }]);
    const { at, writes } = riderOf(sealed?.writes ?? [], this.sealing.now());
    const name = writes.find((write) => write.op === 'value')?.bytes;
    if (!name) throw new Error('sealing a value gives its bytes');
    // The sealed name stands in the actor's own row: a value that no event speaks of would be collected as an orphan.
    const { name: _, ...open } = actor;
    const row: ActorRow = { ...open, id, hash: hashOf(token), name };
    await this.rows.write({ at, writes: [...writes.filter((write) => write.op === 'key'), { op: 'actor', actor: row }] });
    return { actor: { ...actor, id }, token };
  }

  async of(token: string): Promise<Actor | undefined> {
    const hash = hashOf(token);
    const row = await this.rows.actorByHash(hash);
    // The index compared byte by byte, but of a SHA-256: who can time it learns nothing of the token. The answer hangs on this one.
    if (!row || !timingSafeEqual(row.hash, hash)) return undefined;
    return this.#named(row, await this.#key(row));
  }

  async all(): Promise<readonly Actor[]> {
    const rows = await this.rows.actors();
    const keys = await this.sealing.keys(rows.map(({ id }) => holdingOf(id)));
    return rows.map((row, i) => this.#named(row, keys[i]));
  }

  /** Whether there is such an actor. The first revocation stands. */
  async revoke(id: string, at: string): Promise<boolean> {
    instantOf(at);
    if (!(await this.rows.actors()).some((actor) => actor.id === id)) return false;
    await this.rows.write({ at: this.sealing.now(), writes: [{ op: 'revoke', id, at }] });
    return true;
  }

  async #key(row: ActorRow): Promise<KeyRow | undefined> {
    const [key] = await this.sealing.keys([holdingOf(row.id)]);
    return key;
  }

  #named({ hash: _, name, ...row }: ActorRow, key: KeyRow | undefined): Actor {
    const dataKey = key && this.sealing.dataKey(key);
    const opened = dataKey && openText(name, dataKey, { ledgerId: this.sealing.ledgerId, ...placeOf(row.id) });
    if (!opened) throw new Error(`the name of actor ${row.id} does not open (hint: run fsck; the vault or its keys are damaged)`);
    return { ...row, name: opened.text };
  }
}

function holdingOf(id: string): string {
  return `actor-${id}`;
}

function placeOf(id: string): { readonly event: string; readonly slot: string; readonly holding: string } {
  return { event: id, slot: 'name', holding: holdingOf(id) };
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token, 'utf8').digest();
}
