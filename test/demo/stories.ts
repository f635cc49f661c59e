/** What happens to most people: orders, events, newsletters, look-ups, visits, cases. What is then done with their data: `acts.ts`. */
import { analysed, asksAgain, handedToSupport, isContacted, isPaid, isSent, maintained, personalised, reportedToPolice } from './acts.js';
import { opensAt, type Conference } from './conferences.js';
import { visited, type Visit } from './event-acts.js';
import { ALLERGIES, DIETS, POSITIONS, PRODUCTS, QUESTIONS } from './invented.js';
import { isNamedLater, organisationOf, plain, registeredAs } from './person.js';
import { between, pick, uuidFrom } from './random.js';
import { byEmail, byNumber, dateOf, DAY, known, MINUTE, NOTICE, type Teller } from './step.js';

const BATCH = '6f1d7c52-3a0e-4b8e-9c41-5d2e8a7f0b13';

/** Registered by the customer register with a number; known to the other systems by it. */
export function becomesCustomer({ world, person, random, tell }: Teller, at: number): void {
  const phone = person.phoneIsOwn ? [{ kind: 'phone', value: person.phone }] : [];
  const named = isNamedLater(person.index) ? registeredAs(world.seed, person.index) : {};
  tell('crm', at, 'RegisterSubject', { ...named, identifiers: [{ kind: 'email', value: person.email }, { kind: 'customer-number', value: person.customerNumber }, ...phone] });
  const relationship = uuidFrom(random);
  tell('crm', at + MINUTE, 'StartRelationship', { ...byNumber(person), relationship, kind: 'customer', service: 'shop' });
  if (random() < 0.12) {
    const end = at + between(random, 200, 700) * DAY;
    tell('crm', end, 'EndRelationship', { ...byNumber(person), relationship, reason: pick(random, ['ended', 'unsubscribed', 'converted'] as const) });
  }
}

export function orders(teller: Teller, since: number, count: number): void {
  const { person, random, tell } = teller;
  let at = since;
  for (let i = 0; i < count; i++) {
    at += between(random, 3, 120) * DAY;
    tell('order-system', at, 'CollectPersonalData', {
      ...byNumber(person),
      service: 'shop',
      context: 'purchase',
      relationshipKind: 'customer',
      purposes: ['purchase', 'bookkeeping'],
      order: `B${dateOf(at).slice(0, 4)}-${10_000 + person.index}-${i}`,
      // Now and then nobody thought of the notice.
      ...(random() < 0.97 && NOTICE),
      values: [
        ...(i === 0 ? [{ category: 'name', value: person.name, necessity: 'required' }, { category: 'postal', value: person.postal, necessity: 'required' }] : []),
        { category: 'email', value: person.email, necessity: 'required', purposes: ['purchase', 'service-communication'] },
        { category: 'customer-number', value: person.customerNumber, necessity: 'required' },
        { category: 'purchase-history', value: pick(random, PRODUCTS), necessity: 'required' },
        { category: 'payment-method', value: pick(random, ['kort', 'faktura', 'autogiro'] as const), necessity: 'required' },
      ],
    });
    if (i === 0 || random() < 0.04) isPaid(teller, at + 2 * MINUTE);
  }
}

export function subscribes({ person, random, tell }: Teller, at: number): void {
  const relationship = uuidFrom(random);
  tell('order-system', at, 'CollectPersonalData', {
    ...byNumber(person),
    service: random() < 0.8 ? 'subscription' : 'premier',
    context: 'subscription-order',
    relationship,
    relationshipKind: 'subscriber',
    purposes: ['subscription-delivery'],
    order: `P${10_000 + person.index}`,
    ...NOTICE,
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'postal', value: person.postal, necessity: 'required' },
      { category: 'phone', value: person.phone, necessity: 'optional' },
      { category: 'language', value: person.language, necessity: 'optional' },
    ],
  });
  if (random() < 0.35) tell('order-system', at + between(random, 90, 500) * DAY, 'EndRelationship', { ...byNumber(person), relationship, reason: 'ended' });
}

