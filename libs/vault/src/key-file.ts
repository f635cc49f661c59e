/**
 * How the key files are kept: JSON text, readable by their owner alone, replaced whole or not at all.
 *
 * Storage format: names and shapes are on disk; change them only by adding a format number.
 */
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KeysUnusable } from './unusable.js';

/** Master keys by epoch, oldest first; the last one wraps what is new. More than one: a rotation is under way. */
export interface MasterFile {
  readonly format: 1;
  readonly epochs: readonly { readonly epoch: number; readonly key: string; readonly check: string }[];
}

/** The HMAC keys, wrapped under the master key of `epoch`. */
export interface HmacFile {
  readonly format: 1;
  readonly epoch: number;
  readonly command: string;
  readonly blind: string;
  readonly suppression: string;
}

export const MASTER_FILE = 'master.json';
export const HMAC_FILE = 'hmac.json';

/** Undefined when the file is not there. Throws `KeysUnusable` when it cannot be read, or when others than its owner may read it. */
export function readKeyFile(directory: string, name: string): unknown {
  const file = join(directory, name);
  if (!existsSync(file)) return undefined;
  // Windows has no such modes; there the directory's own access list guards the keys.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new KeysUnusable(`others may read the key file "${file}" (hint: chmod 600 it, and consider rotating the master key)`);
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new KeysUnusable(`the key file "${file}" is damaged (hint: restore it from the key backup)`, { cause: error });
  }
}

/** When it returns, the new content is durable; after a crash at any point the old one or the new one is there, whole. */
export function writeKeyFile(directory: string, name: string, content: MasterFile | HmacFile): void {
  const file = join(directory, name);
  const temporary = `${file}.new`;
  writeWhole(temporary, content);
  renameSync(temporary, file);
  syncDirectory(directory);
}

/**
 * As `writeKeyFile`, but never in another file's place: of two starts at once in an empty directory one makes the keys, and the other
 * throws `KeysUnusable`. A rename would put its keys where those of the running ledger lie, and end every value that they seal.
 */
export function createKeyFile(directory: string, name: string, content: MasterFile | HmacFile): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, name);
  const temporary = `${file}.${process.pid}.new`;
  writeWhole(temporary, content);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (existsSync(file)) throw new KeysUnusable(`another start makes keys in "${directory}" at this moment (hint: a ledger has one server)`, { cause: error });
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(directory);
  syncDirectory(dirname(directory));
}

function writeWhole(file: string, content: MasterFile | HmacFile): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeFileSync(handle, `${JSON.stringify(content, undefined, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A rename is durable once its directory is (https://man7.org/linux/man-pages/man2/fsync.2.html). */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
