/** Lines of a stream of bytes, whole, so that sending can stop between any two. What a line holds is the server's to judge. */
import { Transform, type TransformCallback } from 'node:stream';
import { CliFault } from './fault.js';

const LF = 10;

/** Beyond this a line is passed on in pieces: the server refuses it without holding it, and so do we. */
const LONGEST = 1024 * 1024;

export class WholeLines extends Transform {
  lines = 0;
  bytes = 0;
  #rest: Buffer[] = [];
  #restLength = 0;
  #stopped = false;

  /** Nothing that is not already on its way is sent any more. */
  stop(): void {
    this.#stopped = true;
    this.#rest = [];
    this.#restLength = 0;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#stopped) return done();
    const fault = this.bytes === 0 ? faultOf(chunk) : undefined;
    if (fault !== undefined) return done(fault);
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) this.lines++;
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) {
      this.#passOn();
      this.push(chunk.subarray(0, end));
    }
    this.#keep(chunk.subarray(end));
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#restLength > 0) this.lines++;
    this.#passOn();
    done();
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#rest.push(piece);
    this.#restLength += piece.length;
    // One byte stays, to tell that a line is open.
    if (this.#restLength > LONGEST) {
      this.#passOn();
      this.#restLength = 1;
    }
  }

  #passOn(): void {
    for (const kept of this.#rest.splice(0)) this.push(kept);
    this.#restLength = 0;
  }
}

/** What would fail at every line is said once. */
function faultOf(beginning: Buffer): CliFault | undefined {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return new CliFault('the input is compressed (hint: gunzip -c FILE | liggare import -)');
  if ((beginning[0] === 0xff && beginning[1] === 0xfe) || (beginning[0] === 0xfe && beginning[1] === 0xff) || beginning.subarray(0, 4).includes(0))
    return new CliFault('the input is not UTF-8 (hint: iconv -f UTF-16 -t UTF-8 FILE | liggare import -)');
  return undefined;
}

/** The lines of a stream of UTF-8. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
