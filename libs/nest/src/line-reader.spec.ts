import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksUntil, linesOf, ReadingStopped, type Line } from './line-reader.js';

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(text: string | Uint8Array, { longest = 100, sizes = [7] }: { readonly longest?: number; readonly sizes?: readonly number[] } = {}): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const batch of linesOf(inChunks(Buffer.from(text), sizes), longest)) lines.push(...batch);
  return lines;
}

const texts = (lines: readonly Line[]): readonly unknown[] => lines.map((line) => (line.kind === 'text' ? [line.number, line.text] : [line.number, line.kind]));

describe('linesOf', () => {
  it('takes LF and CR LF, and a last line without either', async () => {
    expect(texts(await read('{"a":1}\r\n{"b":2}\n{"c":3}'))).toEqual([[1, '{"a":1}'], [2, '{"b":2}'], [3, '{"c":3}']]);
  });

  it('passes over blank lines, but counts them', async () => {
    expect(texts(await read('\n  \r\n{"a":1}\n\n\n{"b":2}\n\n'))).toEqual([[3, '{"a":1}'], [6, '{"b":2}']]);
  });

  it('takes off a byte order mark at the beginning only', async () => {
    expect(texts(await read('\uFEFF{"a":1}\n\uFEFF{"b":2}'))).toEqual([[1, '{"a":1}'], [2, '\uFEFF{"b":2}']]);
  });

  it('drops a line that is too long, and goes on', async () => {
    expect(texts(await read(`${'x'.repeat(100)}\n${'y'.repeat(101)}\r\n${'z'.repeat(5_000)}\n{"a":1}`))).toEqual([[1, 'x'.repeat(100)], [2, 'tooLong'], [3, 'tooLong'], [4, '{"a":1}']]);
  });

  it('allows a line of just the length with CR LF', async () => {
    expect(texts(await read(`${'x'.repeat(100)}\r\n`))).toEqual([[1, 'x'.repeat(100)]]);
  });

  it('says what is not UTF-8', async () => {
    expect(texts(await read(Buffer.concat([Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from('{"å":1}\n')])))).toEqual([[1, 'notUtf8'], [2, '{"å":1}']]);
  });

  it('gives the same lines however the bytes are cut', async () => {
    const pieces = fc.array(fc.constantFrom('a', 'å', '\n', '\r\n', '\r', ' ', '{"x":"y"}', 'w'.repeat(30), '\uFEFF'), { maxLength: 40 });
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, sizes, async (parts, cut) => {
        const text = parts.join('');
        expect(await read(text, { longest: 20, sizes: cut })).toEqual(await read(text, { longest: 20, sizes: [100_000] }));
      }),
      { numRuns: 200 },
    );
  });

  it('does not give an unfinished line when the stream breaks off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"a":1}\n{"b":');
      await Promise.resolve();
      throw new Error('aborted');
    }
    const lines: Line[] = [];
    await expect(
      (async () => {
        for await (const batch of linesOf(broken(), 100)) lines.push(...batch);
      })(),
    ).rejects.toThrow('aborted');
    expect(texts(lines)).toEqual([[1, '{"a":1}']]);
  });
});

describe('chunksUntil', () => {
  it('stops a reader that waits for more, without an end', async () => {
    const stop = new AbortController();
    const stream = new Readable({ read() {} });
    stream.push('{"a":1}\n{"half":');
    const lines: Line[] = [];
    const reading = (async () => {
      for await (const batch of linesOf(chunksUntil(stream, stop.signal), 100)) {
        lines.push(...batch);
        stop.abort();
      }
    })();
    await expect(reading).rejects.toThrow(ReadingStopped);
    expect(texts(lines)).toEqual([[1, '{"a":1}']]);
    expect(stream.destroyed).toBe(false);
  });
});
