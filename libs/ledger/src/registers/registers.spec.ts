import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { foldView } from '#projection/rows.js';
import type { View, ViewReader } from '#projection/view.js';
import { actingSteps, liveActing } from '../testing/acting.fixture.js';
import { anyHistories } from '../testing/any-history.fixture.js';
import { consentRegister, consentRegisterView } from './consent-register.view.js';
import { decisionRegister, decisionRegisterView } from './decision-register.view.js';
import { deviationRegister, deviationRegisterView } from './deviation-register.view.js';
import { disclosureRegister, disclosureRegisterView } from './disclosure-register.view.js';
import { receiptRegister, receiptRegisterView } from './receipt-register.view.js';
import { recipientRegister, recipientRegisterView } from './recipient-register.view.js';
import { allLines, cursorIn, linesOf, type Asked } from './register.query.js';
import { codesIn, dayOf, EVERY, lineIn, type Line, type Register } from './register.js';
import { sourceRegister, sourceRegisterView } from './source-register.view.js';
import { transferRegister, transferRegisterView } from './transfer-register.view.js';

interface Subject<L extends Line> {
  readonly view: View;
  readonly register: Register<L>;
}

/** What a reader of the whole register would answer: every line that fits, by rank, then in log order (or by day, where days are asked for alone). */
function naively<L extends Line>({ view, register }: Subject<L>, history: readonly StoredEvent[], { filters, from, to, rank }: Omit<Asked, 'limit'>): readonly L[] {
  const rows = [...(foldView(view, history).get(register.entries.name) ?? new Map()).values()];
  const lines = rows.flatMap((row) => lineIn(register, row) ?? []);
  const byDay = (from !== undefined || to !== undefined) && !Object.keys(filters).some((name) => name in register.facets);
  const order = (line: L): string => `${byDay ? dayOf(line.occurredAt) : ''} ${register.rank(line)} ${line.position}`;
  return lines
    .filter((line) => Object.entries(filters).every(([name, code]) => codesIn((register.facets[name] ?? register.traits[name])?.(line)).some((one) => one === code || one === EVERY)))
    .filter((line) => (from === undefined || dayOf(line.occurredAt) >= from) && (to === undefined || dayOf(line.occurredAt) <= to) && (rank === undefined || register.rank(line) === rank))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function fed(view: View, history: readonly StoredEvent[]): Promise<ViewReader> {
  const store = new MemoryViewStore();
  await store.prepare([view]);
  await (await Feed.open([view], store)).take(history);
  return store;
}

async function paged<L extends Line>(views: ViewReader, register: Register<L>, asked: Asked): Promise<readonly L[]> {
  const lines: L[] = [];
  for (let after = asked.after; ; ) {
    const page = await linesOf(views, register, { ...asked, ...(after !== undefined && { after }) });
    expect(page.lines.length).toBeLessThanOrEqual(asked.limit);
    lines.push(...page.lines);
    if (page.next === undefined) return lines;
    after = cursorIn(page.next);
    expect(after).toBeDefined();
  }
}

const lived: readonly (readonly StoredEvent[])[] = await Promise.all(
  fc.sample(actingSteps, { numRuns: 6, seed: 20261122 }).map(async (script) => {
    const { teller, engines } = await liveActing(script);
    const events = await teller.stored();
    await engines.close();
    return events;
  }),
);

const day = fc.constantFrom(undefined, '2020-12-01', '2020-12-10', '2020-12-24', '2021-01-01');

function holds<L extends Line>(subject: Subject<L>): void {
  const { view, register } = subject;
  const names = [...Object.keys(register.facets), ...Object.keys(register.traits)];

  describe(`the register ${view.name}`, () => {
    it('gives by pages of any size what a reader of the whole of it would find, each line once and in order', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistories, fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }), fc.nat(), day, day, fc.constantFrom(undefined, 0, 1), fc.integer({ min: 1, max: 7 }), async (history, by, nth, from, to, rank, limit) => {
          // Codes that lines have, so that most questions have an answer.
          const lines = naively(subject, history, { filters: {} });
          const filters = Object.fromEntries(by.flatMap((name) => {
            const codes = [...new Set(lines.flatMap((line) => codesIn((register.facets[name] ?? register.traits[name])?.(line))))].filter((code) => code !== EVERY);
            return [[name, codes[nth % Math.max(codes.length, 1)] ?? 'nothing']];
          }));
          const asked = { filters, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(rank !== undefined && { rank }) };
          const views = await fed(view, history);
          const expected = naively(subject, history, asked).map(({ event }) => event);
          expect((await paged(views, register, { ...asked, limit })).map(({ event }) => event)).toEqual(expected);
          const whole: string[] = [];
          for await (const some of allLines(views, register, asked)) whole.push(...some.map(({ event }) => event));
          expect(whole).toEqual(expected);
        }),
        { numRuns: 25, seed: 20261122 },
      );
    });

    it('keeps exactly the keys of the lines that it has, whatever became of them', () => {
      fc.assert(
        fc.property(anyHistories, (history) => {
          const rows = foldView(view, history);
          const kept = [...(rows.get(register.keys.name) ?? new Map()).values()].map(({ facet, code, rank, position, entry }) => `${facet} ${code} ${rank} ${position} ${entry}`);
          const needed = [...(rows.get(register.entries.name) ?? new Map()).values()].flatMap((row) => {
            const line = lineIn(register, row);
            if (line === undefined) return [];
            const of = Object.entries(register.facets).flatMap(([facet, codes]) => [...new Set(codesIn(codes(line)))].map((code) => `${facet} ${code}`));
            return [' ', `day ${dayOf(line.occurredAt)}`, ...of].map((key) => `${key} ${register.rank(line)} ${line.position} ${String(row['entry'])}`);
          });
          expect(kept.sort()).toEqual(needed.sort());
        }),
        { numRuns: 25, seed: 20261122 },
      );
    });

    it('shows nothing of a disclosure that the person may not be told of', () => {
      fc.assert(
        fc.property(anyHistories, (history) => {
          const without = history.filter(({ stream }) => !stream.startsWith('authority-'));
          expect(foldView(view, history)).toEqual(foldView(view, without));
        }),
        { numRuns: 10, seed: 20261122 },
      );
    });
  });
}

