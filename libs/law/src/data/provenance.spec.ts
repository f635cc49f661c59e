/** What every row of law data owes its reader, and which rows nobody could confirm. */
import { describe, expect, it } from '@jest/globals';
import type { Dated, Provenance } from '../in-force.js';
import { dayOf } from '../local-date.js';
import { ADEQUACY_DECISIONS } from './adequacy.js';
import { AGES_OF_CONSENT } from './ages.js';
import { AUTHORITIES } from './authorities.js';
import { EEA_STANDINGS } from './eea.js';
import { SCC_CLAUSES } from './scc.js';

type Row = Dated & Provenance;
const named = <T extends Row>(rows: readonly T[], name: (row: T) => string) => rows.map((row) => [name(row), row] as const);
const ROWS: readonly (readonly [string, Row])[] = [
  ...named(ADEQUACY_DECISIONS, ({ id }) => id),
  ...named(EEA_STANDINGS, ({ country, as }) => `${country} ${as}`),
  ...named(SCC_CLAUSES, ({ generation, module }) => (module === undefined ? generation : `${generation} module ${module}`)),
  ...named(AGES_OF_CONSENT, ({ country }) => `age of consent ${country}`),
  ...AUTHORITIES.flatMap(({ id, names }) => named(names, ({ name }) => `${id} ${name.sv}`)),
];

describe('law data', () => {
  it.each(ROWS)('%s has a source, and does not end before it begins', (_, row) => {
    expect(row.source.length).toBeGreaterThan(8);
    expect(dayOf(row.to ?? row.from)).toBeGreaterThanOrEqual(dayOf(row.from));
  });

  it('says which rows nobody could confirm, and why', () => {
    const unsure = ROWS.flatMap(([name, row]) => (row.confirmed ? [] : [[name, row.doubt.length > 20] as const]));
    expect(unsure).toEqual([
      ['us-2000-520-safe-harbour', true], ['im-2004-411', true], ['fo-2010-146', true], ['scc-2004-915', true], ['scc-2002-16', true], ['scc-2021-914 module 4', true],
      ['edps Europeiska datatillsynsmannen', true], ['aklagarmyndigheten Åklagarmyndigheten', true],
    ]);
  });

  it('names its rows once, as registered ids', () => {
    const ids = [...ADEQUACY_DECISIONS, ...AUTHORITIES].map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]{0,62}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ROWS.map(([name]) => name)).size).toBe(ROWS.length);
  });

  it('is about a country, by two letters, or about an organisation', () => {
    for (const { subject, scope } of ADEQUACY_DECISIONS) expect(/^[A-Z]{2}$/.test(subject)).toBe(scope !== 'organisation');
    for (const { country } of EEA_STANDINGS) expect(country).toMatch(/^[A-Z]{2}$/);
  });

  it('was not applied before it was adopted', () => {
    for (const { adoptedOn, from } of ADEQUACY_DECISIONS) expect(dayOf(from)).toBeGreaterThanOrEqual(dayOf(adoptedOn));
  });
});
