/**
 * A person of the first policy's, and everybody who may receive data about them, for specs of what that policy promises: Anna buys, reads,
 * goes to a conference and says yes to all that she is asked. What a test needs besides it tells itself.
 */
import { readFileSync } from 'node:fs';
import type { PolicyModel } from '#policy/model.js';
import type { Command } from '../command.js';
import type { RecipientData, RecipientRole } from '../recipient/recipient.events.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { Refusal } from '../refusals.js';
import { GiveConsent } from '../subject/consent/give-consent.command.js';
import { CollectPersonalData, ObservePersonalData } from '../subject/holding/collect-personal-data.command.js';
import { RegisterSubject } from '../subject/identity/register-subject.command.js';
import { ServeNotice } from '../subject/notice/serve-notice.command.js';
import { idOf, type Fields } from './decider.fixture.js';
import { streamOf, type ConferenceFact, type RecipientFact } from './gate.fixture.js';
import { memoryEngines, Teller, type Engines } from './ledger.fixture.js';
import { registersWith, wordingHash, type RegisterHistory } from './registers.fixture.js';

export const asurgentYaml = readFileSync(new URL('../../../../../deploy/policy/asurgent.yaml', import.meta.url), 'utf8');
export const ANNA = idOf('anna');
export const CONFERENCE = 'autumn-2021';
/** When her life was told, and when the tests ask. */
export const THEN = '2021-03-01T09:00:00.000Z';
export const ASKED = '2021-06-01T10:00:00.000Z';

const FROM = '2019-01-01';
const assigned = (role: RecipientRole, purposes: readonly string[], conference?: string): RecipientFact => [
  'RecipientRoleAssigned',
  { assignment: 'task', role, purposes, ...(conference !== undefined && { conference }), from: FROM },
];
const contract: RecipientFact = ['RecipientAgreementSigned', { agreement: 'contract', kind: 'processor-contract', from: FROM }];
const registered = (kind: string, country = 'SE'): RecipientFact => ['RecipientRegistered', { kind, country, from: FROM }];
const audited: RecipientFact = ['RecipientAudited', { on: '2021-01-15', outcome: 'passed' }];
const processor = (kind: string, ...purposes: readonly string[]): readonly RecipientFact[] => [registered(kind), assigned('processor', purposes), contract, audited];
/** Standard clauses of 2010, for processors: signed in time, and usable until the end of 2022. */
const clauses = (country: string, remoteAccess = false): RecipientFact => [
  'TransferArrangementSigned',
  { arrangement: 'clauses', mechanism: 'standard-clauses', decision: 'scc-2010-87', exporterRole: 'controller', importerRole: 'processor', country, annexes: [], remoteAccess, signedOn: FROM, from: FROM },
];

const partner: readonly RecipientFact[] = [
  registered('event-partner'),
  assigned('joint-controller', ['event-participation', 'event-diet'], CONFERENCE),
  ['RecipientAgreementSigned', { agreement: 'contract', kind: 'joint-arrangement', from: FROM }],
];

const facts: Readonly<Record<string, readonly (RecipientFact | ConferenceFact)[]>> = {
  'recipient-letters': processor('newsletter-sending', 'newsletter', 'service-communication', 'direct-marketing'),
  'recipient-letters-abroad': [registered('newsletter-sending', 'US'), assigned('processor', ['newsletter', 'service-communication']), contract, audited, clauses('US')],
  'recipient-maintenance': [registered('development-maintenance', 'IN'), assigned('processor', ['service-provision', 'personalisation']), contract, audited, clauses('IN', true)],
  'recipient-support': processor('customer-service-support', 'customer-support', 'service-communication'),
  'recipient-payments': processor('payment-services', 'purchase', 'event-participation'),
  // Nobody has looked there since it was engaged.
  'recipient-old-payments': [registered('payment-services'), assigned('processor', ['purchase']), contract],
  'recipient-measurement': processor('traffic-measurement', 'product-improvement', 'interest-based-advertising', 'advertising'),
  'recipient-mailings': processor('marketing-services', 'direct-marketing', 'prospecting'),
  'recipient-guard': processor('system-protection', 'security', 'service-provision', 'purchase'),
  'recipient-bank': [registered('event-sponsor'), assigned('sponsor', ['sponsor-sharing', 'event-diet'], CONFERENCE)],
  // Came to the conference after its notice was written.
  'recipient-brewery': [registered('event-sponsor'), assigned('sponsor', ['sponsor-sharing'], CONFERENCE)],
  'recipient-kitchen': [registered('event-caterer'), assigned('processor', ['event-diet'], CONFERENCE), contract],
  'recipient-house': [registered('event-venue'), assigned('processor', ['event-participation'], CONFERENCE), contract],
  // Both run the event with us; one of them cooks too.
  'recipient-partner': partner,
  'recipient-organiser': partner,
  'recipient-guest': [registered('event-participant'), assigned('participant', ['contact-mediation'], CONFERENCE)],
  'recipient-buyer': [
    registered('business-transfer-party'),
    assigned('acquirer', ['business-transfer']),
    ['BusinessTransferPlanned', { plan: 'sale', purposes: ['business-transfer'], categories: ['contact', 'order'], notice: { id: 'business-transfer-notice', version: 1 }, noticePublishedOn: FROM, from: FROM }],
  ],
  'recipient-police': [registered('public-authority'), assigned('authority', ['security', 'bookkeeping', 'dispute-handling'])],
  'recipient-lawyer': [registered('legal-representative'), assigned('controller', ['dispute-handling'])],
  'recipient-medium': [registered('social-plugin'), assigned('controller', ['social-sharing'])],
  'recipient-register': [registered('population-register'), assigned('controller', ['address-check'])],
  [`conference-${CONFERENCE}`]: [
    ['ConferenceRegistered', { startsOn: '2021-10-05', endsOn: '2021-10-06' }],
    ['ConferencePartyAdded', { recipient: 'bank', role: 'sponsor', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'brewery', role: 'sponsor', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'kitchen', role: 'caterer', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'house', role: 'venue', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'partner', role: 'partner', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'partner', role: 'caterer', from: FROM }],
    ['ConferencePartyAdded', { recipient: 'organiser', role: 'partner', from: FROM }],
    ['ConferenceNoticePublished', { notice: { id: 'event-notice', version: 1 }, recipients: ['bank', 'partner'], from: FROM }],
  ],
};

