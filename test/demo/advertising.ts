/** Advertising by interest: a yes by cookie, what is done on it, and what is done without. */
import { isCustomer } from './person.js';
import { between, pick, uuidFrom } from './random.js';
import { byEmail, DAY, known, MINUTE, NOTICE, type Teller } from './step.js';

/** A yes to advertising by interest, by cookie; some say it for their phone's place too. */
export function saysYesToAdvertising(teller: Teller, at: number): void {
  const { world, person, random, tell, ask } = teller;
  const evidence = { ...NOTICE, language: person.language, method: 'web', indicatedBy: 'subject', steps: 1 };
  const named = { ...byEmail(person), service: 'website' };
  tell('website-log', at, 'GiveConsent', {
    ...named,
    consent: uuidFrom(random),
    purposes: ['interest-based-advertising'],
    type: 'expressed',
    ...evidence,
    wording: world.codes.wording('interest-advertising-consent', person.language),
  });
  tell('website-log', at + MINUTE, 'ObservePersonalData', {
    ...named,
    technology: 'cookie',
    relationshipKind: 'visitor',
    purposes: ['interest-based-advertising'],
    ...NOTICE,
    values: [
      { category: 'page-view', value: `https://www.example.se/artiklar/${between(random, 100, 999)}` },
      { category: 'interest', value: pick(random, ['trädgård', 'offentlig upphandling', 'mat', 'it-säkerhet'] as const) },
    ],
  });
  const use = { ...known(person), service: 'website', purpose: 'interest-based-advertising', categories: ['page-view', 'interest'] };
  tell('website-log', at + 10 * DAY, 'ReportUse', { ...use, recipient: 'klickmatt' });
  // What they do on the site, and what they bought: together only with a yes to just that, which nobody asked for.
  if (isCustomer(person.index) && random() < 0.5) tell('website-log', at + 150 * DAY, 'ReportUse', { ...known(person), service: 'website', purpose: 'direct-marketing', kind: 'combination', categories: ['page-view', 'purchase-history'], reason: 'kampanj för arkivet' });
  if (random() < 0.5) choosesInterests(teller, at + 30 * DAY, use);
  if (random() < 0.4) {
    tell('website-log', at + 90 * DAY, 'WithdrawConsent', { ...known(person), service: 'website', purposes: ['interest-based-advertising'], method: 'web' });
    if (random() < 0.15) ask('website-log', at + 91 * DAY, 'AuthoriseUse', use);
    if (random() < 0.4) tell('website-log', at + 92 * DAY, 'ReportUse', use);
  }
}

/** What somebody says of themselves beside what they were seen to do: put together with the yes that covers both. */
function choosesInterests({ person, tell }: Teller, at: number, use: object): void {
  tell('website-log', at, 'CollectPersonalData', {
    ...byEmail(person),
    service: 'website',
    context: 'website-visit',
    relationshipKind: 'visitor',
    purposes: ['interest-based-advertising'],
    ...NOTICE,
    values: [{ category: 'interest', value: 'digital upphandling' }],
  });
  tell('website-log', at + DAY, 'ReportUse', { ...use, kind: 'combination' });
}
