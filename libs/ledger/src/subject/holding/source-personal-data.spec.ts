import { describe, expect, it } from '@jest/globals';
import { command, event, given, idOf, nowIs, type Fields, type Happened } from '../../testing/decider.fixture.js';
import { asurgentRegisters, exampleRegisters, firstModel, registersWith } from '../../testing/registers.fixture.js';
import { evidence, held, HOLDING, registered, related, RELATIONSHIP } from '../../testing/subject.fixture.js';
import { SourcePersonalData, sourcePersonalData } from './source-personal-data.command.js';

const subject = idOf('person');
const later = nowIs('2025-12-01T10:00:00.000Z');
const prospect: Happened = { type: 'RelationshipStarted', controller: 'asurgent-ab', data: { relationship: RELATIONSHIP, kind: 'prospect', capacity: 'representative' } };
const name = { category: 'name', value: 'Anna Exempel' };
const bought = { subject, source: 'bisnode', purposes: ['prospecting'], values: [name], occurredAt: '2025-11-25' } as const;

function source(fields: Fields<SourcePersonalData>) {
  return given(registered, prospect).when(sourcePersonalData, command(SourcePersonalData, fields, later), { registers: asurgentRegisters });
}

describe('sourcing: recorded', () => {
  it('with its source, and the duty to tell the person within a month', () => {
    source({ ...bought, batch: idOf('batch') }).then(
      {
        type: 'PersonalDataSourced',
        verdict: 'justified',
        controller: 'asurgent-ab',
        data: { source: 'bisnode', sourceKind: 'broker', batch: idOf('batch'), publiclyAccessible: false, relationship: RELATIONSHIP, items: [{ slot: 'value/0', purposes: [{ purpose: 'prospecting', basis: 'f' }] }] },
      },
      {
        type: 'IndirectNoticeObligationOpened',
        // 25 December is a holiday, 26 too, 27 and 28 are a weekend (Regulation 1182/71 Art. 3(4)).
        data: { obligation: idOf('new obligation'), sourcing: idOf('decided 0'), obtainedAt: '2025-11-24T23:00:00.000Z', dueOn: '2025-12-29', dueAt: '2025-12-29T22:59:59.999Z', rule: 'gdpr-14-3-a' },
      },
    );
  });

  it('with the duty pointing past the start of a relationship', () => {
    const outcome = given(registered).when(sourcePersonalData, command(SourcePersonalData, { ...bought, relationshipKind: 'prospect' }, later), { registers: asurgentRegisters });
    outcome.then({ type: 'RelationshipStarted' }, { type: 'PersonalDataSourced' }, { type: 'IndirectNoticeObligationOpened', data: { sourcing: idOf('decided 1') } });
  });

  it('with the duty done when the notice came with the data', () => {
    source({ ...bought, notice: { id: 'indirect-notice', version: 1 } }).then(
      { type: 'PersonalDataSourced', verdict: 'justified', data: { notice: { id: 'indirect-notice', version: 1 } } },
      { type: 'IndirectNoticeObligationOpened' },
      { type: 'IndirectNoticeServed', data: { obligation: idOf('new obligation'), notice: { id: 'indirect-notice', version: 1 }, servedAt: '2025-11-25T22:59:59.999Z' } },
    );
  });

  it('as publicly accessible when the register says so, or the sender', () => {
    source({ ...bought, source: 'linkedin', profile: 'https://social.example/anna' }).then(
      { type: 'PersonalDataSourced', data: { sourceKind: 'social-profile', publiclyAccessible: true }, sealed: [{ slot: 'profile', category: 'profile-url', value: 'https://social.example/anna' }, { slot: 'value/0' }] },
      { type: 'IndirectNoticeObligationOpened' },
    );
    source({ ...bought, source: 'linkedin', publiclyAccessible: false }).then({ type: 'PersonalDataSourced', data: { publiclyAccessible: false } }, { type: 'IndirectNoticeObligationOpened' });
  });

  it('from an unregistered source as unjustified, its name sealed and the value kept', () => {
    const outcome = source({ ...bought, source: 'unregistered', sourceName: 'Adresslistan i Exempelby' });
    outcome.then(
      { type: 'PersonalDataSourced', verdict: 'unjustified', failed: ['source-registered'], data: { source: 'unregistered', sourceKind: 'unregistered' }, sealed: [{ slot: 'source-name', value: 'Adresslistan i Exempelby' }, { slot: 'value/0', value: 'Anna Exempel' }] },
      { type: 'IndirectNoticeObligationOpened' },
    );
    expect(JSON.stringify(outcome.facts.map(({ data }) => data))).not.toContain('Exempelby');
  });

  it('from SPAR with the purpose that the register asks for, as unjustified without', () => {
    const check = { ...bought, source: 'spar', purposes: ['address-check'] } as const;
    source({ ...check, sourcePurpose: 'kontroll' }).then({ type: 'PersonalDataSourced', verdict: 'justified', data: { sourcePurpose: 'kontroll' } }, { type: 'IndirectNoticeObligationOpened' });
    source(check).then({ type: 'PersonalDataSourced', verdict: 'unjustified', failed: ['source-purpose'] }, { type: 'IndirectNoticeObligationOpened' });
  });

  it('without ground by category alone, and the person is to be told all the same', () => {
    const outcome = source({ ...bought, purposes: ['newsletter'] });
    outcome.then({ type: 'PersonalDataSourced', verdict: 'unjustified', failed: ['consent-given'] }, { type: 'IndirectNoticeObligationOpened' });
    expect(outcome.facts[0]).not.toHaveProperty('sealed');
  });

  it('in a holding of its own, apart from what the person gave', () => {
    const guest = related({}, { service: 'dinners' });
    const told = { subject, service: 'dinners', source: 'register', purposes: ['dinner'], values: [name], occurredAt: '2020-06-02T08:00:00Z', sourcePurpose: 'kontroll' } as const;
    const after = (...history: readonly Happened[]) => (given(registered, guest, ...history).when(sourcePersonalData, command(SourcePersonalData, told)).facts[0]?.data['items'] as readonly { holding: string }[])[0]?.holding;
    expect(after(held())).not.toBe(HOLDING);
    const sourced: Happened = { ...held(), type: 'PersonalDataSourced', data: { ...held().data, source: 'register' } };
    expect(after(sourced)).toBe(HOLDING);
  });
});

