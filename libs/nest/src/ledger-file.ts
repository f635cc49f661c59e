/** `ledger.json`: which ledger a data directory holds. Storage format: change it only by raising `format`. */
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoresFault } from './stores-fault.js';

const FORMAT = 1;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of the ledger in `directory`; undefined when it has none. Throws `StoresFault` for a file that is no such file. */
export function readLedgerId(directory: string): string | undefined {
  const file = join(directory, 'ledger.json');
  if (!existsSync(file)) return undefined;
  const found = parsed(readFileSync(file, 'utf8'));
  if (found?.['format'] !== FORMAT || typeof found['ledgerId'] !== 'string' || !UUID.test(found['ledgerId']))
    throw new StoresFault(`"${file}" is damaged or of a newer program (hint: restore it from the backup that the stores are from)`);
  return found['ledgerId'];
}

/** Names a new ledger, so that a crash leaves the whole file or none, and of two starts at once the second takes the name of the first. */
export function makeLedgerId(directory: string): string {
  const ledgerId = randomUUID();
  const file = join(directory, 'ledger.json');
  const known = createWhole(file, `${JSON.stringify({ format: FORMAT, ledgerId })}\n`) ? ledgerId : readLedgerId(directory);
  if (known === undefined) throw new StoresFault(`"${file}" came and went while it was made (hint: a ledger has one server)`);
  return known;
}

/** Makes a file that its owner alone may read, whole and durable or not at all; false, touching nothing, when it is there already. */
export function createWhole(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.new`;
  writeDurably(temporary, text, 'w', 0o600);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (existsSync(file)) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(dirname(file));
  return true;
}

function writeDurably(file: string, text: string, flags: string, mode: number): void {
  const descriptor = openSync(file, flags, mode);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
