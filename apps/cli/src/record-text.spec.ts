import { describe, expect, it } from '@jest/globals';
import { columns, type Style } from './layout.js';
import { recordText, type ShownRecord, type ShownReply } from './record-text.js';
import { day } from './shown-text.js';
import { trailHead, trailLineText } from './trail-text.js';

const style: Style = { width: 80, isColoured: false };
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

const record: ShownRecord = {
  subject: id(0),
  registeredAt: '2019-01-31T23:30:00.000Z',
  identifiers: [],
  acts: [
    {
      event: id(8),
      type: 'PersonalDataDisclosed',
      occurredAt: '2020-04-02[Europe/Stockholm]',
      recordedAt: '2020-04-03T09:00:00.000Z',
      verdict: 'unjustified',
      failed: ['processor-contract'],
      data: { disclosure: id(9), recipient: 'unregistered', purpose: 'newsletter', items: [{ category: 'email' }], rules: [] },
      references: [{ slot: 'recipient-name', value: 'Påhittade Utskick' }],
    },
    {
      event: id(7),
      type: 'TransferBlocked',
      occurredAt: '2020-04-01T09:00:00.000Z',
      recordedAt: '2020-04-01T09:00:00.000Z',
      verdict: 'unjustified',
      failed: ['transfer-ground', 'rule-of-later'],
      data: { recipient: 'mailer', purpose: 'newsletter', items: [{ category: 'email' }], country: 'US', remoteAccess: true, mechanism: 'none', rules: [] },
      references: [],
    },
    { event: id(6), type: 'NoticeServed', occurredAt: '2020-05-02T08:00:00.000Z', recordedAt: '2020-05-02T08:00:00.000Z', data: { notice: { id: 'privacy-notice', version: 2 }, obligations: [], servedAt: '2020-05-02T08:00:00.000Z' }, references: [] },
    { event: id(5), type: 'DataSubjectObjected', occurredAt: '2020-06-02T08:00:00.000Z', recordedAt: '2020-06-02T08:00:00.000Z', data: { kind: 'direct-marketing', at: '2020-06-02T08:00:00.000Z' }, references: [{ slot: 'reason', erased: true }] },
  ],
  relationships: [
    { relationship: id(1), kind: 'company-representative', capacity: 'representative', service: 'advertising-space', startedAt: '2019-01-17', endedAt: '2020-12-15', reason: 'left-organisation', ended: true },
  ],
  representations: [],
  consents: [
    {
      consent: id(2),
      event: id(3),
      type: 'ConsentGiven',
      purposes: ['contact-mediation', 'sponsor-sharing'],
      status: 'withdrawn',
      occurredAt: '2020-03-01[Europe/Stockholm]',
      endings: [{ status: 'withdrawn', at: '2020-05-31T22:00:00.000Z', event: id(4), purposes: ['sponsor-sharing'] }],
      onBehalfOf: 'guardian',
      details: { type: 'expressed', method: 'web' },
      references: [],
    },
  ],
  withdrawals: [{ event: id(4), occurredAt: '2020-06-01[Europe/Stockholm]', purposes: ['sponsor-sharing'], unusable: true, references: [{ slot: 'method', value: 'telegraf' }] }],
  holdings: [
    {
      holding: id(5),
      category: 'position',
      relationship: id(1),
      origin: 'bisnode',
      disputed: false,
      values: [
        {
          event: id(6),
          status: 'without-value',
          occurredAt: '2020-03-20T09:00:00.000Z',
          recordedAt: '2020-03-20T09:00:00.000Z',
          system: 'broker-import',
          purposes: [{ purpose: 'newsletter', basis: 'a', consent: id(2), verdict: 'unjustified', stands: false, fails: ['consent-withdrawn'] }],
          provenance: { source: 'bisnode' },
        },
      ],
    },
  ],
  noticeObligations: [
    { obligation: id(7), sourcing: id(6), obtainedAt: '2020-03-20T09:00:00.000Z', dueAt: '2020-04-20T21:59:59.999Z', dueOn: '2020-04-20', rule: 'gdpr-14-3-a', calendar: 'c', servedAt: '2020-05-02T08:00:00.000Z', status: 'served-late' },
  ],
};

const reply: ShownReply = { position: '0000000000000001', known: null, valid: '2021-01-01T00:00:00.000Z', rules: 'se-1', record };