describe('sourcing from a source on the days it was in use', () => {
  const told = { subject, service: 'dinners', source: 'register', sourcePurpose: 'kontroll', purposes: ['dinner'], values: [name] } as const;
  const failedOn = (occurredAt: string) =>
    given(registered, related({}, { service: 'dinners' })).when(sourcePersonalData, command(SourcePersonalData, { ...told, occurredAt }), { registers: exampleRegisters }).facts[0]?.failed ?? [];

  it('is justified from its first day to its last, in Swedish time', () => {
    expect(failedOn('2021-01-01')).toEqual([]);
    expect(failedOn('2021-01-01T22:59:59.999Z')).toEqual([]);
    expect(failedOn('2021-01-01T23:00:00.000Z')).toEqual(['source-of-the-day']);
    expect(failedOn('2021-01-02')).toEqual(['source-of-the-day']);
    expect(failedOn('2018-12-31')).toEqual(['policy-in-force', 'source-of-the-day']);
    expect(failedOn('2018-12-31T23:00:00Z')).toEqual(['policy-in-force']);
  });

  it('is unjustified when it may have been on a day that it was not in use', () => {
    expect(failedOn('2020-12-31/2021-01-02')).toEqual(['source-of-the-day']);
    expect(failedOn('2018-12-31/2020-06-01')).toEqual(['source-of-the-day']);
  });
});

