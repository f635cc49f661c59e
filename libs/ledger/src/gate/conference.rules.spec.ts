import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONFERENCE_PREFIX } from '../conference/conference.state.js';
import { PARTY_ROLES } from '../conference/conference.events.js';
import { RECIPIENT_ROLES, type RecipientRole } from '../recipient/recipient.events.js';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import { questionOn, streamOf, type ConferenceFact, type RecipientFact } from '../testing/gate.fixture.js';
import { asurgentModel } from '../testing/registers.fixture.js';
import { consented, held, registered, related } from '../testing/subject.fixture.js';
import type { Act } from './act.js';
import { conferenceRules } from './conference.rules.js';
import { judgeAct } from './gate.js';
import type { Applied } from './reasoning.members.js';

const CONFERENCE = 'autumn-2023';
const NOTICE = { id: 'event-notice', version: 1 };
const conference: readonly ConferenceFact[] = [['ConferenceRegistered', { startsOn: '2023-10-10', endsOn: '2023-10-11' }]];
const added = (role: (typeof PARTY_ROLES)[number], from = '2023-05-01'): ConferenceFact => ['ConferencePartyAdded', { recipient: 'acme', role, from }];
const published = (...recipients: readonly string[]): ConferenceFact => ['ConferenceNoticePublished', { notice: NOTICE, recipients, from: '2023-06-01' }];
const kind = (of: string): RecipientFact => ['RecipientRegistered', { kind: of, country: 'SE', from: '2020-01-01' }];
const role = (of: RecipientRole, purpose: string, more: { readonly conference?: string; readonly from?: string; readonly to?: string } = {}): RecipientFact => [
  'RecipientRoleAssigned', { assignment: 'at-autumn', role: of, purposes: [purpose], conference: CONFERENCE, from: '2023-01-01', ...more },
];
const own = { controller: 'asurgent-ab', service: 'conferences' };
const visitor: Happened = related({ kind: 'event-visitor', conference: CONFERENCE }, { ...own, occurredAt: '2023-06-15T10:00:00.000Z' });
const servedAt = (at: string, data: object = {}): Happened => ({ type: 'NoticeServed', ...own, occurredAt: at, data: { notice: NOTICE, conference: CONFERENCE, obligations: [], servedAt: at, ...data } });
const served = servedAt('2023-06-15T10:00:00.000Z');
const at = (day: string): string => `${day}T12:00:00.000Z`;

interface Case {
  readonly recipient: readonly RecipientFact[];
  readonly conference?: readonly ConferenceFact[];
  readonly act?: Partial<Act>;
  readonly past?: readonly Happened[];
  readonly on?: string;
}

function applied({ recipient, conference: more = [], act = {}, past = [registered, visitor, served], on = at('2023-09-01') }: Case): readonly Applied[] {
  const history = { 'recipient-acme': streamOf('recipient-acme', ...recipient), [`${CONFERENCE_PREFIX}${CONFERENCE}`]: streamOf(`${CONFERENCE_PREFIX}${CONFERENCE}`, ...conference, ...more) };
  const items = (act.items ?? [{ category: 'email' }]).map((item) => item);
  const question = questionOn({ act: { kind: 'disclosure', purpose: 'sponsor-sharing', recipient: 'acme', conference: CONFERENCE, ...act, items }, on, history, past });
  return conferenceRules.flatMap((rule) => rule(question));
}

const resultOf = (rule: string, told: Case): string | undefined => applied(told).find((one) => one.rule === rule)?.result;
const sponsor: Case = { recipient: [kind('event-sponsor'), role('sponsor', 'sponsor-sharing')], conference: [added('sponsor'), published('acme')] };
const caterer: Case = { recipient: [kind('event-caterer'), role('processor', 'event-diet')], conference: [added('caterer')], act: { purpose: 'event-diet', items: [{ category: 'allergy' }] } };

