import { describe, expect, it } from '@jest/globals';
import { ADEQUACY_DECISIONS } from './data/adequacy.js';
import { EEA_STANDINGS, GDPR_IN_EEA_AGREEMENT } from './data/eea.js';
import type { SccGeneration, SccModule } from './data/scc.js';
import { SCC_CLAUSES, SCC_NOT_FOR_GDPR_IMPORTERS } from './data/scc.js';
import { TRANSFER_MECHANISMS } from './data/transfer-mechanisms.js';
import { inForce } from './in-force.js';
import { dayOf, formatLocalDate } from './local-date.js';
import {
  adequacyAt, adequacyNear, eeaStandingAt, isInEea, provisionAt, sccAt, sccClauses, sccFits, sccFitting, sccGenerationsSignableOn, transferMechanism,
} from './transfer-law.js';

/** The days around the first and the last, and what is expected of each. */
const around = (first: string, last?: string): readonly (readonly [on: string, expected: boolean])[] => {
  const at = (on: string, days: number): string => formatLocalDate(dayOf(on) + days);
  const begins = [[at(first, -1), false], [first, true], [at(first, 1), true]] as const;
  return last === undefined ? [...begins, ['2026-11-22', true]] : [...begins, [at(last, -1), true], [last, true], [at(last, 1), false]];
};

describe('an adequacy decision', () => {
  /** id, subject, scope, adopted, first and last day. The dates stand here once more, so that a wrong one in the data is seen. */
  const decisions = [
    ['ch-2000-518', 'CH', 'whole', '2000-07-26', '2000-08-25', undefined],
    ['hu-2000-519', 'HU', 'whole', '2000-07-26', '2000-08-25', '2004-04-30'],
    ['us-2000-520-safe-harbour', 'US', 'certified-organisations', '2000-07-26', '2000-08-25', '2015-10-05'],
    ['ca-2002-2', 'CA', 'commercial-organisations', '2001-12-20', '2002-01-04', undefined],
    ['ar-2003-490', 'AR', 'whole', '2003-06-30', '2003-07-05', undefined],
    ['gg-2003-821', 'GG', 'whole', '2003-11-21', '2003-11-25', undefined],
    ['im-2004-411', 'IM', 'whole', '2004-04-28', '2004-04-30', undefined],
    ['je-2008-393', 'JE', 'whole', '2008-05-08', '2008-05-28', undefined],
    ['fo-2010-146', 'FO', 'whole', '2010-03-05', '2010-03-09', undefined],
    ['ad-2010-625', 'AD', 'whole', '2010-10-19', '2010-10-21', undefined],
    ['il-2011-61', 'IL', 'whole', '2011-01-31', '2011-02-01', undefined],
    ['uy-2012-484', 'UY', 'whole', '2012-08-21', '2012-08-23', undefined],
    ['nz-2013-65', 'NZ', 'whole', '2012-12-19', '2013-01-30', undefined],
    ['us-2016-1250-privacy-shield', 'US', 'certified-organisations', '2016-07-12', '2016-07-12', '2020-07-15'],
    ['jp-2019-419', 'JP', 'commercial-organisations', '2019-01-23', '2019-01-23', undefined],
    ['gb-2021-1772', 'GB', 'whole', '2021-06-28', '2021-06-28', '2025-12-22'],
    ['gb-2021-1772-renewed', 'GB', 'whole', '2025-12-19', '2025-12-23', '2031-12-27'],
    ['kr-2022-254', 'KR', 'whole', '2021-12-17', '2021-12-17', undefined],
    ['us-2023-1795-data-privacy-framework', 'US', 'certified-organisations', '2023-07-10', '2023-07-10', undefined],
    ['epo-2025-1382', 'european-patent-organisation', 'organisation', '2025-07-15', '2025-07-18', undefined],
    ['br-2026-179', 'BR', 'whole', '2026-01-26', '2026-01-28', undefined],
  ] as const;

  it.each(decisions)('%s holds from its first day to its last', (id, subject, scope, adoptedOn, first, last) => {
    expect(ADEQUACY_DECISIONS.find((decision) => decision.id === id)).toMatchObject({ subject, scope, adoptedOn });
    for (const [on, expected] of around(first, last)) expect([on, adequacyAt(subject, on).some((decision) => decision.id === id)]).toEqual([on, expected]);
  });

  it('is in the table above', () => {
    expect(ADEQUACY_DECISIONS.map(({ id }) => id)).toEqual(decisions.map(([id]) => id));
  });

  it('that a court struck down does not cover the day of the judgment', () => {
    expect(ADEQUACY_DECISIONS.flatMap(({ endedBy }) => (endedBy?.kind === 'judgment' ? [[endedBy.case, endedBy.on]] : []))).toEqual([['C-362/14', '2015-10-06'], ['C-311/18', '2020-07-16']]);
    expect([adequacyAt('US', '2015-10-05'), adequacyAt('US', '2015-10-06')].map((found) => found.length)).toEqual([1, 0]);
    expect([adequacyAt('US', '2020-07-15'), adequacyAt('US', '2020-07-16')].map((found) => found.length)).toEqual([1, 0]);
  });

  it('ended the day after its last, unless it expires with that day', () => {
    for (const { to, endedBy } of ADEQUACY_DECISIONS) {
      expect(to === undefined).toBe(endedBy === undefined);
      if (to !== undefined && endedBy !== undefined) expect(dayOf(endedBy.on) - dayOf(to)).toBe(endedBy.kind === 'expiry' ? 0 : 1);
    }
  });

  it('covers the United Kingdom without a gap from the day it left, through both renewals', () => {
    for (let day = dayOf('2020-01-30'); day <= dayOf('2031-12-27'); day += 1) {
      const on = formatLocalDate(day);
      if (!isInEea('GB', on) && adequacyAt('GB', on).length === 0) throw new Error(on);
    }
    expect(adequacyAt('GB', '2031-12-28')).toEqual([]);
    expect(adequacyAt('GB', '2025-06-28')[0]?.limits?.en).toContain('immigration control');
    expect(adequacyAt('GB', '2025-12-28')[0]?.limits).toBeUndefined();
  });

  it('is not there for a country that has none', () => {
    expect([adequacyAt('IN', '2026-11-22'), adequacyNear('IN', '2026-11-22')]).toEqual([[], { ended: [], notBegun: [] }]);
  });

  it('that had ended, or not begun, is told with its dates', () => {
    const between = adequacyNear('US', '2021-01-01');
    expect(between.ended.map(({ decision, to }) => [decision, to])).toEqual([['(EU) 2016/1250', '2020-07-15'], ['2000/520/EC', '2015-10-05']]);
    expect(between.notBegun.map(({ decision, from }) => [decision, from])).toEqual([['(EU) 2023/1795', '2023-07-10']]);
    expect(adequacyNear('US', '2015-10-05').ended).toEqual([]);
    expect(adequacyNear('US', '2016-07-11').notBegun.map(({ from }) => from)).toEqual(['2016-07-12', '2023-07-10']);
    expect(adequacyNear('US', '2016-07-12').notBegun.map(({ from }) => from)).toEqual(['2023-07-10']);
  });

  it('refuses a day that is none', () => {
    expect(() => adequacyAt('CH', '2026-02-30')).toThrow(RangeError);
    expect(() => adequacyNear('CH', 'today')).toThrow(RangeError);
  });
});