/** Given, perhaps renewed, often withdrawn; some asked twice, some without evidence, some with what cannot be read. */
export function newsletter(teller: Teller, since: number): void {
  const { world, person, random, tell } = teller;
  const [consent, relationship] = [uuidFrom(random), uuidFrom(random)];
  const purposes = ['newsletter'];
  const evidence = {
    ...NOTICE,
    wording: world.codes.wording('newsletter-consent', person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 1,
  };
  let at = since;
  if (random() < 0.4) tell('newsletter-system', at, 'RequestConsent', { ...byEmail(person), service: 'newsletter', purposes, ...evidence });
  at += between(random, 0, 3) * DAY + MINUTE;
  if (random() < 0.06) {
    tell('newsletter-system', at, 'RefuseConsent', { ...byEmail(person), service: 'newsletter', purposes, method: 'web' });
    return;
  }
  const isProven = random() < 0.93;
  const lasts = random() < 0.25 ? { validUntil: dateOf(at + 400 * DAY) } : {};
  tell('newsletter-system', at, 'GiveConsent', { ...byEmail(person), service: 'newsletter', consent, purposes, type: 'expressed', ...(isProven ? evidence : { method: 'paper' }), ...lasts });
  tell('newsletter-system', at + MINUTE, 'CollectPersonalData', {
    ...byEmail(person),
    service: 'newsletter',
    context: 'newsletter-signup',
    relationship,
    relationshipKind: 'subscriber',
    purposes,
    ...NOTICE,
    values: [
      { category: 'email', value: person.email, necessity: 'required' },
      { category: 'name', value: person.name, necessity: 'optional' },
      { category: 'language', value: person.language, necessity: 'optional' },
    ],
  });
  const began = at;
  if ('validUntil' in lasts && random() < 0.8) tell('newsletter-system', at + 401 * DAY, 'ExpireConsent', { ...byEmail(person), consent });
  if (random() < 0.3) {
    at += between(random, 150, 380) * DAY;
    tell('newsletter-system', at, 'RenewConsent', { ...byEmail(person), service: 'newsletter', consent, purposes, type: 'expressed', ...evidence });
  }
  const isOver = random() < 0.35;
  if (isOver) {
    at += between(random, 1, 300) * DAY;
    withdraws(teller, at, consent);
    // Some lists had been drawn before.
    if (random() < 0.12) isSent(teller, at + between(random, 1, 9) * DAY, relationship);
    if (random() < 0.06) asksAgain(teller, at + 30 * DAY, relationship);
  }
  const ends = isOver ? at : world.until;
  for (let issue = began + between(random, 1, 120) * DAY; issue < ends && random() < 0.7; issue += between(random, 60, 300) * DAY) isSent(teller, issue, relationship);
}

function withdraws({ person, random, tell }: Teller, at: number, consent: string): void {
  const whom = known(person);
  const chance = random();
  // What people and systems send when they want out is often not what was asked for; a withdrawal is recorded all the same.
  if (chance < 0.7) tell('newsletter-system', at, 'WithdrawConsent', { ...whom, service: 'newsletter', purposes: ['newsletter'], consent, method: 'email', steps: 1 });
  else if (chance < 0.8) tell('newsletter-system', at, 'WithdrawConsent', { ...whom, purposes: ['nyhetsbrevet och allt annat'], method: 'ring-signal' });
  else if (chance < 0.9) tell('newsletter-system', at, 'WithdrawConsent', { ...whom, service: 'newsletter', occurredAt: 'i tisdags', consent: 'den jag gav i våras' });
  else tell('newsletter-system', at, 'WithdrawConsent', { ...whom });
}

/** Registers for a conference; whoever has a diet says so with explicit consent, or the organiser forgot to ask for it. */
export function visits(teller: Teller, conference: Conference): void {
  const { world, person, random, tell } = teller;
  const opens = opensAt(world, conference);
  const at = opens - between(random, 10, 80) * DAY;
  const relationship = uuidFrom(random);
  const about = { service: 'conferences', conference, relationship, relationshipKind: 'event-visitor' };
  const isBooked = random() < 0.08;
  tell('event-system', at, 'CollectPersonalData', {
    ...byEmail(person),
    ...about,
    context: 'event-registration',
    purposes: ['event-participation'],
    order: `E-${conference}-${10_000 + person.index}`,
    ...NOTICE,
    ...(isBooked && { onBehalfOf: 'booker' }),
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'email', value: person.email, necessity: 'required' },
      { category: 'event-participation-data', value: 'anmäld, två dagar', necessity: 'required' },
    ],
  });
  const visit: Visit = { conference, at, opens, relationship };
  const diets = random() < 0.45 ? diet(teller, at + 2 * MINUTE, about, isBooked) : [];
  const shared = random() < 0.3 ? mediation(teller, at + 5 * MINUTE, about) : undefined;
  visited(teller, visit, diets, shared);
  if (random() < 0.25) tell('event-system', opens + 3 * DAY, 'EndRelationship', { ...byEmail(person), relationship });
}

