/** Lines that are wrong, each in its own way: what systems really send. */
import { isCustomer, organisationOf, personOf } from './person.js';
import { randomFor } from './random.js';
import { sharedAddress, sharesAddress } from './rare-stories.js';
import { byEmail, byNumber, DAY, FAULT_KINDS, NOTICE, type FaultKind, type Step, type System, type World } from './step.js';

const FAULT = 40;

/** One wrong line in so many of the others. */
export const FAULT_EVERY = 100;

export function faultOf(world: World, number: number): Step {
  const as = FAULT_KINDS[number % FAULT_KINDS.length] as FaultKind;
  const random = randomFor(world.seed, number, FAULT);
  const index = indexFor(as, Math.floor(random() * world.people), world);
  // Late, so that whoever it is about has been told of by then.
  const at = world.until - Math.floor((0.5 + random() * 60) * DAY);
  const person = personOf(world.seed, index);
  const { system, command, data, raw } = faults[as](world, index);
  return { system, at, as, command, data: { ...(command === 'CollectPersonalData' ? order(person.email) : {}), ...data }, ...(raw !== undefined && { raw }) };
}

/** Some faults are about a known customer, one about an address that two share. */
function indexFor(kind: FaultKind, from: number, world: World): number {
  const isMeant = kind === 'ambiguous' ? sharesAddress : isCustomer;
  for (let i = 0; i < world.people; i++) if (isMeant((from + i) % world.people)) return (from + i) % world.people;
  return from;
}

function order(email: string): object {
  return {
    identifier: { kind: 'email', value: email },
    createIfMissing: true,
    service: 'shop',
    context: 'purchase',
    relationshipKind: 'customer',
    purposes: ['purchase'],
    ...NOTICE,
    values: [{ category: 'purchase-history', value: 'årsprenumeration' }],
  };
}

type Fault = (world: World, index: number) => Pick<Step, 'system' | 'command' | 'data' | 'raw'>;
const told = (system: System, command: string, data: Readonly<Record<string, unknown>>): ReturnType<Fault> => ({ system, command, data });
const collects = (data: Readonly<Record<string, unknown>>): ReturnType<Fault> => told('order-system', 'CollectPersonalData', data);
const numberOf = (world: World, index: number): object => byNumber(personOf(world.seed, index));

const faults: Readonly<Record<FaultKind, Fault>> = {
  'malformed-json': () => ({ ...collects({}), raw: (id, source) => `{"specversion":"1.0","id":"${id}","source":"${source}","type":"se.liggare.CollectPersonalData.v1","data":{"context":"purch` }),
  'missing-member': () => collects({ context: undefined }),
  'unknown-member': () => collects({ newsletterOk: true }),
  'wrong-type': () => collects({ values: 'årsprenumeration' }),
  'no-such-date': () => collects({ occurredAt: '2021-02-30' }),
  future: () => collects({ occurredAt: '2199-12-31' }),
  'unknown-purpose': () => collects({ purposes: ['resale'] }),
  'unknown-category': () => collects({ values: [{ category: 'shoe-size', value: 43 }] }),
  'unknown-source': (world, index) =>
    told('broker-import', 'SourcePersonalData', { ...byEmail(personOf(world.seed, index)), service: 'subscription', source: 'adressjatten', relationshipKind: 'prospect', purposes: ['prospecting'], values: [{ category: 'position', value: 'vd' }] }),
  'unknown-service': () => collects({ service: 'horoscopes' }),
  'unknown-wording': (world, index) =>
    told('newsletter-system', 'GiveConsent', { ...byEmail(personOf(world.seed, index)), service: 'newsletter', purposes: ['newsletter'], type: 'expressed', wording: '0'.repeat(64), language: 'sv', method: 'web', indicatedBy: 'subject', ...NOTICE }),
  'unknown-command': () => told('crm', 'EnrichWithHoroscope', {}),
  'other-source': () => ({ ...collects({}), raw: (id) => JSON.stringify({ specversion: '1.0', id, source: 'somebody-else', type: 'se.liggare.CollectPersonalData.v1', time: '2021-11-01T08:00:00Z', data: order('nagon@example.se') }) }),
  'id-with-email': (world, index) => ({ ...collects({}), raw: (_id, source) => asEvent(`order-${personOf(world.seed, index).email}`, source) }),
  'id-with-personnummer': () => ({ ...collects({}), raw: (_id, source) => asEvent('order-199801012387', source) }),
  'malformed-email': () => collects({ identifier: { kind: 'email', value: 'kund (at) example.se' } }),
  'malformed-personnummer': (world, index) =>
    told('crm', 'SourcePersonalData', { ...numberOf(world, index), service: 'shop', source: 'spar', sourcePurpose: 'kontroll', relationshipKind: 'customer', purposes: ['address-check'], values: [{ category: 'personnummer', value: '199801012388' }] }),
  ambiguous: (_world, index) => collects({ identifier: { kind: 'email', value: sharedAddress(index) } }),
  taken: (world, index) => told('crm', 'LinkIdentifier', { ...numberOf(world, index), added: { kind: 'email', value: personOf(world.seed, 0).email } }),
  nobody: () => told('support-desk', 'DisputePersonalData', { identifier: { kind: 'customer-number', value: 'K000001' }, category: 'message-content' }),
  unregistered: (world) => told('crm', 'RenameOrganisation', { organisation: organisationOf(world.seed, 900_000).id, name: 'Finns Inte AB' }),
  'no-relationship': (world, index) => told('crm', 'EndRelationship', { ...numberOf(world, index), relationship: '00000000-0000-4000-8000-000000000000' }),
  'not-held': (world, index) => told('support-desk', 'RectifyPersonalData', { ...numberOf(world, index), category: 'search-query', value: 'jordgubbar' }),
  'not-disputed': (world) => told('support-desk', 'ResolveDispute', { ...numberOf(world, 0), category: 'allergy', outcome: 'rejected' }),
  'bad-order': (world, index) => told('crm', 'UnlinkIdentifier', { ...numberOf(world, index), ended: { kind: 'email', value: personOf(world.seed, index).email }, occurredAt: '2016-01-01' }),
  'unknown-recipient': (world, index) => told('order-system', 'ReportDisclosure', { ...numberOf(world, index), service: 'shop', purpose: 'purchase', recipient: 'betalkaft', categories: ['payment-method'] }),
  'unknown-conference': (world, index) => told('event-system', 'ReportDisclosure', { ...numberOf(world, index), service: 'conferences', purpose: 'event-participation', recipient: 'kongresshallen', conference: 'vintermote-2020', categories: ['name'] }),
  // Between two controllers: the supplier is our processor.
  'unfit-module': () =>
    told('crm', 'SignTransferArrangement', { recipient: 'skickat', arrangement: 'clauses-draft', mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 1, exporterRole: 'controller', importerRole: 'processor', country: 'US', annexes: ['i-a', 'i-b', 'i-c', 'ii'], signedOn: '2021-07-01' }),
  'ended-too-soon': () => told('crm', 'EndRecipientAgreement', { recipient: 'kundrosten', agreement: 'contract-2018', to: '2017-12-31' }),
  'asked-of-the-past': (world, index) => told('order-system', 'AuthoriseDisclosure', { ...numberOf(world, index), service: 'shop', purpose: 'purchase', recipient: 'betalkraft', categories: ['payment-method'], occurredAt: '2021-03-01' }),
};

function asEvent(id: string, source: string): string {
  return JSON.stringify({ specversion: '1.0', id, source, type: 'se.liggare.CollectPersonalData.v1', time: '2021-11-02T08:00:00Z', data: order('nagon@example.se') });
}
