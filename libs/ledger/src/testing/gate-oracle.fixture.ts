/**
 * What forbids an act, told by somebody who knows the law and the first policy, reads the log from its beginning each time, and has never
 * seen the gate: a restatement as plain as it can be, by the codes of the rules. It asks the policy model what the file says, and no more.
 */
import type { PolicyModel } from '#policy/model.js';
import type { Envelope } from '../envelope.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { CONFERENCE } from './asurgent.fixture.js';

/** An event with where it stands in the log. */
export type Told = Envelope & { readonly position: string };
type Data = Readonly<Record<string, unknown>>;

const CONTACT = ['name', 'email', 'phone', 'postal', 'company', 'position'];
const NEVER_FOR_INTERESTS = ['name', 'email', 'phone', 'postal'];
const DIET = ['allergy', 'dietary-requirement'];
const WHEREABOUTS = ['postal', 'phone', 'location'];
const IDENTITY = [...CONTACT, 'personnummer', 'customer-number', 'organisation-number', 'device-id', 'profile-url', 'profile-details', 'suppressed-address', 'actor-identity'];
const BEHAVIOUR = ['page-view', 'click', 'search-query', 'error-report', 'shared-at', 'shared-url', 'shared-article', 'location', 'interest'];
const MARKETING = ['sponsor-sharing', 'direct-marketing', 'newsletter', 'prospecting', 'advertising', 'interest-based-advertising'];
const ANALYSIS = ['product-improvement', 'business-intelligence'];
const EEA = ['SE', 'DE'];
/** In the time of these lives: Japan's decision covers businesses; the Privacy Shield had been struck down. */
const ADEQUATE = ['JP'];
const PARTY_KINDS: Readonly<Record<string, string>> = { 'event-sponsor': 'sponsor', 'event-partner': 'partner', 'event-caterer': 'caterer', 'event-venue': 'venue' };

const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short' });
const dayOf = (instant: string): string => swedish.format(new Date(instant));
const data = (event: Told): Data => event.data;
const list = (value: unknown): readonly string[] => (value ?? []) as readonly string[];
const text = (value: unknown): string => String(value);
const runs = ({ from, to }: { readonly from: unknown; readonly to?: unknown }, day: string): boolean => text(from) <= day && (to === undefined || text(to) >= day);

export class GateOracle {
  constructor(
    readonly log: readonly Told[],
    readonly models: readonly PolicyModel[],
  ) {}

  /** The rules that forbid the act of this event at its place in the log, sorted; none: it may be. */
  forbids(act: Told): readonly string[] {
    return [...new Set(new Reading(act, this.log.slice(0, this.log.indexOf(act)), this.models).faults())].sort();
  }
}

/** One act, and what the log said before it. */
class Reading {
  readonly #act: Data;
  readonly #kind: 'disclosure' | 'transfer' | 'use';
  readonly #at: string;
  readonly #day: string;
  readonly #purpose: string;
  readonly #items: readonly { readonly category: string; readonly holding?: string }[];
  readonly #policy: PolicyModel;
  readonly #mine: readonly Told[];
  readonly #register: readonly Told[];
  readonly #terms: readonly Told[];
  readonly #joined: readonly (readonly [at: string, other: string])[];
  readonly #subject: string;

  constructor(
    readonly act: Told,
    readonly before: readonly Told[],
    models: readonly PolicyModel[],
  ) {
    this.#act = act.data;
    this.#kind = act.type.startsWith('Use') ? 'use' : act.type.startsWith('Transfer') ? 'transfer' : 'disclosure';
    this.#at = act.recordedAt;
    this.#day = dayOf(act.recordedAt);
    this.#purpose = text(act.data['purpose']);
    this.#items = act.data['items'] as HeldItem[];
    this.#policy = models.findLast(({ effectiveFromAt }) => Date.parse(effectiveFromAt) <= Date.parse(this.#at)) as PolicyModel;
    this.#subject = act.stream;
    this.#joined = this.#joinedTo(act.stream);
    const streams = [act.stream, ...this.#joined.map(([, other]) => other)];
    const all = before.filter(({ stream }) => streams.includes(stream));
    const wrong = new Set(all.filter(({ type }) => type === 'RecordedInError').map((event) => data(event)['event']));
    this.#mine = all.filter(({ id }) => !wrong.has(id));
    this.#register = this.#seen(`recipient-${text(this.#act['recipient'])}`);
    this.#terms = this.#seen(`conference-${text(this.#act['conference'])}`);
  }

  faults(): readonly string[] {
    const { recipient } = this.#act;
    return [
      ...this.#merging(),
      ...this.#items.flatMap((item) => [...this.#ofPolicy(item), ...this.#ofHolding(item), ...this.#ofOrigin(item), ...this.#ofConsent(item), ...this.#ofPerson(item)]),
      ...this.#combined(),
      ...(recipient === undefined ? [] : [...this.#ofRecipient(), ...this.#ofConference(), ...this.#abroad()]),
    ];
  }

  /** What the decider had seen of a register, by the revision that it says. */
  #seen(stream: string): readonly Told[] {
    const revision = this.act.registers?.find((one) => one.stream === stream)?.revision ?? -1;
    return this.before.filter((event) => event.stream === stream && event.revision <= revision);
  }

  #of(...types: readonly string[]): readonly Told[] {
    return this.#mine.filter(({ type }) => types.includes(type));
  }

  #joinedTo(stream: string): readonly (readonly [string, string])[] {
    const own = this.before.filter((event) => event.stream === stream && (event.type === 'SubjectAbsorbed' || event.type === 'SubjectReleased'));
    return own.filter((event) => event.type === 'SubjectAbsorbed' && !own.some((later) => later.position > event.position && later.data['from'] === event.data['from'])).map((event) => [event.position, `subject-${text(event.data['from'])}`]);
  }

