/** The commands that the bench tells: invented people, one mix that seals nothing and one that does. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A command as an upstream sends it. */
export interface Told {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const POLICY = new URL('../../../deploy/policy/asurgent.yaml', import.meta.url);
/** SHA-256 of the Swedish newsletter wording, found in the policy's own text. */
const WORDING = createHash('sha256').update(/^ +sv: (Ja, Asurgent AB får använda min e-postadress.*)$/m.exec(readFileSync(POLICY, 'utf8'))?.[1] ?? '').digest('hex');
const NOTICE = { id: 'privacy-notice', version: 1 };

export const emailOf = (i: number): string => `bench.${i}@example.se`;
export const customerOf = (i: number): string => `B${String(i).padStart(7, '0')}`;

export function registration(i: number): Told {
  return { name: 'RegisterSubject', body: { identifiers: [{ kind: 'email', value: emailOf(i) }, { kind: 'customer-number', value: customerOf(i) }] } };
}

/** Consent asked for, given with full evidence, refused; a relationship: nothing to seal, named by id. */
export function unsealed(subject: string, i: number): Told {
  const about = { subject, service: 'newsletter' };
  switch (i % 4) {
    case 0:
      return { name: 'RequestConsent', body: { ...about, purposes: ['newsletter'], notice: NOTICE } };
    case 1:
      return { name: 'StartRelationship', body: { ...about, kind: 'subscriber' } };
    case 2:
      return { name: 'RefuseConsent', body: { ...about, purposes: ['newsletter'], method: 'web' } };
    default:
      return { name: 'GiveConsent', body: { ...about, purposes: ['newsletter'], type: 'expressed', notice: NOTICE, wording: WORDING, language: 'sv', method: 'web', indicatedBy: 'subject', steps: 1 } };
  }
}

/** An order, named by customer number: its number, a name and a phone number are sealed, the address is the identifier's. */
export function sealed(person: number, i: number): Told {
  return {
    name: 'CollectPersonalData',
    body: {
      identifier: { kind: 'customer-number', value: customerOf(person) },
      service: 'shop',
      purposes: ['purchase'],
      relationshipKind: 'customer',
      context: 'purchase',
      notice: NOTICE,
      order: `ORDER-${i}`,
      values: [
        { category: 'email', value: emailOf(person) },
        { category: 'name', value: `Bench Person ${person}` },
        { category: 'phone', value: '070-174 06 05' },
      ],
    },
  };
}

export const RECIPIENT = 'bench-newsletters';

/** A supplier outside the EEA with all that a processor needs, audited today. */
export function recipientAbroad(today: string): readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] {
  return [
    { type: 'RecipientRegistered', data: { kind: 'newsletter-sending', country: 'CH', from: '2018-05-25' } },
    { type: 'RecipientRoleAssigned', data: { assignment: 'sending', role: 'processor', purposes: ['newsletter'], from: '2018-05-25' } },
    { type: 'RecipientAgreementSigned', data: { agreement: 'contract-1', kind: 'processor-contract', from: '2018-05-25' } },
    { type: 'SubProcessorAdded', data: { subProcessor: 'bench-hosting', country: 'SE', from: '2018-05-25' } },
    { type: 'RecipientAudited', data: { on: today, outcome: 'passed' } },
  ];
}

/** A subscriber with consent that can be shown, and an address that is held for it. */
export function subscription(subject: string, i: number): readonly Told[] {
  const about = { subject, service: 'newsletter', purposes: ['newsletter'] };
  return [
    { name: 'GiveConsent', body: { ...about, type: 'expressed', notice: NOTICE, wording: WORDING, language: 'sv', method: 'web', indicatedBy: 'subject', steps: 1 } },
    { name: 'CollectPersonalData', body: { ...about, context: 'newsletter-signup', relationshipKind: 'subscriber', notice: NOTICE, values: [{ category: 'email', value: emailOf(i), necessity: 'required' }, { category: 'language', value: 'sv', necessity: 'optional' }] } },
  ];
}

/** May their address go to the supplier? */
export function disclosure(subject: string): object {
  return { ask: 'AuthoriseDisclosure', subject, service: 'newsletter', recipient: RECIPIENT, purpose: 'newsletter', categories: ['email', 'language'] };
}