interface About {
  readonly relationship: string;
  readonly conference: Conference;
}

/** The categories that they told. */
function diet({ world, person, random, tell }: Teller, at: number, about: About, isBooked: boolean): readonly string[] {
  const { conference, relationship } = about;
  const consents = !isBooked && random() < 0.85;
  if (consents)
    tell('event-system', at, 'GiveConsent', {
      ...byEmail(person),
      service: 'conferences',
      purposes: ['event-diet'],
      type: 'explicit',
      relationship,
      conference,
      ...NOTICE,
      wording: world.codes.wording('event-diet-consent', person.language),
      language: person.language,
      method: 'web',
      indicatedBy: 'subject',
      steps: 2,
      order: `E-kost-${10_000 + person.index}`,
    });
  const values = [
    { category: 'dietary-requirement', value: pick(random, DIETS), necessity: 'optional' },
    ...(random() < 0.3 ? [{ category: 'allergy', value: pick(random, ALLERGIES), necessity: 'optional' }] : []),
  ];
  tell('event-system', at + MINUTE, 'CollectPersonalData', {
    ...byEmail(person),
    ...about,
    context: 'event-registration',
    purposes: ['event-diet'],
    ...NOTICE,
    ...(isBooked && { onBehalfOf: 'booker' }),
    values,
  });
  if (consents && random() < 0.1) tell('event-system', at + 5 * DAY, 'WithdrawConsent', { ...known(person), service: 'conferences', purposes: ['event-diet'] });
  return values.map(({ category }) => category);
}

/** The purpose that they said yes to. */
function mediation({ world, person, random, tell }: Teller, at: number, about: About): 'contact-mediation' | 'sponsor-sharing' {
  const [purpose, wording] = random() < 0.6 ? (['contact-mediation', 'contact-mediation-consent'] as const) : (['sponsor-sharing', 'sponsor-sharing-consent'] as const);
  tell('event-system', at, 'GiveConsent', {
    ...byEmail(person),
    service: 'conferences',
    purposes: [purpose],
    type: 'expressed',
    relationship: about.relationship,
    conference: about.conference,
    ...NOTICE,
    wording: world.codes.wording(wording, person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 1,
  });
  return purpose;
}

/** One purchase of addresses, in one month; some of them were customers already. */
export function isBought(teller: Teller): void {
  const { world, person, random, tell } = teller;
  const isTold = random() < 0.5;
  const at = world.from + 0.4 * (world.until - world.from) + between(random, 0, 5 * 24 * 60) * MINUTE;
  tell('broker-import', at, 'SourcePersonalData', {
    ...byEmail(person),
    service: 'subscription',
    source: 'bisnode',
    batch: BATCH,
    relationshipKind: 'prospect',
    purposes: ['prospecting'],
    // Told at once, or within the month that Art. 14(3) gives.
    ...(isTold && { notice: { id: 'indirect-notice', version: 1 } }),
    values: [
      { category: 'name', value: person.name },
      { category: 'email', value: person.email },
      { category: 'position', value: pick(random, POSITIONS) },
      { category: 'organisation-name', value: organisationOf(world.seed, person.index % world.organisations).name },
    ],
  });
  isContacted(teller, at, isTold);
}

export function isLookedUp({ person, random, tell }: Teller, at: number): void {
  tell('crm', at, 'SourcePersonalData', {
    ...byNumber(person),
    service: 'shop',
    source: 'linkedin',
    publiclyAccessible: true,
    profile: `https://social.example.com/in/${plain(person.name)}-${person.index}`,
    relationshipKind: 'customer',
    purposes: ['customer-relationship'],
    values: [{ category: 'profile-details', value: `${pick(random, POSITIONS)}, tidigare ${pick(random, POSITIONS)}` }],
  });
}

/** The population register: for the address, and for the number where identification must be sure. */
export function isChecked({ person, random, tell }: Teller, at: number): void {
  const statesPurpose = random() < 0.9;
  tell('crm', at, 'SourcePersonalData', {
    ...byNumber(person),
    service: 'shop',
    source: 'spar',
    ...(statesPurpose && { sourcePurpose: random() < 0.9 ? 'kontroll' : 'urval' }),
    relationshipKind: 'customer',
    purposes: ['address-check'],
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'postal', value: person.postal, necessity: 'required' },
      ...(person.personnummer === undefined ? [] : [{ category: 'personnummer', value: person.personnummer, necessity: 'optional' }]),
    ],
  });
}

