/**
 * What a decision is given and what it gives. Decisions are pure: clock, ids and look-ups come as arguments.
 */
import type { When } from '#law/when.js';
import type { IdentifierKind } from '#vault/vault.js';
import type { Envelope, OnBehalfOf, RegisterRevision, Verdict } from './envelope.js';
import type { Reasoning } from './gate/gate.js';
import type { RefusalCode } from './refusals.js';
import type { Registers } from './registers.js';
import type { SubjectState } from './subject/subject.js';

/** A string to be sealed before the event is written. */
export interface SlotToSeal {
  readonly slot: string;
  /** What the key belongs to. */
  readonly holding: string;
  readonly category: string;
  readonly value: unknown;
}

/** How the vault's index of identifiers changes with a fact. */
export type LinkChange =
  | {
      readonly change: 'link';
      readonly kind: IdentifierKind;
      readonly value: string;
      readonly identifier: string;
      readonly from: string;
      readonly to?: string;
      readonly shared: boolean;
      /** Reserves the identifier for its owner; refused when another has it. */
      readonly claim: boolean;
    }
  | { readonly change: 'unlink'; readonly identifier: string; readonly to: string };

/** An event to be: the envelope without what only the way of the command knows. */
export interface Fact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: string;
  readonly controller?: string;
  readonly service?: string;
  readonly onBehalfOf?: OnBehalfOf;
  readonly policy?: string;
  readonly registers?: readonly RegisterRevision[];
  readonly verdict?: Verdict;
  readonly failed?: readonly string[];
  readonly sealed?: readonly SlotToSeal[];
  readonly links?: readonly LinkChange[];
}

export interface Context {
  /** Arrival, UTC with milliseconds. */
  readonly now: string;
  /** The stream it is decided on. */
  readonly stream: string;
  /** Found by the id that the command names, and by none of its identifiers. */
  readonly isFoundById: boolean;
  /** When it happened. */
  readonly when: When;
  /** A withdrawal's own words about when, where they could not be used; `when` is then the arrival. */
  readonly toldAt?: string;
  readonly registers: Registers;
  /** What is known of the person whose stream the decision requires; it is read, and nothing is written there. */
  readonly required?: SubjectState;
  /** A UUID that is the same whenever this command is decided again. */
  readonly newId: (label: string) => string;
  /** The id that the command's nth event will have. */
  readonly eventId: (n: number) => string;
  /** The person's own identifier that this value is, if it is one (found by blind index before the decision). */
  readonly identifierOf: (kind: IdentifierKind, value: string) => string | undefined;
  /** Somebody whom the command names besides (`reads`); undefined when they are not registered. `survivor`: who they are now. */
  readonly person: (subject: string) => { readonly survivor: string } | undefined;
  /** An event that the command names (`reads`); undefined when it is none of the person's. */
  readonly event: (id: string) => Envelope | undefined;
  /** Whether a value has the form of its kind (a personnummer's check digit, for one). */
  readonly isWellFormed: (kind: IdentifierKind, value: string) => boolean;
  /** Whether two writings are one value of that kind. */
  readonly isSame: (kind: IdentifierKind, one: string, other: string) => boolean;
}

/** A stream beside the decision's own, and how the command is refused where it has not begun. */
export interface Required {
  readonly stream: string;
  readonly refusal: RefusalCode;
  readonly pointer: string;
}

/**
 * The decision of one command on one stream's state. Throws `Refusal`; gives no facts when nothing changes. Written as methods, so
 * that a decision on one kind of command may stand in the catalogue of all.
 */
export interface Decision<C, S> {
  decide(command: C, state: S, context: Context): readonly Fact[];
  /** An ask: about now, whenever its event was made. One that can be asked about in advance has `advise` too. */
  readonly asks?: true;
  /** Of an ask: how the gate would answer now. Advisory: nothing is recorded. */
  advise?(command: C, state: S, context: Pick<Context, 'registers' | 'when'>): Reasoning;
  /** Values in the command that may be identifiers of the person. */
  identifying?(command: C, registers: Registers): readonly { readonly kind: IdentifierKind; readonly value: string }[];
  /** Other people, and events of the person, that the decision looks at. */
  reads?(command: C): { readonly people?: readonly string[]; readonly events?: readonly string[] };
  /** Other streams that must have begun for it. */
  requires?(command: C): readonly Required[];
  /** Whether the command carries strings that will be sealed (its repeat then needs an inbox row). Default: no. */
  seals?(command: C): boolean;
  /** A withdrawal: recorded on everyone it fits, whatever it says (`architecture.md` §4). */
  readonly neverRefused?: true;
}
