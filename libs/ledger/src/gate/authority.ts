/** Who is an authority: whom the law data knows by id, or a recipient of the register whose kind or role says so (GDPR Art. 4(9)). */
import { authorityKnown, authorityName } from '#law/authorities.js';
import type { PolicyModel } from '#policy/model.js';
import type { Registers } from '../registers.js';
import type { Question } from './act.js';

export function isAuthority(id: string, model: PolicyModel, registers: Registers): boolean {
  return authorityKnown(id) || isAuthorityKind(registers.registered('recipient', id)?.state.kind, model);
}

export function isAuthorityKind(kind: string | undefined, model: PolicyModel): boolean {
  return kind !== undefined && model.recipientKind(kind)?.role === 'authority';
}

/** Whether an act's recipient is one, and existed on its day. The register may have no entry of it: the law knows it. */
export function authorityOf({ act, recipient, role, model, answerable, days }: Question): 'authority' | 'abolished' | undefined {
  if (act.recipient !== undefined && authorityKnown(act.recipient) && recipient === undefined) return authorityName(act.recipient, days.last) === undefined || authorityName(act.recipient, days.first) === undefined ? 'abolished' : 'authority';
  return role === 'authority' || isAuthorityKind(recipient?.state.kind, model ?? answerable.model) ? 'authority' : undefined;
}
