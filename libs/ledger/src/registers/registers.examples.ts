/** Acts and register events for the specs of this folder. */
import type { Applied } from '../gate/reasoning.members.js';
import { idOf, PERSON, type Happened } from '../testing/decider.fixture.js';
import { HOLDING } from '../testing/subject.fixture.js';

export const OTHER = idOf('other person');
export const DISCLOSURE = idOf('disclosure');

const base = { controller: 'north', service: 'letters' } as const;
export const nameItem = { category: 'name', holding: HOLDING };
export const passedRule: Applied = { rule: 'recipient-registered', result: 'passed', registers: [{ kind: 'recipient', id: 'printer' }] };
export const failedRule: Applied = { rule: 'processor-contract', result: 'failed', registers: [{ kind: 'recipient', id: 'printer', entry: 'contract-1' }], to: '2020-12-31' };

type Rest = Partial<Happened> & { readonly more?: object };

export function disclosed(recipient: string, { more, ...rest }: Rest = {}): Happened {
  return { type: 'PersonalDataDisclosed', ...base, verdict: 'justified', data: { disclosure: DISCLOSURE, recipient, purpose: 'letter', items: [nameItem, { category: 'email' }], rules: [passedRule], ...more }, ...rest };
}

export function blocked(recipient: string, { more, ...rest }: Rest = {}): Happened {
  return { type: 'DisclosureBlocked', ...base, verdict: 'unjustified', failed: ['processor-contract'], data: { recipient, purpose: 'letter', items: [nameItem], rules: [passedRule, failedRule], ...more }, ...rest };
}

/** To the United States: on a consent (GDPR Art. 49(1)(a)), or on an adequacy decision. */
export function transferred(recipient: string, ground: 'derogation' | 'adequacy' = 'derogation', rest: Partial<Happened> = {}): Happened {
  const on = ground === 'derogation' ? { mechanism: 'derogation', derogation: 'a49-1-a', rules: [{ rule: 'derogation-used', result: 'remarked' }] } : { mechanism: 'adequacy', adequacy: 'us-dpf', rules: [] };
  return { type: 'TransferPerformed', ...base, verdict: 'justified', data: { transfer: idOf('transfer'), recipient, purpose: 'letter', items: [nameItem], country: 'US', remoteAccess: false, ...on }, ...rest };
}

export function recalled(rest: Partial<Happened> = {}): Happened {
  return { type: 'DisclosureRecalled', ...base, data: { disclosure: DISCLOSURE, items: [nameItem] }, ...rest };
}

export function confirmed(rest: Partial<Happened> = {}): Happened {
  return { type: 'DisclosureRecallConfirmed', ...base, data: { disclosure: DISCLOSURE, outcome: 'erased', on: '2021-03-01' }, ...rest };
}

export const SECRET: Happened = {
  type: 'SecretDisclosurePerformed',
  stream: 'authority-polisen',
  verdict: 'unjustified',
  failed: ['authority-ground'],
  data: { disclosure: idOf('secret disclosure'), subject: PERSON, purpose: 'letter', items: [nameItem], rules: [] },
};

/** On the stream of another person. */
export function ofOther(happened: Happened): Happened {
  return { ...happened, stream: `subject-${OTHER}` };
}