/** Everybody who may receive, each in order: registered, engaged, and under contract where the role asks for one. */
export const asurgentRegister: RegisterHistory = Object.fromEntries(Object.entries(facts).map(([stream, of]) => [stream, streamOf(stream, ...of)]));

/** What a recipient is engaged for, to begin with. */
export function roleOf(recipient: string): RecipientData['RecipientRoleAssigned'] {
  const found = (facts[`recipient-${recipient}`] ?? []).flatMap((fact) => (fact[0] === 'RecipientRoleAssigned' ? [fact[1]] : []))[0];
  if (found === undefined) throw new Error(`${recipient} has no role`);
  return found;
}

type Told<C extends Command> = readonly [type: new () => C, fields: Fields<C>];
/** The yes as it was asked for: `purpose` is the wording's. */
export function yesTo(purpose: string, wording: string, model: PolicyModel, rest: Partial<Fields<GiveConsent>> = {}): Told<GiveConsent> {
  const type = purpose === 'event-diet' ? 'explicit' : 'expressed';
  return [GiveConsent, { purposes: [purpose], type, wording: wordingHash(wording, model), language: 'sv', method: 'web', indicatedBy: 'subject', notice, ...rest }];
}

const notice = { id: 'privacy-notice', version: 1 } as const;
const web = { service: 'website', relationshipKind: 'visitor', notice } as const;
const event = { service: 'conferences', relationshipKind: 'event-visitor', conference: CONFERENCE, notice: { id: 'event-notice', version: 1 } } as const;
const contactDetails = (['name', 'email', 'phone', 'company', 'position', 'postal'] as const).map((category) => ({ category, value: `marker-${category}` }));

const about = <F extends object>(subject: string, fields: F): F & { readonly subject: string } => ({ ...fields, subject });

/** What the tests begin with. Each purpose is declared where the data is collected. */
export async function liveAs(subject: string, teller: Teller, model: PolicyModel): Promise<void> {
  const tell = async <C extends Command>(type: new () => C, fields: Fields<C>): Promise<unknown> => teller.tell<C>(type, about(subject, fields), { now: THEN });
  await tell(RegisterSubject, { identifiers: [{ kind: 'customer-number', value: `K-${subject.slice(0, 8)}` }] });
  await tell(ServeNotice, { service: 'conferences', conference: CONFERENCE, notice: event.notice });
  for (const given of [
    yesTo('newsletter', 'newsletter-consent', model, { service: 'newsletter' }),
    yesTo('event-diet', 'event-diet-consent', model, { service: 'conferences', conference: CONFERENCE, order: 'marker-order' }),
    yesTo('contact-mediation', 'contact-mediation-consent', model, { service: 'conferences', conference: CONFERENCE }),
    yesTo('sponsor-sharing', 'sponsor-sharing-consent', model, { service: 'conferences', conference: CONFERENCE }),
    yesTo('personalisation', 'location-consent', model, { service: 'website' }),
    yesTo('interest-based-advertising', 'interest-advertising-consent', model, { service: 'website' }),
  ])
    await tell(...given);
  await tell(CollectPersonalData, { service: 'newsletter', relationshipKind: 'subscriber', notice, context: 'newsletter-signup', purposes: ['newsletter', 'service-communication'], values: [{ category: 'email', value: 'marker-mail' }, { category: 'name', value: 'marker-name' }] });
  await tell(CollectPersonalData, { ...event, context: 'event-registration', purposes: ['event-participation', 'contact-mediation', 'sponsor-sharing'], values: [...contactDetails.slice(0, 5), { category: 'event-participation-data', value: 'marker-day', purposes: ['event-participation'] }, { category: 'allergy', value: 'marker-nuts', purposes: ['event-diet'] }] });
  const order = ['purchase-history', 'payment-method', 'order-reference', 'customer-number'].map((category) => ({ category, value: `marker-${category}`, purposes: ['purchase', 'bookkeeping'] }));
  await tell(CollectPersonalData, { service: 'shop', relationshipKind: 'customer', notice, context: 'purchase', purposes: ['purchase', 'customer-relationship', 'service-provision'], values: [...contactDetails, ...order] });
  await tell(CollectPersonalData, { service: 'customer-service', relationshipKind: 'customer', notice, context: 'customer-case', purposes: ['customer-support'], values: [{ category: 'message-content', value: 'marker-message' }] });
  await tell(CollectPersonalData, { ...web, context: 'website-visit', purposes: ['personalisation'], values: [{ category: 'language', value: 'sv' }, { category: 'preference', value: 'marker-preference' }] });
  await tell(ObservePersonalData, { ...web, technology: 'cookie', purposes: ['product-improvement', 'interest-based-advertising', 'security'], values: [...['click', 'page-view', 'search-query'].map((category) => ({ category, value: `marker-${category}` })), ...['ip-address', 'device-type', 'operating-system'].map((category) => ({ category, value: `marker-${category}` })), { category: 'interest', value: 'marker-interest', purposes: ['personalisation', 'interest-based-advertising'] }, { category: 'location', value: 'marker-location', purposes: ['personalisation'] }] });
}

