/** Lines of a byte stream of any length (https://github.com/ndjson/ndjson-spec), with a bound on what one line may take. */
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

/** `number` counts from 1, lines that are passed over included. `tooLong`: its bytes were dropped as they came. */
export type Line =
  | { readonly number: number; readonly kind: 'text'; readonly text: string }
  | { readonly number: number; readonly kind: 'tooLong' | 'notUtf8' };

const LF = 0x0a;
const CR = 0x0d;

/**
 * The lines, as many together as a chunk completes. Ends of lines are LF or CR LF; the last needs none. Blank lines are passed over, but
 * counted; a byte order mark at the beginning is no part of the first. A stream that breaks off rejects, and its unfinished line is not given.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<readonly Line[]> {
  const reader = new LineReader(longest);
  for await (const chunk of chunks) {
    const lines = reader.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (lines.length > 0) yield lines;
  }
  const last = reader.end();
  if (last.length > 0) yield last;
}

class LineReader {
  #number = 0;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(private readonly longest: number) {}

  take(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#finish(lines);
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  end(): readonly Line[] {
    const lines: Line[] = [];
    if (this.#length > 0) this.#finish(lines);
    return lines;
  }

  /** One byte more than is allowed, for a CR that may come before the LF. */
  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.longest + 1) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #finish(lines: Line[]): void {
    this.#number += 1;
    const number = this.#number;
    const isDropped = this.#length > this.longest + 1;
    let bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    if (bytes.at(-1) === CR) bytes = bytes.subarray(0, -1);
    if (isDropped || bytes.length > this.longest) return void lines.push({ number, kind: 'tooLong' });
    if (!isUtf8(bytes)) return void lines.push({ number, kind: 'notUtf8' });
    const text = bytes.toString('utf8');
    const told = number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (told.trim() !== '') lines.push({ number, kind: 'text', text: told });
  }
}

/** The reading was stopped from our side. A line that had begun by then is not known to be whole, and is not given. */
export class ReadingStopped extends Error {
  override readonly name = 'ReadingStopped';
}

/** What a stream brings until it ends. When `signal` aborts it throws `ReadingStopped`, and leaves the stream as it is. */
export async function* chunksUntil(stream: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = stream.iterator({ destroyOnReturn: false });
  let stop: () => void = () => undefined;
  const onAbort = (): void => stop();
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      if (signal.aborted) throw new ReadingStopped('the reading was stopped');
      // One listener for all chunks: `Promise.race` with a promise that outlives them would keep a reaction for each.
      const next = await new Promise<IteratorResult<Uint8Array, unknown> | undefined>((resolve, reject) => {
        stop = () => resolve(undefined);
        chunks.next().then(resolve, reject);
      });
      if (next === undefined) continue;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
