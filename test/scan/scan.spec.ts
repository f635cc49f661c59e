import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Scanner } from './scan.js';

const MARKER = 'qvaxzomblijx';
let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'liggare-scan-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A file of `before` other bytes, then what is planted, then some more. */
function plant(before: number, planted: Buffer): readonly string[] {
  writeFileSync(join(directory, 'file'), Buffer.concat([Buffer.alloc(before, 0x9b), planted, Buffer.alloc(5, 0x9b)]));
  return new Scanner([MARKER, '0701740610']).directory(directory).found;
}

describe('the scan', () => {
  const around = (text: string): Buffer => Buffer.from(`{"value":"${text}"}`);
  it.each([
    ['plain', around(MARKER)],
    ['plain in capitals', around(MARKER.toUpperCase())],
    ['plain, mixed', around('QvAxZoMbLiJx')],
    ['hex', Buffer.from(around(MARKER).toString('hex'))],
    ['hex in capitals', Buffer.from(around(MARKER).toString('hex').toUpperCase())],
    ['hex of capitals', Buffer.from(around(MARKER.toUpperCase()).toString('hex'))],
    ['UTF-16LE', Buffer.from(around(MARKER).toString(), 'utf16le')],
    ['UTF-16BE', Buffer.from(around(MARKER).toString(), 'utf16le').swap16()],
    ['UTF-16LE in capitals', Buffer.from(MARKER.toUpperCase(), 'utf16le')],
    ...[0, 1, 2].flatMap((shift): [string, Buffer][] => [
      [`base64 after ${shift}`, Buffer.from(Buffer.from(`${'x'.repeat(shift)}${MARKER}tail`).toString('base64'))],
      [`base64url after ${shift}`, Buffer.from(Buffer.from(`${'x'.repeat(shift)}${MARKER}tail`).toString('base64url'))],
      [`base64 of a capital after ${shift}`, Buffer.from(Buffer.from(`${'x'.repeat(shift)}Q${MARKER.slice(1)}tail`).toString('base64'))],
    ]),
    ['a phone number', around('0701740610')],
    ['a phone number as hex', Buffer.from(around('0701740610').toString('hex'))],
  ])('finds %s', (_form, planted) => {
    expect(plant(0, planted).length).toBeGreaterThan(0);
    expect(plant(1234, planted).length).toBeGreaterThan(0);
    // Across the border of two chunks.
    for (const beyond of [1, Math.floor(planted.length / 2), planted.length - 1]) expect(plant((1 << 20) - beyond, planted).length).toBeGreaterThan(0);
  });

  it('finds nothing where nothing is', () => {
    expect(plant(5_000, Buffer.from('qvaxzombli jx, and 070-174 06'))).toEqual([]);
  });

  it('takes digits within a hex number for a part of it', () => {
    expect(plant(10, Buffer.from('a0701740610f'))).toEqual([]);
    expect(plant(10, Buffer.from(' 0701740610 '))).toHaveLength(1);
  });

  it('looks into files in folders, and into texts', () => {
    expect(new Scanner([MARKER]).text(`an error about ${MARKER}`, 'stderr')).toHaveLength(1);
  });
});
