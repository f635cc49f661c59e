/**
 * The keys above all others: the master key, which wraps the data keys, and three HMAC keys.
 *
 * A master key has an epoch and is replaced by rotation. The HMAC keys are rewrapped then, never replaced: command ids, blind indexes
 * and suppression hashes that are stored must go on meaning the same.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { createKeyFile, HMAC_FILE, MASTER_FILE, readKeyFile, writeKeyFile, type HmacFile, type MasterFile } from './key-file.js';
import { KeysUnusable } from './unusable.js';

const HMAC_NAMES = ['command', 'blind', 'suppression'] as const;
type HmacName = (typeof HMAC_NAMES)[number];

export interface Keys {
  /** The epoch whose master key wraps what is new. */
  readonly epoch: number;
  /** Undefined: that epoch is over, or has not been. */
  master(epoch: number): KeyObject | undefined;
  readonly command: KeyObject;
  readonly blind: KeyObject;
  readonly suppression: KeyObject;
  /** Adds an epoch, or goes on with the one that a crash interrupted; both are kept until `endRotation`. Gives the new epoch. */
  beginRotation(): number;
  /** Rewraps the HMAC keys under the newest epoch. Safe to repeat. */
  rewrapHmacKeys(): void;
  /** Forgets every epoch but the newest: what is still wrapped under an older one is lost from now on. */
  endRotation(): void;
  /**
   * Reads the key files again, which another process may have changed: true when their newest epoch is another than before. What cannot be
   * read leaves everything as it was. Throws `KeysUnusable` when other keys lie there now.
   */
  reload(): boolean;
}

/**
 * Opens the key directory. `create` makes keys where there are none at all; half a set is never completed, for new HMAC keys beside an
 * old master key would silently be another ledger's. Throws `KeysUnusable`.
 */
export function openKeys(settings: { readonly directory: string; readonly create: boolean }): Keys {
  const { directory } = settings;
  // In this order: a rotation in another process adds the new master key before it wraps under it.
  const hmac = readKeyFile(directory, HMAC_FILE);
  const master = readKeyFile(directory, MASTER_FILE);
  if (master === undefined && hmac === undefined) {
    if (!settings.create) throw new KeysUnusable(`there are no keys in "${directory}" (hint: restore the key directory that belongs to this ledger)`);
    KeyRing.make((name, content) => createKeyFile(directory, name, content));
    // What was written is what is used.
    return openKeys({ directory, create: false });
  }
  if (master === undefined || hmac === undefined) {
    const missing = master === undefined ? MASTER_FILE : HMAC_FILE;
    throw new KeysUnusable(`the key directory "${directory}" has no ${missing} (hint: restore it from the key backup; if the very first start was interrupted, remove the directory)`);
  }
  if (!isMasterFile(master) || !isHmacFile(hmac)) throw new KeysUnusable(`the keys in "${directory}" are damaged or of a newer program (hint: restore them from the key backup)`);
  return KeyRing.read(master, hmac, (name, content) => writeKeyFile(directory, name, content), () => openKeys({ directory, create: false }));
}

/** Keys that end with the process: for tests and the memory engine. */
export function memoryKeys(): Keys {
  return KeyRing.make(() => undefined);
}

/** Kept in a vault's file, so that keys which are not its own are noticed when it is opened and not when something is read. */
export function keyCheck(keys: Keys, ledgerId: string): string {
  return createHmac('sha256', keys.command).update(`liggare key check\n${ledgerId}`).digest('base64url');
}

type Save = (name: string, content: MasterFile | HmacFile) => void;

class KeyRing implements Keys {
  readonly command: KeyObject;
  readonly blind: KeyObject;
  readonly suppression: KeyObject;
  #epochs: ReadonlyMap<number, KeyObject>;
  readonly #save: Save;
  readonly #readAgain: (() => Keys) | undefined;

  private constructor(epochs: ReadonlyMap<number, KeyObject>, hmac: Record<HmacName, KeyObject>, save: Save, readAgain?: () => Keys) {
    this.#readAgain = readAgain;
    this.#epochs = epochs;
    this.command = hmac.command;
    this.blind = hmac.blind;
    this.suppression = hmac.suppression;
    this.#save = save;
  }

  static make(save: Save): KeyRing {
    const hmac = { command: newKey(), blind: newKey(), suppression: newKey() };
    const ring = new KeyRing(new Map([[1, newKey()]]), hmac, save);
    // The master key first: a set that lacks its HMAC keys is refused, one whose HMAC keys nobody can unwrap would look like a foreign one.
    ring.#saveMaster();
    ring.rewrapHmacKeys();
    return ring;
  }

