import { describe, expect, it } from '@jest/globals';
import { command, event, given, idOf, NOW, type Fields, type Happened } from '../../testing/decider.fixture.js';
import { asurgentRegisters, CONTROLLER, customer, obligationOf, served, sourced } from '../../testing/person-gate.fixture.js';
import { asurgentModel, registersWith } from '../../testing/registers.fixture.js';
import { registered } from '../../testing/subject.fixture.js';
import { ServeNotice, serveNotice } from './serve-notice.command.js';

const subject = idOf('person');
const INDIRECT = { id: 'indirect-notice', version: 1 } as const;
const [name, nameDuty] = sourced('bisnode', 'broker', 'name', { at: '2020-01-01T10:00:00.000Z' });
const [phone, phoneDuty] = sourced('bisnode', 'broker', 'phone', { at: '2020-01-20T10:00:00.000Z' });
const duties = [obligationOf(name.id ?? ''), obligationOf(phone.id ?? '')] as const;
const history = [registered, customer, name, nameDuty, phone, phoneDuty];

function serve(fields: Fields<ServeNotice> = {}, ...more: readonly Happened[]) {
  return given(...history, ...more).when(serveNotice, command(ServeNotice, { subject, controller: CONTROLLER, notice: INDIRECT, ...fields }), { registers: asurgentRegisters });
}

describe('serving a notice: recorded', () => {
  it('of data from elsewhere, with all the duties that were open', () => {
    serve({ channel: 'email' }).then({ type: 'NoticeServed', controller: CONTROLLER, policy: 'asurgent-2018-05-25', occurredAt: NOW, data: { notice: INDIRECT, channel: 'email', obligations: duties, servedAt: NOW } });
  });

  it('with those that are named', () => {
    serve({ obligations: [duties[1]] }).then({ type: 'NoticeServed', data: { obligations: [duties[1]] } });
  });

  it('with none of data that came after it', () => {
    serve({ occurredAt: '2020-01-15' }).then({ type: 'NoticeServed', data: { obligations: [duties[0]], servedAt: '2020-01-15T22:59:59.999Z' } });
    serve({ occurredAt: '2020-01-15', obligations: [duties[1]] }).then({ type: 'NoticeServed', data: { obligations: [] } });
  });

  it('with none that was served before, and with one that was served later', () => {
    const before = served('2020-02-01T10:00:00.000Z', INDIRECT, [duties[0]]);
    serve({}, before).then({ type: 'NoticeServed', data: { obligations: [duties[1]] } });
    serve({ occurredAt: '2020-01-25T10:00:00Z' }, before).then({ type: 'NoticeServed', data: { obligations: duties } });
  });

  it('with none of another controller', () => {
    const other: Happened = { ...nameDuty, controller: 'other-ab' };
    given(registered, name, other).when(serveNotice, command(ServeNotice, { subject, controller: CONTROLLER, notice: INDIRECT }), { registers: asurgentRegisters }).then({ type: 'NoticeServed', data: { obligations: [] } });
  });

  it('that does not say where data came from, with no duty closed by it', () => {
    serve({ notice: { id: 'privacy-notice', version: 1 } }).then({ type: 'NoticeServed', data: { obligations: [] } });
    serve({ notice: { id: 'privacy-notice', version: 1 }, obligations: [duties[0]] }).then({ type: 'NoticeServed', data: { obligations: [] } });
  });

  it('no later than its receipt', () => {
    const [fact] = given(...history).when(serveNotice, command(ServeNotice, { subject, controller: CONTROLLER, notice: INDIRECT, occurredAt: NOW.slice(0, 10) }), { registers: asurgentRegisters }).facts;
    expect(fact?.data['servedAt']).toBe(NOW);
  });

  it('for a conference', () => {
    const registers = registersWith({ 'conference-autumn-2021': [event({ type: 'ConferenceRegistered', data: { startsOn: '2021-10-01', endsOn: '2021-10-02' } }, 0, 'conference-autumn-2021')] }, asurgentModel);
    const told = command(ServeNotice, { subject, controller: CONTROLLER, notice: { id: 'privacy-notice', version: 1 }, conference: 'autumn-2021' });
    given(...history).when(serveNotice, told, { registers }).then({ type: 'NoticeServed', data: { conference: 'autumn-2021' } });
  });
});

describe('serving a notice: ignored', () => {
  it('when the same was served then, and nothing is closed by it', () => {
    const told = served('2020-02-01T10:00:00.000Z', INDIRECT, duties);
    serve({ occurredAt: '2020-02-01T10:00:00Z' }, told).thenNothing();
    serve({ occurredAt: '2020-02-02T10:00:00Z' }, told).then({ type: 'NoticeServed', data: { obligations: [] } });
  });
});

describe('serving a notice: refused', () => {
  it('for a notice, a channel, a conference and a duty that nobody knows', () => {
    serve({ notice: { id: 'privacy-notice', version: 9 } }).thenRefused('UnknownNotice');
    serve({ channel: 'pigeon' }).thenRefused('UnknownChannel');
    serve({ conference: 'autumn-2031' }).thenRefused('UnknownConference', { pointer: '/conference', alternatives: [] });
    serve({ obligations: [duties[0], idOf('nothing')] }).thenRefused('ObligationNotFound', { pointer: '/obligations/1' });
  });
});
