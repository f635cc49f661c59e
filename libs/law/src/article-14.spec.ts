import { describe, expect, it } from '@jest/globals';
import { noticeDue } from './article-14.js';
import type { When } from './when.js';
import { parseWhen } from './when.js';

function told(text: string | undefined): When | undefined {
  return text === undefined ? undefined : parseWhen(text);
}

function due(obtained: string, firstCommunication?: string, firstDisclosure?: string) {
  const { rule, endsAt, endsOn, causingEventIds } = noticeDue({
    obtained: told(obtained)!, firstCommunicationAt: told(firstCommunication), firstDisclosureAt: told(firstDisclosure), causingEventIds: ['e1'],
  });
  expect(causingEventIds).toEqual(['e1']);
  return [rule, endsOn, endsAt];
}

describe('the notice of Article 14', () => {
  it('is due a month after the data were obtained, on the next working day', () => {
    expect(due('2025-11-25')).toEqual(['gdpr-14-3-a', '2025-12-29', '2025-12-29T22:59:59.999Z']);
  });

  it('is due at the first communication when that comes sooner', () => {
    expect(due('2025-11-25', '2025-12-03T10:00:00+01:00', '2025-12-04')).toEqual(['gdpr-14-3-b', '2025-12-03', '2025-12-03T09:00:00.000Z']);
  });

  it('is due at the first disclosure when that comes sooner, on a Saturday too', () => {
    expect(due('2025-11-25', '2025-12-08', '2025-12-06T10:00:00+01:00')).toEqual(['gdpr-14-3-c', '2025-12-06', '2025-12-06T09:00:00.000Z']);
    expect(due('2025-11-25', undefined, '2025-12-06T10:00:00+01:00')).toEqual(['gdpr-14-3-c', '2025-12-06', '2025-12-06T09:00:00.000Z']);
  });

  it('is still due after a month when the rest comes later, even within the days that were passed over', () => {
    expect(due('2025-11-25', '2026-01-03', '2026-01-02')).toEqual(['gdpr-14-3-a', '2025-12-29', '2025-12-29T22:59:59.999Z']);
    expect(due('2025-11-25', '2025-12-27')).toEqual(['gdpr-14-3-b', '2025-12-27', '2025-12-26T23:00:00.000Z']);
  });

  it('counts each limit from the earliest end of what was told', () => {
    expect(due('2025-09-01/2025-11-25')).toEqual(['gdpr-14-3-a', '2025-10-01', '2025-10-01T21:59:59.999Z']);
    expect(due('2025-11-25', '2025-12-03/2025-12-20', '2025-12-04')).toEqual(['gdpr-14-3-b', '2025-12-03', '2025-12-02T23:00:00.000Z']);
  });

  it('names the communication when both come at one instant', () => {
    expect(due('2025-11-25', '2025-12-03', '2025-12-03')[0]).toBe('gdpr-14-3-b');
  });

  it('is not due before the Regulation applied', () => {
    expect(due('2016-03-01')).toEqual(['gdpr-14-3-a', '2018-06-25', '2018-06-25T21:59:59.999Z']);
    expect(due('2016-03-01', '2016-04-01')).toEqual(['gdpr-14-3-b', '2018-05-25', '2018-05-24T22:00:00.000Z']);
  });
});
