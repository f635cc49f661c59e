/** All needles in one pass over the bytes (Aho, Corasick: Efficient string matching, CACM 18(6), 1975). */
import type { Needle } from './needles.js';

export interface Hit {
  readonly needle: Needle;
  /** Where it ends, in bytes from the start of the file. */
  readonly end: number;
}

export class Automaton {
  readonly #next: Int32Array;
  readonly #found: readonly (readonly Needle[])[];
  #state = 0;
  #read = 0;

  constructor(needles: readonly Needle[]) {
    const states = 1 + needles.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const next = new Int32Array(states * 256).fill(-1);
    const found: Needle[][] = [[]];
    for (const needle of needles) {
      let at = 0;
      for (const byte of needle.bytes) {
        if (next[at * 256 + byte] === -1) next[at * 256 + byte] = found.push([]) - 1;
        at = next[at * 256 + byte] as number;
      }
      found[at]?.push(needle);
    }
    this.#next = next;
    this.#found = found;
    linkFailures(next, found);
  }

  /** Looks on where the last chunk ended, so that a needle across two chunks is found. */
  look(chunk: Uint8Array): readonly Hit[] {
    const hits: Hit[] = [];
    let state = this.#state;
    for (let i = 0; i < chunk.length; i++) {
      state = this.#next[state * 256 + (chunk[i] as number)] as number;
      const found = this.#found[state];
      if (found !== undefined && found.length > 0) for (const needle of found) hits.push({ needle, end: this.#read + i + 1 });
    }
    this.#state = state;
    this.#read += chunk.length;
    return hits;
  }

  /** Before another file. */
  restart(): void {
    this.#state = 0;
    this.#read = 0;
  }
}

/** Breadth first: where no needle goes on, the longest other one that ends in the same bytes does. */
function linkFailures(next: Int32Array, found: Needle[][]): void {
  const failure = new Int32Array(found.length);
  const queue: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const to = next[byte] as number;
    if (to === -1) next[byte] = 0;
    else queue.push(to);
  }
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] as number;
    const fallback = failure[state] as number;
    found[state]?.push(...(found[fallback] ?? []));
    for (let byte = 0; byte < 256; byte++) {
      const to = next[state * 256 + byte] as number;
      const instead = next[fallback * 256 + byte] as number;
      if (to === -1) next[state * 256 + byte] = instead;
      else {
        failure[to] = instead;
        queue.push(to);
      }
    }
  }
}