describe('somebody who was merged away', () => {
  it('is shown with who they are now', () => {
    expect(recordText({ ...reply, mergedInto: id(9) }, 'sv', style)).toContain(`sammanslagen med ${id(9)}`);
    expect(trailHead({ subject: id(0), position: null, known: null, valid: null, mergedInto: id(9), lines: [] }, 'en', style)).toContain(`${id(0)} (merged into ${id(9)})`);
  });
});

describe('a record for a terminal', () => {
  const text = recordText(reply, 'sv', style);

  it('says the day that it was in Sweden, and a date as it was told', () => {
    expect(day('2019-03-31T22:30:00.000Z')).toBe('2019-04-01');
    expect(day('2019-03-31[Europe/Stockholm]')).toBe('2019-03-31');
    expect(day('2019-03-31[America/New_York]')).toBe('2019-03-31[America/New_York]');
    expect(day('2019-03-01[Europe/Stockholm]/2019-03-31T22:30:00.000Z')).toBe('2019-03-01/2019-04-01');
    expect(text).toContain('registrerad 2019-02-01');
  });

  it('says when a consent ended and for what, who gave it, and what could not be read of the withdrawal', () => {
    expect(text).toMatch(/återkallat +2020-03-01 +expressed, web,\s+genom guardian\n +återkallat 2020-06-01: sponsor-sharing\n/);
    expect(text).toContain('2020-06-01  sponsor-sharing; method: telegraf');
  });

  it('says in words why something may not be used, by which article, and that its value is not kept', () => {
    expect(text).toContain('(värdet sparas inte: rättslig grund saknas)');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('✗ newsletter grund 6(1)(a), samtycke 00000000 – samtycket var återkallat (GDPR artikel 7.3)');
  });

  it('says what was asked, blocked and done in the order of the world, to whom and why not, and where all reasons are', () => {
    const lines = text.slice(text.indexOf('Utlämnanden')).replaceAll(/\n +/g, '\n').replaceAll(/ +/g, ' ').split('\n');
    expect(lines.slice(1, 15).join(' ')).toBe(
      [
        '2020-04-01 Överföring stoppades: email till mailer (newsletter), US; läses därifrån, inget stöd för överföring',
        '✗ överföringen saknar stöd (GDPR artikel 44); rule-of-later',
        `alla skäl: liggare decision ${id(7)}`,
        '2020-04-02 Uppgifter lämnades ut: email till en oregistrerad mottagare (newsletter)',
        '✗ personuppgiftsbiträdesavtal saknas (GDPR artikel 28.3)',
        'mottagare Påhittade Utskick',
        `alla skäl: liggare decision ${id(8)}`,
        '2020-05-02 Personen informerades (privacy-notice 2)',
        '2020-06-02 Personen sade nej till direktmarknadsföring',
        'skäl (raderad)',
        '',
        'Information enligt artikel 14',
      ].join(' '),
    );
  });

  it('says from whom data came that the person was told of too late', () => {
    expect(text).toMatch(/2020-03-20 +bisnode +senast 2020-04-20 +lämnad för sent 2020-05-02/);
  });

  it('keeps to the width and leaves no blank at the end of a line', () => {
    for (const line of text.split('\n')) {
      expect(columns(line)).toBeLessThanOrEqual(80);
      expect(line).toBe(line.trimEnd());
    }
  });
});

describe('a line of a trail for a terminal', () => {
  const line = { position: '1', stream: `subject-${id(0)}`, revision: 3, id: id(8), type: 'PersonalDataCollected', occurredAt: '2018-05-24[Europe/Stockholm]/2018-05-26[Europe/Stockholm]', recordedAt: '2020-01-01T00:00:00.000Z', system: 'crm', rules: 'se-1', correlationId: id(8) } as const;

  it('keeps to the width where what was told is longer than a day', () => {
    const text = trailLineText({ ...line, sentence: 'Uppgifter samlades in (anmälan till event): anmälan till och närvaro vid event.' }, 'sv', style);
    expect(text).toContain('2018-05-24/2018-05-26: Uppgifter');
    for (const one of text.split('\n')) expect(columns(one)).toBeLessThanOrEqual(80);
  });

  it('says whose token opened it, and in which case', () => {
    const text = trailLineText({ ...line, stream: 'access-2020-01-01-x', actor: id(9), case: { value: 'DNR 17' }, sentence: 'Någon öppnade personuppgifterna för tillsyn.' }, 'sv', style);
    expect(text).toContain(id(9));
    expect(text.replaceAll(/\s+/g, ' ')).toContain('ärende DNR 17');
  });
});
