/** What the policy of the day says of a purpose and a category: asked of data that is held, and of everything done with it. */
import type { PolicyModel } from '#policy/model.js';
import type { Answerable } from './registers.js';
import type { RuleCode } from './rules.js';

export interface PolicyCheck {
  readonly rule: RuleCode;
  readonly isKept: boolean;
}

/** The rules on the purpose as such; each is asked only where the one before it leaves something to ask. */
export function purposeChecks(purpose: string, { controller, service, inForce }: Answerable): readonly PolicyCheck[] {
  if (inForce === undefined) return [{ rule: 'policy-in-force', isKept: false }];
  const { model } = inForce;
  const declared = model.purpose(purpose);
  const inPolicy: readonly PolicyCheck[] = [
    { rule: 'policy-in-force', isKept: true },
    { rule: 'purpose-of-the-day', isKept: declared !== undefined },
  ];
  if (declared?.services === undefined) return inPolicy;
  // No service was named: then it is one that the controller answers for.
  const serves = service === undefined ? declared.services.some((one) => model.controllerOf(one)?.id === controller) : declared.services.includes(service);
  return [...inPolicy, { rule: 'purpose-for-service', isKept: serves }];
}

/** The rules on one category for a purpose that the policy has. A category that is not allowed has no basis to ask for. */
export function categoryChecks(purpose: string, category: string, model: PolicyModel): readonly PolicyCheck[] {
  if (!model.allows(purpose, category)) return [{ rule: 'category-allowed', isKept: false }];
  const basis = model.basisFor(purpose, category);
  const checks: PolicyCheck[] = [
    { rule: 'category-allowed', isKept: true },
    { rule: 'basis-stated', isKept: basis !== undefined },
  ];
  if (model.specialOf(category) !== undefined) checks.push({ rule: 'special-basis', isKept: basis?.specialBasis !== undefined });
  if (isCriminal(category, model)) checks.push({ rule: 'criminal-data', isKept: false });
  if (model.category(category)?.identifier === 'personnummer') checks.push({ rule: 'personnummer-justified', isKept: model.purpose(purpose)?.personnummerGround !== undefined });
  return checks;
}

/** Interest advertising is marketing too. */
export function isMarketing(purpose: string, model: PolicyModel): boolean {
  const nature = model.natureOfPurpose(purpose);
  return nature === 'marketing' || nature === 'interest-advertising';
}

/** By itself or by what it stands under (GDPR Art. 10). */
function isCriminal(category: string, model: PolicyModel): boolean {
  return model.policy.categories.some(({ id, criminal }) => criminal && model.isWithin(category, id));
}
