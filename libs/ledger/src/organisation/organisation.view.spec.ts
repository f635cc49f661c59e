import { describe, expect, it } from '@jest/globals';
import { foldView } from '#projection/rows.js';
import { viewLaws } from '#projection/view-laws.js';
import type { Command } from '../command.js';
import { idOf, type Fields } from '../testing/decider.fixture.js';
import { memoryEngines, Teller } from '../testing/ledger.fixture.js';
import { EndOrganisationAgreement, EndOrganisationService, SignOrganisationAgreement, StartOrganisationService } from './agreement.commands.js';
import { RegisterOrganisation, RenameOrganisation } from './organisation.commands.js';
import { entryIn, ORGANISATION_TABLE, organisationView } from './organisation.view.js';

const organisation = idOf('company');
const engines = await memoryEngines();
const teller = new Teller(engines);
const tell = async <C extends Command>(type: new () => C, fields: Fields<C>): Promise<void> => void (await teller.tell(type, fields));
await tell(RegisterOrganisation, { organisation, number: '999900-0004', name: 'Exempel AB' });
await tell(SignOrganisationAgreement, { organisation, agreement: 'frame', services: ['letters'], reference: 'R-1', from: '2020-01-01' });
await tell(StartOrganisationService, { organisation, service: 'letters', agreement: 'frame', from: '2020-02-01' });
await tell(RenameOrganisation, { organisation, name: 'Exempel i Norden AB' });
await tell(EndOrganisationService, { organisation, service: 'letters', to: '2020-06-30' });
await tell(StartOrganisationService, { organisation, service: 'letters', from: '2020-09-01' });
await tell(SignOrganisationAgreement, { organisation, agreement: 'other', services: ['dinners'], from: '2020-01-01', to: '2020-12-31' });
await tell(EndOrganisationAgreement, { organisation, agreement: 'other', to: '2020-06-30' });
const history = await teller.stored();
await engines.close();

describe('a company in the view', () => {
  it('has its agreements and services with their days, nothing of them in the clear', () => {
    const rows = [...(foldView(organisationView, history).get(ORGANISATION_TABLE)?.values() ?? [])];
    const entries = rows.flatMap((row) => entryIn(row) ?? []);
    expect(entries.filter(({ kind }) => kind === 'agreement')).toEqual([
      { kind: 'agreement', agreement: 'frame', services: ['letters'], from: '2020-01-01', reference: { event: expect.any(String), slot: 'reference', holding: `organisation-${organisation}` } },
      { kind: 'agreement', agreement: 'other', services: ['dinners'], from: '2020-01-01', to: '2020-06-30' },
    ]);
    expect(entries.filter(({ kind }) => kind === 'service')).toEqual([{ kind: 'service', service: 'letters', periods: [{ agreement: 'frame', from: '2020-02-01', to: '2020-06-30' }, { from: '2020-09-01' }] }]);
    expect(JSON.stringify(rows)).not.toMatch(/R-1|Exempel/);
  });
});

viewLaws(organisationView, [history]);