/** A ledger under `past`, told Anna's life; then, over the same log, one under `now`. */
export class AnnasLedger {
  readonly #engines: Engines;
  readonly #past: Teller;
  readonly #now: Teller;
  #holdings: ReadonlyMap<string, string> = new Map();

  private constructor(engines: Engines, past: readonly PolicyModel[], now: readonly PolicyModel[]) {
    this.#engines = engines;
    this.#past = new Teller(engines, registersWith(asurgentRegister, ...past));
    this.#now = new Teller(engines, registersWith(asurgentRegister, ...now));
  }

  static async open(past: readonly PolicyModel[], now: readonly PolicyModel[]): Promise<AnnasLedger> {
    const ledger = new AnnasLedger(await memoryEngines(), past, now);
    await liveAs(ANNA, ledger.#past, past.at(-1) as PolicyModel);
    await ledger.#remember();
    return ledger;
  }

  /** Told while the file was as it was published. */
  async before<C extends Command>(type: new () => C, fields: Fields<C>, now = THEN): Promise<void> {
    await this.#past.tell<C>(type, about(ANNA, fields), { now });
    await this.#remember();
  }

  /** What the ledger answers now: `allowed`, `blocked: rules`, `justified`, `unjustified: rules` or `refused: code`. */
  async answer<C extends Command>(type: new () => C, fields: Fields<C>, now = ASKED): Promise<string> {
    try {
      const { events } = await this.#now.tell<C>(type, about(ANNA, fields), { now });
      const recorded = await this.#now.events(ANNA);
      return events.map(({ id }) => said(recorded.find((one) => one.id === id))).find((text) => text !== '') ?? 'nothing said';
    } catch (refusal) {
      if (refusal instanceof Refusal) return `refused: ${refusal.code}`;
      throw refusal;
    }
  }

  /** What is held of it in each service: by id, so that a category that the policy has no more can still be meant. */
  held(...categories: readonly string[]): { readonly holdings: string[] } {
    return { holdings: categories.map((category) => this.#holdings.get(category) ?? idOf(`no ${category}`)) };
  }

  async verdicts(): Promise<readonly string[]> {
    return (await this.#now.events(ANNA)).map(said).filter((text) => text !== '');
  }

  async close(): Promise<void> {
    await this.#engines.close();
  }

  /** `email@shop`: of that service; `email`: of the service that collected it first. */
  async #remember(): Promise<void> {
    const found = new Map<string, string>();
    for (const { data, service = '' } of await this.#past.events(ANNA))
      for (const { category, holding } of (data['items'] ?? []) as readonly HeldItem[])
        for (const name of [`${category}@${String(data['source'] ?? service)}`, category]) if (!found.has(name)) found.set(name, holding);
    this.#holdings = found;
  }
}

function said(event: Awaited<ReturnType<Teller['events']>>[number] | undefined): string {
  if (event === undefined) return '';
  const remarks = ((event.data['rules'] ?? []) as readonly { readonly rule: string; readonly result: string }[]).filter(({ result }) => result === 'remarked').map(({ rule }) => rule);
  const failed = event.failed === undefined ? '' : `: ${event.failed.join(', ')}`;
  if (event.type.endsWith('Authorised')) return remarks.length === 0 ? 'allowed' : `allowed with remarks: ${[...new Set(remarks)].sort().join(', ')}`;
  if (event.type.endsWith('Blocked')) return `blocked${failed}`;
  return event.verdict === undefined ? '' : `${event.verdict}${failed}`;
}

