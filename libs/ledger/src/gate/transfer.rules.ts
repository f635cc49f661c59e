/** Data that leaves the EEA, or is read from outside it (GDPR Art. 44–49; S061–S063): judged by the facts of its own day. */
import { applied, entry, type GateRule } from './rule.js';
import { destinationsOf, transferBasis } from './transfer-basis.js';

const basis: GateRule = (question) => transferBasis(question)?.rules ?? [];

/** Art. 13(1)(f): people were told of such transfers. */
const inPolicy: GateRule = (question) => {
  const { model, recipient, act } = question;
  if (destinationsOf(question).length === 0 || model === undefined || recipient === undefined) return [];
  const found = model.transferCase(recipient.state.kind, act.remoteAccess ?? false);
  return [applied('transfer-in-policy', found !== undefined, { registers: [entry('policy', question.answerable.controller)], ...(found !== undefined && { clause: found.clause }) })];
};

export const transferRules: readonly GateRule[] = [basis, inPolicy];
