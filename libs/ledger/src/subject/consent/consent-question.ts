/** What consent is asked, from what the policy of the day says of the purpose and the category. */
import type { Answerable } from '../../registers.js';
import type { ConsentQuestion } from './consent.state.js';

type Circumstances = Pick<ConsentQuestion, 'at' | 'ages' | 'relationship' | 'conference' | 'recipientKind'>;

export function consentQuestion(purpose: string, category: string, { controller, inForce }: Answerable, circumstances: Circumstances): ConsentQuestion {
  const model = inForce?.model;
  return {
    controller,
    purpose,
    category,
    explicit: model?.basisFor(purpose, category)?.specialBasis === 'eu-gdpr:A9-2-a',
    terms: model && (model.consentTerms(purpose, controller) ?? 'none'),
    ...circumstances,
  };
}
