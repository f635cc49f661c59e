import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, parseInstant } from './instant.js';
import { lastBeginning, parseWhen, type When } from './when.js';

describe('an instant', () => {
  it.each([
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02t03:04:05.6z', '2026-01-02T03:04:05.600Z'],
    ['2026-01-02t03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05.678z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05.678999999Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2024-02-28T23:30:00-05:30', '2024-02-29T05:00:00.000Z'],
    ['2026-01-02T03:04:05-00:00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.6+00:00', '2026-01-02T03:04:05.600Z'],
  ])('%s is %s', (told, stored) => {
    expect(parseWhen(told)).toEqual({ text: stored, earliest: stored, latest: stored });
  });

  it.each([
    '2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2026-06-30T23:59:60Z', '2026-01-02T24:00:00Z', '2026-01-02T23:60:00Z', '2026-01-02T03:04:05',
    '2026-01-02T03:04Z', '2026-01-02 03:04:05Z', '2026-01-02T03:04:05.Z', '2026-01-02T03:04:05+0100', '2026-01-02T03:04:05+24:00', '2026-01-02T03:04:05+01:60',
    '2026-01-02T03:04:05~01:00', '2026-01-02T03:04:05ZZ', '2026-01-02T03:04:05+01:00 ', '2026-01-02T03-04-05Z', '2026-01-02T03:04:0aZ', '1899-12-31T23:59:59.999Z',
    '1900-01-01T00:30:00+01:00', '9999-12-31T23:30:00-01:00', `2026-01-02T03:04:05.${'1'.repeat(200)}Z`, '1767323045', 'yesterday', '',
  ])('refuses %s', (told) => {
    expect(parseWhen(told)).toBeUndefined();
  });

  it('is read as Date reads it, and printed as Date prints it', () => {
    const instants = fc.integer({ min: Date.UTC(1900, 0, 2), max: Date.UTC(9999, 11, 30) });
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (ms, offset) => {
        const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
        const told = `${new Date(ms + offset * 60_000).toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${hours}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
        expect(parseInstant(told)).toBe(ms);
        expect(formatInstant(ms)).toBe(new Date(ms).toISOString());
      }),
      { numRuns: 500 },
    );
  });
});

describe('a date', () => {
  it('is every instant of its local day', () => {
    expect(parseWhen('2026-01-02')).toEqual({ text: '2026-01-02[Europe/Stockholm]', earliest: '2026-01-01T23:00:00.000Z', latest: '2026-01-02T22:59:59.999Z' });
  });

  it('may name its zone, which wins over the default', () => {
    const told = '2026-07-02[America/New_York]';
    expect(parseWhen(told, 'Asia/Tokyo')).toEqual({ text: told, earliest: '2026-07-02T04:00:00.000Z', latest: '2026-07-03T03:59:59.999Z' });
  });

  it('takes the default zone it is given', () => {
    expect(parseWhen('2026-01-02', 'Asia/Tokyo')?.text).toBe('2026-01-02[Asia/Tokyo]');
  });

  it.each(['2026-02-29', '2026-01-02[Europe/Nowhere]', '2026-01-02[+01:00]', '2026-01-02[europe/stockholm]', '2026-01-02[Europe/Stockholm', '2026-01-02Europe/Stockholm]', '2026-01-02[]', '2026-01-02xUTC]', '2026-01-02[UTCx', '2011-12-30[Pacific/Apia]', '2026-W01', '2026-01', '1900-01-01', '9999-12-31[America/New_York]'])(
    'refuses %s',
    (told) => {
      expect(parseWhen(told)).toBeUndefined();
    },
  );
});

describe('an interval', () => {
  it('spans from the earliest of its first end to the latest of its last', () => {
    expect(parseWhen('2026-01-02/2026-02-03T04:05:06+01:00')).toEqual({
      text: '2026-01-02[Europe/Stockholm]/2026-02-03T03:05:06.000Z', earliest: '2026-01-01T23:00:00.000Z', latest: '2026-02-03T03:05:06.000Z',
    });
  });

  it.each([
    ['2026-01-02T10:00:00Z', '2026-01-02T10:00:00.000Z'],
    ['2026-01-02', '2026-01-01T23:00:00.000Z'],
    ['2020-01-01/2026-01-02[Asia/Tokyo]', '2026-01-01T15:00:00.000Z'],
    ['2020-01-01[Asia/Tokyo]/2026-01-02T10:00:00Z', '2026-01-02T10:00:00.000Z'],
  ])('or less, %s, has its last beginning', (told, at) => {
    expect(lastBeginning(parseWhen(told) as When)).toBe(at);
  });

  it('may name zones, whose slash is not its own', () => {
    expect(parseWhen('2026-01-02[Europe/Stockholm]/2026-01-02[America/New_York]')?.latest).toBe('2026-01-03T04:59:59.999Z');
  });

  it.each(['2026-01-03/2026-01-02', '2026-01-02T10:00:00Z/2026-01-02T09:59:59.999Z', '2026-01-02/', '/2026-01-02', '2026-01-01/2026-01-02/2026-01-03', '2026-01-02/P1D', '2026-01-02//2026-01-03'])(
    'refuses %s',
    (told) => {
      expect(parseWhen(told)).toBeUndefined();
    },
  );
});

describe('what was told', () => {
  const instant = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2100, 0) }).map((ms) => new Date(ms).toISOString());
  const date = fc.tuple(instant, fc.constantFrom('', '[Europe/Stockholm]', '[America/New_York]', '[Asia/Tokyo]')).map(([text, zone]) => text.slice(0, 10) + zone);
  const end = fc.oneof(instant, date);

  it('is stored in a form that reads back the same, in any default zone, and never ends before it begins', () => {
    fc.assert(
      fc.property(fc.oneof(end, fc.tuple(end, end).map(([a, b]) => `${a}/${b}`)), (told) => {
        const when = parseWhen(told);
        if (when === undefined) return;
        expect(parseWhen(when.text, 'Pacific/Auckland')).toEqual(when);
        expect(when.earliest <= when.latest).toBe(true);
        expect([parseWhen(when.earliest)?.text, parseWhen(when.latest)?.text]).toEqual([when.earliest, when.latest]);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused or read, never thrown at, whatever stands there', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(end, fc.string()).map(([a, b]) => a + b)), (told) => void parseWhen(told)));
  });
});