holds({ view: consentRegisterView, register: consentRegister });
holds({ view: disclosureRegisterView, register: disclosureRegister });
holds({ view: transferRegisterView, register: transferRegister });
holds({ view: sourceRegisterView, register: sourceRegister });
holds({ view: recipientRegisterView, register: recipientRegister });
holds({ view: receiptRegisterView, register: receiptRegister });
holds({ view: deviationRegisterView, register: deviationRegister });
holds({ view: decisionRegisterView, register: decisionRegister });

describe('a cursor', () => {
  it.each(['', '*', 'AAAA', 'x'.repeat(401), btoa('one two'), btoa('a 1 2 3 4'), btoa('a -1 b c'), btoa('a x b c'), 'a'])('%j is none', (text) => {
    expect(cursorIn(text)).toBeUndefined();
  });

  it('that was given is taken', () => {
    expect(cursorIn(btoa(' 0 000000000001 entry'))).toEqual(['', 0, '000000000001', 'entry']);
  });
});

describe('registers of what commands leave', () => {
  it('hold asks, blocked and allowed, facts with and without justification, recalls and superseded decisions', () => {
    const lines = lived.flatMap((events) => naively({ view: disclosureRegisterView, register: disclosureRegister }, events, { filters: {} }));
    expect(new Set(lines.map(({ stage }) => stage))).toEqual(new Set(['authorised', 'blocked', 'told']));
    expect(new Set(lines.map(({ verdict }) => verdict))).toEqual(new Set(['justified', 'unjustified']));
    expect(lived.flat().some(({ type }) => type === 'DisclosureRecalled')).toBe(true);
  });

  it('never call a decision superseded that was made by the newest registers', () => {
    for (const events of lived) {
      const lines = naively({ view: decisionRegisterView, register: decisionRegister }, events, { filters: {} });
      expect(lines.some(({ registers }) => registers.some(({ stream }) => stream === 'recipient-print-house'))).toBe(true);
      expect(lines.filter(({ superseded }) => superseded)).toEqual([]);
    }
  });
});
