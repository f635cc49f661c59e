import { describe, it } from '@jest/globals';
import { command, given, idOf, PERSON, type Happened } from '../../testing/decider.fixture.js';
import { registered } from '../../testing/subject.fixture.js';
import { MergeSubjects, mergeSubjects, UnmergeSubjects, unmergeSubjects } from './merge.commands.js';

const OTHER = idOf('other');
const people = { [OTHER]: OTHER };
const merge = idOf('merge');
const started: Happened = { type: 'MergeStarted', data: { merge, from: OTHER } };
const absorbed: Happened = { type: 'SubjectAbsorbed', data: { merge, from: OTHER, revision: 4 } };
const released: Happened = { type: 'SubjectReleased', data: { merge, from: OTHER } };

describe('a merge: recorded', () => {
  it('as begun, with how it is known sealed', () => {
    given(registered)
      .when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER, evidence: 'same number' }), { people })
      .then({ type: 'MergeStarted', data: { merge: idOf('new merge'), from: OTHER }, sealed: [{ slot: 'evidence', category: 'free-text', value: 'same number' }] });
  });

  it('again after the first was taken back, or came to nothing', () => {
    given(registered, started, absorbed, released).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER }), { people }).then({ type: 'MergeStarted' });
    given(registered, started, { type: 'MergeAbandoned', data: { merge } }).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER }), { people }).then({ type: 'MergeStarted' });
  });
});

describe('a merge: ignored', () => {
  it('when they are one already', () => {
    given(registered, started, absorbed).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER }), { people: { [OTHER]: PERSON } }).thenNothing();
  });
});

describe('a merge: refused', () => {
  it('of somebody with themselves', () => {
    given(registered).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: PERSON }), { people }).thenRefused('MergeWithItself', { pointer: '/from' });
  });

  it('with somebody who is not registered', () => {
    given(registered).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER })).thenRefused('SubjectNotRegistered', { pointer: '/from' });
  });

  it('with somebody who is part of a third, whom it names', () => {
    given(registered).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: OTHER }), { people: { [OTHER]: idOf('third') } }).thenRefused('MergedAway', { pointer: '/from', alternatives: [idOf('third')] });
  });

  it('while another is under way', () => {
    given(registered, started).when(mergeSubjects, command(MergeSubjects, { subject: PERSON, from: idOf('third') }), { people: { [idOf('third')]: idOf('third') } }).thenRefused('MergeUnderWay', { pointer: '/subject' });
  });
});

describe('an un-merge: recorded', () => {
  it('as released, with the reason sealed', () => {
    given(registered, started, absorbed)
      .when(unmergeSubjects, command(UnmergeSubjects, { subject: PERSON, from: OTHER, reason: 'father and daughter' }))
      .then({ type: 'SubjectReleased', data: { merge, from: OTHER }, sealed: [{ slot: 'reason', value: 'father and daughter' }] });
  });
});

describe('an un-merge: ignored', () => {
  it('when it was taken back already', () => {
    given(registered, started, absorbed, released).when(unmergeSubjects, command(UnmergeSubjects, { subject: PERSON, from: OTHER })).thenNothing();
  });
});

describe('an un-merge: refused', () => {
  it('of somebody who was never merged in, with those who were', () => {
    given(registered, started, absorbed)
      .when(unmergeSubjects, command(UnmergeSubjects, { subject: PERSON, from: idOf('third') }))
      .thenRefused('NotMerged', { pointer: '/from', alternatives: [OTHER] });
  });

  it('of somebody whom the merge did not reach', () => {
    given(registered, started, { type: 'MergeAbandoned', data: { merge } }).when(unmergeSubjects, command(UnmergeSubjects, { subject: PERSON, from: OTHER })).thenRefused('NotMerged', { pointer: '/from', alternatives: [] });
  });
});
