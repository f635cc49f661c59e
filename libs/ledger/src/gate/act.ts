/** An act as the gate is asked about it, and all that its rules may look at. */
import type { When } from '#law/when.js';
import type { PolicyModel } from '#policy/model.js';
import type { ActDays } from '../period.js';
import type { RecipientRole } from '../recipient/recipient.events.js';
import type { RecipientState } from '../recipient/recipient.state.js';
import type { Answerable, Registered, Registers, RegisterStates } from '../registers.js';
import type { Holding } from '../subject/holding/holding.state.js';
import type { SubjectState } from '../subject/subject.js';
import type { Authorisation } from './authorisation.js';

/** How a party that no register knows is told. */
export const UNREGISTERED = 'unregistered';

export interface Act {
  readonly kind: 'disclosure' | 'transfer' | 'use';
  readonly purpose: string;
  readonly items: readonly { readonly category: string; readonly holding?: string }[];
  readonly relationship?: string;
  readonly conference?: string;
  /** A registered id, or `unregistered`. Of a use: the vendor who uses it, where that is not us. */
  readonly recipient?: string;
  /** Of a transfer: where it is received. Default: where the recipient is. */
  readonly country?: string;
  readonly remoteAccess?: boolean;
  readonly arrangement?: string;
  readonly derogation?: string;
  /** A ground of the policy for disclosures to authorities, and to protect. */
  readonly ground?: string;
  readonly plan?: string;
  /** Asked before it is done; what is told has happened, whatever is under way. */
  readonly isAsk?: true;
  readonly useKind?: 'purpose' | 'combination' | 'analytics';
}

/** Everything a rule may look at. Built once an act; rules are pure functions of it. */
export interface Question {
  readonly act: Act;
  readonly state: SubjectState;
  readonly answerable: Answerable;
  /** The policy in force at the act; undefined: none was. */
  readonly model: PolicyModel | undefined;
  readonly registers: Registers;
  /** When it is, or was. `when.latest`: what may have ended by then does not carry it. */
  readonly when: When;
  readonly days: ActDays;
  /** The categories, each once, with the holdings that the act is about (none: nothing of it is held). */
  readonly held: readonly { readonly category: string; readonly holdings: readonly Holding[] }[];
  readonly recipient: Registered<RecipientState> | undefined;
  readonly conference: Registered<RegisterStates['conference']> | undefined;
  /** The role in which the recipient acts, where one is in force for this purpose (and conference). */
  readonly role: RecipientRole | undefined;
  /** Countries outside the EEA that it is received in, or that the recipient is in, the one that the act names first; none: within, or by nobody. */
  readonly thirdCountries: readonly string[];
  /** A told act names the authorisation it was done on. */
  readonly authorisation?: { readonly id: string; readonly found: Authorisation | undefined };
}