describe('sourcing from a source of the register', () => {
  const history = [
    { type: 'SourceRegistered', data: { kind: 'partner', publiclyAccessible: true, purposes: ['urval'], from: '2020-06-01' } },
    { type: 'SourceEnded', data: { to: '2020-09-30' } },
    { type: 'SourceResumed', data: { from: '2021-02-01' } },
  ];
  const registers = registersWith({ 'source-lists': history.map((one, i) => event(one, i, 'source-lists')), 'source-register': history.map((one, i) => event(one, i, 'source-register')) }, firstModel);
  const told = { subject, service: 'dinners', source: 'lists', sourcePurpose: 'urval', purposes: ['dinner'], values: [name] } as const;
  const sourced = (fields: Fields<SourcePersonalData>) => given(registered, related({}, { service: 'dinners' })).when(sourcePersonalData, command(SourcePersonalData, { ...told, ...fields }), { registers });

  it('takes kind, purposes and public access from it, and names its revision', () => {
    sourced({ occurredAt: '2020-06-02' }).then(
      { type: 'PersonalDataSourced', verdict: 'justified', data: { sourceKind: 'partner', publiclyAccessible: true }, registers: [{ stream: 'policy-north', revision: 0 }, { stream: 'source-lists', revision: 2 }] },
      { type: 'IndirectNoticeObligationOpened' },
    );
    sourced({ occurredAt: '2020-06-02', sourcePurpose: undefined }).then({ type: 'PersonalDataSourced', failed: ['source-purpose'] }, { type: 'IndirectNoticeObligationOpened' });
    sourced({ sourcePurpose: 'kontroll' }).thenRefused('UnknownSourcePurpose', { pointer: '/sourcePurpose', alternatives: ['urval'] });
  });

  it.each([
    ['2020-05-31', ['source-of-the-day']],
    ['2020-06-01', []],
    ['2020-09-30', []],
    ['2020-10-01', ['source-of-the-day']],
    ['2020-09-30/2020-10-01', ['source-of-the-day']],
    ['2021-01-31', ['source-of-the-day']],
    ['2021-02-01', []],
  ])('on %s fails %j', (occurredAt, failed) => {
    expect(sourced({ occurredAt }).facts[0]?.failed ?? []).toEqual(failed);
  });

  it('goes by the register where the policy names it too, and offers those of both', () => {
    sourced({ source: 'register', occurredAt: '2020-06-02' }).then({ type: 'PersonalDataSourced', data: { sourceKind: 'partner' } }, { type: 'IndirectNoticeObligationOpened' });
    sourced({ source: 'gossip' }).thenRefused('UnknownSource', { pointer: '/source', alternatives: ['lists', 'register', 'unregistered'] });
  });
});

describe('sourcing: ignored', () => {
  it('never: each delivery opens its own duty', () => {
    given(registered, prospect, { ...held(), type: 'PersonalDataSourced', data: { ...held().data, source: 'bisnode' } })
      .when(sourcePersonalData, command(SourcePersonalData, bought, later), { registers: asurgentRegisters })
      .then({ type: 'PersonalDataSourced' }, { type: 'IndirectNoticeObligationOpened' });
  });
});

describe('sourcing: refused', () => {
  it('for a source that no register knows, with what to tell instead', () => {
    const refusal = { pointer: '/source', alternatives: ['authority', 'bisnode', 'facebook', 'linkedin', 'open-government-data', 'partner', 'spar', 'sponsor', 'unregistered'] };
    source({ ...bought, source: 'gossip' }).thenRefused('UnknownSource', refusal);
  });

  it('for a purpose that is not one of its own', () => {
    source({ ...bought, source: 'spar', sourcePurpose: 'prospecting' }).thenRefused('UnknownSourcePurpose', { pointer: '/sourcePurpose', alternatives: ['kontroll', 'urval'] });
    source({ ...bought, sourcePurpose: 'kontroll' }).thenRefused('UnknownSourcePurpose', { pointer: '/sourcePurpose', alternatives: [] });
  });

  it('for a notice that is not published', () => {
    source({ ...bought, notice: evidence.notice }).thenRefused('UnknownNotice');
  });

  it('as malformed when an unregistered source has no name', () => {
    expect(() => command(SourcePersonalData, { ...bought, source: 'unregistered' })).toThrow('sourceName');
  });
});
