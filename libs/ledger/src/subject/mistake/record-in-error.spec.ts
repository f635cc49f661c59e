import { describe, it } from '@jest/globals';
import { command, given, idOf, PERSON, type Happened } from '../../testing/decider.fixture.js';
import { consented, nth, registered } from '../../testing/subject.fixture.js';
import { RecordInError, recordInError } from './record-in-error.command.js';

const consent = consented('2020-06-01T10:00:00.000Z');
const wrong = (event: string): RecordInError => command(RecordInError, { subject: PERSON, event, code: 'wrong-person', note: 'not her' });
const annulled: Happened = { type: 'RecordedInError', data: { event: nth(consent, 1), on: PERSON, revision: 1, code: 'duplicate' } };

describe('a mistake: recorded', () => {
  it('with where the event stands, and the note sealed', () => {
    given(registered, consent)
      .when(recordInError, wrong(nth(consent, 1)))
      .then({
        type: 'RecordedInError',
        data: { event: nth(consent, 1), on: PERSON, revision: 1, code: 'wrong-person' },
        controller: 'north',
        service: 'letters',
        sealed: [{ slot: 'note', category: 'free-text', value: 'not her' }],
      });
  });
});

describe('a mistake: ignored', () => {
  it('when the event counts no longer', () => {
    given(registered, consent, annulled).when(recordInError, wrong(nth(consent, 1))).thenNothing();
  });
});

describe('a mistake: refused', () => {
  it('of an event that the person does not have', () => {
    given(registered, consent).when(recordInError, wrong(idOf('nothing'))).thenRefused('EventNotFound', { pointer: '/event' });
  });

  it.each<Happened>([
    registered,
    annulled,
    { type: 'MergeStarted', data: { merge: idOf('m'), from: idOf('o') } },
    { type: 'SubjectMergedInto', data: { merge: idOf('m'), into: idOf('o') } },
    { type: 'SubjectAbsorbed', data: { merge: idOf('m'), from: idOf('o'), revision: 1 } },
    { type: 'MergeAbandoned', data: { merge: idOf('m') } },
    { type: 'SubjectReleased', data: { merge: idOf('m'), from: idOf('o') } },
    { type: 'SubjectMergeReversed', data: { merge: idOf('m'), survivor: idOf('o') } },
  ])('of a $type', (happened) => {
    given(registered, consent, happened).when(recordInError, wrong(nth(happened, 2))).thenRefused('NotAnnullable', { pointer: '/event' });
  });
});
