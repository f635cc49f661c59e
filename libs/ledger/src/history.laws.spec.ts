import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode } from './encoding.js';
import { Refusal } from './refusals.js';
import { WithdrawConsent } from './subject/consent/withdraw-consent.command.js';
import { RegisterSubject } from './subject/identity/register-subject.command.js';
import { GiveConsent } from './subject/consent/give-consent.command.js';
import { CollectPersonalData } from './subject/holding/collect-personal-data.command.js';
import { SourcePersonalData } from './subject/holding/source-personal-data.command.js';
import { evolveSubject, initialSubject } from './subject/subject.js';
import { idOf } from './testing/decider.fixture.js';
import { live, PEOPLE, steps } from './testing/history.fixture.js';
import { memoryEngines, Teller } from './testing/ledger.fixture.js';
import { evidence } from './testing/subject.fixture.js';

describe('every history', () => {
  it('folds to one state, however it is split', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (script, cut) => {
        const { teller, engines } = await live(script);
        for (const subject of PEOPLE) {
          const events = await teller.events(subject);
          const at = cut % (events.length + 1);
          const first = events.slice(0, at).reduce(evolveSubject, initialSubject);
          expect(events.slice(at).reduce(evolveSubject, first)).toEqual(events.reduce(evolveSubject, initialSubject));
        }
        await engines.close();
      }),
      { numRuns: 15, seed: 20261122 },
    );
  });

  it('has revisions without gaps, times of recording that never run backwards, and bytes that are encoded again as they are', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { teller, engines } = await live(script);
        for (const subject of PEOPLE) {
          const [events, stored] = [await teller.events(subject), await teller.stored(`subject-${subject}`)];
          expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
          expect(events.map(({ recordedAt }) => recordedAt)).toEqual(events.map(({ recordedAt }) => recordedAt).sort());
          expect(events.map((event) => encode(event).data)).toEqual(stored.map(({ data }) => data));
        }
        await engines.close();
      }),
      { numRuns: 10, seed: 20261122 },
    );
  });

  it('keeps every value that was told out of the log, plain and encoded', async () => {
    const marker = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzåäö0123456789 @.-'), minLength: 10, maxLength: 60 }).map((text) => `zq${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(marker, { minLength: 9, maxLength: 9 }), async (texts) => {
        const teller = new Teller(await memoryEngines());
        const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = ''] = texts;
        const identifiers = [{ kind: 'customer-number', value: a }] as const;
        const { about } = await teller.tell(RegisterSubject, { identifiers }, { commandId: i });
        const told = { subject: about[0], service: 'dinners', purposes: ['dinner'], relationshipKind: 'guest', notice: evidence.notice } as const;
        await teller.tell(CollectPersonalData, { ...told, context: 'form', order: b, case: c, values: [{ category: 'name', value: d }, { category: 'log', value: e }] });
        await teller.tell(SourcePersonalData, { ...told, source: 'unregistered', sourceName: f, profile: g, values: [{ category: 'name', value: d }] });
        await teller.tell(GiveConsent, { subject: about[0], service: 'dinners', purposes: ['dinner'], type: 'expressed', order: h });
        await teller.tell(WithdrawConsent, { identifier: { kind: 'email', value: b }, purposes: [a, b], service: c, consent: d, method: e, occurredAt: f });
        const log = (await teller.stored()).map(({ data, stream, type, id }) => [data, stream, type, id].join('\n')).join('\n');
        for (const text of texts)
          for (const shape of [text, JSON.stringify(text).slice(1, -1), ...encodings(text)]) expect(log.includes(shape)).toBe(false);
      }),
      { numRuns: 25, seed: 20261122 },
    );
  });

  it('takes every withdrawal, whatever it says', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('letter', 'letters', 'north', 'company', '2021-05-01', '__proto__'));
    const fields = fc.record({ purposes: fc.array(text, { maxLength: 4 }), consent: text, method: text, service: text, controller: text, occurredAt: text }, { requiredKeys: [] });
    const kind = fc.constantFrom('email' as const, 'phone' as const, 'personnummer' as const, 'customer-number' as const, 'device-id' as const);
    const whom = fc.oneof(fc.record({ identifier: fc.record({ kind, value: text }) }), fc.constant({ subject: idOf('person') }));
    const teller = new Teller(await memoryEngines());
    await fc.assert(
      fc.asyncProperty(whom, fields, async (who, what) => {
        const answer = await teller.tell(WithdrawConsent, { ...who, ...what }).catch((fault: unknown) => (fault instanceof Refusal ? fault.code : Promise.reject(fault)));
        expect(answer).toMatchObject({ status: 'recorded' });
      }),
      { numRuns: 150, seed: 20261122 },
    );
  });
});

function encodings(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}