describe('a sponsor of the conference', () => {
  it('passes every rule, and each names what it rests on', () => {
    const registers = [{ kind: 'conference', id: CONFERENCE }, { kind: 'recipient', id: 'acme' }];
    const [atConference] = registers;
    expect(applied(sponsor)).toEqual([
      { rule: 'conference-known', result: 'passed', registers: [atConference] },
      { rule: 'conference-held', result: 'passed', registers: [atConference] },
      { rule: 'conference-party', result: 'passed', registers, from: '2023-05-01' },
      { rule: 'conference-participant', result: 'passed', registers: [atConference] },
      { rule: 'sponsor-named', result: 'passed', registers, events: [event(served, 2).id] },
      { rule: 'sponsor-contact-only', result: 'passed', categories: ['email'], registers },
    ]);
  });

  it('needs a conference that the register knows', () => {
    const elsewhere = { ...sponsor, act: { conference: 'nowhere' } };
    expect([resultOf('conference-known', sponsor), resultOf('conference-known', elsewhere)]).toEqual(['passed', 'failed']);
    // A purpose that only parties receive data for needs one, whoever receives it.
    expect(resultOf('conference-known', { recipient: [kind('payment-services')], act: { conference: 'nowhere' } })).toBe('failed');
    expect(resultOf('conference-known', { recipient: [kind('payment-services')], act: { purpose: 'purchase' } })).toBeUndefined();
    expect(resultOf('conference-known', { recipient: [kind('payment-services'), role('sponsor', 'purchase')], act: { purpose: 'purchase' } })).toBe('passed');
  });

  it.each([['2023-08-31', 'passed'], ['2023-09-01', 'failed'], ['2023-09-02', 'failed']])('of a conference that is cancelled on 1 September, on %s: %s', (on, result) => {
    expect(resultOf('conference-held', { ...sponsor, conference: [added('sponsor'), ['ConferenceCancelled', { on: '2023-09-01' }]], on: at(on) })).toBe(result);
  });

  it.each([['2023-04-30', 'failed'], ['2023-05-01', 'passed'], ['2023-05-02', 'passed'], ['2023-09-29', 'passed'], ['2023-09-30', 'passed'], ['2023-10-01', 'failed']])('from 1 May to 30 September, on %s: %s', (on, result) => {
    expect(resultOf('conference-party', { ...sponsor, conference: [added('sponsor'), ['ConferencePartyRemoved', { recipient: 'acme', role: 'sponsor', to: '2023-09-30' }]], on: at(on) })).toBe(result);
  });

  it('is one of this conference, and as what it acts', () => {
    expect(resultOf('conference-party', { ...sponsor, conference: [added('partner')] })).toBe('failed');
    expect(resultOf('conference-party', { ...sponsor, conference: [] })).toBe('failed');
    // Whoever acts as a sponsor has to be one, whatever its kind.
    expect(resultOf('conference-party', { recipient: [kind('marketing-services'), role('sponsor', 'sponsor-sharing')], conference: [] })).toBe('failed');
  });

  it.each([['2023-06-14', 'failed'], ['2023-06-15', 'passed'], ['2023-06-16', 'passed'], ['2023-09-14', 'passed'], ['2023-09-15', 'passed'], ['2023-09-16', 'failed']])('receives only who takes part: from 15 June to 15 September, on %s: %s', (on, result) => {
    const left: Happened = { type: 'RelationshipEnded', occurredAt: '2023-09-15[Europe/Stockholm]', data: { relationship: idOf('relationship'), reason: 'ended' } };
    expect(resultOf('conference-participant', { ...sponsor, past: [registered, visitor, left], on: at(on) })).toBe(result);
  });

  it('receives who consented at the conference, or whose data is of it, and nobody else', () => {
    const consent = consented('2023-06-20T10:00:00.000Z', { conference: CONFERENCE }, own);
    const holding = held({ category: 'email' }, { conference: CONFERENCE }, own);
    for (const [past, result] of [[[consent], 'passed'], [[holding], 'passed'], [[], 'failed'], [[related({ conference: 'spring' }, own)], 'failed'], [[consented('2023-09-02T10:00:00.000Z', { conference: CONFERENCE }, own)], 'failed']] as const)
      expect(resultOf('conference-participant', { ...sponsor, past: [registered, ...past] })).toBe(result);
  });

  it.each([['2023-05-31', 'failed'], ['2023-06-01', 'passed'], ['2023-06-02', 'passed']])('is named in the notice as it was when it was served: on %s: %s', (on, result) => {
    expect(resultOf('sponsor-named', { ...sponsor, past: [registered, visitor, servedAt(at(on))] })).toBe(result);
  });

  it('is not named by another list, another version, another conference, or a notice served too late', () => {
    expect(resultOf('sponsor-named', { ...sponsor, conference: [added('sponsor'), published('globex')] })).toBe('failed');
    for (const other of [servedAt(at('2023-06-15'), { notice: { id: 'event-notice', version: 2 } }), servedAt(at('2023-06-15'), { conference: 'spring' }), servedAt('2023-09-01T12:00:00.001Z')])
      expect(resultOf('sponsor-named', { ...sponsor, past: [registered, visitor, other] })).toBe('failed');
    expect(resultOf('sponsor-named', { ...sponsor, past: [registered, visitor, { ...served, controller: 'other-ab' }] })).toBe('failed');
    expect(resultOf('sponsor-named', { ...sponsor, past: [registered, visitor] })).toBe('failed');
  });

  it('receives contact details only', () => {
    const found = applied({ ...sponsor, act: { items: [{ category: 'name' }, { category: 'purchase-history' }, { category: 'phone' }] } }).filter(({ rule }) => rule === 'sponsor-contact-only');
    expect(found.map(({ result, categories }) => [result, categories])).toEqual([['passed', ['name', 'phone']], ['failed', ['purchase-history']]]);
  });
});

