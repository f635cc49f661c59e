import { describe, expect, it } from '@jest/globals';
import { idOf } from '../testing/decider.fixture.js';
import { act, collected, CONTROLLER, customer, findingsOf, holdingId, reasoningOf } from '../testing/person-gate.fixture.js';
import type { Act } from './act.js';
import type { Authorisation } from './authorisation.js';

const HOLDING = holdingId('email');
const found: Authorisation = {
  authorisation: idOf('authorisation'),
  event: idOf('authorised'),
  kind: 'disclosure',
  at: '2021-03-10T10:00:00.000Z',
  controller: CONTROLLER,
  purpose: 'purchase',
  recipient: 'acme',
  items: [{ category: 'email', holding: HOLDING }],
};

function said(known: Authorisation | undefined, changes: Partial<Act> = {}, at = '2021-03-10T12:00:00.000Z'): Readonly<Record<string, string>> {
  const told = { ...act('purchase', ['email'], { kind: 'disclosure', recipient: 'acme' }), ...changes };
  const reasoning = reasoningOf([customer, collected('email'), collected('name')], told, { at, authorisation: { id: found.authorisation, found: known } });
  return Object.fromEntries(reasoning.rules.filter(({ rule }) => rule.startsWith('authorisation-')).map(({ rule, result }) => [rule.slice('authorisation-'.length), result]));
}

const fine = { known: 'passed', once: 'passed', fits: 'passed', before: 'passed' };

describe('an act on an authorisation', () => {
  it('is on one that was given, for this, before, and once', () => {
    expect(said(found)).toEqual(fine);
    expect(reasoningOf([customer], act('purchase', ['email']), { at: '2021-03-10' }).rules.filter(({ rule }) => rule.startsWith('authorisation'))).toEqual([]);
  });

  it('is on none that nobody knows', () => {
    expect(said(undefined)).toEqual({ known: 'failed' });
  });

  it('is on none that was used before', () => {
    const used = { ...found, usedBy: idOf('an earlier act') };
    expect(said(used)).toEqual({ ...fine, once: 'failed' });
    const reasoning = reasoningOf([customer, collected('email')], act('purchase', ['email'], { kind: 'disclosure', recipient: 'acme' }), { at: '2021-03-10T12:00:00.000Z', authorisation: { id: found.authorisation, found: used } });
    expect(findingsOf('authorisation-once', reasoning)[0]).toMatchObject({ events: [found.event, idOf('an earlier act')] });
  });

  it.each<[string, Partial<Authorisation>]>([
    ['another kind of act', { kind: 'transfer' }],
    ['another recipient', { recipient: 'other' }],
    ['another purpose', { purpose: 'customer-relationship' }],
    ['a conference', { conference: 'autumn-2021' }],
    ['another country', { country: 'US' }],
    ['access from afar', { remoteAccess: true }],
    ['a ground', { ground: 'police-request' }],
    ['another controller', { controller: 'other-ab' }],
    ['other data', { items: [{ category: 'name', holding: holdingId('name') }] }],
    ['data that was held before', { items: [{ category: 'email', holding: idOf('an older holding') }] }],
  ])('is on none for %s', (_name, other) => {
    expect(said({ ...found, ...other })).toEqual({ ...fine, fits: 'failed' });
  });

  it('may take less than was asked for, and not more', () => {
    const both = { ...found, items: [...found.items, { category: 'name', holding: holdingId('name') }] };
    expect(said(both)).toEqual(fine);
    expect(said(found, { items: [{ category: 'email' }, { category: 'name' }] })).toEqual({ ...fine, fits: 'failed' });
  });

  it('names the data that was not asked for', () => {
    const told = act('purchase', ['email', 'name'], { kind: 'disclosure', recipient: 'acme' });
    const reasoning = reasoningOf([customer, collected('email'), collected('name')], told, { at: '2021-03-10T12:00:00.000Z', authorisation: { id: found.authorisation, found } });
    expect(findingsOf('authorisation-fits', reasoning)).toEqual([{ rule: 'authorisation-fits', result: 'failed', categories: ['name'], events: [found.event] }]);
  });

  it('goes where it was to go: in one country outside the EEA, or anywhere within', () => {
    expect(said({ ...found, country: 'US' }, { country: 'US' })).toEqual(fine);
    expect(said({ ...found, country: 'DE' }, { country: 'FI' })).toEqual(fine);
    expect(said({ ...found, country: 'DE' }, { country: 'US' })).toEqual({ ...fine, fits: 'failed' });
  });

  it.each([
    ['2021-03-10T09:59:59.999Z', 'failed'],
    ['2021-03-10T10:00:00.000Z', 'passed'],
    ['2021-03-09', 'failed'],
    ['2021-03-10', 'passed'],
    ['2021-03-11', 'passed'],
  ])('is done after it was given, or on that day, %s', (at, result) => {
    expect(said(found, {}, at)).toEqual({ ...fine, before: result });
  });
});
