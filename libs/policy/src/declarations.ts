/**
 * What the policy declares beside purposes, categories, recipients and retention: each a plain list, for whoever enforces it to read.
 * Conventions as in `policy.ts`.
 */
import type { LawfulBasis, Named, Words } from './policy.js';

/** Terms and policies of our own, and pages of others that the policy points to. */
export const documentKinds = ['terms', 'policy', 'external'] as const;
export type DocumentKind = (typeof documentKinds)[number];

export interface PolicyDocument extends Named {
  readonly kind: DocumentKind;
  readonly url: string | undefined;
  /** Undefined: of no service in particular. */
  readonly services: readonly string[] | undefined;
  /** The contexts of collection at which it is put before the person (row S009). */
  readonly servedAt: readonly string[];
  readonly clause: string;
}

/** What kind of message is sent, and whether one may decline it (rows S019, S020, S072). */
export interface MessageClass extends Named {
  readonly purpose: string;
  readonly channels: readonly string[];
  /** Carries a way to say no, and is stopped by one. True for marketing, and only for it. */
  readonly optOut: boolean;
  readonly clause: string;
}

/** Data subjects' rights as the policy grants them. */
export interface Right extends Named {
  /** As DPV's `legal/eu/gdpr` names it: eu-gdpr:A15. */
  readonly article: string;
  /** Only for data that is used on these, and that came about so; undefined: on any (row S080; GDPR 20(1)). */
  readonly bases: readonly LawfulBasis[] | undefined;
  readonly provenance: readonly ('provided' | 'observed')[] | undefined;
  readonly clause: string;
}

/** A time within which the policy promises something, from receipt on any channel (rows S070, S085, S086). */
export interface Clock extends Named {
  readonly period: string;
  readonly clause: string;
}

export const codeKinds = [
  'measure', 'safeguard', 'restriction-ground', 'request-charge', 'complaint-authority', 'retention-extension', 'moderation-ground', 'change-reason',
] as const;
export type CodeKind = (typeof codeKinds)[number];

/** A registered word that means what its label says; of use to those that record or answer with it. */
export interface Code extends Named {
  readonly kind: CodeKind;
  /** The article that it answers to: eu-gdpr:A18-1-b. */
  readonly article: string | undefined;
  readonly clause: string;
}

/** How large a change of the policy is, and what has to come before it takes effect (rows S121, S122). */
export interface ChangeClass extends Named {
  /** The class of the message that tells of it beforehand; undefined: none has to. */
  readonly toldBy: string | undefined;
  readonly clause: string;
}

/** One entry of the change history; its id is the version that it describes. */
export interface Change {
  readonly id: string;
  readonly changeClass: string;
  readonly reasons: readonly string[];
  readonly publishedOn: string;
  readonly effectiveFrom: string;
  readonly summary: Words;
  readonly rows: readonly string[];
}

export interface Declarations {
  readonly documents: readonly PolicyDocument[];
  readonly messageClasses: readonly MessageClass[];
  readonly rights: readonly Right[];
  readonly clocks: readonly Clock[];
  readonly codes: readonly Code[];
  readonly changeClasses: readonly ChangeClass[];
  /** Newest first. */
  readonly changes: readonly Change[];
}
