import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf, WholeLines } from './ndjson.js';

async function through(chunks: readonly Buffer[]): Promise<{ readonly bytes: Buffer; readonly lines: number }> {
  const whole = new WholeLines();
  Readable.from(chunks, { objectMode: false }).pipe(whole);
  const passed: Buffer[] = [];
  for await (const chunk of whole as AsyncIterable<Buffer>) passed.push(chunk);
  return { bytes: Buffer.concat(passed), lines: whole.lines };
}

const chunks = fc.array(fc.stringMatching(/^[aåö\n]{1,12}$/).map((text) => Buffer.from(text)), { minLength: 1, maxLength: 12 });

describe('whole lines', () => {
  it('pass on every byte in order and count the lines, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, async (pieces) => {
        const { bytes, lines } = await through(pieces);
        const all = Buffer.concat(pieces);
        expect(bytes.equals(all)).toBe(true);
        expect(lines).toBe(all.toString('utf8').split('\n').length - (all.at(-1) === 10 ? 1 : 0));
      }),
      { numRuns: 60 },
    );
  });

  it('end between two lines when they are stopped, with whatever was still waiting', async () => {
    const whole = new WholeLines({ highWaterMark: 1 });
    const passed: Buffer[] = [];
    whole.write('first\nsec');
    whole.write('ond\nthi');
    whole.write('rd\nfou');
    whole.stop();
    whole.end();
    for await (const chunk of whole as AsyncIterable<Buffer>) passed.push(chunk);
    const text = Buffer.concat(passed).toString('utf8');
    expect(text === '' || text.endsWith('\n')).toBe(true);
    expect('first\nsecond\nthird\n'.startsWith(text)).toBe(true);
  });

  it('hold no line that is longer than any the server takes', async () => {
    const pieces = Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, 'x'));
    const whole = new WholeLines();
    let passed = 0;
    whole.on('data', (chunk: Buffer) => (passed += chunk.length));
    for (const piece of pieces) whole.write(piece);
    await new Promise((later) => setImmediate(later));
    expect(passed).toBeGreaterThan(1024 * 1024);
    whole.end();
    await new Promise((ended) => whole.on('end', ended));
    expect([passed, whole.lines]).toEqual([40 * 64 * 1024, 1]);
  });
});

describe('lines of text', () => {
  it('are put together across chunks that cut a letter in two', async () => {
    const bytes = Buffer.from('förs\ntå\n\nsist');
    const found: string[] = [];
    for await (const line of linesOf(Readable.from([...bytes].map((byte) => Buffer.of(byte)), { objectMode: false }) as AsyncIterable<Buffer>)) found.push(line);
    expect(found).toEqual(['förs', 'tå', '', 'sist']);
  });
});