describe('what someone eats', () => {
  const kitchen = (told: Partial<Case>) => resultOf('diet-to-kitchen-only', { ...caterer, ...told });

  it.each([['2023-04-30', 'failed'], ['2023-05-01', 'passed'], ['2023-05-02', 'passed']])('goes to the caterer from 1 May, on %s: %s', (on, result) => {
    expect(kitchen({ on: at(on) })).toBe(result);
  });

  it('goes to the venue, and to a partner only as one that is caterer or venue too', () => {
    expect(kitchen({ conference: [added('venue')] })).toBe('passed');
    for (const footing of ['processor', 'joint-controller', 'controller'] as const) {
      const recipient = [kind('event-partner'), role(footing, 'event-diet')];
      expect(kitchen({ conference: [added('partner')], recipient })).toBe('failed');
      expect(kitchen({ conference: [added('partner'), added('venue')], recipient })).toBe('passed');
    }
  });

  it('goes to nobody else, nor to a caterer of another conference', () => {
    expect(kitchen({ conference: [], recipient: [kind('development-maintenance'), role('processor', 'event-diet')] })).toBe('failed');
    expect(kitchen({ act: { ...caterer.act, conference: 'spring' } })).toBe('failed');
    expect(kitchen({ conference: [added('sponsor')] })).toBe('failed');
    expect(kitchen({ conference: [added('caterer'), added('sponsor')] })).toBe('failed');
    expect(kitchen({ act: { ...caterer.act, recipient: 'unregistered' } })).toBe('failed');
  });

  it('is no matter of the kitchen where the law asks for it, or nobody receives it', () => {
    expect(kitchen({ recipient: [kind('public-authority')], conference: [], act: { purpose: 'security', ground: 'legal-process', items: [{ category: 'allergy' }] } })).toBeUndefined();
    expect(kitchen({ act: { purpose: 'event-diet', kind: 'use', items: [{ category: 'allergy' }], recipient: undefined as never } })).toBeUndefined();
    expect(kitchen({ act: { purpose: 'event-diet', items: [{ category: 'name' }] } })).toBeUndefined();
  });

  it('never goes to a sponsor: over all purposes, recipients, roles and grounds', () => {
    const { policy } = asurgentModel;
    const special = policy.categories.map(({ id }) => id).filter((id) => asurgentModel.isLeaf(id) && asurgentModel.specialOf(id) !== undefined);
    expect(special).toContain('allergy');
    fc.assert(
      fc.property(
        fc.record({
          purpose: fc.constantFrom(...policy.purposes.map(({ id }) => id)),
          of: fc.constantFrom(...policy.recipientKinds.map(({ id }) => id)),
          as: fc.subarray([...RECIPIENT_ROLES]),
          // A sponsor by what it is at the conference, by the role it acts in, or by its kind.
          how: fc.constantFrom('party', 'role', 'kind'),
          parties: fc.subarray([...PARTY_ROLES]),
          act: fc.constantFrom<Act['kind']>('disclosure', 'transfer', 'use'),
          category: fc.constantFrom(...special),
          ground: fc.option(fc.constantFrom(...policy.disclosureGrounds.map(({ id }) => id)), { nil: undefined }),
        }),
        ({ purpose, of, as, how, parties, act, category, ground }) => {
          const roles = how === 'role' ? [...as, 'sponsor' as const] : as;
          const told: Case = {
            recipient: [kind(how === 'kind' ? 'event-sponsor' : of), ...roles.map((one, i): RecipientFact => ['RecipientRoleAssigned', { assignment: `a-${i}`, role: one, purposes: [purpose], from: '2020-01-01' }])],
            conference: [...parties, ...(how === 'party' ? ['sponsor' as const] : [])].map((one) => added(one)),
          };
          const history = { 'recipient-acme': streamOf('recipient-acme', ...told.recipient), [`conference-${CONFERENCE}`]: streamOf(`conference-${CONFERENCE}`, ...conference, ...(told.conference ?? [])) };
          const question = questionOn({ act: { kind: act, purpose, recipient: 'acme', conference: CONFERENCE, items: [{ category }], ...(ground !== undefined && { ground }) }, on: at('2023-09-01'), history, past: [registered, visitor, served] });
          const { outcome, failed } = judgeAct(question);
          expect([outcome, failed.includes('sponsor-contact-only')]).toEqual(['blocked', true]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('contact mediation', () => {
  const among: Case = { recipient: [kind('event-participant'), role('participant', 'contact-mediation', { from: '2023-07-01', to: '2023-09-30' })], act: { purpose: 'contact-mediation', items: [{ category: 'name' }] } };
  const mediation = (told: Partial<Case> = {}) => resultOf('mediation-among-participants', { ...among, ...told });

  it.each([['2023-06-30', 'failed'], ['2023-07-01', 'passed'], ['2023-07-02', 'passed'], ['2023-09-29', 'passed'], ['2023-09-30', 'passed'], ['2023-10-01', 'failed']])('is among those who take part: from 1 July to 30 September, on %s: %s', (on, result) => {
    expect(mediation({ on: at(on) })).toBe(result);
  });

  it('is for the purpose of it, at the same conference, of a person who takes part too', () => {
    expect(mediation({ recipient: [kind('event-participant'), role('participant', 'newsletter')], act: { purpose: 'newsletter', items: [{ category: 'name' }] } })).toBe('failed');
    expect(mediation({ recipient: [kind('event-participant'), role('participant', 'contact-mediation', { conference: 'spring' })] })).toBe('failed');
    expect(mediation({ recipient: [kind('event-participant')] })).toBe('failed');
    expect(mediation({ past: [registered] })).toBe('failed');
    expect(resultOf('mediation-among-participants', sponsor)).toBeUndefined();
  });
});
