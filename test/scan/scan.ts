/** Looks for markers in every byte of every file below a directory, and in texts. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Automaton, type Hit } from './automaton.js';
import { needlesOf, type Needle } from './needles.js';

export interface Scanned {
  /** Sentences: what was found where. The marker is an invented one, so it may be named. */
  readonly found: readonly string[];
  readonly files: readonly string[];
  readonly bytes: number;
}

const CHUNK_BYTES = 1 << 20;

export class Scanner {
  readonly #raw: Automaton;
  readonly #folded: Automaton;

  constructor(markers: readonly string[]) {
    const needles = markers.flatMap(needlesOf);
    this.#raw = new Automaton(needles.filter(({ folded }) => !folded));
    this.#folded = new Automaton(needles.filter(({ folded }) => folded));
  }

  directory(directory: string): Scanned {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    return { found: files.flatMap((file) => this.#file(file)), files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
  }

  text(text: string, name: string): readonly string[] {
    return this.#bytes([Buffer.from(text, 'utf8')], name);
  }

  #file(file: string): readonly string[] {
    const descriptor = openSync(file, 'r');
    try {
      return this.#bytes(chunksOf(descriptor), file);
    } finally {
      closeSync(descriptor);
    }
  }

  #bytes(chunks: Iterable<Buffer>, name: string): readonly string[] {
    this.#raw.restart();
    this.#folded.restart();
    const found: string[] = [];
    let before = Buffer.alloc(0);
    let waiting: Hit[] = [];
    let read = 0;
    // A hit is judged when the bytes on both its sides have been read.
    const judge = (all: Buffer, from: number): void => {
      for (const { needle, end } of waiting) if (!needle.alone || standsAlone(all, end - from, needle)) found.push(`${needle.marker} as ${needle.form} at byte ${end - needle.bytes.length} of ${name}`);
      waiting = [];
    };
    for (const chunk of chunks) {
      const folded = foldedCopy(chunk);
      const all = Buffer.concat([before, chunk]);
      judge(all, read - before.length);
      const hits = [...this.#raw.look(chunk), ...this.#folded.look(folded)];
      read += chunk.length;
      waiting = hits.filter(({ end }) => end === read);
      const now = hits.filter(({ end }) => end !== read);
      const later = waiting;
      waiting = now;
      judge(all, read - all.length);
      waiting = later;
      before = Buffer.from(all.subarray(Math.max(0, all.length - 64)));
    }
    judge(before, read - before.length);
    return found;
  }
}

function* chunksOf(descriptor: number): Iterable<Buffer> {
  for (;;) {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

/** ASCII capitals made small; every other byte as it is. */
function foldedCopy(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  for (let i = 0; i < copy.length; i++) {
    const byte = copy[i] as number;
    if (byte >= 0x41 && byte <= 0x5a) copy[i] = byte + 32;
  }
  return copy;
}

/** Ids and hashes are hex: ten digits in a row happen in them by chance, and are then no number of anybody's. */
function standsAlone(all: Buffer, end: number, { bytes }: Needle): boolean {
  const isHex = (at: number): boolean => /[0-9a-fA-F-]/.test(String.fromCharCode(all[at] ?? 0));
  return !isHex(end - bytes.length - 1) && !isHex(end);
}
