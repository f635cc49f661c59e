import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-store/event-store.js';
import { Overlay } from '#projection/overlay.js';
import { viewLaws } from '#projection/view-laws.js';
import { encode } from '../encoding.js';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import { scopes, SECRET_TABLE, secretDisclosuresView } from './secret-disclosures.view.js';

const subject = idOf('secret person');
const told = (n: number, stream: string, happened: Happened, revision = n): StoredEvent => ({ ...encode(event(happened, revision, stream)), stream, revision, position: String(n).padStart(8, '0') });
const secret = { subject, purpose: 'security', items: [], rules: [] };
const history: readonly StoredEvent[] = [
  told(0, 'authority-tullverket', { type: 'SecretDisclosureBlocked', data: secret }, 0),
  told(1, 'authority-skatteverket', { type: 'SecretDisclosurePerformed', data: { disclosure: idOf('d'), ...secret } }, 0),
  told(2, 'authority-skatteverket', { type: 'SecretDeviationDealtWith', data: { event: idOf('e'), measure: 'corrected' } }, 1),
  told(3, 'authority-skatteverket', { type: 'SecrecyEnded', data: { disclosure: idOf('d'), subject, on: '2021-01-01' } }, 2),
];

viewLaws(secretDisclosuresView, [history, history.slice(0, 2)]);

describe('the view of secret disclosures', () => {
  it('has each event under everything, its authority and its person', () => {
    const overlay = new Overlay(secretDisclosuresView);
    for (const one of history) overlay.apply(overlay.touch(one));
    const rows = [...(overlay.rows().get(SECRET_TABLE)?.values() ?? [])];
    const of = (scope: string) => rows.filter((row) => row['scope'] === scope).map((row) => Number(row['position'])).sort();
    expect([of(scopes.all), of(scopes.authority('skatteverket')), of(scopes.authority('tullverket')), of(scopes.subject(subject))]).toEqual([[0, 1, 2, 3], [1, 2, 3], [0], [0, 1, 3]]);
  });
});
