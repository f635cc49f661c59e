import { describe, expect, it } from '@jest/globals';
import { command, given, idOf, type Fields, type Happened } from '../../testing/decider.fixture.js';
import { evidence, registered } from '../../testing/subject.fixture.js';
import { GiveConsent, giveConsent } from '../consent/give-consent.command.js';
import { RecordAgeBand, recordAgeBand } from './age.command.js';
import { ageAt, type AgeTold } from './identity.state.js';

const subject = idOf('person');
const age = (band: string, at: string): Happened => ({ type: 'AgeBandRecorded', occurredAt: at, data: { band } });

function record(fields: Partial<Fields<RecordAgeBand>>, ...history: readonly Happened[]) {
  return given(registered, ...history).when(recordAgeBand, command(RecordAgeBand, { subject, band: 'adult', ...fields }));
}

describe('recording an age: recorded', () => {
  it('as of when it was told to be so', () => {
    record({ band: 'below-13', occurredAt: '2021-05-01' }).then({ type: 'AgeBandRecorded', data: { band: 'below-13' }, occurredAt: '2021-05-01[Europe/Stockholm]' });
    record({ band: 'adult' }, age('from-13-to-17', '2020-05-01')).then({ type: 'AgeBandRecorded', data: { band: 'adult' } });
  });

  it('of an earlier day than the one it is known of', () => {
    record({ occurredAt: '2021-01-01' }, age('adult', '2021-05-01')).then({ type: 'AgeBandRecorded', data: { band: 'adult' } });
  });
});

describe('recording an age: ignored', () => {
  it('when it was so already', () => {
    record({ occurredAt: '2021-05-01' }, age('adult', '2021-05-01')).thenNothing();
    record({}, age('adult', '2021-01-01')).thenNothing();
  });
});

describe('the age on a day', () => {
  const told = (...ages: readonly (readonly [AgeTold['band'], string])[]): readonly AgeTold[] => ages.map(([band, from], n) => ({ event: idOf(`age ${n}`), band, from }));

  it('is what was told last by then, and no more than what was told later', () => {
    const ages = told(['below-13', '2015-01-01'], ['from-13-to-17', '2018-01-01'], ['adult', '2023-01-01']);
    expect(['2014-01-01', '2015-01-01', '2017-12-31', '2018-01-01', '2022-12-31', '2023-01-01'].map((at) => ageAt(ages, at)?.band)).toEqual([
      'below-13', 'below-13', 'below-13', 'from-13-to-17', 'from-13-to-17', 'adult',
    ]);
    expect(ageAt(told(['adult', '2023-01-01']), '2022-01-01')).toBeUndefined();
    expect(ageAt(told(['from-13-to-17', '2023-01-01']), '2010-01-01')?.band).toBe('from-13-to-17');
    expect(ageAt(told(['adult', '2020-01-01'], ['below-13', '2023-01-01']), '2021-01-01')?.band).toBe('below-13');
  });

  it('was under 13 from the start of a day, and over from its end', () => {
    const { identity } = given(age('below-13', '2020-05-01'), age('from-13-to-17', '2020-06-01')).state;
    expect(identity.ages.map(({ from }) => from)).toEqual(['2020-04-30T22:00:00.000Z', '2020-06-01T21:59:59.999Z']);
  });
});

describe('a consent that is told of a child', () => {
  const give = (indicatedBy: 'subject' | 'guardian', ...history: readonly Happened[]) =>
    given(registered, ...history).when(giveConsent, command(GiveConsent, { subject, service: 'letters', purposes: ['letter'], type: 'expressed', ...evidence, indicatedBy, occurredAt: '2021-05-01' }));

  it('is unjustified when it is the child’s own, and justified when it is its guardian’s', () => {
    const child = age('below-13', '2021-01-01');
    give('subject', child).then({ type: 'ConsentGiven', verdict: 'unjustified', failed: ['consent-by-guardian'] });
    give('guardian', child).then({ type: 'ConsentGiven', verdict: 'justified' });
    give('subject', age('from-13-to-17', '2021-01-01')).then({ type: 'ConsentGiven', verdict: 'justified' });
    give('subject').then({ type: 'ConsentGiven', verdict: 'justified' });
  });
});
