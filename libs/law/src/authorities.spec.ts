import { describe, expect, it } from '@jest/globals';
import { authorityIds, authorityKnown, authorityName, authorityNamed } from './authorities.js';
import { AUTHORITIES } from './data/authorities.js';
import { dayOf, formatLocalDate } from './local-date.js';

const NAMES = [
  ['imy', 'Datainspektionen', '1995-01-01', '2020-12-31'],
  ['imy', 'Integritetsskyddsmyndigheten', '2021-01-01', undefined],
  ['edpb', 'Europeiska dataskyddsstyrelsen', '2018-05-25', undefined],
  ['edps', 'Europeiska datatillsynsmannen', '2004-01-17', undefined],
  ['pts', 'Post- och telestyrelsen', '1995-01-01', undefined],
  ['polismyndigheten', 'Polismyndigheten', '2015-01-01', undefined],
  ['rikspolisstyrelsen', 'Rikspolisstyrelsen', '1995-01-01', '2014-12-31'],
  ['sakerhetspolisen', 'Säkerhetspolisen', '2015-01-01', undefined],
  ['ekobrottsmyndigheten', 'Ekobrottsmyndigheten', '1998-01-01', undefined],
  ['aklagarmyndigheten', 'Åklagarmyndigheten', '2005-01-01', undefined],
  ['skatteverket', 'Skatteverket', '2004-01-01', undefined],
  ['riksskatteverket', 'Riksskatteverket', '1995-01-01', '2003-12-31'],
  ['kronofogdemyndigheten', 'Kronofogdemyndigheten', '2006-07-01', undefined],
  ['tullverket', 'Tullverket', '1995-01-01', undefined],
  ['forsakringskassan', 'Försäkringskassan', '2005-01-01', undefined],
  ['riksforsakringsverket', 'Riksförsäkringsverket', '1995-01-01', '2004-12-31'],
] as const;

describe('an authority', () => {
  it.each(NAMES)('%s is called %s from its first day to its last', (id, name, first, last) => {
    const at = (on: string, days: number): boolean => authorityName(id, formatLocalDate(dayOf(on) + days))?.sv === name;
    expect([at(first, -1), at(first, 0), at(first, 1)]).toEqual([false, true, true]);
    if (last !== undefined) expect([at(last, -1), at(last, 0), at(last, 1)]).toEqual([true, true, false]);
    else expect(authorityName(id, '2026-11-22')?.sv).toBe(name);
  });

  it('is in the table above, with all its names', () => {
    expect(AUTHORITIES.flatMap(({ id, names }) => names.map(({ name }) => [id, name.sv]))).toEqual(NAMES.map(([id, name]) => [id, name]));
  });

  it('is known by its id', () => {
    expect([authorityKnown('imy'), authorityKnown('datainspektionen'), authorityKnown('IMY')]).toEqual([true, false, false]);
    expect(authorityIds()).toContain('kronofogdemyndigheten');
    expect(authorityName('nobody', '2026-11-22')).toBeUndefined();
  });

  it('is found by a former name, which is out of date since the new one (SE1)', () => {
    const named = (text: string, on: string) => {
      const found = authorityNamed(text, on);
      return [found?.id, found?.name?.sv, found?.isFormerName];
    };
    expect(named('Datainspektionen', '2020-12-31')).toEqual(['imy', 'Datainspektionen', false]);
    expect(named('Datainspektionen', '2021-01-01')).toEqual(['imy', 'Integritetsskyddsmyndigheten', true]);
    expect(named('integritetsskyddsmyndigheten', '2020-12-31')).toEqual(['imy', 'Datainspektionen', true]);
    expect(named('IMY', '2026-11-22')).toEqual(['imy', 'Integritetsskyddsmyndigheten', false]);
    expect(named('säpo', '2026-11-22')).toEqual(['sakerhetspolisen', 'Säkerhetspolisen', false]);
    expect(named('Rikspolisstyrelsen', '2015-01-01')).toEqual(['rikspolisstyrelsen', undefined, true]);
    expect(authorityNamed('Kungliga Hovrätten', '2026-11-22')).toBeUndefined();
  });

  it('shares no name with another', () => {
    const all = AUTHORITIES.flatMap(({ id, names, aliases }) => [...new Set([...names.flatMap(({ name }) => [name.sv, name.en]), ...aliases].map((name) => name.toLowerCase()))].map((name) => [name, id] as const));
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
  });

  it('bears one name after the other, without gap or overlap', () => {
    for (const { names } of AUTHORITIES) {
      for (const [i, { from }] of names.entries()) {
        const before = names[i - 1];
        if (before !== undefined) expect(dayOf(from) - dayOf(before.to ?? '1900-01-01')).toBe(1);
      }
    }
  });
});