export function comesFromOthers({ person, random, tell }: Teller, at: number): void {
  const source = pick(random, ['partner', 'sponsor', 'unregistered'] as const);
  tell('crm', at, 'SourcePersonalData', {
    ...byEmail(person),
    service: 'conferences',
    source,
    ...(source === 'unregistered' && { sourceName: 'en visitkortsskål på mässan' }),
    relationshipKind: 'prospect',
    purposes: ['prospecting'],
    values: [
      { category: 'name', value: person.name },
      { category: 'email', value: person.email },
    ],
  });
}

export function browses(teller: Teller, since: number, times: number): void {
  const { person, random, tell } = teller;
  const device = `enhet-${uuidFrom(random)}`;
  let at = since;
  for (let i = 0; i < times; i++) {
    at += between(random, 1, 200) * DAY;
    tell('website-log', at, 'ObservePersonalData', {
      ...byEmail(person),
      service: 'website',
      technology: pick(random, ['cookie', 'server-log', 'app'] as const),
      relationshipKind: 'visitor',
      purposes: ['security'],
      ...NOTICE,
      values: [
        { category: 'ip-address', value: `192.0.2.${between(random, 1, 254)}` },
        { category: 'device-id', value: device },
        { category: 'device-type', value: pick(random, ['mobil', 'dator', 'surfplatta'] as const) },
        { category: 'language', value: person.language, purposes: ['personalisation'] },
        { category: 'push-setting', value: random() < 0.5, purposes: ['personalisation'] },
        // Nobody said yes to being followed, or to being placed on a map.
        ...(random() < 0.06 ? [{ category: 'location', value: '59.33,18.06', purposes: ['personalisation'] }] : []),
      ],
    });
  }
  if (random() < 0.3) personalised(teller, at + DAY);
  if (random() < 0.3) analysed(teller, at + 2 * DAY);
  if (random() < 0.25) maintained(teller, at + 3 * DAY);
}

/** A case at the support desk, sometimes with a correction, sometimes with a dispute. */
export function asksForHelp(teller: Teller, at: number): void {
  const { person, random, tell } = teller;
  const number = `C${10_000 + person.index}`;
  tell('support-desk', at, 'CollectPersonalData', {
    ...byNumber(person),
    service: 'customer-service',
    context: 'customer-case',
    relationshipKind: 'customer',
    purposes: ['customer-support'],
    case: number,
    ...NOTICE,
    values: [{ category: 'message-content', value: pick(random, QUESTIONS), necessity: 'required' }],
  });
  if (random() < 0.6) handedToSupport(teller, at + 5 * MINUTE);
  if (random() < 0.06) reportedToPolice(teller, at + 60 * MINUTE);
  const later = at + between(random, 1, 20) * DAY;
  const chance = random();
  const message = { ...byNumber(person), category: 'message-content', service: 'customer-service' };
  if (chance < 0.25) tell('support-desk', later, 'CompletePersonalData', { ...message, value: `${pick(random, QUESTIONS)} (tillägg per telefon)`, reason: 'personen ringde' });
  else if (chance < 0.45) corrects(teller, later);
  else if (chance < 0.55) {
    tell('support-desk', later, 'DisputePersonalData', { ...message, reason: 'jag har aldrig skrivit det där' });
    if (random() < 0.7) tell('support-desk', later + 6 * DAY, 'ResolveDispute', { ...message, outcome: random() < 0.5 ? 'upheld' : 'rejected', reason: 'loggen granskad' });
  }
}

/** Moved house: the address that came with the first order is corrected. Nothing to correct where there was none. */
function corrects({ person, random, tell }: Teller, at: number): void {
  tell('support-desk', at, 'RectifyPersonalData', {
    ...byNumber(person),
    category: 'message-content',
    service: 'customer-service',
    value: `${pick(random, QUESTIONS)} (rättad efter samtal)`,
    reason: `ringde från ${person.postal}`,
  });
}

