/**
 * The server's log: one append-only file, and what is in it. A position is an offset in this file, so positions grow, are not dense, and every event has its own.
 *
 * A record is `size u32 · head size u32 · head (JSON) · data · metadata`; the last record of an append says so, and an append that is not whole at the end of the file
 * never happened. What was acknowledged has been given to the operating system (and to the disk, with `fsync`), so that a kill -9 loses none of it.
 */
import { closeSync, existsSync, fdatasync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log of a server's directory. */
export const LOG_NAME = 'esdb.log';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Recorded extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: number;
  readonly createdMs: number;
}

export type Unplaced = Omit<Recorded, 'position'>;

interface Head {
  readonly id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly contentType: string;
  readonly createdMs: number;
  readonly dataBytes: number;
  readonly isLast: boolean;
}

const FRAME_BYTES = 8;
const READ_BYTES = 4 * 1024 * 1024;
const FOLLOW_EVERY_MS = 10;

export interface LogFileOptions {
  /** Waits for the disk, not only for the operating system. */
  readonly fsync: boolean;
  /** Another process writes the file; this one reads on. */
  readonly follow: boolean;
  readonly onRecords: (records: readonly Recorded[]) => void;
  /** The records before `end` may be shown. */
  readonly onDurable: (end: number) => void;
}

export class LogFile {
  #fd: number;
  /** Where the next record goes. */
  #end = 0;
  /** Records before this may be shown and acknowledged. */
  #durableEnd = 0;
  #queue: Buffer[] = [];
  /** Of what is in the queue, and of what is on its way to the disk. */
  #next: PromiseWithResolvers<void> | undefined;
  #current: PromiseWithResolvers<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #path: string;
  readonly #options: LogFileOptions;

  constructor(path: string, options: LogFileOptions) {
    this.#path = path;
    this.#options = options;
    mkdirSync(dirname(path), { recursive: true });
    if (options.follow && !existsSync(path)) closeSync(openSync(path, 'a'));
    this.#fd = openSync(path, options.follow ? 'r' : 'a+');
    this.#readOn();
    if (options.follow) this.#follow();
    else ftruncateSync(this.#fd, this.#end);
  }

  /** Places the events of one append one after the other; they are in the file when `flushed` resolves. */
  add(events: readonly Unplaced[]): readonly Recorded[] {
    const placed = events.map((event, i) => {
      const bytes = encoded(event, i === events.length - 1);
      const position = this.#end;
      this.#end += bytes.length;
      this.#queue.push(bytes);
      return { ...event, position };
    });
    if (this.#next === undefined) {
      this.#next = Promise.withResolvers();
      if (this.#current === undefined) setImmediate(() => this.#flush());
    }
    return placed;
  }

  /** Everything added so far is as durable as this server makes it. */
  async flushed(): Promise<void> {
    await (this.#next ?? this.#current)?.promise;
  }

  /** The process becomes the file's writer, or stops being it; what it took until then is written first. */
  async setFollowing(follow: boolean): Promise<void> {
    await this.flushed();
    clearInterval(this.#timer);
    closeSync(this.#fd);
    this.#fd = openSync(this.#path, follow ? 'r' : 'a+');
    this.#readOn();
    if (follow) this.#follow();
    else ftruncateSync(this.#fd, this.#end);
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#fd);
  }

  #follow(): void {
    this.#timer = setInterval(() => this.#readOn(), FOLLOW_EVERY_MS);
  }

  /** Writes what has gathered at once: everybody who appended meanwhile waits for one write. */
  #flush(): void {
    const bytes = Buffer.concat(this.#queue);
    const end = this.#end;
    this.#queue = [];
    this.#current = this.#next;
    this.#next = undefined;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    const done = (): void => {
      this.#durableEnd = end;
      this.#options.onDurable(end);
      this.#current?.resolve();
      this.#current = undefined;
      if (this.#next !== undefined) this.#flush();
    };
    if (this.#options.fsync) fdatasync(this.#fd, done);
    else done();
  }

  /** Takes in the whole appends that stand behind what is known. */
  #readOn(): void {
    const size = fstatSync(this.#fd).size;
    let rest = Buffer.alloc(0);
    let append: Recorded[] = [];
    let at = this.#end;
    for (let offset = at; offset < size; ) {
      const block = Buffer.alloc(Math.min(READ_BYTES, size - offset));
      const bytes = readSync(this.#fd, block, 0, block.length, offset);
      if (bytes === 0) break;
      offset += bytes;
      rest = Buffer.concat([rest, block.subarray(0, bytes)]);
      let used = 0;
      for (let found = decoded(rest, used, at); found !== undefined; found = decoded(rest, used, at)) {
        used += found.bytes;
        at += found.bytes;
        append.push(found.event);
        if (!found.isLast) continue;
        this.#end = at;
        this.#options.onRecords(append);
        append = [];
      }
      rest = rest.subarray(used);
    }
    if (this.#durableEnd === this.#end) return;
    this.#durableEnd = this.#end;
    this.#options.onDurable(this.#end);
  }
}

function encoded(event: Unplaced, isLast: boolean): Buffer {
  const { id, stream, type, contentType, createdMs, data, metadata } = event;
  const head: Head = { id, stream, revision: event.revision.toString(), type, contentType, createdMs, dataBytes: data.length, isLast };
  const text = Buffer.from(JSON.stringify(head));
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(FRAME_BYTES + text.length + data.length + metadata.length, 0);
  frame.writeUInt32BE(text.length, 4);
  return Buffer.concat([frame, text, data, metadata]);
}

function decoded(bytes: Buffer, from: number, position: number): { readonly event: Recorded; readonly bytes: number; readonly isLast: boolean } | undefined {
  if (bytes.length - from < FRAME_BYTES) return undefined;
  const size = bytes.readUInt32BE(from);
  if (bytes.length - from < size) return undefined;
  const dataAt = from + FRAME_BYTES + bytes.readUInt32BE(from + 4);
  const { dataBytes, revision, isLast, ...head } = JSON.parse(bytes.toString('utf8', from + FRAME_BYTES, dataAt)) as Head;
  const metadataAt = dataAt + dataBytes;
  const event = { ...head, revision: BigInt(revision), position, data: bytes.subarray(dataAt, metadataAt), metadata: bytes.subarray(metadataAt, from + size) };
  return { event, bytes: size, isLast };
}