describe('the European Economic Area', () => {
  const standings = [
    ...['AT', 'BE', 'DE', 'DK', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PT', 'SE'].map((country) => [country, 'member-state', '1995-01-01', undefined] as const),
    ...['CY', 'CZ', 'EE', 'HU', 'LT', 'LV', 'MT', 'PL', 'SI', 'SK'].map((country) => [country, 'member-state', '2004-05-01', undefined] as const),
    ...['BG', 'RO'].map((country) => [country, 'member-state', '2007-01-01', undefined] as const),
    ['HR', 'member-state', '2013-07-01', undefined],
    ['NO', 'efta-state', '1995-01-01', undefined],
    ['IS', 'efta-state', '1995-01-01', undefined],
    ['LI', 'efta-state', '1995-05-01', undefined],
    ['AX', 'territory', '1995-01-01', undefined],
    ['GB', 'member-state', '1995-01-01', '2020-01-31'],
    ['GB', 'transition', '2020-02-01', '2020-12-31'],
    ['GB', 'bridge', '2021-01-01', '2021-06-28'],
  ] as const;

  it.each(standings)('%s as %s from its first day to its last', (country, as, first, last) => {
    for (const [on, expected] of around(first, last)) expect([on, eeaStandingAt(country, on)?.as === as]).toEqual([on, expected]);
  });

  it('has no other row, and one standing a day', () => {
    expect(EEA_STANDINGS.map(({ country, as }) => [country, as])).toEqual(standings.map(([country, as]) => [country, as]));
    for (const a of EEA_STANDINGS) {
      for (const b of EEA_STANDINGS) if (a !== b && a.country === b.country) expect(inForce(a, b.from)).toBe(false);
    }
  });

  it.each([
    ['SE', '2026-11-22', true], ['US', '2026-11-22', false], ['CH', '2026-11-22', false], ['HR', '2013-06-30', false], ['HR', '2013-07-01', true],
    ['GB', '2020-12-31', true], ['GB', '2021-06-28', true], ['GB', '2021-06-29', false], ['NO', '2018-06-15', true],
  ] as const)('%s on %s: %s', (country, on, expected) => {
    expect(isInEea(country, on)).toBe(expected);
  });

  it.each(around('2018-07-20'))('has the GDPR in its Agreement on %s: %s', (on, expected) => {
    expect(inForce(GDPR_IN_EEA_AGREEMENT, on)).toBe(expected);
  });
});

describe('standard contractual clauses', () => {
  /** generation, module, exporter, importer, annexes; first and last day to sign, last day to use. */
  const generations: readonly (readonly [SccGeneration, SccModule | undefined, 'controller' | 'processor', 'controller' | 'processor', string, string, string | undefined, string | undefined])[] = [
    ['scc-2001-497', undefined, 'controller', 'controller', '1', '2001-09-03', '2021-09-26', '2022-12-27'],
    ['scc-2004-915', undefined, 'controller', 'controller', 'B', '2005-04-01', '2021-09-26', '2022-12-27'],
    ['scc-2002-16', undefined, 'controller', 'processor', '1 2', '2002-04-03', '2010-05-14', '2021-09-26'],
    ['scc-2010-87', undefined, 'controller', 'processor', '1 2', '2010-05-15', '2021-09-26', '2022-12-27'],
    ['scc-2021-914', 1, 'controller', 'controller', 'I.A I.B I.C II', '2021-06-27', undefined, undefined],
    ['scc-2021-914', 2, 'controller', 'processor', 'I.A I.B I.C II III', '2021-06-27', undefined, undefined],
    ['scc-2021-914', 3, 'processor', 'processor', 'I.A I.B I.C II III', '2021-06-27', undefined, undefined],
    ['scc-2021-914', 4, 'processor', 'controller', 'I.A I.B', '2021-06-27', undefined, undefined],
  ];

  it.each(generations)('%s, module %s: who signs what, and when', (generation, module, exporter, importer, annexes, first, lastSigned, lastUsed) => {
    const clauses = sccClauses(generation, module);
    expect([clauses?.exporter, clauses?.importer, clauses?.annexes.map(({ id }) => id).join(' ')]).toEqual([exporter, importer, annexes]);
    for (const [on, expected] of around(first, lastSigned)) expect([on, sccAt(generation, on, module)?.signable]).toEqual([on, expected]);
    for (const [on, expected] of around(first, lastUsed)) expect([on, sccAt(generation, on, module)?.usable]).toEqual([on, expected]);
    for (const from of ['controller', 'processor'] as const) {
      for (const to of ['controller', 'processor'] as const) expect(sccFits(generation, module, from, to)).toBe(from === exporter && to === importer);
    }
  });

  it('are all in the table above', () => {
    expect(SCC_CLAUSES.map(({ generation, module }) => [generation, module])).toEqual(generations.map(([generation, module]) => [generation, module]));
  });

  it('ask for annex III only where sub-processors are authorised one by one', () => {
    const conditional = SCC_CLAUSES.flatMap(({ annexes }) => annexes.filter(({ onlyWith }) => onlyWith !== undefined).map(({ id }) => id));
    expect(conditional).toEqual(['III', 'III']);
  });

  it('of the older generations serve no more on 28 December 2022 (G46.2)', () => {
    for (const generation of ['scc-2001-497', 'scc-2004-915', 'scc-2010-87'] as const) {
      expect([sccAt(generation, '2022-12-27')?.usable, sccAt(generation, '2022-12-28')?.usable]).toEqual([true, false]);
    }
  });

  it('have no module that their generation lacks', () => {
    expect([sccClauses('scc-2021-914'), sccClauses('scc-2010-87', 2), sccAt('scc-2010-87', '2019-01-01', 1)]).toEqual([undefined, undefined, undefined]);
    expect(sccFits('scc-2021-914', undefined, 'controller', 'processor')).toBe(false);
  });

  it.each([
    ['2001-09-02', []], ['2001-09-03', ['scc-2001-497']], ['2010-05-14', ['scc-2001-497', 'scc-2004-915', 'scc-2002-16']],
    ['2010-05-15', ['scc-2001-497', 'scc-2004-915', 'scc-2010-87']], ['2021-06-27', ['scc-2001-497', 'scc-2004-915', 'scc-2010-87', 'scc-2021-914']],
    ['2021-09-26', ['scc-2001-497', 'scc-2004-915', 'scc-2010-87', 'scc-2021-914']], ['2021-09-27', ['scc-2021-914']],
  ] as const)('that could be signed on %s: %j', (on, expected) => {
    expect(sccGenerationsSignableOn(on)).toEqual(expected);
  });

  it('are offered for the roles and the day', () => {
    const offered = (...args: Parameters<typeof sccFitting>) => sccFitting(...args).map(({ generation, module }) => `${generation}/${module ?? ''}`);
    expect(offered('controller', 'processor', '2019-01-01')).toEqual(['scc-2010-87/']);
    expect(offered('controller', 'processor', '2022-01-01')).toEqual(['scc-2021-914/2']);
    expect(offered('processor', 'processor', '2019-01-01')).toEqual([]);
  });
});

describe('what a transfer may rest on', () => {
  const FROM_THE_DIRECTIVE = new Map([
    ['A45-3', '25(6)'], ['A46-2-a', '26(2)'], ['A46-2-b', '26(2)'], ['A46-2-c', '26(4)'], ['A46-2-d', undefined], ['A46-2-e', undefined], ['A46-2-f', undefined],
    ['A46-3-a', '26(2)'], ['A46-3-b', '26(2)'], ['A49-1-a', '26(1)(a)'], ['A49-1-b', '26(1)(b)'], ['A49-1-c', '26(1)(c)'], ['A49-1-d', '26(1)(d)'], ['A49-1-e', '26(1)(d)'],
    ['A49-1-f', '26(1)(e)'], ['A49-1-g', '26(1)(f)'], ['A49-1-subparagraph-2', undefined],
  ]);

  it('is in the table above', () => {
    expect(TRANSFER_MECHANISMS.map(({ id }) => id)).toEqual([...FROM_THE_DIRECTIVE.keys()].map((id) => `eu-gdpr:${id}`));
  });

  it.each([...FROM_THE_DIRECTIVE])('%s: the GDPR since 25 May 2018, Article %s of the directive until the day before', (id, article) => {
    const mechanism = transferMechanism(`eu-gdpr:${id}`);
    if (mechanism === undefined) throw new Error(id);
    const before = article && `Article ${article} of Directive 95/46/EC`;
    const provisions = ['2015-10-06', '2018-05-24', '2018-05-25', '2018-05-26'].map((on) => provisionAt(mechanism, on)?.en);
    expect(provisions).toEqual([before, before, mechanism.article.en, mechanism.article.en]);
  });

  it('does not fall back on the directive after it has ended', () => {
    const mechanism = transferMechanism('eu-gdpr:A45-3');
    expect(mechanism && provisionAt({ ...mechanism, to: '2026-12-31' }, '2027-01-01')).toBeUndefined();
  });

  it('is cited as the article is read', () => {
    expect(transferMechanism('eu-gdpr:A46-2-c')?.article).toEqual({ sv: 'artikel 46.2 c i dataskyddsförordningen', en: 'Article 46(2)(c) GDPR' });
    expect(transferMechanism('eu-gdpr:A45-3')?.article).toEqual({ sv: 'artikel 45.3 i dataskyddsförordningen', en: 'Article 45(3) GDPR' });
    expect(transferMechanism('eu-gdpr:A46-9')).toBeUndefined();
  });

  it('asks for an authorisation or information where the law does', () => {
    expect(TRANSFER_MECHANISMS.filter(({ needsAuthorisation }) => needsAuthorisation).map(({ id }) => id)).toEqual(['eu-gdpr:A46-3-a', 'eu-gdpr:A46-3-b']);
    expect(TRANSFER_MECHANISMS.filter(({ needsInformation }) => needsInformation).map(({ id }) => id)).toEqual(['eu-gdpr:A49-1-subparagraph-2']);
  });

  it('knows that the clauses of 2021 are not for an importer under the GDPR', () => {
    expect(SCC_NOT_FOR_GDPR_IMPORTERS.provision.en).toContain('recital 7');
  });
});