  static read(master: MasterFile, hmac: HmacFile, save: Save, readAgain: () => Keys): KeyRing {
    const epochs = new Map(master.epochs.map(({ epoch, key, check }) => [epoch, masterKey(epoch, key, check)]));
    const wrapping = epochs.get(hmac.epoch);
    if (!wrapping) throw new KeysUnusable(`the HMAC keys are wrapped under epoch ${hmac.epoch}, whose master key is missing (hint: restore both key files of one time)`);
    const unwrapped = { command: unwrap(wrapping, 'command', hmac), blind: unwrap(wrapping, 'blind', hmac), suppression: unwrap(wrapping, 'suppression', hmac) };
    return new KeyRing(epochs, unwrapped, save, readAgain);
  }

  get epoch(): number {
    return Math.max(...this.#epochs.keys());
  }

  master(epoch: number): KeyObject | undefined {
    return this.#epochs.get(epoch);
  }

  beginRotation(): number {
    // Another process may have rotated since: what it wrote must not be overwritten by what was true before.
    this.reload();
    if (this.#epochs.size === 1) {
      this.#epochs = new Map([...this.#epochs, [this.epoch + 1, newKey()]]);
      this.#saveMaster();
    }
    return this.epoch;
  }

  rewrapHmacKeys(): void {
    const { epoch } = this;
    const wrapping = this.#newest();
    this.#save(HMAC_FILE, {
      format: 1,
      epoch,
      command: wrap(wrapping, 'command', epoch, this.command),
      blind: wrap(wrapping, 'blind', epoch, this.blind),
      suppression: wrap(wrapping, 'suppression', epoch, this.suppression),
    });
  }

  endRotation(): void {
    this.#epochs = new Map([[this.epoch, this.#newest()]]);
    this.#saveMaster();
  }

  reload(): boolean {
    const found = this.#found();
    if (!(found instanceof KeyRing)) return false;
    if (!HMAC_NAMES.every((name) => found[name].equals(this[name]))) throw new KeysUnusable('other keys than those of this ledger lie in the key directory now (hint: restore those that belong to it)');
    const isOther = found.epoch !== this.epoch;
    this.#epochs = found.#epochs;
    return isOther;
  }

  #found(): Keys | undefined {
    try {
      return this.#readAgain?.();
    } catch {
      // Two files of two moments, or a directory that is being replaced: the next one asks again.
      return undefined;
    }
  }

  #newest(): KeyObject {
    const key = this.#epochs.get(this.epoch);
    if (!key) throw new Error('a key ring is never empty');
    return key;
  }

  #saveMaster(): void {
    const epochs = [...this.#epochs].map(([epoch, key]) => ({ epoch, key: key.export().toString('base64url'), check: checkOf(epoch, key) }));
    this.#save(MASTER_FILE, { format: 1, epochs });
  }
}

function newKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}

function masterKey(epoch: number, text: string, check: string): KeyObject {
  const bytes = Buffer.from(text, 'base64url');
  const key = bytes.length === 32 ? createSecretKey(bytes) : undefined;
  if (!key || checkOf(epoch, key) !== check) throw new KeysUnusable(`the master key of epoch ${epoch} is damaged (hint: restore it from the key backup)`);
  return key;
}

/** Tells a damaged key from a right one; says nothing of a key of 256 random bits. */
function checkOf(epoch: number, key: KeyObject): string {
  return createHmac('sha256', key).update(`liggare master key ${epoch}`).digest('base64url').slice(0, 22);
}

function wrap(master: KeyObject, name: HmacName, epoch: number, key: KeyObject): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', master, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(JSON.stringify(['liggare hmac key', 1, name, epoch])));
  return Buffer.concat([iv, cipher.update(key.export()), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function unwrap(master: KeyObject, name: HmacName, file: HmacFile): KeyObject {
  const bytes = Buffer.from(file[name], 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(JSON.stringify(['liggare hmac key', 1, name, file.epoch])));
    decipher.setAuthTag(bytes.subarray(-16));
    return createSecretKey(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]));
  } catch (error) {
    throw new KeysUnusable(`the ${name} key does not open under the master key of epoch ${file.epoch} (hint: restore both key files of one time)`, { cause: error });
  }
}

function isMasterFile(value: unknown): value is MasterFile {
  if (!isFormat1(value) || !('epochs' in value) || !Array.isArray(value.epochs) || value.epochs.length === 0) return false;
  return value.epochs.every((one: Record<string, unknown> | null) => Number.isSafeInteger(one?.['epoch']) && typeof one?.['key'] === 'string' && typeof one['check'] === 'string');
}

function isHmacFile(value: unknown): value is HmacFile {
  if (!isFormat1(value) || !('epoch' in value) || !Number.isSafeInteger(value.epoch)) return false;
  return HMAC_NAMES.every((name) => typeof new Map(Object.entries(value)).get(name) === 'string');
}

function isFormat1(value: unknown): value is { readonly format: 1 } {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 1;
}

/** Whether a vault's key check is that of these keys. */
export function isKeyCheck(expected: string, found: string): boolean {
  const [one, two] = [Buffer.from(expected), Buffer.from(found)];
  return one.length === two.length && timingSafeEqual(one, two);
}
