/** What is done with people's data, by suppliers and by us: most of it as the rules ask, some of it not. */
import { between, pick, uuidFrom } from './random.js';
import { MAINTENANCE_RENEWED } from './registers.js';
import { byNumber, dateOf, DAY, known, MINUTE, type Teller } from './step.js';

export function isPaid({ person, tell }: Teller, at: number): void {
  tell('order-system', at, 'ReportDisclosure', { ...byNumber(person), service: 'shop', purpose: 'purchase', recipient: 'betalkraft', categories: ['customer-number', 'payment-method'] });
}

/** An issue of the newsletter: its supplier is in the United States. */
export function isSent({ person, random, tell }: Teller, at: number, relationship: string): void {
  tell('newsletter-system', at, 'ReportTransfer', { ...known(person), service: 'newsletter', purpose: 'newsletter', recipient: 'skickat', relationship, categories: random() < 0.9 ? ['email', 'name', 'language'] : ['email'] });
}

/** Whoever writes the letter asks whether somebody who said no may have it after all. */
export function asksAgain({ person, ask }: Teller, at: number, relationship: string): void {
  ask('newsletter-system', at, 'AuthoriseTransfer', { ...known(person), service: 'newsletter', purpose: 'newsletter', recipient: 'skickat', relationship, categories: ['email'] });
}

export function handedToSupport({ person, tell }: Teller, at: number): void {
  tell('support-desk', at, 'ReportDisclosure', { ...byNumber(person), service: 'customer-service', purpose: 'customer-support', recipient: 'kundrosten', categories: ['message-content'] });
}

/** Asked for by the police, or handed over by us; now and then on the phone, on no ground that anybody could name. */
export function reportedToPolice({ person, random, tell }: Teller, at: number): void {
  const about = { ...byNumber(person), service: 'customer-service', recipient: 'polismyndigheten', purpose: 'security', categories: ['email'] };
  const number = `5000-K${100_000 + person.index}-21`;
  const disclosure = uuidFrom(random);
  const isAsked = random() < 0.7;
  tell('support-desk', at, 'ReportDisclosure', isAsked ? { ...about, disclosure, ground: 'police-request', case: number } : { ...about, disclosure, reason: 'en polis ringde' });
  if (isAsked && random() < 0.5) tell('support-desk', at + DAY, 'ReferMatterToPolice', { ...byNumber(person), service: 'customer-service', authority: 'polismyndigheten', ground: 'police-referral', disclosure, case: number, reason: 'bedrägeriförsök mot kunden' });
}

/** Told where the data came from, in the month that Art. 14(3) gives, or too late, or never; called all the same, by some after they said no. */
export function isContacted({ person, random, tell }: Teller, bought: number, isTold: boolean): void {
  const about = { ...known(person), service: 'subscription' };
  const chance = isTold ? 1 : random();
  if (chance < 0.8) tell('broker-import', bought + (chance < 0.6 ? 12 : 55) * DAY, 'ServeNotice', { ...about, notice: { id: 'indirect-notice', version: 1 }, channel: pick(random, ['email', 'post'] as const) });
  const called = bought + between(random, 15, 40) * DAY;
  const objects = random() < 0.12;
  if (objects) tell('broker-import', called - DAY, 'ObjectToProcessing', { ...known(person), kind: 'direct-marketing', purposes: ['prospecting'], method: 'phone', reason: 'vill inte bli uppringd' });
  if (random() < (objects ? 0.3 : 0.5)) tell('broker-import', called, 'ReportDisclosure', { ...about, purpose: 'prospecting', recipient: 'reklamladan', categories: ['name', 'email', 'position'] });
}

export function personalised({ person, tell }: Teller, at: number): void {
  tell('website-log', at, 'ReportUse', { ...known(person), service: 'website', purpose: 'personalisation', categories: ['language', 'push-setting'] });
}

/** Held apart from who it is about; some forget what a device's id is. */
export function analysed({ person, random, tell }: Teller, at: number): void {
  tell('website-log', at, 'ReportUse', { ...known(person), service: 'website', purpose: 'product-improvement', kind: 'analytics', categories: ['device-type', ...(random() < 0.1 ? ['device-id'] : [])] });
}

/** Read from India while a fault is looked for, on the clauses of the day. */
export function maintained({ person, tell }: Teller, at: number): void {
  const arrangement = dateOf(at) < MAINTENANCE_RENEWED ? 'clauses-2018' : 'clauses-2021';
  tell('website-log', at, 'ReportTransfer', { ...known(person), service: 'website', purpose: 'personalisation', recipient: 'kodkvarnen', remoteAccess: true, arrangement, categories: ['push-setting'] });
}

/** A list that went to somebody whom nobody had registered: the name is told, and the fact stands as what it is. */
export function strayed({ person, random, tell }: Teller, at: number): void {
  const about = { ...known(person), service: 'conferences', purpose: 'prospecting', recipient: 'unregistered', categories: ['name', 'email'] };
  if (random() < 0.6) tell('support-desk', at, 'ReportDisclosure', { ...about, recipientName: 'en utställare på mässan', reason: 'listan låg kvar i montern' });
  else tell('support-desk', at, 'ReportTransfer', { ...about, country: 'US', recipientName: 'en kalenderapp' });
}

/** The shop is sold: its customers' purchases go to the new owner, by the plan; some letters about it came back. */
export function goesWithTheShop({ person, random, tell }: Teller, at: number): void {
  if (random() < 0.8) tell('order-system', at - 40 * DAY, 'ServeNotice', { ...byNumber(person), service: 'shop', notice: { id: 'business-transfer-notice', version: 1 }, channel: 'post' });
  tell('order-system', at, 'ReportDisclosure', { ...byNumber(person), service: 'shop', purpose: 'business-transfer', recipient: 'nya-butiken', ...(random() < 0.8 && { plan: 'shop-2021' }), categories: ['customer-number', 'purchase-history'] });
}

/** A protected address is blocked when it is asked for; some do not ask. */
export function addressIsUsed({ person, random, tell, ask }: Teller, at: number): void {
  const about = { ...byNumber(person), service: 'shop', purpose: 'purchase', recipient: 'kundrosten', categories: ['name', 'postal'] };
  ask('order-system', at, 'AuthoriseDisclosure', about);
  if (random() < 0.5) tell('order-system', at + MINUTE, 'ReportDisclosure', about);
}
