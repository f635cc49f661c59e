import { describe, expect, it } from '@jest/globals';
import { command, given, identifierId, idOf, NOW } from '../../testing/decider.fixture.js';
import { EMAIL, linked, PHONE, registered, WORK_EMAIL } from '../../testing/subject.fixture.js';
import { LinkIdentifier, linkIdentifier } from './link-identifier.command.js';
import { RegisterSubject, registerSubject } from './register-subject.command.js';
import { UnlinkIdentifier, unlinkIdentifier } from './unlink-identifier.command.js';

const subject = idOf('person');
const email = { kind: 'email', value: EMAIL } as const;
const phone = { kind: 'phone', value: PHONE } as const;

describe('registering: recorded', () => {
  it('with each identifier sealed under its own key and claimed', () => {
    given()
      .when(registerSubject, command(RegisterSubject, { identifiers: [email, phone], onBehalfOf: 'booker', occurredAt: '2021-05-01T08:00:00Z' }))
      .then(
        { type: 'SubjectRegistered', data: {}, onBehalfOf: 'booker', occurredAt: '2021-05-01T08:00:00.000Z' },
        {
          type: 'SubjectIdentifierLinked',
          data: { identifier: idOf('new identifier:0'), kind: 'email', use: 'private', from: '2021-05-01T08:00:00.000Z' },
          sealed: [{ slot: 'value', holding: idOf('new identifier:0'), category: 'email', value: EMAIL }],
          links: [{ change: 'link', kind: 'email', value: EMAIL, identifier: idOf('new identifier:0'), from: '2021-05-01T08:00:00.000Z', shared: false, claim: true }],
        },
        { type: 'SubjectIdentifierLinked', data: { kind: 'phone' } },
      );
  });

  it('with a shared address linked without a claim', () => {
    const [, link] = given().when(registerSubject, command(RegisterSubject, { identifiers: [{ ...email, use: 'shared' }] })).facts;
    expect(link?.links).toMatchObject([{ shared: true, claim: false }]);
  });

  it('with each value once', () => {
    given().when(registerSubject, command(RegisterSubject, { identifiers: [email, email] })).then({ type: 'SubjectRegistered' }, { type: 'SubjectIdentifierLinked' });
  });

  it('with each value once, however it is written', () => {
    const identifiers = [email, { ...email, value: EMAIL.toUpperCase() }, phone, { ...phone, value: '+46701740605' }];
    given().when(registerSubject, command(RegisterSubject, { identifiers })).then({ type: 'SubjectRegistered' }, { type: 'SubjectIdentifierLinked', data: { kind: 'email' } }, { type: 'SubjectIdentifierLinked', data: { kind: 'phone' } });
  });

  it('by what is new alone, when the person is known', () => {
    given(registered, linked('email', EMAIL))
      .when(registerSubject, command(RegisterSubject, { identifiers: [email, phone] }))
      .then({ type: 'SubjectIdentifierLinked', data: { kind: 'phone', identifier: idOf('new identifier:1') } });
  });
});

describe('registering: ignored', () => {
  it('when the person and the identifiers are known, however they are written', () => {
    given(registered, linked('email', EMAIL), linked('phone', PHONE))
      .when(registerSubject, command(RegisterSubject, { identifiers: [{ kind: 'email', value: 'Anna.Exempel@example.COM' }, { kind: 'phone', value: '+46701740605' }] }))
      .thenNothing();
  });
});

describe('registering: refused', () => {
  it('as malformed without any identifier, or with one of no kind', () => {
    expect(() => command(RegisterSubject, { identifiers: [] })).toThrow('identifiers');
    expect(() => command(RegisterSubject, { identifiers: [{ kind: 'shoe' as 'email', value: '38' }] })).toThrow('identifiers');
  });
});

describe('linking: recorded, ignored', () => {
  it('is recorded for a new identifier', () => {
    given(registered)
      .when(linkIdentifier, command(LinkIdentifier, { subject, added: { kind: 'email', value: WORK_EMAIL, use: 'work' } }))
      .then({ type: 'SubjectIdentifierLinked', data: { use: 'work', from: NOW }, links: [{ change: 'link', kind: 'email', value: WORK_EMAIL, identifier: idOf('new added'), from: NOW, shared: false, claim: true }] });
  });

  it('is recorded again after it was ended', () => {
    given(registered, linked('email', EMAIL), { type: 'SubjectIdentifierUnlinked', data: { identifier: identifierId('email', EMAIL), to: '2021-01-01T00:00:00.000Z' } })
      .when(linkIdentifier, command(LinkIdentifier, { subject, added: email }))
      .then({ type: 'SubjectIdentifierLinked' });
  });

  it('is ignored for one that the person has', () => {
    given(registered, linked('email', EMAIL)).when(linkIdentifier, command(LinkIdentifier, { subject, added: email })).thenNothing();
  });
});

describe('unlinking: recorded', () => {
  it('from the earliest time told, its claim released', () => {
    given(registered, linked('email', EMAIL))
      .when(unlinkIdentifier, command(UnlinkIdentifier, { subject, ended: email, occurredAt: '2021-05-01' }))
      .then({
        type: 'SubjectIdentifierUnlinked',
        data: { identifier: identifierId('email', EMAIL), to: '2021-04-30T22:00:00.000Z' },
        links: [{ change: 'unlink', identifier: identifierId('email', EMAIL), to: '2021-04-30T22:00:00.000Z' }],
      });
  });
});

describe('unlinking: ignored', () => {
  it('when the link that held then has ended', () => {
    given(registered, linked('email', EMAIL, { to: '2021-01-01T00:00:00.000Z' }))
      .when(unlinkIdentifier, command(UnlinkIdentifier, { subject, ended: email, occurredAt: '2020-07-01' }))
      .thenNothing();
  });
});

describe('unlinking: refused', () => {
  it('for what the person does not have', () => {
    given(registered).when(unlinkIdentifier, command(UnlinkIdentifier, { subject, ended: email })).thenRefused('UnknownIdentifier', { pointer: '/ended' });
  });

  it('for an end before the beginning', () => {
    given(registered, linked('email', EMAIL))
      .when(unlinkIdentifier, command(UnlinkIdentifier, { subject, ended: email, occurredAt: '2020-05-01' }))
      .thenRefused('NotTheirOrder', { pointer: '/occurredAt' });
  });
});
