/**
 * The catalogue of refusals: what a caller may be told instead of "recorded". Codes are stable; an upstream may switch on them.
 * A refusal names codes, ids and alternatives, never a value that somebody sent.
 */
export const refusals = {
  SubjectNotRegistered: { status: 404, title: 'No person of this id is registered.', article: 'GDPR Art. 11' },
  NoSuchPerson: { status: 404, title: 'Nobody is known by this identifier; send createIfMissing to register them.', article: 'GDPR Art. 11' },
  AmbiguousIdentifier: { status: 409, title: 'The identifier fits several people; name the person by id.', article: 'GDPR Art. 5(1)(d)' },
  IdentifierTaken: { status: 409, title: 'The identifier belongs to another person; link it as shared, or end the other link first.', article: 'GDPR Art. 5(1)(d)' },
  IdentifierUnusable: { status: 422, title: 'The identifier does not have the form that its kind has.', article: 'GDPR Art. 5(1)(d)' },
  UnknownIdentifier: { status: 404, title: 'The person has no such identifier.', article: 'GDPR Art. 5(1)(d)' },
  CommandIdReused: { status: 409, title: 'This command id was used for other content.', article: 'GDPR Art. 5(2)' },
  UnusableId: { status: 422, title: 'An id has characters outside [a-z0-9-], or holds personal data; use a pseudonymous id.', article: 'GDPR Art. 25' },
  NoPolicy: { status: 409, title: 'No policy has been published; publish one before facts are told.', article: 'GDPR Art. 13' },
  UnknownService: { status: 422, title: 'No controller answers for a service of this id.', article: 'GDPR Art. 4(7)' },
  UnknownController: { status: 422, title: 'No controller of this id is in the policy.', article: 'GDPR Art. 4(7)' },
  UnknownPurpose: { status: 422, title: 'The policy has no purpose of this id.', article: 'GDPR Art. 5(1)(b)' },
  UnknownCategory: { status: 422, title: 'The policy has no category of this id.', article: 'GDPR Art. 5(1)(c)' },
  UnknownSource: { status: 422, title: 'No source of this id is registered; a source that really is not is told as "unregistered".', article: 'GDPR Art. 14(2)(f)' },
  UnknownSourcePurpose: { status: 422, title: 'The source may not be used for this; name one of its own purposes.', article: 'Lag (1998:527) 3 §' },
  UnknownContext: { status: 422, title: 'The policy has no collection context of this id.', article: 'GDPR Art. 13' },
  UnknownNotice: { status: 422, title: 'No notice of this id and version is published.', article: 'GDPR Art. 13' },
  UnknownWording: { status: 422, title: 'No wording with this hash is published.', article: 'GDPR Art. 7(1)' },
  UnknownChannel: { status: 422, title: 'The policy has no channel of this id.', article: 'GDPR Art. 7(1)' },
  UnknownRecipientKind: { status: 422, title: 'The policy has no recipient kind of this id.', article: 'GDPR Art. 13(1)(e)' },
  UnknownRecipient: { status: 422, title: 'No recipient of this id is registered; one that really is not is told as "unregistered".', article: 'GDPR Art. 13(1)(e)' },
  UnknownConference: { status: 422, title: 'No conference of this id is registered.', article: 'GDPR Art. 5(1)(b)' },
  UnknownAuthority: { status: 422, title: 'No authority of this id is known.', article: 'GDPR Art. 4(9)' },
  UnknownArrangement: { status: 422, title: 'The recipient has no transfer arrangement of this id.', article: 'GDPR Art. 46' },
  UnknownGround: { status: 422, title: 'The policy has no ground for disclosure of this id.', article: 'GDPR Art. 6(1)' },
  UnknownPlan: { status: 422, title: 'The recipient has no business transfer plan of this id.', article: 'GDPR Art. 6(1)(f)' },
  UnknownEntry: { status: 422, title: 'The register has no entry of this id.', article: 'GDPR Art. 5(2)' },

  NotRegistered: { status: 404, title: 'Nothing of this id is registered; register it first.', article: 'GDPR Art. 5(2)' },
  OtherEntry: { status: 409, title: 'The register has an entry of this id with other content.', article: 'GDPR Art. 5(2)' },
  OtherAct: { status: 409, title: 'An act of this id was told with other content; give this one an id of its own.', article: 'GDPR Art. 5(2)' },
  ConferenceOver: { status: 409, title: 'The conference has ended or was cancelled.', article: 'GDPR Art. 5(1)(d)' },
  EndBeforeStart: { status: 422, title: 'The end lies before the beginning.', article: 'GDPR Art. 5(1)(d)' },
  ModuleDoesNotFit: { status: 422, title: 'The module of the clauses fits neither role.', article: 'Decision (EU) 2021/914 Art. 1' },
  ClausesNotInForce: { status: 422, title: 'These clauses were not in force when it was signed.', article: 'Decision (EU) 2021/914 Art. 4' },
  AskIsForNow: { status: 422, title: 'An ask is about now; what has happened is told with a Report command.', article: 'GDPR Art. 5(2)' },
  DisclosureNotFound: { status: 422, title: 'No disclosure of this id was told.', article: 'GDPR Art. 19' },
  NoDeviation: { status: 422, title: 'No event of this id was recorded as unjustified.', article: 'GDPR Art. 5(2)' },
  ObligationNotFound: { status: 422, title: 'The person has no obligation to be informed of this id.', article: 'GDPR Art. 14(3)' },
  UnknownRelationshipKind: { status: 422, title: 'The policy has no relationship kind of this id.', article: 'GDPR Art. 5(1)(e)' },
  RelationshipNotFound: { status: 422, title: 'The person has no such relationship; name one, or give relationshipKind to start it.', article: 'GDPR Art. 5(1)(e)' },
  HoldingNotFound: { status: 422, title: 'Nothing is held under this id.', article: 'GDPR Art. 16' },
  NothingDisputed: { status: 409, title: 'This holding is not disputed.', article: 'GDPR Art. 18(1)(a)' },
  ConsentNotFound: { status: 422, title: 'No consent of this id was given.', article: 'GDPR Art. 7(1)' },
  OrganisationNotFound: { status: 404, title: 'No such organisation is registered.', article: 'GDPR Art. 5(1)(d)' },
  OtherNumber: { status: 409, title: 'The organisation of this id is registered under another number.', article: 'GDPR Art. 5(1)(d)' },
  NotRepresented: { status: 422, title: 'The person does not represent this organisation.', article: 'GDPR Art. 5(1)(d)' },
  NotTheirOrder: { status: 422, title: 'The end lies before the beginning.', article: 'GDPR Art. 5(1)(d)' },
  MergeWithItself: { status: 422, title: 'A person cannot be merged with themselves.', article: 'GDPR Art. 5(1)(d)' },
  MergedAway: { status: 409, title: 'This person is part of another; merge that one.', article: 'GDPR Art. 5(1)(d)' },
  MergeUnderWay: { status: 409, title: 'Another merge of this person is being finished; ask again.', article: 'GDPR Art. 5(1)(d)' },
  NotMerged: { status: 409, title: 'This person was not merged into the other.', article: 'GDPR Art. 5(1)(d)' },
  EventNotFound: { status: 422, title: 'The person has no event of this id.', article: 'GDPR Art. 5(1)(d)' },
  NotAnnullable: { status: 422, title: 'Such an event cannot be recorded in error: registrations, steps of a merge and mistakes stand.', article: 'GDPR Art. 5(2)' },
  OccurredInFuture: { status: 400, title: 'occurredAt lies in the future, beyond the allowed clock skew.', article: 'GDPR Art. 5(1)(d)' },
  UnusableTime: { status: 400, title: 'occurredAt is no instant, no date and no interval of these.', article: 'GDPR Art. 5(1)(d)' },
  UnusableText: { status: 400, title: 'A text holds half a surrogate pair, which no encoding can write (RFC 7493 section 2.1).', article: 'GDPR Art. 5(1)(d)' },
  ValueUnusable: { status: 422, title: 'A value does not have the form of its category.', article: 'GDPR Art. 5(1)(d)' },
  AlreadyPublished: { status: 409, title: 'This version was published with other content; a published version does not change.', article: 'GDPR Art. 5(2)' },
} as const satisfies Record<string, { readonly status: number; readonly title: string; readonly article: string }>;

export type RefusalCode = keyof typeof refusals;

/** Expected, catalogued; nothing was recorded. `pointer` says which member of the command; `alternatives` are codes that would do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly article: string;
  constructor(
    readonly code: RefusalCode,
    readonly detail: { readonly pointer?: string; readonly alternatives?: readonly string[] } = {},
  ) {
    super(refusals[code].title);
    this.status = refusals[code].status;
    this.article = refusals[code].article;
  }
}

/** The ledger could not answer in time or is not able to; the caller may try again. Not a refusal: nothing is wrong with the command. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