  /** From the merge's beginning until the other has been taken in, or the merge given up. */
  #merging(): readonly string[] {
    const own = this.before.filter(({ stream }) => stream === this.#subject);
    const open = own.filter(({ type }) => type === 'MergeStarted').some((start) => !own.some(({ type, data: of }) => (type === 'SubjectAbsorbed' || type === 'MergeAbandoned') && of['merge'] === start.data['merge']));
    return open ? ['not-merging'] : [];
  }

  #ofPolicy({ category }: HeldItemOf): readonly string[] {
    const declared = this.#policy.purpose(this.#purpose);
    if (declared === undefined) return ['purpose-of-the-day'];
    return [
      ...(this.#policy.allows(this.#purpose, category) ? [] : ['category-allowed']),
      ...(this.#purpose === 'interest-based-advertising' && NEVER_FOR_INTERESTS.includes(category) ? ['interest-advertising-identity'] : []),
      ...((ANALYSIS.includes(this.#purpose) || this.#act['kind'] === 'analytics') && IDENTITY.includes(category) ? ['analytics-apart'] : []),
    ];
  }

  #tellingsOf(holding: string | undefined): readonly Told[] {
    return this.#of('PersonalDataCollected', 'PersonalDataObserved', 'PersonalDataSourced').filter((event) => (event.data['items'] as HeldItem[]).some((item) => item.holding === holding));
  }

  #purposesIn(event: Told, holding: string | undefined): HeldItem['purposes'] {
    return (event.data['items'] as HeldItem[]).filter((item) => item.holding === holding).flatMap(({ purposes }) => purposes);
  }

  #ofHolding({ holding }: HeldItemOf): readonly string[] {
    if (holding === undefined) return ['category-held'];
    const tellings = this.#tellingsOf(holding);
    const isJustified = tellings.some((event) => this.#purposesIn(event, holding).some(({ verdict }) => verdict === 'justified'));
    const isDeclared = tellings.some((event) => this.#purposesIn(event, holding).some(({ purpose }) => this.#areKin(purpose)));
    const isTold = this.#noticesServed().some(([id]) => this.#policy.policy.notices.some((notice) => notice.id === id && (notice.purposes ?? []).includes(this.#purpose)));
    const disputes = this.#of('PersonalDataDisputed').filter((event) => event.data['holding'] === holding);
    const isOpen = disputes.some((dispute) => !this.#of('DisputeResolved').some((end) => end.data['dispute'] === dispute.data['dispute']));
    const excepted = ['police-request'].includes(text(this.#act['ground']));
    return [...(isJustified ? [] : ['holding-justified']), ...(isDeclared || isTold ? [] : ['new-purpose-notice']), ...(isOpen && !excepted ? ['not-restricted'] : [])];
  }

  #areKin(purpose: string): boolean {
    return this.#policy.isPurposeWithin(purpose, this.#purpose) || this.#policy.isPurposeWithin(this.#purpose, purpose);
  }

  #noticesServed(): readonly (readonly [id: string, at: string])[] {
    return this.#mine.flatMap((event) => {
      const { notice } = event.data as { readonly notice?: { readonly id: string } };
      return notice === undefined || !['NoticeServed', 'PersonalDataCollected', 'PersonalDataObserved', 'PersonalDataSourced'].includes(event.type) ? [] : [[notice.id, event.recordedAt] as const];
    });
  }

  /** Art. 14, and what the population register was asked for. */
  #ofOrigin({ category, holding }: HeldItemOf): readonly string[] {
    const sourcings = this.#tellingsOf(holding).filter(({ type }) => type === 'PersonalDataSourced');
    const isServed = (sourcing: Told): boolean => {
      const duty = this.#of('IndirectNoticeObligationOpened').find((event) => event.data['sourcing'] === sourcing.id)?.data['obligation'];
      return this.#of('IndirectNoticeServed', 'NoticeServed').some((event) => event.data['obligation'] === duty || list(event.data['obligations']).includes(text(duty)));
    };
    const asked = sourcings.filter((event) => event.data['source'] === 'spar').map((event) => event.data['sourcePurpose']);
    const isMarketing = MARKETING.includes(this.#purpose);
    const fits = asked.some((purpose) => (purpose === 'kontroll' ? !isMarketing : isMarketing && this.#purpose !== 'interest-based-advertising' && ['name', 'postal'].includes(category)));
    return [...(sourcings.every(isServed) ? [] : ['indirect-notice']), ...(asked.length === 0 || fits ? [] : ['source-use'])];
  }

  #ofConsent({ category, holding }: HeldItemOf): readonly string[] {
    const basis = this.#policy.basisFor(this.#purpose, category)?.basis;
    if (basis !== 'eu-gdpr:A6-1-a') return [];
    return this.#isConsented(category, holding) ? [] : ['consent'];
  }

  /** One yes that covers it all and stands. */
  #isConsented(category: string, holding: string | undefined): boolean {
    const recipientKind = this.#kindOfRecipient();
    const terms = this.#policy.consentTerms(this.#purpose, 'asurgent-ab');
    const conference = this.#tellingsOf(holding).map((event) => event.data['conference']).find((one) => one !== undefined) ?? this.#act['conference'];
    return this.#of('ConsentGiven', 'RenewedConsentGiven').some((yes) => {
      const given = yes.data as Data & { readonly purposes: readonly string[]; readonly terms: readonly { readonly purpose: string; readonly categories: readonly string[]; readonly recipientKinds: readonly string[] }[] };
      const then = given.terms.find(({ purpose }) => purpose === this.#purpose);
      return (
        given.purposes.includes(this.#purpose) &&
        list(given['categories']).includes(category) &&
        (recipientKind === undefined || list(given['recipientKinds']).includes(recipientKind)) &&
        list(given['missing']).length === 0 &&
        (!DIET.includes(category) || given['type'] === 'explicit') &&
        (given['conference'] === undefined || given['conference'] === conference) &&
        (given['validUntil'] === undefined || text(given['validUntil']) > this.#at) &&
        JSON.stringify([then?.categories, then?.recipientKinds]) === JSON.stringify([terms?.categories, terms?.recipientKinds]) &&
        (given['indicatedBy'] === 'guardian' || !this.#wasBelow13(yes)) &&
        !this.#of('ConsentWithdrawn', 'ConsentRefused').some((no) => this.#isNoTo(no, yes))
      );
    });
  }

  /** Told after it, or of the other of two people before they became one. */
  #isNoTo(no: Told, yes: Told): boolean {
    if (no.data['purposes'] !== undefined && !list(no.data['purposes']).includes(this.#purpose)) return false;
    const isOther = this.#joined.some(([at, other]) => (no.stream === other) !== (yes.stream === other) && no.position < at && yes.position < at);
    return isOther || no.recordedAt >= yes.recordedAt;
  }

  #wasBelow13(yes: Told): boolean {
    const told = this.#of('AgeBandRecorded').filter((event) => event.recordedAt <= yes.recordedAt);
    return told.at(-1)?.data['band'] === 'below-13' && told.at(-1)?.stream === yes.stream;
  }

  #ofPerson({ category }: HeldItemOf): readonly string[] {
    const goesOut = this.#kind !== 'use' || this.#act['recipient'] !== undefined;
    const isProtected = [this.#subject, ...this.#joined.map(([, other]) => other)].some((stream) => {
      const last = this.#of('ProtectedIdentityFlagged', 'ProtectedIdentityLifted').findLast((event) => event.stream === stream);
      const lifted = this.#of('ProtectedIdentityLifted').some((event) => event.stream === this.#subject && this.#joined.some(([at, other]) => other === stream && event.position > at));
      return last?.type === 'ProtectedIdentityFlagged' && !lifted;
    });
    const isMarketing = MARKETING.includes(this.#purpose);
    const basis = this.#policy.basisFor(this.#purpose, category)?.basis;
    const isAgainst = this.#of('DataSubjectObjected').some(({ data: { kind, purposes, recipientKinds } }) => {
      const isOfIt = purposes === undefined || list(purposes).some((one) => this.#policy.isPurposeWithin(this.#purpose, one));
      const isOfThem = recipientKinds === undefined || list(recipientKinds).includes(this.#kindOfRecipient() ?? '');
      return isOfIt && isOfThem && (kind === 'direct-marketing' ? isMarketing : basis === 'eu-gdpr:A6-1-f' && this.#act['ground'] !== 'police-request');
    });
    const band = this.#joined.length > 0 ? undefined : this.#of('AgeBandRecorded').at(-1)?.data['band'];
    const isChild = band !== undefined && band !== 'adult' && isMarketing && (basis !== 'eu-gdpr:A6-1-a' || this.#purpose === 'interest-based-advertising');
    return [...(goesOut && isProtected && WHEREABOUTS.includes(category) ? ['protected-identity'] : []), ...(isAgainst ? ['no-objection'] : []), ...(isChild ? ['marketing-to-child'] : [])];
  }

  /** What someone does, with what they left or was bought, for marketing: with their consent to that, for all of it. */
  #combined(): readonly string[] {
    if (!MARKETING.includes(this.#purpose)) return [];
    const isBought = (holding: string | undefined): boolean => this.#tellingsOf(holding).some((event) => event.data['sourceKind'] === 'broker');
    const isLeft = (holding: string | undefined): boolean => this.#tellingsOf(holding).some(({ type }) => type === 'PersonalDataCollected');
    const held = this.#items.filter(({ holding }) => holding !== undefined);
    const behaviour = held.filter(({ category, holding }) => BEHAVIOUR.includes(category) && !isBought(holding));
    const others = held.filter(({ category, holding }) => isBought(holding) || (!BEHAVIOUR.includes(category) && isLeft(holding)));
    if (behaviour.length === 0 || others.length === 0) return [];
    return [...behaviour, ...others].every(({ category, holding }) => this.#isConsented(category, holding)) ? [] : ['combining-consent'];
  }

  #kindOfRecipient(): string | undefined {
    return this.#act['recipient'] === undefined ? undefined : text(this.#register.find(({ type }) => type === 'RecipientRegistered')?.data['kind']);
  }

  #inRegister(begin: string, end: string, key: string): readonly Data[] {
    const ends = this.#register.filter(({ type }) => type === end);
    return this.#register
      .filter(({ type }) => type === begin)
      .map((event) => ({ ...event.data, ...ends.filter((one) => one.data[key] === event.data[key]).map((one) => ({ to: one.data['to'] })).at(0) }));
  }

  #roles(): readonly Data[] {
    return this.#inRegister('RecipientRoleAssigned', 'RecipientRoleEnded', 'assignment').filter(
      (role) => runs({ from: role['from'], to: role['to'] }, this.#day) && list(role['purposes']).includes(this.#purpose) && (role['conference'] === undefined || role['conference'] === this.#act['conference']),
    );
  }

  #ofRecipient(): readonly string[] {
    const kind = this.#kindOfRecipient() ?? '';
    const roles = this.#roles().map(({ role }) => text(role));
    const isIn = (which: string): boolean => this.#inRegister('RecipientAgreementSigned', 'RecipientAgreementEnded', 'agreement').some(({ kind: of, from, to }) => of === which && runs({ from, to }, this.#day));
    const objected = this.#register.filter(({ type }) => type === 'SubProcessorObjectedTo').map((event) => event.data['subProcessor']);
    const isUsed = this.#inRegister('SubProcessorAdded', 'SubProcessorRemoved', 'subProcessor').some(({ subProcessor, from, to }) => objected.includes(subProcessor) && runs({ from, to }, this.#day));
    const ground = this.#policy.disclosureGround(text(this.#act['ground']));
    const isNamed = this.#policy.purpose(this.#purpose)?.recipientKinds.includes(kind) === true || ground?.recipientKinds.includes(kind) === true;
    return [
      ...(this.#register.length === 0 ? ['recipient-registered'] : []),
      ...(isNamed ? [] : ['recipient-for-purpose']),
      ...(roles.length === 0 ? [this.#kind === 'use' ? 'vendor-purpose' : 'recipient-role'] : []),
      ...(roles.includes('processor') && !isIn('processor-contract') ? ['processor-contract'] : []),
      ...(roles.includes('joint-controller') && !isIn('joint-arrangement') ? ['joint-arrangement'] : []),
      ...(roles.includes('processor') && isUsed ? ['sub-processor-accepted'] : []),
      ...(kind === 'public-authority' && ground === undefined ? ['authority-ground'] : []),
      ...(this.#items.every(({ category }) => this.#policy.mayReceive(kind, category)) ? [] : ['recipient-may-receive']),
    ];
  }

  #partiesAs(role: string): boolean {
    const { recipient } = this.#act;
    const isThis = ({ data: of }: Told): boolean => of['recipient'] === recipient && of['role'] === role;
    const added = this.#terms.filter((event) => event.type === 'ConferencePartyAdded' && isThis(event));
    return added.some((event) => {
      const end = this.#terms.find((later) => later.type === 'ConferencePartyRemoved' && isThis(later) && later.revision > event.revision);
      return runs({ from: event.data['from'], to: end?.data['to'] }, this.#day);
    });
  }

  #ofConference(): readonly string[] {
    const kind = this.#kindOfRecipient() ?? '';
    const party = PARTY_KINDS[kind];
    const isSponsor = kind === 'event-sponsor' || this.#partiesAs('sponsor');
    const isDiet = this.#items.some(({ category }) => DIET.includes(category));
    const cooks = this.#partiesAs('caterer') || this.#partiesAs('venue');
    const isThere = party !== undefined || kind === 'event-participant';
    const cancelled = this.#terms.find(({ type }) => type === 'ConferenceCancelled')?.data['on'];
    return [
      ...(isThere && this.#act['conference'] !== CONFERENCE ? ['conference-known'] : []),
      ...(isThere && cancelled !== undefined && text(cancelled) <= this.#day ? ['conference-held'] : []),
      ...(party !== undefined && !this.#partiesAs(party) ? ['conference-party'] : []),
      ...(kind === 'event-sponsor' && !this.#wasTold() ? ['sponsor-named'] : []),
      ...(isSponsor && this.#items.some(({ category }) => !CONTACT.includes(category)) ? ['sponsor-contact-only'] : []),
      ...(isDiet && (isSponsor || !cooks) ? ['diet-to-kitchen-only'] : []),
      ...(kind === 'event-participant' && this.#purpose !== 'contact-mediation' ? ['mediation-among-participants'] : []),
    ];
  }

  /** In a notice of the event that was served when the sponsor stood on its list. */
  #wasTold(): boolean {
    return this.#noticesServed().some(([id, at]) => {
      const lists = this.#terms.filter((event) => event.type === 'ConferenceNoticePublished' && (event.data['notice'] as { id: string }).id === id && text(event.data['from']) <= dayOf(at));
      const last = lists.reduce<Told | undefined>((found, event) => (found === undefined || text(event.data['from']) >= text(found.data['from']) ? event : found), undefined);
      return list(last?.data['recipients']).includes(text(this.#act['recipient']));
    });
  }

  #abroad(): readonly string[] {
    const moves = this.#register.filter(({ type, data: of }) => ['RecipientRegistered', 'RecipientMoved'].includes(type) && text(of['from']) <= this.#day);
    const last = moves.reduce<Told | undefined>((found, event) => (found === undefined || text(event.data['from']) >= text(found.data['from']) ? event : found), undefined);
    const country = text(last?.data['country']);
    if (EEA.includes(country) || (ADEQUATE.includes(country) && this.#kindOfRecipient() !== 'public-authority' && this.#kindOfRecipient() !== 'event-participant')) return [];
    const isCarried = this.#inRegister('TransferArrangementSigned', 'TransferArrangementEnded', 'arrangement').some((one) => {
      const turns = this.#register.filter(({ type, data: of }) => /^TransferArrangement(Suspended|Resumed)$/.test(type) && of['arrangement'] === one['arrangement'] && text(of['from']) <= this.#day);
      // Of one day the last told.
      const turn = turns.reduce<Told | undefined>((found, event) => (found === undefined || text(event.data['from']) >= text(found.data['from']) ? event : found), undefined);
      const isOfItsTime = one['decision'] === 'scc-2010-87' ? text(one['signedOn']) <= '2021-09-26' && this.#day <= '2022-12-27' : this.#register.some(({ type, data: of }) => type === 'TransferImpactAssessed' && of['arrangement'] === one['arrangement'] && of['outcome'] !== 'insufficient');
      return (
        runs({ from: one['from'], to: one['to'] }, this.#day) &&
        one['country'] === country &&
        (one['remoteAccess'] === undefined || one['remoteAccess'] === (this.#act['remoteAccess'] ?? false)) &&
        turn?.type !== 'TransferArrangementSuspended' &&
        this.#roles().some(({ role }) => role === 'processor') &&
        isOfItsTime
      );
    });
    return isCarried ? [] : ['transfer-ground'];
  }
}

type HeldItemOf = { readonly category: string; readonly holding?: string };
